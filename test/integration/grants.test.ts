import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnControlPlane, ownControlPlane } from '../harness/control-plane.ts';
import { templateService } from '../harness/whole.ts';
import {
  conditionOf,
  fargateService,
  fargateTask,
  type Kind,
  World,
  type WorldOptions,
  waitFor,
} from '../harness/world.ts';

// AwsAccounts are nobody's namespace's: on the control plane that all tests share, one would be everybody's.
let cluster: OwnControlPlane;
beforeAll(async () => {
  cluster = await ownControlPlane();
});
afterAll(() => cluster.stop());

const ROLE = 'arn:aws:iam::123456789012:role/app';
const region = 'eu-central-1';

/** A world on this file's control plane; its AwsAccounts go with it. */
async function start(options: WorldOptions = {}): Promise<World & AsyncDisposable> {
  const world = await World.start({ cluster, ...options });
  const dispose = world[Symbol.asyncDispose].bind(world);
  world[Symbol.asyncDispose] = async () => {
    await dispose();
    for (const { metadata } of await world.list('AwsAccount')) {
      await world.delete('AwsAccount', metadata.name);
      await world.patch('AwsAccount', metadata.name, { metadata: { finalizers: null } }).catch(() => {});
    }
  };
  return world;
}

/** An AwsAccount that lets this world's namespace in, and grants what `more` says. */
async function allow(world: World, name: string, more: object = {}): Promise<void> {
  await world.apply('AwsAccount', name, { region, allowedNamespaces: { names: [world.namespace] }, ...more });
}

/** A service that names its cluster and task definition, with neither a reference. */
function namedService(more: object = {}): object {
  const { clusterRef: _cluster, taskDefinitionRef: _task, ...service } = fargateService('') as Record<string, unknown>;
  return { ...service, taskDefinition: 'web', ...more };
}

/** Calls to ECS and Cloud Map: whoever an account is, STS has to be asked. */
function calls(world: World) {
  return world.calls().filter(({ service }) => service !== 'sts');
}

const EACH_KIND: readonly (readonly [Kind, object])[] = [
  ['EcsCluster', {}],
  ['CloudMapNamespace', { type: 'HTTP' }],
  ['CloudMapService', { namespaceId: 'ns-0123456789abcdef' }],
  ['EcsTaskDefinition', fargateTask()],
  ['EcsService', namedService({ cluster: 'main' })],
];

test('a namespace that an AwsAccount does not let in makes no AWS call, in whichever way it comes to the account', async () => {
  await using world = await start();
  const others = { region, allowedNamespaces: { names: ['somebody-else'], selector: { matchLabels: { team: 'x' } } } };
  for (const name of ['default', 'named', 'annotated']) await world.apply('AwsAccount', name, others);
  const refused = async (spec: object, account: string) => {
    for (const [kind, own] of EACH_KIND) {
      await world.apply(kind, 'web', { ...own, ...spec });
      const stalled = await waitFor(() => world.get(kind, 'web'), {
        describe: `${kind} may not use ${account}`,
        until: (seen) =>
          conditionOf(seen, 'Stalled')?.message.includes(`AwsAccount ${account} does not allow`) === true,
      });
      expect(conditionOf(stalled, 'Ready')).toMatchObject({ status: 'False', reason: 'AccountNotPermitted' });
      expect(stalled?.metadata.finalizers ?? []).toEqual([]);
    }
  };
  await refused({ accountRef: { name: 'named' } }, 'named');
  await refused({ accountRef: null }, 'default');
  await world.patchNamespace({ annotations: { 'ecs-operator.dev/account': 'annotated' } });
  await refused({}, 'annotated');
  expect(calls(world)).toEqual([]);
});

test("a namespace that may not use the operator's own identity makes no AWS call at all", async () => {
  await using world = await start({ settings: { defaultAccountNamespaces: ['prod-*'] } });
  for (const [kind, spec] of EACH_KIND) {
    await world.apply(kind, 'web', spec);
    const stalled = await world.condition(kind, 'web', 'Stalled', { status: 'True', reason: 'AccountNotPermitted' });
    expect(conditionOf(stalled, 'Ready')?.message).toContain('--default-account-namespaces');
  }
  expect(world.calls()).toEqual([]);
});

test('a namespace is let in by its labels as soon as it has them, and kept out as soon as it has not', async () => {
  await using world = await start();
  const allowedNamespaces = { selector: { matchExpressions: [{ key: 'team', operator: 'In', values: ['shop'] }] } };
  await world.apply('AwsAccount', 'labelled', { region, allowedNamespaces });
  await world.apply('EcsCluster', 'main', { accountRef: { name: 'labelled' } });
  await world.condition('EcsCluster', 'main', 'Stalled', { reason: 'AccountNotPermitted' });
  expect(calls(world)).toEqual([]);

  await world.patchNamespace({ labels: { team: 'shop' } });
  await world.ready('EcsCluster', 'main');
  await world.patchNamespace({ labels: { team: 'ops' } });
  await world.condition('EcsCluster', 'main', 'Stalled', { reason: 'AccountNotPermitted' });
  const since = world.mark();
  // What it has in AWS stays; Retain lets the object go all the same.
  await world.delete('EcsCluster', 'main');
  await world.condition('EcsCluster', 'main', 'Stalled', { reason: 'AccountNotPermitted' });
  await world.patch('EcsCluster', 'main', { spec: { policy: { deletion: 'Retain' } } });
  await world.gone('EcsCluster', 'main');
  expect(world.writes(since)).toEqual([]);
});

test('a cluster that the account does not grant is not named: neither by name, nor by ARN, nor by leaving it out', async () => {
  await using world = await start();
  await allow(world, 'default', { clusters: ['dev-*', `arn:aws:ecs:${region}:123456789012:cluster/team-*`] });
  await world.ready('AwsAccount', 'default');
  const theirs = (account: string, at = region) => `arn:aws:ecs:${at}:${account}:cluster/dev-1`;
  const refused: Readonly<Record<string, string | undefined>> = {
    'by-name': 'prod',
    'by-arn': `arn:aws:ecs:${region}:123456789012:cluster/prod`,
    'other-account': theirs('999999999999'),
    'other-region': theirs('123456789012', 'us-east-1'),
    'left-out': undefined,
  };
  for (const [name, at] of Object.entries(refused)) {
    await world.apply('EcsService', name, namedService(at === undefined ? {} : { cluster: at }));
    const stalled = await world.condition('EcsService', name, 'Stalled', { reason: 'ClusterNotPermitted' });
    expect(conditionOf(stalled, 'Ready')?.message).toContain(`cluster ${at ?? 'default'}`);
  }
  // Taking over a cluster is naming it; making one of one's own is not.
  await world.apply('EcsCluster', 'prod', { policy: { adoption: 'Adopt' } });
  await world.condition('EcsCluster', 'prod', 'Stalled', { reason: 'ClusterNotPermitted' });
  expect(calls(world)).toEqual([]);

  for (const clusterName of ['dev-1', 'team-1']) world.aws('ecs', 'CreateCluster', { clusterName });
  await world.apply('EcsTaskDefinition', 'web', { ...fargateTask(), taskRoleArn: null });
  await world.ready('EcsTaskDefinition', 'web');
  await world.apply('EcsService', 'granted-name', namedService({ cluster: 'dev-1' }));
  const teamArn = `arn:aws:ecs:${region}:123456789012:cluster/team-1`;
  await world.apply('EcsService', 'granted-arn', namedService({ cluster: teamArn }));
  await world.ready('EcsService', 'granted-name');
  await world.ready('EcsService', 'granted-arn');
});

const OTHER = 'arn:aws:iam::123456789012:role/admin';
const volume = { name: 'data', managedEBSVolume: { roleArn: OTHER, sizeInGiB: 10 } };
const hooks = {
  lifecycleHooks: [{ hookTargetArn: 'arn:aws:lambda:eu-central-1:123456789012:function:f', roleArn: OTHER }],
};
/** Where a role may be named, and what its path in the message is. */
const ROLES: readonly (readonly [name: string, Kind, object, path: string])[] = [
  ['task-role', 'EcsTaskDefinition', fargateTask('a', { taskRoleArn: OTHER }), 'taskRoleArn'],
  ['by-its-name', 'EcsTaskDefinition', fargateTask('a', { taskRoleArn: 'admin' }), 'taskRoleArn'],
  ['execution-role', 'EcsTaskDefinition', fargateTask('a', { executionRoleArn: OTHER }), 'executionRoleArn'],
  [
    'template',
    'EcsService',
    templateService(fargateTask('a', { executionRoleArn: OTHER })),
    'taskDefinitionTemplate.executionRoleArn',
  ],
  [
    'service-role',
    'EcsService',
    namedService({
      cluster: 'main',
      launchType: 'EC2',
      networkConfiguration: null,
      role: OTHER,
      loadBalancers: [{ loadBalancerName: 'web', containerName: 'app', containerPort: 80 }],
    }),
    'role',
  ],
  [
    'volume-role',
    'EcsService',
    namedService({ cluster: 'main', volumeConfigurations: [volume] }),
    'volumeConfigurations[0].managedEBSVolume.roleArn',
  ],
  [
    'hook-role',
    'EcsService',
    namedService({ cluster: 'main', deploymentConfiguration: hooks }),
    'deploymentConfiguration.lifecycleHooks[0].roleArn',
  ],
];

test('a role that the account does not let pass is not passed, wherever it is named, until it is granted', async () => {
  await using world = await start();
  await allow(world, 'default', { passRoleArns: [ROLE], clusters: ['main'] });
  await world.apply('EcsCluster', 'main', {});
  await world.ready('EcsCluster', 'main');
  const since = world.mark();
  for (const [name, kind, spec, path] of ROLES) {
    await world.apply(kind, name, spec);
    const stalled = await world.condition(kind, name, 'Stalled', { reason: 'RoleNotPermitted' });
    expect(conditionOf(stalled, 'Ready')?.message).toMatch(`${path}: `);
    expect(conditionOf(stalled, 'Ready')?.message).toContain(OTHER);
  }
  expect(calls(world).filter(({ id }) => id > since)).toEqual([]);

  await allow(world, 'default', { passRoleArns: [ROLE, 'arn:aws:iam::123456789012:role/ad*'], clusters: ['main'] });
  await world.ready('EcsTaskDefinition', 'task-role');
  await world.ready('EcsTaskDefinition', 'execution-role');
  await world.ready('EcsService', 'template');
});

test('nothing is asked of an account that is another one than it says, or whose role lets us not in', async () => {
  await using world = await start();
  const assumeRole = { roleArn: 'arn:aws:iam::210987654321:role/operator' };
  world.fake.sts.setRole(assumeRole.roleArn, { externalId: 'secret' });
  await allow(world, 'mistaken', { accountId: '999999999999' });
  await allow(world, 'refused', { assumeRole });
  const mistaken = await world.condition('AwsAccount', 'mistaken', 'Stalled', { reason: 'AccountMismatch' });
  expect(conditionOf(mistaken, 'Ready')?.message).toContain('the credentials belong to account 123456789012');
  const refused = await world.condition('AwsAccount', 'refused', 'Stalled', { reason: 'AccessDenied' });
  expect(conditionOf(refused, 'Ready')?.message).toContain('sts:AssumeRole');
  for (const account of ['mistaken', 'refused']) {
    await world.apply('EcsCluster', account, { accountRef: { name: account } });
    const waiting = await world.condition('EcsCluster', account, 'Ready', {
      status: 'False',
      reason: 'AccountNotReady',
    });
    expect(conditionOf(waiting, 'Ready')?.message).toContain(`AwsAccount ${account} is not ready`);
  }
  expect(calls(world)).toEqual([]);

  // Put right, the accounts wake their objects.
  await allow(world, 'mistaken', { accountId: '123456789012' });
  await allow(world, 'refused', { assumeRole: { ...assumeRole, externalId: 'secret' } });
  await world.ready('EcsCluster', 'mistaken');
  const made = await world.ready('EcsCluster', 'refused');
  expect(made.status?.arn).toBe(`arn:aws:ecs:${region}:210987654321:cluster/refused`);
  const callers = world.calls('CreateCluster').map(({ caller }) => caller);
  expect(callers).toContainEqual(expect.stringContaining('assumed-role/operator/'));
});

test('objects wait for an account that does not exist, and go on when it appears', async () => {
  await using world = await start();
  await world.apply('EcsCluster', 'main', { accountRef: { name: 'later' } });
  await world.condition('EcsCluster', 'main', 'Ready', { status: 'False', reason: 'AccountNotFound' });
  expect(world.calls()).toEqual([]);
  const assumeRole = { roleArn: 'arn:aws:iam::210987654321:role/operator' };
  await allow(world, 'later', { assumeRole, region: 'us-east-1' });
  const ready = await world.ready('EcsCluster', 'main');
  expect(ready.status).toMatchObject({
    arn: 'arn:aws:ecs:us-east-1:210987654321:cluster/main',
    account: { name: 'later', accountId: '210987654321', region: 'us-east-1' },
  });
});

test('names follow the template of the account; one that is given wins, and one that is in use stays', async () => {
  await using world = await start();
  await allow(world, 'default', { nameTemplate: '{namespace}-{name}', passRoleArns: ['*'] });
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsCluster', 'given', { clusterName: 'shared' });
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web'));
  await world.apply('EcsService', 'inline', templateService(fargateTask()));
  await world.ready('EcsService', 'web');
  await world.ready('EcsService', 'inline');
  expect((await world.ready('EcsCluster', 'main')).status?.name).toBe(`${world.namespace}-main`);
  expect((await world.ready('EcsCluster', 'given')).status?.name).toBe('shared');
  const service = world.service(`${world.namespace}-main`, `${world.namespace}-web`);
  expect(service?.taskDefinition).toMatch(`/${world.namespace}-web:1`);
  const inline = world.service(`${world.namespace}-main`, `${world.namespace}-inline`);
  expect(inline?.taskDefinition).toMatch(`/${world.namespace}-inline:1`);

  const since = world.mark();
  await allow(world, 'default', { nameTemplate: 'new-{name}', passRoleArns: ['*'] });
  await world.ready('AwsAccount', 'default');
  await world.apply('EcsService', 'web', fargateService('web', { desiredCount: 2 }));
  await world.ready('EcsService', 'web');
  await world.apply('EcsCluster', 'later', {});
  expect((await world.ready('EcsCluster', 'later')).status?.name).toBe('new-later');
  expect(
    world
      .writes(since)
      .map(({ operation }) => operation)
      .sort(),
  ).toEqual(['CreateCluster', 'UpdateService']);
});

test('an object whose account becomes another account or region is stopped, and goes on when it goes back', async () => {
  await using world = await start();
  const assumeRole = { roleArn: 'arn:aws:iam::210987654321:role/operator' };
  await allow(world, 'default');
  await allow(world, 'other', { assumeRole });
  await world.ready('AwsAccount', 'other');
  await world.apply('EcsCluster', 'main', {});
  await world.ready('EcsCluster', 'main');

  const since = world.mark();
  const stopped = async (words: string) => {
    const stalled = await world.condition('EcsCluster', 'main', 'Stalled', {
      status: 'True',
      reason: 'AccountChanged',
    });
    expect(conditionOf(stalled, 'Ready')?.message).toContain('made in account 123456789012, region eu-central-1');
    expect(conditionOf(stalled, 'Ready')?.message).toContain(words);
  };
  await world.patch('EcsCluster', 'main', { spec: { accountRef: { name: 'other' } } });
  await stopped('account 210987654321');
  await world.patch('EcsCluster', 'main', { spec: { accountRef: null } });
  await world.ready('EcsCluster', 'main');
  await world.patchNamespace({ annotations: { 'ecs-operator.dev/account': 'other' } });
  await stopped('account 210987654321');
  await world.patchNamespace({ annotations: { 'ecs-operator.dev/account': null } });
  await world.ready('EcsCluster', 'main');
  await allow(world, 'default', { region: 'us-east-1' });
  await stopped('region us-east-1');
  await allow(world, 'default');
  await world.ready('EcsCluster', 'main');
  expect(world.writes(since)).toEqual([]);
});

test('an account stays as long as something uses it, so that what is deleted can still be deleted in AWS', async () => {
  await using world = await start();
  await allow(world, 'used');
  await world.apply('EcsCluster', 'main', { accountRef: { name: 'used' } });
  await world.ready('EcsCluster', 'main');
  await world.delete('AwsAccount', 'used');
  const held = await world.condition('AwsAccount', 'used', 'Ready', { status: 'False', reason: 'InUse' });
  expect(conditionOf(held, 'Ready')?.message).toContain(`EcsCluster ${world.namespace}/main`);
  await world.delete('EcsCluster', 'main');
  await world.gone('EcsCluster', 'main');
  await world.gone('AwsAccount', 'used');
  expect(world.calls('DeleteCluster')).toHaveLength(1);
});

test('what belongs to another account is not referred to', async () => {
  await using world = await start();
  await allow(world, 'default');
  await allow(world, 'other', { assumeRole: { roleArn: 'arn:aws:iam::210987654321:role/operator' } });
  await world.apply('CloudMapNamespace', 'local', { type: 'HTTP', accountRef: { name: 'other' } });
  await world.ready('CloudMapNamespace', 'local');
  const since = world.mark();
  await world.apply('EcsCluster', 'main', { serviceConnectDefaults: { namespaceRef: { name: 'local' } } });
  const stalled = await world.condition('EcsCluster', 'main', 'Stalled', { status: 'True', reason: 'RefOtherAccount' });
  expect(conditionOf(stalled, 'Ready')?.message).toContain('uses another AwsAccount');
  expect(world.writes(since)).toEqual([]);
});

test('an object that comes together with its namespace uses the account of the namespace from the first call on', async () => {
  await using world = await start({ operator: false });
  await allow(world, 'default', { allowedNamespaces: { names: ['*'] } });
  const assumeRole = { roleArn: 'arn:aws:iam::210987654321:role/operator' };
  await allow(world, 'annotated', { assumeRole, allowedNamespaces: { names: ['*'] } });
  await world.startOperator({ namespaces: [] });
  await world.ready('AwsAccount', 'default');
  await world.ready('AwsAccount', 'annotated');
  const { client } = world.cluster;
  const annotations = { 'ecs-operator.dev/account': 'annotated' };
  const paths: string[] = [];
  for (let index = 0; index < 10; index++) {
    const namespace = `${world.namespace}-${index}`;
    await client.request({
      method: 'POST',
      path: '/api/v1/namespaces',
      body: { metadata: { name: namespace, annotations } },
    });
    const path = `/apis/ecs-operator.dev/v1alpha1/namespaces/${namespace}/ecsclusters`;
    const metadata = { name: `main-${index}` };
    const body = { apiVersion: 'ecs-operator.dev/v1alpha1', kind: 'EcsCluster', metadata, spec: {} };
    await client.request({ method: 'POST', path, body });
    paths.push(`${path}/main-${index}`);
  }
  await waitFor(() => world.calls('CreateCluster').length, {
    describe: 'all clusters are made',
    until: (count) => count === paths.length,
  });
  expect(new Set(calls(world).map(({ accountId }) => accountId))).toEqual(new Set(['210987654321']));
  for (const path of paths) {
    const contentType = 'application/merge-patch+json';
    await client.request({ method: 'PATCH', path, contentType, body: { spec: { policy: { deletion: 'Retain' } } } });
    await client.request({ method: 'DELETE', path });
    await waitFor(async () => (await client.request({ method: 'GET', path })).status === 404, {
      describe: `${path} is gone`,
    });
  }
});
