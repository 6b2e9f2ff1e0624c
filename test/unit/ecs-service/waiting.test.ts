import { expect, test } from 'vitest';
import { ecsService } from '../../../src/kinds/ecs-service/index.ts';
import { EcsWorld } from '../ecs-cluster/scenes.ts';
import { OneObject } from '../reconcile/one-object.ts';
import { FARGATE } from './scenes.ts';

function waiting() {
  const world = new EcsWorld();
  const web = new OneObject({ kind: ecsService, around: world.around({ objects: [] }), name: 'web' });
  const { taskDefinition: _, ...rest } = FARGATE;
  web.apply({ ...rest, taskDefinitionRef: { name: 'web' } });
  return { web, world };
}

test('a new object says nothing while what it refers to may still come with the same apply', async () => {
  const { web } = waiting();
  expect(await web.reconcile()).toEqual({ type: 'waiting', requeueAfterMs: 1_000 });
  expect(web.kept.writes).toBe(0);
});

test('a new object says what it waits for once that takes longer', async () => {
  const { web, world } = waiting();
  await web.reconcile();
  world.clock.advance(1_000);
  expect(await web.reconcile()).toEqual({ type: 'waiting' });
  expect(web.condition('Ready')).toMatchObject({ status: 'False', reason: 'RefNotFound' });
  expect(web.wrote()).toEqual([]);
});
