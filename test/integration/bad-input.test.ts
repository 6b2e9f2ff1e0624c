import { expect, test } from 'vitest';
import { elements, member } from '../../src/devcluster/json.ts';
import { conditionOf, fargateService, fargateTask, type Kind, type Live, World, waitFor } from '../harness/world.ts';

/** The API server's words of refusal. */
async function refusal(world: World, kind: Kind, name: string, spec: object): Promise<string> {
  const { status, body } = await world.tryApply(kind, name, spec);
  expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400);
  return String(member(body, 'message'));
}

function readyOf(object: Live | undefined) {
  const { status, reason, message } = conditionOf(object, 'Ready') ?? {};
  return { status, reason, message };
}

function waiting(world: World, kind: Kind, name: string, reason: string): Promise<Live> {
  return world.condition(kind, name, 'Ready', { status: 'False', reason });
}

test('what AWS refuses is shown with its words, is not tried again and again, and a corrected spec recovers at once', async () => {
  await using world = await World.start();
  const memory = (reservation: number) => ({
    containerDefinitions: [{ name: 'app', image: 'app:1', memory: 64, memoryReservation: reservation }],
  });
  await world.apply('EcsTaskDefinition', 'web', memory(128));
  const refused = await world.condition('EcsTaskDefinition', 'web', 'Stalled', { status: 'True', reason: 'Refused' });
  expect(readyOf(refused)).toEqual({
    status: 'False',
    reason: 'Refused',
    message:
      "RegisterTaskDefinition: Invalid setting for container 'app'. 'memory' must be greater than 'memoryReservation'. (ClientException)",
  });
  expect(conditionOf(refused, 'Reconciling')).toBeUndefined();
  expect(world.calls('RegisterTaskDefinition')).toHaveLength(1);

  await world.apply('EcsTaskDefinition', 'web', memory(32));
  const ready = await world.ready('EcsTaskDefinition', 'web');
  expect(conditionOf(ready, 'Stalled')).toBeUndefined();
  expect(world.calls('RegisterTaskDefinition')).toHaveLength(2);
});

test('a service that AWS refuses keeps what it has: nothing is lost while its spec is corrected', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web'));
  await world.ready('EcsService', 'web');
  const before = world.service('main', 'web');

  // AWS knows no such container; the API server cannot.
  const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef';
  const loadBalancers = [{ targetGroupArn, containerName: 'nobody', containerPort: 80 }];
  await world.apply('EcsService', 'web', fargateService('web', { loadBalancers }));
  const refused = await world.condition('EcsService', 'web', 'Stalled', { status: 'True', reason: 'Refused' });
  expect(readyOf(refused).message).toMatch(/^UpdateService: .*nobody/);
  expect(world.service('main', 'web')).toMatchObject({ runningCount: 1, taskDefinition: before?.taskDefinition });

  await world.apply('EcsService', 'web', fargateService('web'));
  await world.ready('EcsService', 'web');
  expect(world.service('main', 'web')).toMatchObject({ serviceArn: before?.serviceArn, loadBalancers: [] });
});

test('a reference to what does not exist says so, and the object is Ready once it appears', async () => {
  await using world = await World.start();
  await world.apply('EcsService', 'web', fargateService('web'));
  const missing = await waiting(world, 'EcsService', 'web', 'RefNotFound');
  expect(readyOf(missing).message).toBe(`clusterRef: EcsCluster ${world.namespace}/main does not exist`);
  expect(world.calls()).toEqual([]);

  await world.apply('EcsCluster', 'main', {});
  await waitFor(async () => readyOf(await world.get('EcsService', 'web')).message, {
    describe: 'the next one is named',
    until: (message) => message === `taskDefinitionRef: EcsTaskDefinition ${world.namespace}/web does not exist`,
  });
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.ready('EcsService', 'web');
});

test('a reference to an object that is being deleted waits for its successor', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'first', fargateService('web'));
  await world.ready('EcsService', 'first');
  await world.delete('EcsCluster', 'main');
  const held = await waiting(world, 'EcsCluster', 'main', 'InUse');
  expect(readyOf(held).message).toBe(`still referred to by EcsService ${world.namespace}/first`);

  await world.apply('EcsService', 'second', fargateService('web'));
  const late = await waiting(world, 'EcsService', 'second', 'RefBeingDeleted');
  expect(readyOf(late).message).toBe(`clusterRef: EcsCluster ${world.namespace}/main is being deleted`);
  expect(world.calls('CreateService')).toHaveLength(1);

  // Neither may hold up the other for ever: the one that uses it goes, and so does the one that waits.
  await world.delete('EcsService', 'first');
  await world.delete('EcsService', 'second');
  await world.gone('EcsCluster', 'main');
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsService', 'second', fargateService('web'));
  await world.ready('EcsService', 'second');
});

test('objects that wait for each other come up together: the task definition for its services, the service for its revision', async () => {
  await using world = await World.start();
  // Kinds refer in one direction only, so this is the nearest to a cycle that can be written.
  await world.apply('EcsService', 'web', fargateService('web'));
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsCluster', 'main', {});
  await world.ready('EcsService', 'web');
  await world.ready('EcsTaskDefinition', 'web');
});

test('an object of a megabyte is answered by AWS in its own words, and a smaller one recovers', async () => {
  await using world = await World.start();
  const environment = Array.from({ length: 900 }, (_, index) => ({ name: `V${index}`, value: 'x'.repeat(1_100) }));
  const large = fargateTask('app:1', { containerDefinitions: [{ name: 'app', image: 'app:1', environment }] });
  expect(JSON.stringify(large).length).toBeGreaterThan(1_000_000);
  await world.apply('EcsTaskDefinition', 'large', large);
  const refused = await world.condition('EcsTaskDefinition', 'large', 'Stalled', { status: 'True', reason: 'Refused' });
  expect(readyOf(refused).message).toMatch(
    /^RegisterTaskDefinition: Actual length: '\d+'\. Max allowed length is '65536' bytes\./,
  );
  expect(JSON.stringify(refused.status).length, 'status stays small').toBeLessThan(10_000);
  await world.apply('EcsTaskDefinition', 'large', fargateTask());
  await world.ready('EcsTaskDefinition', 'large');
  // Others were served meanwhile, and are now.
  await world.apply('EcsTaskDefinition', 'small', fargateTask());
  await world.ready('EcsTaskDefinition', 'small');
});

test('text in any script arrives in AWS as it was written', async () => {
  await using world = await World.start();
  const value = 'Grüße, 你好, 🚢, e\u0301, \u202Eabc, "quotes" and \\ back\nand tabs\t';
  const tags = [{ key: 'Städte', value: 'Köln Zürich 東京' }];
  const containerDefinitions = [
    { name: 'app', image: 'app:1', environment: [{ name: 'GREETING', value }], command: ['echo', value] },
  ];
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:1', { containerDefinitions, tags }));
  const { status } = await world.ready('EcsTaskDefinition', 'web');
  const { taskDefinition } = world.aws('ecs', 'DescribeTaskDefinition', { taskDefinition: status?.arn });
  expect(elements(member(taskDefinition, 'containerDefinitions'))[0]).toMatchObject(containerDefinitions[0] ?? {});
  expect(world.tags(String(status?.arn))).toMatchObject({ Städte: 'Köln Zürich 東京' });
});

test('names that AWS or Kubernetes does not take are refused when they are applied, with what to do', async () => {
  await using world = await World.start();
  const long = 'x'.repeat(300);
  const tooLong = /may have up to 255 letters|must be no more than 253|Too long|no more than 255/;
  expect(await refusal(world, 'EcsCluster', long, {})).toMatch(tooLong);
  expect(await refusal(world, 'EcsCluster', 'main', { clusterName: long })).toMatch(tooLong);
  expect(await refusal(world, 'EcsService', 'web', fargateService('web', { serviceName: long }))).toMatch(tooLong);
  expect(await refusal(world, 'EcsTaskDefinition', 'web', fargateTask('app:1', { family: 'größe' }))).toMatch(
    /family may have up to 255 letters, digits, hyphens and underscores; leave it out/,
  );
  expect(await refusal(world, 'EcsCluster', 'größe', {})).toMatch(/lower case alphanumeric/);
  expect(await refusal(world, 'EcsCluster', 'my.app', {})).toMatch(
    /AWS does not allow a dot in this name: set spec.clusterName/,
  );
  const service = { namespaceRef: { name: 'local' } };
  expect(await refusal(world, 'CloudMapService', 'y'.repeat(130), service)).toMatch(
    /set spec.name, or give this object a shorter name/,
  );
  expect(world.calls()).toEqual([]);
});

test('the longest name that Kubernetes takes works, Events and all', async () => {
  await using world = await World.start();
  // A name that is cut where an Event's name begins must not end in a hyphen.
  const name = `${'long-'.repeat(50)}end`;
  expect(name).toHaveLength(253);
  await world.apply('EcsCluster', name, {});
  await world.ready('EcsCluster', name);
  const events = await waitFor(
    async () => {
      const path = `/apis/events.k8s.io/v1/namespaces/${world.namespace}/events`;
      return elements(member((await world.cluster.client.request({ method: 'GET', path })).body, 'items'));
    },
    { describe: 'its Events are there', until: (items) => items.length > 0 },
  );
  expect(events[0]).toMatchObject({ regarding: { name, kind: 'EcsCluster' } });
  await world.delete('EcsCluster', name);
  await world.gone('EcsCluster', name);
});

test('members that nobody knows, and tags that belong to the operator, are refused when they are applied', async () => {
  await using world = await World.start();
  const wrong = fargateTask('app:1', { tags: [{ key: 'ecs-operator.dev/uid', value: 'mine' }] });
  expect(await refusal(world, 'EcsTaskDefinition', 'web', wrong)).toContain('belong to the operator');
  expect(await refusal(world, 'EcsTaskDefinition', 'web', fargateTask('app:1', { nmae: 'x' }))).toContain('nmae');
});
