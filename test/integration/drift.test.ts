import { expect, test } from 'vitest';
import { conditionOf, fargateService, fargateTask, World, waitFor } from '../harness/world.ts';

const PLACE = { cluster: 'main', service: 'web' };

async function running(world: World, service: object): Promise<void> {
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:1', { tags: [{ key: 'team', value: 'shop' }] }));
  await world.apply('EcsService', 'web', service);
  await world.ready('EcsService', 'web');
}

const connect = {
  serviceConnectConfiguration: {
    enabled: true,
    namespace: 'local',
    services: [{ portName: 'http', clientAliases: [{ port: 80 }] }],
  },
};
const named = {
  containerDefinitions: [{ name: 'app', image: 'app:1', portMappings: [{ name: 'http', containerPort: 80 }] }],
};

test('what somebody changes behind our back is corrected within a resync', async () => {
  await using world = await World.start({ settings: { resyncMs: 1_000 } });
  world.aws('servicediscovery', 'CreateHttpNamespace', { Name: 'local' });
  await waitFor(() => JSON.stringify(world.aws('servicediscovery', 'ListNamespaces', {})).includes('local'), {
    describe: 'the namespace is there',
  });
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:1', named));
  await world.apply('EcsService', 'web', fargateService('web', { ...connect, tags: [{ key: 'team', value: 'shop' }] }));
  await world.ready('EcsService', 'web');
  const wanted = world.service('main', 'web');
  const ecs = world.fake.fake.region().ecs;

  world.aws('ecs', 'UpdateService', { ...PLACE, desiredCount: 4 });
  await waitFor(() => world.service('main', 'web')?.desiredCount === 1, { describe: 'the count is put right' });

  world.aws('ecs', 'TagResource', { resourceArn: String(wanted?.serviceArn), tags: [{ key: 'team', value: 'evil' }] });
  await waitFor(() => world.tags(String(wanted?.serviceArn)).team === 'shop', { describe: 'the tag is put right' });

  world.aws('ecs', 'RegisterTaskDefinition', {
    family: 'other',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    taskRoleArn: 'arn:aws:iam::123456789012:role/app',
    ...named,
  });
  world.aws('ecs', 'UpdateService', { ...PLACE, taskDefinition: 'other' });
  await waitFor(() => String(world.service('main', 'web')?.taskDefinition).includes('/web:'), {
    describe: 'the task definition is put right',
  });
  await world.ready('EcsService', 'web');

  ecs.patchService(PLACE, { serviceConnectConfiguration: { enabled: false } });
  await waitFor(
    () => {
      const deployments = world.service('main', 'web')?.deployments as {
        serviceConnectConfiguration?: { enabled?: boolean };
      }[];
      return deployments[0]?.serviceConnectConfiguration?.enabled === true;
    },
    { describe: 'Service Connect is put right' },
  );
});

test('with drift: Report the same is only reported, by path, and AWS is left as it is', async () => {
  await using world = await World.start({ settings: { resyncMs: 1_000 } });
  await running(world, fargateService('web', { policy: { drift: 'Report' }, tags: [{ key: 'team', value: 'shop' }] }));
  const since = world.mark();
  world.aws('ecs', 'UpdateService', { ...PLACE, desiredCount: 4 });

  const drifted = await world.condition('EcsService', 'web', 'Drifted', { status: 'True' });
  expect(drifted.status?.drift).toEqual([{ path: 'desiredCount', declared: '1', live: '4' }]);
  expect(conditionOf(drifted, 'Ready')?.status).toBe('False');
  expect(world.writes(since)).toEqual([]);

  // A change of the spec is applied all the same, and leaves the drifted leaf alone.
  await world.apply(
    'EcsService',
    'web',
    fargateService('web', { policy: { drift: 'Report' }, tags: [{ key: 'team', value: 'new' }] }),
  );
  const arn = String(drifted.status?.arn);
  await waitFor(() => world.tags(arn).team === 'new', { describe: 'the tag is applied' });
  expect(world.service('main', 'web')?.desiredCount).toBe(4);
});

test('a leaf that driftByField ignores may be changed by anybody, and Ready stays', async () => {
  await using world = await World.start({ settings: { resyncMs: 500 } });
  await running(world, fargateService('web', { policy: { driftByField: { desiredCount: 'Ignore' } } }));
  world.aws('ecs', 'UpdateService', { ...PLACE, desiredCount: 2 });
  const since = world.mark();
  await waitFor(() => world.calls('DescribeServices', since).length >= 4, { describe: 'several looks' });
  expect(world.service('main', 'web')?.desiredCount).toBe(2);
  expect(conditionOf(await world.get('EcsService', 'web'), 'Ready')?.status).toBe('True');
});

test("a count that is not declared is an autoscaler's: it stays, and Ready stays", async () => {
  await using world = await World.start({ settings: { resyncMs: 500 } });
  const { desiredCount: _none, ...spec } = fargateService('web') as Record<string, unknown>;
  await running(world, spec);
  expect(world.service('main', 'web')?.desiredCount).toBe(1);
  world.aws('ecs', 'UpdateService', { ...PLACE, desiredCount: 3 });
  const since = world.mark();
  await waitFor(() => world.calls('DescribeServices', since).length >= 4, { describe: 'several looks' });
  expect(world.writes(since)).toEqual([]);
  expect(conditionOf(await world.get('EcsService', 'web'), 'Ready')?.status).toBe('True');
  // Another change of the spec does not touch it either.
  await world.apply('EcsService', 'web', { ...spec, enableExecuteCommand: true });
  await world.ready('EcsService', 'web');
  expect(world.service('main', 'web')).toMatchObject({ desiredCount: 3, enableExecuteCommand: true });
});

test('kubectl scale writes the count through the scale subresource', async () => {
  await using world = await World.start();
  await running(world, fargateService('web'));
  await world.patch('EcsService', 'web', { spec: { replicas: 3 } }, 'scale');
  await waitFor(() => world.service('main', 'web')?.runningCount === 3, { describe: 'three tasks run' });
  const ready = await world.ready('EcsService', 'web');
  expect(ready.status?.desiredCount).toBe(3);
});

test('removing desiredCount keeps the live count', async () => {
  await using world = await World.start();
  await running(world, fargateService('web', { desiredCount: 3 }));
  const { desiredCount: _none, ...spec } = fargateService('web') as Record<string, unknown>;
  await world.apply('EcsService', 'web', { ...spec, enableExecuteCommand: true });
  await world.ready('EcsService', 'web');
  expect(world.service('main', 'web')).toMatchObject({ desiredCount: 3, enableExecuteCommand: true });
});

test('a service that somebody deletes is made anew, once', async () => {
  await using world = await World.start({ settings: { resyncMs: 500 } });
  await running(world, fargateService('web'));
  const since = world.mark();
  world.aws('ecs', 'DeleteService', { ...PLACE, force: true });
  await waitFor(() => world.calls('CreateService', since).length, { describe: 'it is created again' });
  await world.ready('EcsService', 'web');
  expect(world.calls('CreateService', since).filter(({ code }) => code === 'OK')).toHaveLength(1);
});
