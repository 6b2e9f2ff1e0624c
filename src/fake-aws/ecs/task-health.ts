import type { Durations } from './durations.ts';
import type { TaskRecord } from './records.ts';

/** How a task's health is found out. */
export interface HealthProbe {
  /** From RUNNING to the first good container check (ms), when an essential container has one. */
  readonly container: number | undefined;
  /** Whether a target group has to see it healthy. */
  readonly target: boolean;
  /** From RUNNING to the moment when a task that never gets healthy is given up (ms). */
  readonly failsAfter: number;
  /** AWS's words for a task that is given up. */
  readonly failure: string;
}

/** Container health checks of essential containers, and target groups. */
export function healthProbe(task: TaskRecord): HealthProbe {
  const content = task.set?.revision.content;
  const target = content?.loadBalancers[0];
  const checks = (task.definition.definition.containerDefinitions ?? []).flatMap(({ essential, healthCheck }) =>
    essential !== false && healthCheck && healthCheck.command?.[0] !== 'NONE' ? [healthCheck] : [],
  );
  if (checks.length > 0) {
    const intervals = checks.map(({ interval = 30 }) => interval * 1000);
    const ends = checks.map(
      ({ interval = 30, retries = 3, startPeriod = 0 }) => (startPeriod + interval * retries) * 1000,
    );
    return {
      container: Math.max(...intervals),
      target: target !== undefined,
      failsAfter: Math.max(...ends),
      failure: 'Task failed container health checks',
    };
  }
  const grace = (task.service?.gracePeriod ?? 0) * 1000;
  return {
    container: undefined,
    target: target !== undefined,
    failsAfter: grace + 30_000,
    failure: target
      ? `Task failed ELB health checks in (target-group ${target.targetGroupArn ?? target.loadBalancerName})`
      : 'Task failed container health checks',
  };
}

/** From RUNNING to the moment when a sound task counts as healthy (ms). */
export function healthDelay(durations: Durations, probe: HealthProbe): number {
  if (probe.container === undefined && !probe.target) return durations.settle;
  return Math.max(probe.container ?? 0, probe.target ? durations.targetHealthy : 0);
}
