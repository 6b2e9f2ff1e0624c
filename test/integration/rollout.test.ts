import { expect, test } from 'vitest';
import { conditionOf, fargateService, fargateTask, World, waitFor } from '../harness/world.ts';

async function running(world: World): Promise<void> {
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:1'));
  await world.apply('EcsService', 'web', fargateService('web'));
  await world.ready('EcsService', 'web');
}

const image = (world: World) => {
  const arn = String(world.service('main', 'web')?.taskDefinition);
  const { taskDefinition } = world.aws('ecs', 'DescribeTaskDefinition', { taskDefinition: arn });
  return (taskDefinition as { containerDefinitions: { image: string }[] }).containerDefinitions[0]?.image;
};

test('an image changed in a task definition rolls every service that refers to it, with one UpdateService', async () => {
  await using world = await World.start();
  await running(world);
  await world.apply('EcsService', 'other', fargateService('web'));
  await world.ready('EcsService', 'other');

  const since = world.mark();
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:2'));
  await world.ready('EcsTaskDefinition', 'web');

  expect(image(world)).toBe('app:2');
  expect(world.calls('RegisterTaskDefinition', since)).toHaveLength(1);
  expect(world.calls('UpdateService', since)).toHaveLength(2);
  expect(world.service('main', 'web')).toMatchObject({ deployments: [{ rolloutState: 'COMPLETED' }] });
});

test('a service is Ready again only when its new deployment is completed', async () => {
  await using world = await World.start();
  await running(world);

  world.fake.fake.region().ecs.hold({ cluster: 'main', service: 'web' });
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:2'));
  const rolling = await world.condition('EcsService', 'web', 'Synced', { status: 'True' });
  await waitFor(() => world.get('EcsService', 'web'), {
    describe: 'the service rolls',
    until: (seen) =>
      conditionOf(seen, 'RolledOut')?.status === 'False' && conditionOf(seen, 'Synced')?.status === 'True',
  });
  expect(conditionOf(await world.get('EcsService', 'web'), 'Ready')?.status).toBe('False');
  expect(conditionOf(await world.get('EcsTaskDefinition', 'web'), 'Ready')?.status).toBe('False');
  expect(rolling.metadata.generation).toBe(1);

  world.fake.fake.region().ecs.release({ cluster: 'main', service: 'web' });
  await world.ready('EcsService', 'web');
  expect(world.service('main', 'web')).toMatchObject({ deployments: [{ rolloutState: 'COMPLETED' }] });
});

test('an image and a port changed in one apply, by reference, make exactly one UpdateService', async () => {
  await using world = await World.start();
  await running(world);

  const since = world.mark();
  const target = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef';
  const port = 8080;
  await Promise.all([
    world.apply('EcsService', 'web', {
      ...fargateService('web'),
      loadBalancers: [{ targetGroupArn: target, containerName: 'app', containerPort: port }],
    }),
    world.apply(
      'EcsTaskDefinition',
      'web',
      fargateTask('app:2', {
        containerDefinitions: [{ name: 'app', image: 'app:2', portMappings: [{ containerPort: port }] }],
      }),
    ),
  ]);
  await world.ready('EcsService', 'web');
  await world.ready('EcsTaskDefinition', 'web');

  expect(world.calls('UpdateService', since).filter(({ code }) => code === 'OK')).toHaveLength(1);
  expect(image(world)).toBe('app:2');
  expect(world.service('main', 'web')).toMatchObject({ loadBalancers: [{ containerPort: port }] });
});

test('with an inline template, an image and a port changed in one apply make one revision and one UpdateService', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  const spec = (version: number, port: number) => {
    const { taskDefinitionRef: _none, ...service } = fargateService('unused') as Record<string, unknown>;
    return {
      ...service,
      taskDefinitionTemplate: fargateTask(`app:${version}`, {
        containerDefinitions: [{ name: 'app', image: `app:${version}`, portMappings: [{ containerPort: port }] }],
      }),
    };
  };
  await world.apply('EcsService', 'web', spec(1, 80));
  await world.ready('EcsService', 'web');

  const since = world.mark();
  const applied = await world.apply('EcsService', 'web', spec(2, 8080));
  const ready = await world.ready('EcsService', 'web');

  expect(conditionOf(ready, 'Ready')?.observedGeneration).toBe(applied.metadata.generation);
  expect(world.calls('RegisterTaskDefinition', since)).toHaveLength(1);
  expect(world.calls('UpdateService', since)).toHaveLength(1);
  expect(image(world)).toBe('app:2');
});

test('a deployment that the circuit breaker rolled back is tried once, also across a restart, and a corrected spec recovers', async () => {
  await using world = await World.start({ settings: { resyncMs: 300 }, operator: false });
  const first = await world.startOperator();
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:1'));
  const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };
  await world.apply('EcsService', 'web', fargateService('web', breaker));
  await world.ready('EcsService', 'web');

  world.fake.fake.region().ecs.addTaskRule({
    match: { image: 'app:bad' },
    fate: { kind: 'start-failure', reason: 'CannotPullContainerError: not found' },
  });
  const since = world.mark();
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:bad'));
  const stalled = await world.condition('EcsService', 'web', 'Stalled', { status: 'True', reason: 'RolledBack' });
  expect(conditionOf(stalled, 'Ready')?.status).toBe('False');
  expect(image(world)).toBe('app:1');
  const tries = world.calls('UpdateService', since).length;
  expect(tries).toBe(1);

  await first.stop();
  await world.startOperator();
  for (let look = 1; look <= 5; look++) {
    const before = world.mark();
    await world.patch('EcsService', 'web', { metadata: { annotations: { look: String(look) } } });
    await waitFor(() => world.calls('DescribeServices', before).length, { describe: `look ${look} at the service` });
  }
  expect(world.calls('UpdateService', since)).toHaveLength(1);

  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:3'));
  await world.ready('EcsService', 'web');
  expect(image(world)).toBe('app:3');
});

test('a deployment that fails shows Ready=False with the reason that AWS gives', async () => {
  await using world = await World.start();
  await running(world);
  world.fake.fake.region().ecs.addTaskRule({
    match: { image: 'app:bad' },
    fate: { kind: 'start-failure', reason: 'CannotPullContainerError: not found' },
  });
  await world.apply('EcsService', 'web', {
    ...fargateService('web'),
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
  });
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:bad'));

  const failed = await waitFor(() => world.get('EcsService', 'web'), {
    describe: 'the failure is shown',
    until: (seen) => conditionOf(seen, 'Stalled') !== undefined,
  });
  expect(conditionOf(failed, 'Ready')?.status).toBe('False');
  expect(JSON.stringify(failed?.status)).toContain('CannotPullContainerError');
});
