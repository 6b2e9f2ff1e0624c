import { expect, test } from 'vitest';
import { conditionOf, fargateService, fargateTask, World, waitFor } from '../harness/world.ts';

const SERVICES = 150;

test.concurrent('150 services that share a task definition are created at the pace AWS allows, without one throttled call', async () => {
  await using world = await World.start({ fake: { throttle: true, speed: 1_000 } });
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  const names = Array.from({ length: SERVICES }, (_, n) => `web-${n}`);
  await Promise.all(names.map((name) => world.apply('EcsService', name, fargateService('web'))));

  await waitFor(() => world.list('EcsService'), {
    describe: 'all services are Ready',
    until: (seen) =>
      seen.length === SERVICES && seen.every((service) => conditionOf(service, 'Ready')?.status === 'True'),
    limitMs: 110_000,
  });
  expect(world.calls().filter(({ code }) => code !== 'OK' && code !== 'ClientException')).toEqual([]);
  expect(world.calls('CreateService')).toHaveLength(SERVICES);
  expect(world.calls('RegisterTaskDefinition')).toHaveLength(1);
  // Read in tens, and no more often than there is something to be seen.
  expect(world.calls('DescribeServices').length).toBeLessThan(SERVICES * 3);
});

test.concurrent('calls for one service that AWS throttles are tried again and shown, and no other service waits for them', async () => {
  await using world = await World.start({ fake: { throttle: true } });
  const rule = { kind: 'throttle', operation: 'CreateService', name: '"serviceName":"slow"' } as const;
  world.fake.faults.add(rule);
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'slow', fargateService('web'));
  const slow = await world.condition('EcsService', 'slow', 'Reconciling', { reason: 'Throttled' });
  expect(conditionOf(slow, 'Ready')).toMatchObject({ status: 'False', reason: 'Throttled' });
  expect(conditionOf(slow, 'Ready')?.message).toContain('Rate exceeded');
  expect(conditionOf(slow, 'Stalled')).toBeUndefined();

  await world.apply('EcsService', 'quick', fargateService('web'));
  await world.ready('EcsService', 'quick');
  expect(conditionOf(await world.get('EcsService', 'slow'), 'Ready')?.status).toBe('False');
  await waitFor(() => world.fake.faults.list().every(({ hit }) => hit >= 3), {
    describe: 'it is tried again and again',
  });

  world.fake.faults.clear();
  await world.ready('EcsService', 'slow');
  expect(world.calls('CreateService').filter(({ code }) => code === 'OK')).toHaveLength(2);
});

test.concurrent('where calls have to wait, new revisions go before old ones are deregistered, and status waits for neither', async () => {
  await using world = await World.start({ fake: { throttle: true } });
  const names = Array.from({ length: 12 }, (_, n) => `app-${n}`);
  const apply = (version: number) =>
    Promise.all(
      names.map((name) =>
        world.apply('EcsTaskDefinition', name, fargateTask(`${name}:${version}`, { revisionHistoryLimit: 1 })),
      ),
    );
  await apply(1);
  for (const name of names) await world.ready('EcsTaskDefinition', name);
  const since = world.mark();
  await apply(2);
  for (const name of names) await world.ready('EcsTaskDefinition', name);
  const meanwhile = world.calls('DeregisterTaskDefinition', since).length;
  expect(world.calls('RegisterTaskDefinition', since)).toHaveLength(12);
  // Of eight turns one goes to whoever waited longest; what came before there was a queue is not counted either.
  expect(meanwhile).toBeLessThan(6);

  await waitFor(() => world.calls('DeregisterTaskDefinition', since).length === 12, {
    describe: 'the old revisions are deregistered in the end',
  });
  expect(world.calls().filter(({ code }) => code === 'ThrottlingException')).toEqual([]);
});
