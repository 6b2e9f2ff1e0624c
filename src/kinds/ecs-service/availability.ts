import type { KindReport } from '../../reconcile/kind.ts';
import { kubeTime } from '../../runtime/clock.ts';
import { isObject } from '../../shape/shape.ts';
import { isDaemon } from './fields.ts';
import type { EcsServiceStatus } from './schema.ts';
import type { EcsServiceObserved } from './types.ts';

/** How long too few tasks may run before it is said: AWS replaces a task, or starts those of a scaling step. */
const GRACE_MS = 120_000;
const POLL_MS = 10_000;

export interface AvailabilityReport {
  readonly condition: KindReport<EcsServiceStatus>['conditions'][number];
  readonly shortSince: string | undefined;
  /** Look again after so many milliseconds. */
  readonly pollMs: number | undefined;
}

/** How many tasks have to run: minimumHealthyPercent of desired, rounded up as AWS does. */
export function tasksNeeded({ service, live }: Pick<EcsServiceObserved, 'service' | 'live'>): number {
  const configuration = live.deploymentConfiguration;
  const percent = isObject(configuration) ? configuration.minimumHealthyPercent : undefined;
  const minimum = typeof percent === 'number' ? percent : isDaemon(live) ? 0 : 100;
  return Math.ceil(((service?.desiredCount ?? 0) * minimum) / 100);
}

/**
 * Whether enough tasks run. Calm: once there were enough, a shortfall counts only when it lasts, since autoscaling
 * steps and replaced tasks are nobody's business (rule 2 of the design). A service that comes from zero is not spared.
 */
export function reportAvailability(
  observed: EcsServiceObserved,
  status: EcsServiceStatus | undefined,
  now: number,
): AvailabilityReport {
  const { service } = observed;
  if (service === undefined || observed.presence.state !== 'present') {
    return said('False', 'NotCreated', 'the service is not in AWS', undefined, undefined);
  }
  const running = service.runningCount ?? 0;
  const needed = tasksNeeded(observed);
  const message = `${running} of ${service.desiredCount ?? 0} tasks running, ${needed} needed`;
  if (running >= needed) return said('True', 'EnoughTasks', 'enough tasks are running', undefined, undefined);
  const before = status?.conditions?.find(({ type }) => type === 'Available')?.status;
  const spared = before === 'True' && (status?.desiredCount ?? 0) > 0;
  const since = status?.shortSince ?? kubeTime(now);
  if (spared && now - Date.parse(since) < GRACE_MS) {
    return said('True', 'EnoughTasks', 'enough tasks are running', since, POLL_MS);
  }
  return said('False', 'TooFewTasks', message, since, POLL_MS);
}

function said(
  status: 'True' | 'False',
  reason: string,
  message: string,
  shortSince: string | undefined,
  pollMs: number | undefined,
): AvailabilityReport {
  return { condition: { type: 'Available', status, reason, message }, shortSince, pollMs };
}
