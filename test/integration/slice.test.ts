import { expect, test } from 'vitest';
import { fargateService, fargateTask, World } from '../harness/world.ts';

test('a cluster, a task definition and a service become Ready, and AWS holds them', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web', { desiredCount: 2 }));

  await world.ready('EcsService', 'web');
  await world.ready('EcsTaskDefinition', 'web');
  expect(world.service('main', 'web')).toMatchObject({ status: 'ACTIVE', desiredCount: 2, runningCount: 2 });
});
