import { expect, test } from 'vitest';
import { fargateTask, type Loose, Stage } from './testing.ts';

const place = { cluster: 'main', service: 'web' };
const own = { taskDefinition: undefined, launchType: undefined, networkConfiguration: undefined };

function external(): Stage {
  const stage = new Stage();
  stage.register();
  stage.create({ deploymentController: { type: 'EXTERNAL' }, desiredCount: 3, ...own });
  return stage;
}

function addSet(stage: Stage, more: object = {}): Loose {
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  const input = { ...place, taskDefinition: 'web', launchType: 'FARGATE', networkConfiguration, ...more };
  return stage.call('CreateTaskSet', input).taskSet;
}

const sets = (stage: Stage): Loose[] => stage.call('DescribeTaskSets', place).taskSets;

test('a task set runs its share of the count, rounded up, and reports when it is stable', () => {
  const stage = external();
  const { id } = addSet(stage, { scale: { value: 50, unit: 'PERCENT' }, externalId: 'mine' });
  expect(sets(stage)).toMatchObject([{ id, status: 'ACTIVE', stabilityStatus: 'STABILIZING', externalId: 'mine' }]);
  stage.until('it is stable', () => sets(stage)[0].stabilityStatus === 'STEADY_STATE');
  expect(sets(stage)[0]).toMatchObject({ computedDesiredCount: 2, runningCount: 2 });
  expect(stage.service()).toMatchObject({ runningCount: 2, deployments: [], taskSets: [{ id }] });
  stage.call('UpdateTaskSet', { ...place, taskSet: id, scale: { value: 100, unit: 'PERCENT' } });
  stage.until('three run', () => sets(stage)[0].runningCount === 3);
});

test('one task set takes over from the other, which then goes with its tasks', () => {
  const stage = external();
  const blue = addSet(stage);
  stage.call('UpdateServicePrimaryTaskSet', { ...place, primaryTaskSet: blue.id });
  stage.until('blue is stable', () => sets(stage)[0].stabilityStatus === 'STEADY_STATE');
  stage.register(fargateTask('nginx:2'));
  const green = addSet(stage);
  stage.until('green is stable', () => sets(stage)[0].stabilityStatus === 'STEADY_STATE');
  stage.call('UpdateServicePrimaryTaskSet', { ...place, primaryTaskSet: green.taskSetArn });
  expect(sets(stage).map(({ status }) => status)).toEqual(['PRIMARY', 'ACTIVE']);
  expect(stage.service().taskDefinition).toMatch(/web:2$/);
  expect(stage.refusal('DeleteTaskSet', { ...place, taskSet: blue.id })).toContain('scaled above 0');
  stage.call('DeleteTaskSet', { ...place, taskSet: blue.id, force: true });
  stage.until('blue is gone', () => sets(stage).length === 1);
  expect(stage.refusal('DeleteTaskSet', { ...place, taskSet: blue.id })).toContain('TaskSetNotFoundException');
});

test('a service under CODE_DEPLOY has a PRIMARY task set, and can be handed over to ECS', () => {
  const stage = new Stage();
  stage.register();
  stage.create({ deploymentController: { type: 'CODE_DEPLOY' } });
  stage.until('its tasks run', () => stage.service().taskSets[0].stabilityStatus === 'STEADY_STATE');
  expect(stage.service()).toMatchObject({ taskSets: [{ status: 'PRIMARY', runningCount: 2 }], deployments: [] });
  expect(stage.refusal('CreateTaskSet', { ...place, taskDefinition: 'web' })).toContain(
    'EXTERNAL deployment controller',
  );
  stage.update({ deploymentController: { type: 'ECS' }, taskDefinition: 'web' });
  stage.untilDeployed();
  stage.until('the task set is gone', () => stage.service().taskSets === undefined);
  expect(stage.service()).toMatchObject({ runningCount: 2, deploymentController: { type: 'ECS' } });
});

test('a deleted service takes its task sets with it', () => {
  const stage = external();
  addSet(stage);
  stage.until('it runs', () => stage.service().runningCount === 3);
  expect(stage.refusal('DeleteService', place)).toContain('scaled above 0');
  stage.call('DeleteService', { ...place, force: true });
  stage.until('it is INACTIVE', () => stage.service().status === 'INACTIVE');
});
