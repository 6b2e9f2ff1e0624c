import { expect, test } from 'vitest';
import { kubeTime } from '../../runtime/clock.ts';
import { reportAvailability } from './availability.ts';
import { NOW, sampleObserved, sampleService } from './sample-service.ts';
import type { EcsServiceStatus } from './schema.ts';

function availableBefore(over: Partial<EcsServiceStatus> = {}): EcsServiceStatus {
  const condition = {
    type: 'Available',
    status: 'True',
    reason: 'EnoughTasks',
    message: '',
    lastTransitionTime: '',
  } as const;
  return { conditions: [condition], desiredCount: 2, ...over };
}

function at(secondsAgo: number): string {
  return kubeTime(NOW - secondsAgo * 1000);
}

test.each<{
  what: string;
  desired: number;
  running: number;
  percent?: number;
  status?: EcsServiceStatus;
  available: 'True' | 'False';
  short?: boolean;
}>([
  { what: 'all run', desired: 2, running: 2, available: 'True' },
  { what: 'none are wanted', desired: 0, running: 0, available: 'True' },
  { what: 'half are enough by minimumHealthyPercent', desired: 4, running: 2, percent: 50, available: 'True' },
  { what: 'the percentage is rounded up', desired: 3, running: 1, percent: 50, available: 'False', short: true },
  { what: 'a new service has not enough yet', desired: 2, running: 0, available: 'False', short: true },
  {
    what: 'a task is being replaced',
    desired: 2,
    running: 1,
    status: availableBefore(),
    available: 'True',
    short: true,
  },
  {
    what: 'the only task is being replaced',
    desired: 1,
    running: 0,
    status: availableBefore({ desiredCount: 1 }),
    available: 'True',
    short: true,
  },
  {
    what: 'an autoscaler asks for more',
    desired: 6,
    running: 2,
    status: availableBefore(),
    available: 'True',
    short: true,
  },
  {
    what: 'too few for a minute',
    desired: 2,
    running: 1,
    status: availableBefore({ shortSince: at(60) }),
    available: 'True',
    short: true,
  },
  {
    what: 'too few for two minutes',
    desired: 2,
    running: 1,
    status: availableBefore({ shortSince: at(120) }),
    available: 'False',
    short: true,
  },
  {
    what: 'it comes from zero',
    desired: 2,
    running: 0,
    status: availableBefore({ desiredCount: 0 }),
    available: 'False',
    short: true,
  },
  {
    what: 'it is well again',
    desired: 2,
    running: 2,
    status: availableBefore({ shortSince: at(300) }),
    available: 'True',
  },
])('$what: Available $available', ({ desired, running, percent = 100, status, available, short = false }) => {
  const service = sampleService({
    desiredCount: desired,
    runningCount: running,
    deploymentConfiguration: { minimumHealthyPercent: percent, maximumPercent: 200 },
  });
  const report = reportAvailability(sampleObserved(service), status, NOW);
  expect(report.condition.status).toBe(available);
  expect(report.shortSince !== undefined).toBe(short);
  // As long as tasks are missing it is looked at again.
  expect(report.pollMs !== undefined).toBe(short);
});
