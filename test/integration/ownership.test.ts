import { expect, test } from 'vitest';
import { conditionOf, fargateService, fargateTask, World, waitFor } from '../harness/world.ts';

const TAG = 'ecs-operator.dev';

async function apply(world: World): Promise<void> {
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web'));
}

/** Takes the objects out of Kubernetes as a lost cluster does: AWS hears nothing of it. */
async function forget(world: World): Promise<void> {
  for (const [kind, name] of [
    ['EcsService', 'web'],
    ['EcsTaskDefinition', 'web'],
    ['EcsCluster', 'main'],
  ] as const) {
    await world.patch(kind, name, { metadata: { finalizers: null } });
    await world.delete(kind, name);
    await world.gone(kind, name);
  }
}

test('objects restored with other UIDs are taken over with an Event, and nothing rolls', async () => {
  await using world = await World.start({ operator: false, settings: { installationId: 'prod' } });
  const before = await world.startOperator();
  await apply(world);
  const old = await world.ready('EcsService', 'web');
  await before.stop();
  await forget(world);

  const since = world.mark();
  await apply(world);
  await world.startOperator();
  const restored = await world.ready('EcsService', 'web');
  await world.ready('EcsTaskDefinition', 'web');

  expect(restored.metadata.uid).not.toBe(old.metadata.uid);
  const operations = new Set(world.writes(since).map(({ operation }) => operation));
  expect([...operations]).toEqual(['TagResource']);
  expect(world.tags(String(restored.status?.arn))[`${TAG}/uid`]).toBe(restored.metadata.uid);
  const { body } = await world.cluster.client.request({
    method: 'GET',
    path: `/apis/events.k8s.io/v1/namespaces/${world.namespace}/events`,
  });
  expect(JSON.stringify(body)).toContain('TakenOver');
});

test('two clusters that claim the same service both end in TwoOwners, and nothing is fought over', async () => {
  await using first = await World.start({ settings: { installationId: 'prod', resyncMs: 500 } });
  await apply(first);
  await first.ready('EcsService', 'web');

  // The second cluster: the same names and the same installation, so the same namespace name, on its own API server.
  const { ownControlPlane } = await import('../harness/control-plane.ts');
  await using cluster = await ownControlPlane();
  await using second = await World.beside(first, cluster);
  await apply(second);

  for (const world of [first, second]) {
    await world.condition('EcsCluster', 'main', 'Stalled', { status: 'True', reason: 'TwoOwners' });
    await world.condition('EcsTaskDefinition', 'web', 'Stalled', { status: 'True', reason: 'TwoOwners' });
  }
  const since = first.mark();
  await waitFor(() => first.calls('DescribeClusters', since).length, {
    describe: 'both operators have looked again and again',
    until: (looks) => looks >= 10,
  });
  expect(first.writes(since)).toEqual([]);
  expect(first.service('main', 'web')).toMatchObject({ status: 'ACTIVE', desiredCount: 1 });
});

test("a person's service of the same name is never touched, and the condition says what to do", async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.ready('EcsCluster', 'main');
  world.aws('ecs', 'RegisterTaskDefinition', {
    family: 'theirs',
    containerDefinitions: [{ name: 'a', image: 'a', memory: 64 }],
  });
  world.aws('ecs', 'CreateService', { cluster: 'main', serviceName: 'web', taskDefinition: 'theirs', desiredCount: 1 });

  const since = world.mark();
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web', { desiredCount: 5 }));
  const stalled = await world.condition('EcsService', 'web', 'Stalled', { reason: 'NotOwned' });
  expect(conditionOf(stalled, 'Ready')?.message).toContain('spec.policy.adoption: Adopt');

  await world.delete('EcsService', 'web');
  await world.gone('EcsService', 'web');
  expect(world.writes(since).filter(({ operation }) => !/TaskDefinition/.test(operation))).toEqual([]);
  expect(world.service('main', 'web')).toMatchObject({ status: 'ACTIVE', desiredCount: 1 });
});

test("another installation's service is never touched, and the condition says whose it is", async () => {
  await using world = await World.start({ operator: false });
  const theirs = await world.startOperator({ installationId: 'theirs' });
  await apply(world);
  await world.ready('EcsService', 'web');
  await theirs.stop();
  await forget(world);

  const since = world.mark();
  await world.startOperator({ installationId: 'ours' });
  await apply(world);
  const stalled = await world.condition('EcsCluster', 'main', 'Stalled', { reason: 'OwnedByOtherInstallation' });
  expect(conditionOf(stalled, 'Ready')?.message).toContain('--installation-id theirs');
  expect(world.writes(since).filter(({ operation }) => !/TaskDefinition/.test(operation))).toEqual([]);
});

test('of two objects that claim one AWS name the second is told who has it, and gets it when the first goes', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'first', fargateService('web', { serviceName: 'shared' }));
  await world.ready('EcsService', 'first');
  await world.apply('EcsService', 'second', fargateService('web', { serviceName: 'shared' }));
  const stalled = await world.condition('EcsService', 'second', 'Stalled', { reason: 'NameTaken' });
  expect(conditionOf(stalled, 'Ready')?.message).toContain('first');

  await world.delete('EcsService', 'first');
  await world.gone('EcsService', 'first');
  await world.ready('EcsService', 'second');
});

test('ownership tags that somebody took off are put back', async () => {
  await using world = await World.start({ settings: { resyncMs: 500 } });
  await apply(world);
  const ready = await world.ready('EcsService', 'web');
  const arn = String(ready.status?.arn);
  const own = Object.keys(world.tags(arn)).filter((key) => key.startsWith(TAG));
  world.aws('ecs', 'UntagResource', { resourceArn: arn, tagKeys: own });
  await waitFor(() => world.tags(arn)[`${TAG}/uid`], { describe: 'the tags are back' });
  expect(Object.keys(world.tags(arn)).sort()).toEqual(own.sort());
});
