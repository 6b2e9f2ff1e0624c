import { expect, test } from 'vitest';
import { failuresOf, hasTrouble } from './failures.ts';
import { NOW, sampleDeployment, sampleObserved, sampleService } from './sample-service.ts';

test('failures are shown newest first, at most five, with exit codes, and without what was stopped on purpose', () => {
  const tasks = Array.from({ length: 7 }, (_, i) => ({
    taskArn: `arn:task/${i}`,
    stopCode: 'EssentialContainerExited' as const,
    stoppedReason: 'Essential container in task exited',
    stoppedAt: new Date(NOW + i * 1000),
    containers: [{ name: 'web', exitCode: 1 }, { name: 'log' }],
  }));
  const wanted = [
    { taskArn: 'arn:task/user', stopCode: 'UserInitiated' as const, stoppedAt: new Date(NOW + 9e6) },
    {
      taskArn: 'arn:task/scaling',
      stopCode: 'ServiceSchedulerInitiated' as const,
      stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
      stoppedAt: new Date(NOW + 9e6),
    },
  ];
  const failures = failuresOf([...wanted, ...tasks]);
  expect(failures.map(({ taskArn }) => taskArn)).toEqual([
    'arn:task/6',
    'arn:task/5',
    'arn:task/4',
    'arn:task/3',
    'arn:task/2',
  ]);
  expect(failures[0]).toEqual({
    taskArn: 'arn:task/6',
    stoppedReason: 'Essential container in task exited',
    stopCode: 'EssentialContainerExited',
    stoppedAt: '2026-01-02T03:04:11Z',
    exitCodes: [{ container: 'web', exitCode: 1 }],
  });
});

test('tasks that a health check stopped are failures, though the scheduler stopped them', () => {
  const task = {
    taskArn: 'a',
    stopCode: 'ServiceSchedulerInitiated' as const,
    stoppedReason: 'Task failed ELB health checks',
  };
  expect(failuresOf([task])).toHaveLength(1);
});

test.each([
  { what: 'no task failed', failed: 0, seen: undefined, trouble: false },
  { what: 'one failed since the last look', failed: 1, seen: undefined, trouble: true },
  { what: 'all failures were looked at', failed: 2, seen: { id: 'ecs-svc/1', failedTasks: 2 }, trouble: false },
  { what: 'one more failed', failed: 3, seen: { id: 'ecs-svc/1', failedTasks: 2 }, trouble: true },
  { what: 'those were another deployment’s', failed: 2, seen: { id: 'ecs-svc/0', failedTasks: 2 }, trouble: true },
])('$what: stopped tasks are looked at: $trouble', ({ failed, seen, trouble }) => {
  const service = sampleService({ deployments: [sampleDeployment({ failedTasks: failed })] });
  expect(hasTrouble(sampleObserved(service), seen === undefined ? {} : { deployment: seen })).toBe(trouble);
});
