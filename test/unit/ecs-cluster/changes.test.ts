import { describe, expect, test } from 'vitest';
import type { EcsClusterSpec } from '../../../src/kinds/ecs-cluster/schema.ts';
import { EcsWorld, oneCluster, readyCluster } from './scenes.ts';

test('a cluster is created with one call that holds all that is declared, and then left alone', async () => {
  const world = new EcsWorld();
  const cluster = oneCluster(world);
  cluster.apply({
    settings: [{ name: 'containerInsights', value: 'enhanced' }],
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: '1', base: 1 }],
    configuration: { executeCommandConfiguration: { logging: 'NONE' } },
    tags: [{ key: 'team', value: 'a' }],
  });
  await cluster.converge();
  expect(cluster.wrote()).toEqual(['CreateCluster']);
  expect(cluster.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 1 });
  expect(cluster.status).toMatchObject({ name: 'main', account: { region: 'eu-central-1' }, awsStatus: 'ACTIVE' });
  expect(world.cluster()).toMatchObject({
    settings: [{ name: 'containerInsights', value: 'enhanced' }],
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    configuration: { executeCommandConfiguration: { logging: 'NONE' } },
  });
  expect(world.tags()).toMatchObject({ team: 'a', 'ecs-operator.dev/name': 'main', 'ecs-operator.dev/uid': 'uid-1' });

  cluster.forget();
  for (let day = 0; day < 3; day++) {
    world.clock.advance(86_400_000);
    await cluster.converge();
  }
  cluster.restart();
  await cluster.converge();
  expect([...cluster.wrote(), cluster.kept.writes]).toEqual([0]);
  expect(new Set(cluster.reads)).toEqual(new Set(['DescribeClusters']));
});

interface Change {
  readonly what: string;
  readonly from: EcsClusterSpec;
  readonly to: EcsClusterSpec;
  readonly calls: readonly string[];
  readonly holds: object;
}

const INSIGHTS: EcsClusterSpec = { settings: [{ name: 'containerInsights', value: 'enabled' }] };
const EXEC = { executeCommandConfiguration: { logging: 'NONE', kmsKeyId: 'key-1' } };
const STORAGE = { managedStorageConfiguration: { kmsKeyId: 'key-2' } };
const FARGATE = [{ capacityProvider: 'FARGATE', weight: 1 }];
const SPOT = [{ capacityProvider: 'FARGATE_SPOT', weight: 2 }];

const changes: readonly Change[] = [
  {
    what: 'a setting that comes',
    from: {},
    to: INSIGHTS,
    calls: ['UpdateCluster'],
    holds: { settings: [{ name: 'containerInsights', value: 'enabled' }] },
  },
  {
    what: 'a setting that changes',
    from: INSIGHTS,
    to: { settings: [{ name: 'containerInsights', value: 'enhanced' }] },
    calls: ['UpdateCluster'],
    holds: { settings: [{ name: 'containerInsights', value: 'enhanced' }] },
  },
  {
    what: 'a setting that leaves goes back to AWS’s default',
    from: INSIGHTS,
    to: {},
    calls: ['UpdateCluster'],
    holds: { settings: [{ name: 'containerInsights', value: 'disabled' }] },
  },
  {
    what: 'an emptied list of settings does the same',
    from: INSIGHTS,
    to: { settings: [] },
    calls: ['UpdateCluster'],
    holds: { settings: [{ name: 'containerInsights', value: 'disabled' }] },
  },
  {
    what: 'a configuration that comes',
    from: {},
    to: { configuration: EXEC },
    calls: ['UpdateCluster'],
    holds: { configuration: EXEC },
  },
  {
    what: 'one leaf of a configuration that changes, the other stays',
    from: { configuration: EXEC },
    to: { configuration: { executeCommandConfiguration: { logging: 'DEFAULT', kmsKeyId: 'key-1' } } },
    calls: ['UpdateCluster'],
    holds: { configuration: { executeCommandConfiguration: { logging: 'DEFAULT', kmsKeyId: 'key-1' } } },
  },
  {
    what: 'one leaf of a configuration that leaves, the other stays',
    from: { configuration: EXEC },
    to: { configuration: { executeCommandConfiguration: { logging: 'NONE' } } },
    calls: ['UpdateCluster'],
    holds: { configuration: { executeCommandConfiguration: { logging: 'NONE' } } },
  },
  {
    what: 'one half of a configuration that leaves, the other stays',
    from: { configuration: { ...EXEC, ...STORAGE } },
    to: { configuration: STORAGE },
    calls: ['UpdateCluster'],
    holds: { configuration: STORAGE },
  },
  {
    what: 'a configuration that leaves whole',
    from: { configuration: EXEC },
    to: {},
    calls: ['UpdateCluster'],
    holds: { configuration: {} },
  },
  {
    what: 'capacity providers and a strategy that come are one call',
    from: {},
    to: { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: FARGATE },
    calls: ['PutClusterCapacityProviders'],
    holds: {
      capacityProviders: ['FARGATE'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    },
  },
  {
    what: 'a strategy that changes leaves the providers as they are',
    from: { capacityProviders: ['FARGATE', 'FARGATE_SPOT'], defaultCapacityProviderStrategy: FARGATE },
    to: { capacityProviders: ['FARGATE', 'FARGATE_SPOT'], defaultCapacityProviderStrategy: SPOT },
    calls: ['PutClusterCapacityProviders'],
    holds: { capacityProviders: ['FARGATE', 'FARGATE_SPOT'], defaultCapacityProviderStrategy: [{ weight: 2 }] },
  },
  {
    what: 'a strategy that leaves is cleared, the providers stay',
    from: { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: FARGATE },
    to: { capacityProviders: ['FARGATE'] },
    calls: ['PutClusterCapacityProviders'],
    holds: { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: [] },
  },
  {
    what: 'providers and strategy that leave are both cleared',
    from: { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: FARGATE },
    to: {},
    calls: ['PutClusterCapacityProviders'],
    holds: { capacityProviders: [], defaultCapacityProviderStrategy: [] },
  },
  {
    what: 'the same providers in another order are no change',
    from: { capacityProviders: ['FARGATE', 'FARGATE_SPOT'] },
    to: { capacityProviders: ['FARGATE_SPOT', 'FARGATE'] },
    calls: [],
    holds: { capacityProviders: ['FARGATE', 'FARGATE_SPOT'] },
  },
  {
    what: 'a setting and a provider that change in one apply are one call each',
    from: {},
    to: { ...INSIGHTS, capacityProviders: ['FARGATE'] },
    calls: ['UpdateCluster', 'PutClusterCapacityProviders'],
    holds: { capacityProviders: ['FARGATE'], settings: [{ value: 'enabled' }] },
  },
];

describe('a change of the spec', () => {
  test.each(changes)('$what', async ({ from, to, calls, holds }) => {
    const { cluster, world } = await readyCluster(from);
    cluster.apply(to);
    await cluster.converge();
    expect(cluster.wrote()).toEqual(calls);
    expect(world.cluster()).toMatchObject(holds);
    expect(cluster.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 2 });

    cluster.forget();
    world.clock.advance(600_000);
    await cluster.converge();
    expect([...cluster.wrote(), cluster.kept.writes]).toEqual([0]);
  });

  test('tags come, change and go, and those of others stay', async () => {
    const { cluster, world } = await readyCluster({
      tags: [
        { key: 'team', value: 'a' },
        { key: 'cost', value: '1' },
      ],
    });
    world.aws('TagResource', { resourceArn: world.cluster().clusterArn, tags: [{ key: 'theirs', value: 'x' }] });
    cluster.apply({ tags: [{ key: 'team', value: 'b' }, { key: 'stage' }] });
    await cluster.converge();
    expect(cluster.wrote()).toEqual(['TagResource', 'UntagResource']);
    expect(world.tags()).toMatchObject({ team: 'b', stage: '', theirs: 'x', 'ecs-operator.dev/name': 'main' });
    expect(world.tags()).not.toHaveProperty('cost');
  });

  test.each(['constructor', '__proto__', 'toString'])('a tag called %s is a tag like any other', async (key) => {
    const { cluster, world } = await readyCluster({});
    cluster.apply({ tags: [{ key, value: 'a' }] });
    await cluster.converge();
    expect(Object.entries(world.tags())).toContainEqual([key, 'a']);
    cluster.apply({ tags: [{ key, value: 'b' }] });
    await cluster.converge();
    expect(Object.entries(world.tags())).toContainEqual([key, 'b']);
    cluster.apply({});
    await cluster.converge();
    expect(Object.keys(world.tags())).not.toContain(key);
    expect(cluster.wrote()).toEqual(['TagResource', 'TagResource', 'UntagResource']);
  });

  test('a default namespace for Service Connect comes, changes and goes', async () => {
    const { cluster, world } = await readyCluster({});
    cluster.apply({ serviceConnectDefaults: { namespace: 'shop' } });
    await cluster.converge();
    expect(cluster.wrote()).toEqual(['UpdateCluster']);
    const { namespace } = world.cluster().serviceConnectDefaults;
    expect(namespace).toMatch(/^arn:aws:servicediscovery:/);
    expect(cluster.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 2 });

    cluster.apply({ serviceConnectDefaults: { namespace: 'other' } });
    await cluster.converge();
    expect(world.cluster().serviceConnectDefaults.namespace).not.toBe(namespace);
    expect(cluster.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 3 });

    cluster.apply({});
    await cluster.converge();
    expect(world.cluster().serviceConnectDefaults).toBeUndefined();
    expect(cluster.wrote()).toEqual(['UpdateCluster', 'UpdateCluster', 'UpdateCluster']);
  });

  test('a cluster created with a default namespace by name is Ready and left alone', async () => {
    const { cluster, world } = await readyCluster({ serviceConnectDefaults: { namespace: 'shop' } });
    world.clock.advance(600_000);
    cluster.restart();
    await cluster.converge();
    expect([...cluster.wrote(), cluster.kept.writes]).toEqual([0]);
  });

  test('an Auto Scaling group that is being attached is waited for', async () => {
    const world = new EcsWorld();
    world.provider('group');
    const cluster = oneCluster(world);
    cluster.apply({ capacityProviders: ['group'] });
    await cluster.reconcile();
    expect(cluster.condition('Ready')).toMatchObject({ status: 'False', reason: 'Provisioning' });
    expect(cluster.condition('Reconciling')).toMatchObject({ status: 'True' });
    cluster.apply({ capacityProviders: ['group', 'FARGATE'] });
    await cluster.converge();
    expect(cluster.wrote()).toEqual(['CreateCluster', 'PutClusterCapacityProviders']);
    expect(cluster.condition('Ready')).toMatchObject({ status: 'True' });
  });
});

describe('what was never declared', () => {
  test('is left alone, whoever changes it', async () => {
    const { cluster, world } = await readyCluster({ tags: [{ key: 'team', value: 'a' }] });
    world.aws('UpdateCluster', {
      cluster: 'main',
      settings: [{ name: 'containerInsights', value: 'enabled' }],
      configuration: { executeCommandConfiguration: { logging: 'NONE' } },
    });
    world.aws('PutClusterCapacityProviders', {
      cluster: 'main',
      capacityProviders: ['FARGATE'],
      defaultCapacityProviderStrategy: [],
    });
    world.clock.advance(600_000);
    await cluster.converge();
    expect(cluster.wrote()).toEqual([]);
    expect(cluster.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('stays when something beside it in the same structure changes', async () => {
    const { cluster, world } = await readyCluster({
      configuration: { executeCommandConfiguration: { logging: 'NONE' } },
    });
    world.aws('UpdateCluster', {
      cluster: 'main',
      configuration: { executeCommandConfiguration: { logging: 'NONE', kmsKeyId: 'theirs' }, ...STORAGE },
    });
    cluster.apply({ configuration: { executeCommandConfiguration: { logging: 'DEFAULT' } } });
    await cluster.converge();
    expect(world.cluster().configuration).toEqual({
      executeCommandConfiguration: { logging: 'DEFAULT', kmsKeyId: 'theirs' },
      ...STORAGE,
    });
    cluster.apply({});
    await cluster.converge();
    expect(world.cluster().configuration).toMatchObject({
      executeCommandConfiguration: { kmsKeyId: 'theirs' },
      ...STORAGE,
    });
  });
});

describe('drift', () => {
  test('of a setting, a provider and a tag is corrected, without Ready ever going', async () => {
    const { cluster, world } = await readyCluster({
      ...INSIGHTS,
      capacityProviders: ['FARGATE'],
      tags: [{ key: 'team', value: 'a' }],
    });
    const { clusterArn: resourceArn } = world.cluster();
    world.aws('UpdateClusterSettings', {
      cluster: 'main',
      settings: [{ name: 'containerInsights', value: 'disabled' }],
    });
    world.aws('PutClusterCapacityProviders', {
      cluster: 'main',
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
    });
    world.aws('TagResource', { resourceArn, tags: [{ key: 'team', value: 'z' }] });
    world.clock.advance(600_000);
    await cluster.converge();
    expect(cluster.wrote()).toEqual(['UpdateCluster', 'PutClusterCapacityProviders', 'TagResource']);
    expect(cluster.condition('Ready')).toMatchObject({ status: 'True' });
    expect(cluster.kept.writes).toBe(0);
  });

  test('is only reported where policy says so, with the path and both values', async () => {
    const { cluster, world } = await readyCluster({
      ...INSIGHTS,
      policy: { driftByField: { settings: 'Report' } },
    });
    world.aws('UpdateClusterSettings', {
      cluster: 'main',
      settings: [{ name: 'containerInsights', value: 'disabled' }],
    });
    world.clock.advance(600_000);
    await cluster.converge();
    expect(cluster.wrote()).toEqual([]);
    expect(cluster.status.drift).toEqual([
      { path: 'settings[name=containerInsights]', declared: '"enabled"', live: '"disabled"' },
    ]);
    expect(cluster.condition('Drifted')).toMatchObject({ status: 'True' });

    world.aws('UpdateClusterSettings', {
      cluster: 'main',
      settings: [{ name: 'containerInsights', value: 'enabled' }],
    });
    await cluster.converge();
    expect(cluster.condition('Drifted')).toBeUndefined();
    expect(cluster.status.drift).toBeUndefined();
    expect(cluster.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('that policy says to ignore is nothing at all', async () => {
    const { cluster, world } = await readyCluster({ ...INSIGHTS, policy: { driftByField: { settings: 'Ignore' } } });
    world.aws('UpdateClusterSettings', {
      cluster: 'main',
      settings: [{ name: 'containerInsights', value: 'disabled' }],
    });
    world.clock.advance(600_000);
    await cluster.converge();
    expect([...cluster.wrote(), cluster.kept.writes]).toEqual([0]);
    expect(cluster.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('a changed spec is applied even where drift is only reported', async () => {
    const { cluster, world } = await readyCluster({ ...INSIGHTS, policy: { drift: 'Report' } });
    cluster.apply({ settings: [{ name: 'containerInsights', value: 'enhanced' }], policy: { drift: 'Report' } });
    await cluster.converge();
    expect(cluster.wrote()).toEqual(['UpdateCluster']);
    expect(world.cluster().settings).toEqual([{ name: 'containerInsights', value: 'enhanced' }]);
  });
});
