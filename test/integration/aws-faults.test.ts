import { expect, test } from 'vitest';
import { elements } from '../../src/devcluster/json.ts';
import type { FaultEffect, FaultRule } from '../../src/fake-aws/faults/fault-rule.ts';
import { PATIENCE } from '../../src/reconcile/patience.ts';
import { conditionOf, fargateService, fargateTask, type Kind, type Live, World, waitFor } from '../harness/world.ts';

/** Every call that changes AWS in the life of one service with all that belongs to it. */
const CALLS: readonly (readonly [service: string, operation: string])[] = [
  ['ecs', 'CreateCluster'],
  ['ecs', 'UpdateCluster'],
  ['ecs', 'DeleteCluster'],
  ['ecs', 'RegisterTaskDefinition'],
  ['ecs', 'DeregisterTaskDefinition'],
  ['ecs', 'CreateService'],
  ['ecs', 'UpdateService'],
  ['ecs', 'DeleteService'],
  ['ecs', 'TagResource'],
  ['ecs', 'UntagResource'],
  ['servicediscovery', 'CreateHttpNamespace'],
  ['servicediscovery', 'UpdateHttpNamespace'],
  ['servicediscovery', 'DeleteNamespace'],
  ['servicediscovery', 'CreateService'],
  ['servicediscovery', 'UpdateService'],
  ['servicediscovery', 'DeleteService'],
  ['servicediscovery', 'TagResource'],
  ['servicediscovery', 'UntagResource'],
];

const OBJECTS: readonly (readonly [Kind, string])[] = [
  ['EcsCluster', 'main'],
  ['CloudMapNamespace', 'local'],
  ['CloudMapService', 'web'],
  ['EcsTaskDefinition', 'web'],
  ['EcsService', 'web'],
];

/** The first or the second version of everything: between the two every member that can change does. */
async function apply(world: World, version: 1 | 2): Promise<void> {
  const tags = version === 1 ? [{ key: 'old', value: '1' }] : [{ key: 'new', value: '2' }];
  const description = `version ${version}`;
  const containerInsights = version === 1 ? 'enabled' : 'disabled';
  await Promise.all([
    world.apply('EcsCluster', 'main', { settings: [{ name: 'containerInsights', value: containerInsights }], tags }),
    world.apply('CloudMapNamespace', 'local', { type: 'HTTP', name: 'local', description, tags }),
    world.apply('CloudMapService', 'web', { namespaceRef: { name: 'local' }, description, tags }),
    world.apply('EcsTaskDefinition', 'web', fargateTask(`app:${version}`, { revisionHistoryLimit: 1, tags })),
    world.apply(
      'EcsService',
      'web',
      fargateService('web', { tags, serviceRegistries: [{ cloudMapServiceRef: { name: 'web' } }] }),
    ),
  ]);
}

async function allReady(world: World): Promise<void> {
  for (const [kind, name] of OBJECTS) await world.ready(kind, name, 90_000);
}

/** Creates, changes and deletes everything, and holds AWS against what it would be if nothing had gone wrong. */
async function live(world: World): Promise<void> {
  await apply(world, 1);
  await allReady(world);
  await apply(world, 2);
  await allReady(world);

  const list = (operation: string, member: string, input: object = {}) =>
    elements(world.aws('ecs', operation, input)[member]);
  const tags = [{ key: 'new', value: '2' }];
  const service = world.service('main', 'web');
  expect(service).toMatchObject({ status: 'ACTIVE', runningCount: 1, tags: expect.arrayContaining(tags) });
  expect(service?.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  expect(String(service?.taskDefinition)).toMatch(/web:2$/);
  expect(list('ListServices', 'serviceArns', { cluster: 'main' })).toHaveLength(1);
  expect(list('ListServiceDeployments', 'serviceDeployments', { cluster: 'main', service: 'web' })).toHaveLength(2);
  await waitFor(() => list('ListTaskDefinitions', 'taskDefinitionArns', { status: 'INACTIVE' }), {
    describe: 'the first revision is deregistered',
    until: (arns) => arns.length === 1,
  });
  expect(list('ListTaskDefinitions', 'taskDefinitionArns', { status: 'ACTIVE' })).toHaveLength(1);
  expect(list('ListClusters', 'clusterArns')).toHaveLength(1);
  expect(elements(world.aws('servicediscovery', 'ListNamespaces', {}).Namespaces)).toMatchObject([
    { Name: 'local', Description: 'version 2' },
  ]);
  expect(elements(world.aws('servicediscovery', 'ListServices', {}).Services)).toMatchObject([
    { Name: 'web', Description: 'version 2', InstanceCount: 1 },
  ]);

  for (const [kind, name] of OBJECTS) await world.delete(kind, name);
  for (const [kind, name] of OBJECTS) await world.gone(kind, name, 120_000);
  expect(list('ListClusters', 'clusterArns')).toEqual([]);
  expect(list('ListTaskDefinitions', 'taskDefinitionArns', { status: 'ACTIVE' })).toEqual([]);
  expect(elements(world.aws('servicediscovery', 'ListNamespaces', {}).Namespaces)).toEqual([]);
}

const unhurried = { fake: { throttle: false }, settings: { rateScale: Number.POSITIVE_INFINITY } };

/** The fault hits the first call of each kind, or the first two. */
const AT_EVERY_CALL: readonly (readonly [name: string, effect: FaultEffect, times: number])[] = [
  ['whose answer is lost', { kind: 'lose' }, 1],
  ['that takes effect and is answered with a server error, twice', { kind: 'fail-after', code: 'ServerException' }, 2],
  ['whose connection is cut', { kind: 'reset' }, 1],
  ['that is answered with HTTP 503', { kind: 'fail', code: 'ServiceUnavailableException', status: 503 }, 1],
  ['that is answered late', { kind: 'delay', ms: 700, after: true }, 1],
  ['that is answered with a web page', { kind: 'malformed' }, 1],
  ['that is throttled', { kind: 'throttle' }, 1],
];

test.concurrent.each(AT_EVERY_CALL)(
  'every call %s comes to the same end, and nothing is there twice',
  async (_name, effect, times) => {
    await using world = await World.start(unhurried);
    for (const [service, operation] of CALLS) world.fake.faults.add({ ...effect, service, operation, nth: 1, times });
    await live(world);
    const never = world.fake.faults.list().filter(({ hit }) => hit === 0);
    expect(never.map(({ rule }) => rule.operation)).toEqual([]);
  },
);

test.concurrent('reads that lag three seconds behind, with every answer lost once, lead to nothing twice', async () => {
  await using world = await World.start({ ...unhurried, settings: { ...unhurried.settings, patience: PATIENCE } });
  world.fake.faults.add({ kind: 'stale', ms: 3_000 });
  for (const [service, operation] of CALLS) world.fake.faults.add({ kind: 'lose', service, operation, nth: 1 });
  await live(world);
});

test.concurrent('members and values that no SDK knows yet are passed over', async () => {
  await using world = await World.start(unhurried);
  world.fake.faults.add({ kind: 'unknown' });
  world.fake.faults.add({
    kind: 'unknown',
    enumMembers: ['platformFamily', 'propagateTags', 'schedulingStrategy', 'availabilityZoneRebalancing'],
  });
  await live(world);
});

/** Makes what `web` needs to be a service of one task. */
async function applyService(world: World, more: object = {}): Promise<void> {
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web', more));
}

function shows(object: Live | undefined, type: string, reason: string): boolean {
  const condition = conditionOf(object, type);
  return condition?.status === 'True' && condition.reason === reason;
}

/** Waits until the object says that something is wrong, then takes the faults away. @returns what it said. */
async function trouble(
  world: World,
  { kind, name, type, reason }: { kind: Kind; name: string; type: string; reason: string },
): Promise<string> {
  const object = await waitFor(() => world.get(kind, name), {
    describe: `${kind} ${name} shows ${type} ${reason}`,
    until: (seen) => shows(seen, type, reason),
  });
  expect(conditionOf(object, 'Ready')?.status).not.toBe('True');
  const message = conditionOf(object, type)?.message ?? '';
  expect(conditionOf(object, 'Ready')?.message).toBe(message);
  world.fake.faults.clear();
  return message;
}

const PASSING: readonly (readonly [name: string, rule: FaultRule, says: RegExp])[] = [
  ['cuts every connection', { kind: 'reset' }, /no answer from http:\/\/127\.0\.0\.1/],
  ['answers nothing but server errors', { kind: 'fail', code: 'ServerException', status: 500 }, /ServerException/],
  ['is no AWS at all but a web server', { kind: 'malformed', status: 404 }, /is the endpoint right\?/],
  [
    'takes the credentials for expired',
    { kind: 'fail', code: 'ExpiredTokenException', message: 'The security token included in the request is expired' },
    /expired/,
  ],
];

test.concurrent.each(PASSING)(
  'while AWS %s, the condition says so, and it goes on by itself afterwards',
  async (_name, rule, says) => {
    await using world = await World.start(unhurried);
    world.fake.faults.add(rule);
    await applyService(world);
    const message = await trouble(world, {
      kind: 'EcsCluster',
      name: 'main',
      type: 'Reconciling',
      reason: 'AwsUnavailable',
    });
    expect(message).toMatch(says);
    await world.ready('EcsService', 'web');
    expect(elements(world.aws('ecs', 'ListServices', { cluster: 'main' }).serviceArns)).toHaveLength(1);
  },
);

test.concurrent('an outage of reads leaves a service that is Ready as it was known, until it lasts; nothing is written meanwhile', async () => {
  await using world = await World.start({ ...unhurried, settings: { ...unhurried.settings, resyncMs: 500 } });
  await applyService(world);
  await world.ready('EcsService', 'web');
  const since = world.mark();
  world.fake.faults.add({ kind: 'fail', operation: 'DescribeServices', code: 'ServerException', status: 500 });
  const message = await trouble(world, {
    kind: 'EcsService',
    name: 'web',
    type: 'Reconciling',
    reason: 'AwsUnavailable',
  });
  expect(message).toContain('DescribeServices');
  expect(world.calls('DescribeServices', since).length).toBeGreaterThanOrEqual(3);
  await world.ready('EcsService', 'web');
  expect(world.writes(since)).toEqual([]);
});

test.concurrent('a permission that lacks is named, and the next change of the spec is tried at once', async () => {
  await using world = await World.start(unhurried);
  world.fake.faults.add({
    kind: 'fail',
    service: 'ecs',
    operation: 'CreateService',
    code: 'AccessDeniedException',
    message:
      'User: arn:aws:sts::123456789012:assumed-role/op/x is not authorized to perform: iam:PassRole on resource: r',
  });
  await applyService(world);
  const message = await trouble(world, { kind: 'EcsService', name: 'web', type: 'Stalled', reason: 'AccessDenied' });
  expect(message).toMatch(/; allow iam:PassRole: iam\/pass-role\.json$/);
  await world.apply('EcsService', 'web', fargateService('web', { desiredCount: 2 }));
  await world.ready('EcsService', 'web');
  expect(world.service('main', 'web')).toMatchObject({ runningCount: 2 });
});

test.concurrent('what AWS refuses is shown in its words, and a corrected spec recovers', async () => {
  await using world = await World.start(unhurried);
  world.fake.faults.add({
    kind: 'fail',
    operation: 'RegisterTaskDefinition',
    code: 'ClientException',
    message: 'Role is not valid.',
  });
  await applyService(world);
  const message = await trouble(world, { kind: 'EcsTaskDefinition', name: 'web', type: 'Stalled', reason: 'Refused' });
  expect(message).toContain('Role is not valid.');
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:2'));
  await world.ready('EcsService', 'web');
});

test.concurrent('an endpoint that nobody listens on is named, and the objects of other accounts are served', async () => {
  await using world = await World.start(unhurried);
  const account = (name: string, spec: object) =>
    world.apply('AwsAccount', name, {
      region: 'eu-central-1',
      allowedNamespaces: { names: [world.namespace] },
      passRoleArns: ['*'],
      ...spec,
    });
  const nowhere = `nowhere-${world.namespace}`;
  const here = `here-${world.namespace}`;
  await account(nowhere, { endpoint: 'http://127.0.0.1:1' });
  await account(here, { endpoint: world.fake.url });
  try {
    await world.apply('EcsCluster', 'lost', { accountRef: { name: nowhere } });
    await world.apply('EcsCluster', 'main', { accountRef: { name: here } });
    await world.ready('EcsCluster', 'main');
    await waitFor(() => world.get('EcsCluster', 'lost'), {
      describe: 'the cluster shows which endpoint does not answer',
      until: (seen) => conditionOf(seen, 'Ready')?.message.includes('no answer from http://127.0.0.1:1') === true,
    });

    await account(nowhere, { endpoint: world.fake.url });
    await world.ready('EcsCluster', 'lost');
  } finally {
    for (const name of [nowhere, here]) await letGo(world, name);
  }
});

test.concurrent('a role that cannot be assumed is named in the account and in what uses it, and recovers by itself', async () => {
  await using world = await World.start(unhurried);
  const name = `role-${world.namespace}`;
  world.fake.faults.add({
    kind: 'fail',
    service: 'sts',
    operation: 'AssumeRole',
    code: 'AccessDenied',
    status: 403,
    message: 'User: arn:aws:iam::123456789012:root is not authorized to perform: sts:AssumeRole on resource: deployer',
  });
  await world.apply('AwsAccount', name, {
    region: 'eu-central-1',
    endpoint: world.fake.url,
    assumeRole: { roleArn: 'arn:aws:iam::123456789012:role/deployer' },
    allowedNamespaces: { names: [world.namespace] },
  });
  try {
    await world.apply('EcsCluster', 'main', { accountRef: { name } });
    await waitFor(() => world.get('EcsCluster', 'main'), {
      describe: 'the cluster shows which permission its account lacks',
      until: (seen) => conditionOf(seen, 'Ready')?.message.includes('sts:AssumeRole') === true,
    });
    world.fake.faults.clear();
    await world.ready('EcsCluster', 'main', 90_000);
  } finally {
    await letGo(world, name);
  }
});

/** AwsAccounts belong to no namespace: a test takes its own away. */
async function letGo(world: World, account: string): Promise<void> {
  await world.patch('AwsAccount', account, { metadata: { finalizers: null } }).catch(() => {});
  await world.delete('AwsAccount', account);
}
