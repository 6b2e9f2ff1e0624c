import { expect, test } from 'vitest';
import type { NamespacedType } from '../../src/devcluster/discovery.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { ownControlPlane } from '../harness/control-plane.ts';
import { applyWhole, holdings, readyWhole, templateService, WHOLE } from '../harness/whole.ts';
import { conditionOf, fargateService, fargateTask, type Live, World, waitFor } from '../harness/world.ts';

type Arrange = (types: readonly NamespacedType[]) => readonly NamespacedType[];

/** What others refer to goes before what refers to it. */
const TARGETS_FIRST = [
  'cloudmapnamespaces',
  'ecsclusters',
  'cloudmapservices',
  'ecstaskdefinitions',
  'ecsservices',
] as const;

const byRank = (ranks: readonly string[]): Arrange => {
  const rank = ({ resource }: NamespacedType) => ranks.indexOf(resource);
  return (types) => types.toSorted((a, b) => rank(a) - rank(b));
};

function shuffled(seed: number): Arrange {
  const random = seededRandom(seed);
  return (types) =>
    types
      .map((type) => ({ type, at: random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ type }) => type);
}

/** As the API server lists the types, what is referred to first, what refers first, and at random. */
const ORDERS: readonly Arrange[] = [
  (types) => types,
  byRank(TARGETS_FIRST),
  byRank(TARGETS_FIRST.toReversed()),
  shuffled(1),
  shuffled(2),
];

test('a namespace can be deleted with everything in it, in any order: AWS keeps what is retained and nothing else', async () => {
  let turn = 0;
  const arrange: Arrange = (types) => ORDERS[turn++ % ORDERS.length]?.(types) ?? types;
  await using cluster = await ownControlPlane({ arrange });
  const policy = { deletion: 'Retain' };
  const inEachOrder = ORDERS.map(async () => {
    await using world = await World.start({ cluster });
    await applyWhole(world);
    await world.apply('EcsCluster', 'kept', { policy });
    await world.apply('EcsTaskDefinition', 'kept', { ...fargateTask(), policy });
    // Never Ready, and never in AWS.
    await world.apply('EcsService', 'lost', fargateService('nowhere'));
    await Promise.all([readyWhole(world), world.ready('EcsCluster', 'kept'), world.ready('EcsTaskDefinition', 'kept')]);

    const path = `/api/v1/namespaces/${world.namespace}`;
    await cluster.client.request({ method: 'DELETE', path });
    await waitFor(async () => (await cluster.client.request({ method: 'GET', path })).status === 404, {
      describe: 'the namespace is gone',
    });
    expect(holdings(world)).toEqual(['cluster kept', 'task definition kept:1']);
    // Nothing is tried before its time; a drained service's last task may still be stopping.
    const failed = world.writes().flatMap(({ operation, code }) => (code === 'OK' ? [] : `${operation} ${code}`));
    expect(failed.filter((one) => one !== 'DeleteCluster ClusterContainsTasksException')).toEqual([]);
  });
  await Promise.all(inEachOrder);
});

test.concurrent('what a live object refers to stays in AWS, and says who refers to it', async () => {
  await using world = await World.start();
  await applyWhole(world);
  await readyWhole(world);
  const before = holdings(world);
  const targets = WHOLE.filter(([kind]) => kind !== 'EcsService');
  for (const [kind, name] of targets) await world.delete(kind, name);
  const referrers: Readonly<Record<string, string>> = { CloudMapNamespace: 'CloudMapService' };
  for (const [kind, name] of targets) {
    const held = await world.condition(kind, name, 'Ready', { status: 'False', reason: 'InUse' });
    expect(conditionOf(held, 'Ready')?.message).toContain(`${referrers[kind] ?? 'EcsService'} ${world.namespace}/`);
  }
  expect(holdings(world)).toEqual(before);
  expect(world.service('main', 'web')).toMatchObject({ status: 'ACTIVE', runningCount: 1 });

  await world.delete('EcsService', 'web');
  await world.delete('EcsService', 'inline');
  for (const [kind, name] of WHOLE) await world.gone(kind, name);
  expect(holdings(world)).toEqual([]);
});

test.concurrent('a service is let go when it is drained, and its cluster after it', async () => {
  await using world = await World.start();
  await applyWhole(world);
  await readyWhole(world);
  world.fake.fake.region().ecs.hold({ cluster: 'main', service: 'inline' });
  for (const [kind, name] of WHOLE) await world.delete(kind, name);

  const draining = await world.condition('EcsService', 'inline', 'Ready', { reason: 'Deleting' });
  expect(conditionOf(draining, 'Ready')?.message).toContain('is draining, 1 tasks still running');
  await world.gone('EcsService', 'web');
  const cluster = await world.condition('EcsCluster', 'main', 'Ready', { reason: 'InUse' });
  expect(conditionOf(cluster, 'Ready')?.message).toContain('inline');
  expect(world.calls('DeleteCluster')).toEqual([]);
  // The revision that a template registered is in use as long as its service drains.
  expect(holdings(world)).toContain('task definition inline:1');

  world.fake.fake.region().ecs.release({ cluster: 'main', service: 'inline' });
  for (const [kind, name] of WHOLE) await world.gone(kind, name);
  expect(holdings(world)).toEqual([]);
});

test.concurrent('what outsiders have put into our cluster, namespace and Cloud Map service holds the deletion, and the conditions say what', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.apply('CloudMapNamespace', 'local', { type: 'HTTP' });
  await world.apply('CloudMapNamespace', 'other', { type: 'HTTP' });
  await world.apply('CloudMapService', 'web', { namespaceRef: { name: 'local' } });
  await world.ready('EcsCluster', 'main');
  const { status: service } = await world.ready('CloudMapService', 'web');
  const { status: other } = await world.ready('CloudMapNamespace', 'other');
  const containers = [{ name: 'app', image: 'theirs', memory: 64 }];
  world.aws('ecs', 'RegisterTaskDefinition', { family: 'theirs', containerDefinitions: containers });
  world.aws('ecs', 'CreateService', {
    cluster: 'main',
    serviceName: 'theirs',
    taskDefinition: 'theirs',
    desiredCount: 1,
  });
  world.aws('servicediscovery', 'CreateService', { Name: 'theirs', NamespaceId: other?.id });
  const instance = { ServiceId: service?.id, InstanceId: 'theirs' };
  world.aws('servicediscovery', 'RegisterInstance', { ...instance, Attributes: { AWS_INSTANCE_IPV4: '10.0.0.1' } });
  await waitFor(
    () =>
      (world.aws('servicediscovery', 'ListInstances', { ServiceId: service?.id }).Instances as object[]).length === 1,
    { describe: 'the instance is registered' },
  );

  await world.delete('EcsCluster', 'main');
  await world.delete('CloudMapNamespace', 'local');
  await world.delete('CloudMapNamespace', 'other');
  await world.delete('CloudMapService', 'web');
  const says = async (object: Live) => conditionOf(object, 'Ready')?.message ?? '';
  const held = (until: (seen: Live | undefined) => boolean, look: () => Promise<Live | undefined>, describe: string) =>
    waitFor(look, { describe, until });
  const instances = await world.condition('CloudMapService', 'web', 'Ready', { reason: 'InstancesRegistered' });
  expect(await says(instances)).toContain('1 instance is still registered');
  await held(
    (seen) => /Services are active|1 service/.test(conditionOf(seen, 'Ready')?.message ?? ''),
    () => world.get('EcsCluster', 'main'),
    'the cluster says that a service is in it',
  );
  await held(
    (seen) => /service/i.test(conditionOf(seen, 'Ready')?.message ?? ''),
    () => world.get('CloudMapNamespace', 'other'),
    'the namespace says that a service is in it',
  );

  world.aws('ecs', 'DeleteService', { cluster: 'main', service: 'theirs', force: true });
  world.aws('servicediscovery', 'DeregisterInstance', instance);
  const { Services } = world.aws('servicediscovery', 'ListServices', {});
  const theirs = (Services as { Id: string; Name: string }[]).find(({ Name }) => Name === 'theirs');
  world.aws('servicediscovery', 'DeleteService', { Id: theirs?.Id });
  await world.gone('EcsCluster', 'main');
  await world.gone('CloudMapService', 'web');
  await world.gone('CloudMapNamespace', 'local');
  await world.gone('CloudMapNamespace', 'other');
  expect(holdings(world)).toEqual(['task definition theirs:1']);
});

test.concurrent('an object that never came to AWS goes without an AWS call, whatever kept it from there', async () => {
  await using world = await World.start({ settings: { defaultAccountNamespaces: [] } });
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsCluster', 'elsewhere', { accountRef: { name: 'nobody' } });
  await world.apply('EcsService', 'web', fargateService('nowhere'));
  await world.condition('EcsCluster', 'main', 'Ready', { status: 'False', reason: 'AccountNotPermitted' });
  await world.condition('EcsCluster', 'elsewhere', 'Ready', { status: 'False', reason: 'AccountNotFound' });
  await world.condition('EcsService', 'web', 'Ready', { status: 'False' });
  for (const [kind, name] of [
    ['EcsCluster', 'main'],
    ['EcsCluster', 'elsewhere'],
    ['EcsService', 'web'],
  ] as const) {
    await world.delete(kind, name);
    await world.gone(kind, name);
  }
  expect(world.calls()).toEqual([]);
});

test.concurrent('what AWS refused to make holds nothing', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.ready('EcsCluster', 'main');
  world.fake.faults.add({ kind: 'fail', operation: 'CreateService', code: 'InvalidParameterException', message: 'no' });
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web'));
  await world.condition('EcsService', 'web', 'Stalled', { status: 'True', reason: 'Refused' });
  await world.delete('EcsService', 'web');
  await world.gone('EcsService', 'web');
  expect(world.calls('DeleteService')).toEqual([]);
});

test.concurrent('Retain set on an object that is being deleted lets it go at once, also when AWS cannot be reached', async () => {
  await using world = await World.start();
  await applyWhole(world);
  await readyWhole(world);
  const before = holdings(world);
  world.fake.faults.add({ kind: 'reset' });
  for (const [kind, name] of WHOLE) await world.delete(kind, name);
  await world.condition('EcsService', 'web', 'Ready', { reason: 'AwsUnavailable' });
  for (const [kind, name] of WHOLE) await world.patch(kind, name, { spec: { policy: { deletion: 'Retain' } } });
  for (const [kind, name] of WHOLE) await world.gone(kind, name);
  expect(holdings(world)).toEqual(before);
});

test.concurrent('a deletion outlives an outage of AWS', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.ready('EcsCluster', 'main');
  const fault = world.fake.faults.add({ kind: 'fail', code: 'ServerException', status: 500 });
  await world.delete('EcsCluster', 'main');
  await world.condition('EcsCluster', 'main', 'Ready', { reason: 'AwsUnavailable' });
  world.fake.faults.remove(fault);
  await world.gone('EcsCluster', 'main');
  expect(holdings(world)).toEqual([]);
});

test.concurrent('what was adopted stays in AWS by default, and goes when its policy says Delete', async () => {
  await using world = await World.start();
  for (const clusterName of ['kept', 'gone']) world.aws('ecs', 'CreateCluster', { clusterName });
  await world.apply('EcsCluster', 'kept', { policy: { adoption: 'Adopt' } });
  await world.apply('EcsCluster', 'gone', { policy: { adoption: 'Adopt', deletion: 'Delete' } });
  for (const name of ['kept', 'gone']) {
    const { status } = await world.ready('EcsCluster', name);
    expect(status?.adopted).toBe(true);
    await world.delete('EcsCluster', name);
    await world.gone('EcsCluster', name);
  }
  expect(holdings(world)).toEqual(['cluster kept']);
});

test.concurrent('something that somebody deleted in AWS before does not hold its object', async () => {
  await using world = await World.start();
  await applyWhole(world);
  const ready = await readyWhole(world);
  world.aws('ecs', 'DeleteService', { cluster: 'main', service: 'web', force: true });
  world.aws('ecs', 'DeleteService', { cluster: 'main', service: 'inline', force: true });
  for (const name of ['web', 'inline']) {
    await waitFor(() => world.service('main', name)?.status === 'INACTIVE', { describe: `${name} is drained` });
  }
  world.aws('ecs', 'DeregisterTaskDefinition', { taskDefinition: 'web:1' });
  const discovery = ready.find(({ kind }) => kind === 'CloudMapService');
  // The last tasks and instances take a moment more; a look that throws is repeated.
  await waitFor(() => world.aws('ecs', 'DeleteCluster', { cluster: 'main' }), { describe: 'the cluster is deleted' });
  await waitFor(() => world.aws('servicediscovery', 'DeleteService', { Id: discovery?.status?.id }), {
    describe: 'the Cloud Map service is deleted',
  });
  for (const [kind, name] of WHOLE) await world.delete(kind, name);
  for (const [kind, name] of WHOLE) await world.gone(kind, name);
  expect(holdings(world)).toEqual([]);
});

test.concurrent('old revisions are deregistered beyond revisionHistoryLimit, the rest with the object, and only our own', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  const spec = { revisionHistoryLimit: 2 };
  for (const version of [1, 2, 3, 4]) {
    const task = fargateTask(`app:${version}`);
    await world.apply('EcsTaskDefinition', 'web', { ...task, ...spec });
    await world.apply('EcsService', 'web', fargateService('web'));
    await world.apply('EcsService', 'inline', templateService(task, spec));
    await world.ready('EcsTaskDefinition', 'web');
    await world.ready('EcsService', 'inline');
    if (version === 2) {
      const containers = [{ name: 'app', image: 'theirs', memory: 64 }];
      for (const family of ['web', 'inline']) {
        world.aws('ecs', 'RegisterTaskDefinition', { family, containerDefinitions: containers });
      }
    }
  }
  const kept = ['inline', 'web'].flatMap((family) =>
    [3, 4, 5].map((revision) => `task definition ${family}:${revision}`),
  );
  const revisions = () => holdings(world).filter((held) => held.startsWith('task definition'));
  await waitFor(revisions, { describe: 'older revisions go', until: (seen) => seen.join() === kept.join() });

  for (const [kind, name] of [
    ['EcsTaskDefinition', 'web'],
    ['EcsService', 'web'],
    ['EcsService', 'inline'],
    ['EcsCluster', 'main'],
  ] as const) {
    await world.delete(kind, name);
  }
  await world.gone('EcsTaskDefinition', 'web');
  await world.gone('EcsService', 'inline');
  await world.gone('EcsCluster', 'main');
  expect(revisions()).toEqual(['task definition inline:3', 'task definition web:3']);
});

test.concurrent('a deletion goes on where it stood after a restart of the operator', async () => {
  await using world = await World.start({ operator: false });
  const before = await world.startOperator();
  await applyWhole(world);
  await readyWhole(world);
  world.fake.fake.region().ecs.hold({ cluster: 'main', service: 'web' });
  for (const [kind, name] of WHOLE) await world.delete(kind, name);
  await world.condition('EcsService', 'web', 'Ready', { reason: 'Deleting' });
  await before.stop();
  world.fake.fake.region().ecs.release({ cluster: 'main', service: 'web' });
  const since = world.mark();
  await world.startOperator();
  for (const [kind, name] of WHOLE) await world.gone(kind, name);
  expect(holdings(world)).toEqual([]);
  expect(world.calls('DeleteService', since).filter(({ service }) => service === 'ecs')).toEqual([]);
});

test.concurrent('somebody who refers to an object without its consent does not hold its deletion', async () => {
  await using world = await World.start({ operator: false });
  await using stranger = await World.start({ operator: false });
  await world.startOperator({ namespaces: [world.namespace, stranger.namespace] });
  await world.apply('EcsCluster', 'main', {});
  await world.ready('EcsCluster', 'main');
  const clusterRef = { name: 'main', namespace: world.namespace };
  await stranger.apply('EcsService', 'web', fargateService('web', { clusterRef }));
  await stranger.condition('EcsService', 'web', 'Stalled', { reason: 'RefNotPermitted' });
  await world.delete('EcsCluster', 'main');
  await world.gone('EcsCluster', 'main');
});
