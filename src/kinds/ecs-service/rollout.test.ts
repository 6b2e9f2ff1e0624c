import type { Service } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { kubeTime } from '../../runtime/clock.ts';
import { reportRollout } from './rollout.ts';
import {
  confirmedStatus,
  NOW,
  sampleDeployment,
  sampleInput,
  sampleObject,
  sampleObserved,
  sampleService,
  taskDefinitionArn,
} from './sample-service.ts';
import type { EcsServiceStatus } from './schema.ts';
import type { EcsServiceAction, RolloutStatus } from './types.ts';

const NOTHING = { actions: [], reported: [] };

/** The report of the sample service, whose rollout has begun as status says. */
function reportOf(
  live: Partial<Service>,
  {
    rollout,
    status = {},
    now = NOW,
    action,
    stalled,
  }: {
    rollout?: Partial<RolloutStatus>;
    status?: EcsServiceStatus;
    now?: number;
    action?: EcsServiceAction;
    stalled?: { reason: string; message: string };
  } = {},
) {
  const { rollout: done, ...confirmed } = confirmedStatus({});
  const begun: RolloutStatus = {
    contentHash: done?.contentHash ?? '',
    ...(done?.attempt === undefined ? {} : { attempt: done.attempt }),
    state: 'Starting',
    startedAt: kubeTime(NOW - 30_000),
    ...rollout,
  };
  const object = sampleObject({}, { ...confirmed, rollout: begun, ...status });
  const { desired, observed } = sampleInput(object, sampleObserved(sampleService(live)));
  const plan = {
    ...NOTHING,
    actions: action === undefined ? [] : [action],
    ...(stalled === undefined ? {} : { stalled }),
  };
  return reportRollout({ desired, observed, status: object.status, plan, now });
}

function deployments(...list: Parameters<typeof sampleDeployment>[0][]): Partial<Service> {
  return { deployments: list.map((over) => sampleDeployment(over)) };
}

describe('under the ECS controller', () => {
  test('COMPLETED is rolled out', () => {
    const { condition, rollout } = reportOf(deployments({}));
    expect(condition.status).toBe('True');
    expect(rollout).toMatchObject({ state: 'Completed', completedAt: kubeTime(NOW), deploymentId: 'ecs-svc/1' });
  });

  test('IN_PROGRESS is not, even when all tasks run, and is looked at again', () => {
    const { condition, progress, stalled } = reportOf(deployments({ rolloutState: 'IN_PROGRESS' }));
    expect(condition).toMatchObject({ status: 'False', reason: 'RollingOut' });
    expect(progress?.pollMs).toBe(3_000);
    expect(stalled).toBeUndefined();
  });

  test('FAILED is told with AWS’s words', () => {
    const failed = {
      rolloutState: 'FAILED' as const,
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    };
    const { condition, stalled, rollout } = reportOf(deployments(failed));
    expect(condition).toMatchObject({ status: 'False', reason: 'DeploymentFailed' });
    expect(stalled?.message).toContain('tasks failed to start.');
    expect(rollout?.state).toBe('Failed');
  });

  test.each([
    { what: 'one deployment with all its tasks', running: 2, others: 0, done: 'True' },
    { what: 'one deployment with too few tasks', running: 1, others: 0, done: 'False' },
    { what: 'two deployments', running: 2, others: 1, done: 'False' },
  ])('behind a Classic Load Balancer AWS tells no state: $what: $done', ({ running, others, done }) => {
    const { rolloutState: _none, ...primary } = sampleDeployment({ desiredCount: 2, runningCount: running });
    const former = Array.from({ length: others }, () => sampleDeployment({ id: 'ecs-svc/0', status: 'ACTIVE' }));
    expect(reportOf({ deployments: [primary, ...former] }).condition.status).toBe(done);
  });
});

describe('once rolled out', () => {
  const done = { state: 'Completed' as const, completedAt: kubeTime(NOW - 1000) };

  test('it stays so while tasks come and go', () => {
    const live = deployments({ rolloutState: 'IN_PROGRESS', runningCount: 1, desiredCount: 4 });
    expect(reportOf(live, { rollout: done }).condition.status).toBe('True');
  });

  test('other content is another rollout', () => {
    const live = deployments({ rolloutState: 'IN_PROGRESS' });
    expect(reportOf(live, { rollout: { ...done, contentHash: 'other' } }).condition.status).toBe('False');
  });

  test('while a change is due that starts a rollout it is not', () => {
    const action = { type: 'UpdateService', request: { taskDefinition: 'web:1' }, changes: [] } as const;
    const before = { ...done, contentHash: 'other' };
    expect(reportOf(deployments({}), { rollout: before, action }).condition).toMatchObject({
      status: 'False',
      reason: 'Pending',
    });
  });

  test('a change that is due, or held back, and starts no rollout leaves it so', () => {
    const action = { type: 'UpdateService', request: { desiredCount: 3 }, changes: [] } as const;
    expect(reportOf(deployments({}), { rollout: done, action }).condition.status).toBe('True');
  });
});

describe('task sets', () => {
  const external = (stabilityStatus: 'STEADY_STATE' | 'STABILIZING'): Partial<Service> => ({
    deploymentController: { type: 'EXTERNAL' },
    deployments: [],
    taskSets: [
      { id: 'ecs-svc/9', status: 'PRIMARY', stabilityStatus, runningCount: 1, computedDesiredCount: 2 },
      { id: 'ecs-svc/8', status: 'ACTIVE', stabilityStatus: 'STEADY_STATE' },
    ],
  });

  test('the primary one in STEADY_STATE is rolled out', () => {
    expect(reportOf(external('STEADY_STATE')).condition.status).toBe('True');
    expect(reportOf(external('STABILIZING')).condition.message).toContain('1 of 2');
  });

  test('without one there is nothing to wait for but somebody who makes it', () => {
    const report = reportOf({ deploymentController: { type: 'EXTERNAL' }, deployments: [], taskSets: [] });
    expect(report.condition.reason).toBe('NoTaskSet');
    expect(report.progress).toBeUndefined();
  });
});

describe('the progress deadline', () => {
  const rolling = deployments({ rolloutState: 'IN_PROGRESS', desiredCount: 3, runningCount: 1 });
  const stood = (seconds: number): Partial<RolloutStatus> => ({
    state: 'InProgress',
    deploymentId: 'ecs-svc/1',
    progress: '1+0',
    lastProgressAt: kubeTime(NOW - seconds * 1000),
  });

  test('half an hour without progress stalls, with the last stopped tasks’ reasons', () => {
    const recentFailures = [{ taskArn: 'arn:task/1', stoppedReason: 'CannotPullContainerError' }];
    const { stalled, progress } = reportOf(rolling, { rollout: stood(1800), status: { recentFailures } });
    expect(stalled?.reason).toBe('ProgressDeadlineExceeded');
    expect(stalled?.message).toContain('CannotPullContainerError');
    expect(progress).toBeUndefined();
  });

  test('a moment before it does not', () => {
    expect(reportOf(rolling, { rollout: stood(1799) }).stalled).toBeUndefined();
  });

  test('a task that came, or went, is progress', () => {
    const { stalled, rollout } = reportOf(rolling, { rollout: { ...stood(1800), progress: '0+0' } });
    expect(stalled).toBeUndefined();
    expect(rollout).toMatchObject({ progress: '1+0', lastProgressAt: kubeTime(NOW) });
  });

  test('shifting traffic may take as long as people wish', () => {
    const baking: Partial<Service> = {
      ...deployments({ rolloutState: 'IN_PROGRESS', desiredCount: 1, runningCount: 1 }),
      deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60 },
    };
    expect(reportOf(baking, { rollout: stood(7200) }).stalled).toBeUndefined();
  });
});

test('a rollback is remembered with its service deployment, so that it is not asked for again', () => {
  const stalled = { reason: 'RolledBack', message: 'AWS rolled this revision back' };
  const object = sampleObject({}, confirmedStatus({}));
  const history = { type: 'rolledBack', deploymentArn: 'arn:deployment/7', reason: 'tasks failed to start.' } as const;
  const live = sampleService({ taskDefinition: taskDefinitionArn(9) });
  const { desired, observed } = sampleInput(object, sampleObserved(live, { history }));
  const { rollout, condition } = reportRollout({
    desired,
    observed,
    status: object.status,
    plan: { ...NOTHING, stalled },
    now: NOW,
  });
  expect(condition).toMatchObject({ status: 'False', reason: 'RolledBack' });
  expect(rollout).toMatchObject({
    state: 'RolledBack',
    rolledBackContent: desired.attempt,
    rolledBackDeployment: 'arn:deployment/7',
    reason: 'tasks failed to start.',
  });
});
