import { expect, test } from 'vitest';
import { elements } from '../../src/devcluster/json.ts';
import { fargateService, fargateTask, World, waitFor } from '../harness/world.ts';

const TARGET = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef';

interface Case {
  readonly field: string;
  readonly declared: object;
  /** What ECS describes while it is declared, and after it has left. */
  readonly set: object;
  readonly cleared: object;
  /** Where it is described on the deployment. */
  readonly onDeployment?: true;
}

const CASES: readonly Case[] = [
  {
    field: 'healthCheckGracePeriodSeconds and loadBalancers',
    declared: {
      healthCheckGracePeriodSeconds: 60,
      loadBalancers: [{ targetGroupArn: TARGET, containerName: 'app', containerPort: 80 }],
    },
    set: { healthCheckGracePeriodSeconds: 60, loadBalancers: [{ containerPort: 80 }] },
    cleared: { loadBalancers: [] },
  },
  {
    field: 'enableExecuteCommand',
    declared: { enableExecuteCommand: true },
    set: { enableExecuteCommand: true },
    cleared: { enableExecuteCommand: false },
  },
  {
    field: 'propagateTags and enableECSManagedTags',
    declared: { propagateTags: 'SERVICE', enableECSManagedTags: true },
    set: { propagateTags: 'SERVICE', enableECSManagedTags: true },
    cleared: { propagateTags: 'NONE', enableECSManagedTags: false },
  },
  {
    field: 'deploymentConfiguration',
    declared: {
      deploymentConfiguration: {
        maximumPercent: 150,
        minimumHealthyPercent: 50,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    },
    set: { deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 50 } },
    cleared: {
      deploymentConfiguration: {
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        deploymentCircuitBreaker: { enable: false, rollback: false },
      },
    },
  },
  {
    field: 'serviceConnectConfiguration',
    declared: { serviceConnectConfiguration: { enabled: true, namespace: 'local' } },
    set: { serviceConnectConfiguration: { enabled: true } },
    cleared: { serviceConnectConfiguration: { enabled: false } },
    onDeployment: true,
  },
];

test('every field that can leave a manifest is cleared in AWS when it leaves, and what was never declared stays', async () => {
  await using world = await World.start();
  world.aws('servicediscovery', 'CreateHttpNamespace', { Name: 'local' });
  await waitFor(() => JSON.stringify(world.aws('servicediscovery', 'ListNamespaces', {})).includes('local'), {
    describe: 'the namespace is there',
  });
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web'));
  await world.ready('EcsService', 'web');
  const seen = (where: Case) => {
    const service = world.service('main', 'web');
    return where.onDeployment ? elements(service?.deployments)[0] : service;
  };

  for (const one of CASES) {
    await world.apply('EcsService', 'web', fargateService('web', one.declared));
    await world.ready('EcsService', 'web');
    expect(seen(one), `${one.field} is set`).toMatchObject(one.set);
    const since = world.mark();
    await world.apply('EcsService', 'web', fargateService('web'));
    await world.ready('EcsService', 'web');
    expect(seen(one), `${one.field} is cleared`).toMatchObject(one.cleared);
    expect(world.calls('UpdateService', since), `${one.field} is cleared by one call`).toHaveLength(1);
  }
});

test('a tag that leaves the manifest leaves AWS, and tags of others stay', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {
    tags: [
      { key: 'team', value: 'shop' },
      { key: 'stage', value: 'dev' },
    ],
  });
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:1', { tags: [{ key: 'team', value: 'shop' }] }));
  await world.apply('EcsService', 'web', fargateService('web', { tags: [{ key: 'team', value: 'shop' }] }));
  const arns = [
    String((await world.ready('EcsCluster', 'main')).status?.arn),
    String((await world.ready('EcsTaskDefinition', 'web')).status?.arn),
    String((await world.ready('EcsService', 'web')).status?.arn),
  ];
  for (const resourceArn of arns)
    world.aws('ecs', 'TagResource', { resourceArn, tags: [{ key: 'theirs', value: 'stays' }] });

  const since = world.mark();
  await world.apply('EcsCluster', 'main', { tags: [{ key: 'stage', value: 'dev' }] });
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web'));
  for (const arn of arns) {
    await waitFor(() => !('team' in world.tags(arn)), { describe: `the tag has left ${arn}` });
    expect(world.tags(arn)).toMatchObject({ theirs: 'stays' });
  }
  expect(world.tags(arns[0] ?? '')).toMatchObject({ stage: 'dev' });
  await world.ready('EcsService', 'web');
  const changes = world.writes(since).map(({ operation }) => operation);
  expect(changes.filter((operation) => operation !== 'UntagResource')).toEqual([]);
});
