import { expect, test } from 'vitest';
import { PATIENCE } from '../../../src/reconcile/patience.ts';
import { condition } from '../../../src/reconcile/sample-objects.ts';
import { oneTaskDefinition, readyTaskDefinition, running, TaskDefinitionWorld, user } from './scenes.ts';

test('news of those that refer to it are summed up without a call, for a while after a look at AWS', async () => {
  const world = new TaskDefinitionWorld();
  const web = oneTaskDefinition(world, { dependents: [user({})] });
  web.apply(running('nginx:1'));
  await web.reconcile();
  expect(web.condition('Ready')).toMatchObject({ status: 'False', reason: 'ServicesRolling' });

  web.forget();
  const { arn = '' } = web.status;
  web.around.dependents = [user({ currentTaskDefinitionArn: arn, conditions: [condition('RolledOut')] })];
  await web.reconcile();
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  expect(web.reads).toEqual([]);

  world.clock.advance(PATIENCE.freshMs);
  await web.reconcile();
  expect(web.reads).toEqual(['DescribeTaskDefinition']);
});

test('how far a rollout is in between writes nothing here: the service tells it', async () => {
  const { web } = await readyTaskDefinition(running('nginx:1'));
  const { arn = '' } = web.status;
  const rolling = (message: string) =>
    user({ currentTaskDefinitionArn: arn, conditions: [condition('RolledOut', { status: 'False', message })] });
  web.around.dependents = [user({})];
  await web.reconcile();
  web.forget();
  for (const message of ['0 of 2 tasks running', '1 of 2 tasks running']) {
    web.around.dependents = [rolling(message)];
    await web.reconcile();
  }
  expect(web.kept.writes).toBe(0);
});

test('another content is looked up at once, however fresh the last look was', async () => {
  const { web } = await readyTaskDefinition(running('nginx:1'));
  web.apply(running('nginx:2'));
  await web.reconcile();
  expect(web.wrote()).toEqual(['RegisterTaskDefinition']);
});

test('a person who takes the revision away is noticed by the next look', async () => {
  const { web, world } = await readyTaskDefinition(running('nginx:1'));
  world.aws('DeregisterTaskDefinition', { taskDefinition: 'web:1' });
  world.clock.advance(PATIENCE.freshMs);
  await web.converge();
  expect(web.wrote()).toEqual(['RegisterTaskDefinition']);
  expect(world.active()).toEqual(['web:2']);
});
