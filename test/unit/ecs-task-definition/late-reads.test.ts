import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../src/fake-aws/core/aws-error.ts';
import {
  type OneTaskDefinition,
  oneTaskDefinition,
  readyTaskDefinition,
  running,
  TaskDefinitionWorld,
} from './scenes.ts';

/** From now on and for so long, reads do not know what was registered after `known`. */
function lateReads(web: OneTaskDefinition, { ms, known }: { ms: number; known: readonly string[] }): void {
  const { clock, aws } = web.around;
  const until = clock.now() + ms;
  web.around.aws = (operation, input) => {
    if (operation !== 'ecs.DescribeTaskDefinition' || clock.now() >= until) return aws(operation, input);
    const newest = known.at(-1);
    const name = String((input as { taskDefinition: string }).taskDefinition);
    const asked = name === 'web' ? newest : name.slice(name.indexOf('/') + 1);
    if (asked === undefined || !known.includes(asked)) {
      throw new AwsError({ code: 'ClientException', message: 'Unable to describe task definition.' });
    }
    return aws(operation, { ...input, taskDefinition: asked });
  };
}

function loseAnswer(web: OneTaskDefinition, when: 'before' | 'after'): void {
  let left = 1;
  web.fault = (operation) => (operation === 'RegisterTaskDefinition' && left-- > 0 ? when : undefined);
}

describe('a registration whose answer was lost, while reads lag three seconds behind', () => {
  test.each([false, true])('makes no second revision; operator restarted: %s', async (restarted) => {
    const { web, world } = await readyTaskDefinition(running('nginx:1'));
    loseAnswer(web, 'after');
    lateReads(web, { ms: 3_000, known: ['web:1'] });
    web.apply(running('nginx:2'));
    await web.reconcile();
    if (restarted) web.restart();
    await web.reconcile();
    expect(web.condition('Reconciling')).toMatchObject({ reason: 'LookingAgain' });
    await web.converge();
    expect(web.wrote()).toEqual(['RegisterTaskDefinition']);
    expect(world.active()).toEqual(['web:1', 'web:2']);
    expect(web.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 2 });
  });

  test('is repeated when nothing shows for five seconds', async () => {
    const world = new TaskDefinitionWorld();
    const web = oneTaskDefinition(world);
    loseAnswer(web, 'before');
    web.apply(running('nginx:1'));
    const began = world.clock.now();
    await web.converge();
    expect(web.wrote()).toEqual(['RegisterTaskDefinition', 'RegisterTaskDefinition']);
    expect(world.active()).toEqual(['web:1']);
    expect(world.clock.now() - began).toBeGreaterThanOrEqual(5_000);
    expect(world.clock.now() - began).toBeLessThan(10_000);
  });
});

test('a registration that AWS refused for its rate is tried again without looking for what cannot be there', async () => {
  const world = new TaskDefinitionWorld();
  const web = oneTaskDefinition(world);
  const { aws } = web.around;
  let refusals = 1;
  web.around.aws = (operation, input) => {
    if (operation === 'ecs.RegisterTaskDefinition' && refusals-- > 0) {
      throw new AwsError({ code: 'ThrottlingException', message: 'Rate exceeded' });
    }
    return aws(operation, input);
  };
  web.apply(running('nginx:1'));
  const began = world.clock.now();
  await web.converge();
  expect(world.active()).toEqual(['web:1']);
  expect(world.clock.now() - began).toBeLessThan(2_000);
});

test('a revision that a late read does not show is neither taken for lost nor registered again', async () => {
  const { web, world } = await readyTaskDefinition(running('nginx:1'));
  lateReads(web, { ms: 4_000, known: ['web:1'] });
  web.apply(running('nginx:2'));
  await web.reconcile();
  await web.reconcile();
  await web.converge();
  expect(web.wrote()).toEqual(['RegisterTaskDefinition']);
  expect(world.active()).toEqual(['web:1', 'web:2']);
  expect(web.events.map(({ reason }) => reason)).not.toContain('Lost');
});

test('a revision that was registered a moment ago is deregistered with its object, though no read shows it yet', async () => {
  const world = new TaskDefinitionWorld();
  const web = oneTaskDefinition(world);
  web.apply(running('nginx:1'));
  await web.converge();
  lateReads(web, { ms: 2_000, known: [] });
  const { aws } = web.around;
  const until = world.clock.now() + 2_000;
  web.around.aws = (operation, input) =>
    operation === 'ecs.ListTaskDefinitions' && world.clock.now() < until
      ? { taskDefinitionArns: [] }
      : aws(operation, input);
  web.delete();
  await web.converge();
  expect(web.gone).toBe(true);
  expect(world.active()).toEqual([]);
});

function listed(answer: object): readonly string[] {
  return 'taskDefinitionArns' in answer && Array.isArray(answer.taskDefinitionArns) ? answer.taskDefinitionArns : [];
}

test('a deletion also takes the revision that a late list does not show yet', async () => {
  const { web, world } = await readyTaskDefinition(running('nginx:1'));
  web.apply(running('nginx:2'));
  await web.converge();
  const { aws } = web.around;
  let late = 1;
  web.around.aws = (operation, input) => {
    const answer = aws(operation, input);
    if (operation !== 'ecs.ListTaskDefinitions' || late-- <= 0) return answer;
    return { taskDefinitionArns: listed(answer).filter((arn) => arn.endsWith('/web:1')) };
  };
  web.delete();
  await web.converge();
  expect(web.gone).toBe(true);
  expect(world.active()).toEqual([]);
});

test('an answer without an ARN is told in a condition, and asked for again', async () => {
  const { web, world } = await readyTaskDefinition(running('nginx:1'));
  let nonsense = 1;
  web.answer = (operation, answer) =>
    operation === 'RegisterTaskDefinition' && nonsense-- > 0
      ? { taskDefinition: { ...answer.taskDefinition, taskDefinitionArn: undefined } }
      : answer;
  web.apply(running('nginx:2'));
  await web.reconcile();
  expect(web.condition('Ready')).toMatchObject({
    status: 'False',
    message: expect.stringContaining('RegisterTaskDefinition: the answer has no taskDefinition.taskDefinitionArn'),
  });
  await web.converge();
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  expect(world.active()).toEqual(['web:1', 'web:2']);
});
