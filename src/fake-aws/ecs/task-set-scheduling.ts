import { nowOf } from '../core/scope.ts';
import type { EcsContext } from './context.ts';
import { releaseGroup } from './deployments.ts';
import { startServiceTasks, stopServiceTasks } from './launch.ts';
import { lookAtTime, lookSoon } from './look.ts';
import type { ServiceRecord, TaskSetRecord } from './records.ts';
import { addEvent } from './service-events.ts';
import { publishServiceAction } from './state-change-events.ts';
import { isActive, takesRoom } from './tasks.ts';

/** Brings each task set of a CODE_DEPLOY or EXTERNAL service one step nearer to its scale. */
export function tendTaskSets(ctx: EcsContext, service: ServiceRecord): void {
  for (const set of service.taskSets) tend(ctx, service, set);
  service.taskSets = service.taskSets.filter((set) => {
    if (set.status !== 'DRAINING' || [...set.tasks].some(takesRoom)) return true;
    releaseGroup(set);
    return false;
  });
}

/** Tasks that a task set wants: its share of the service's count, rounded up (Scale). */
function computedCount(service: ServiceRecord, set: TaskSetRecord): number {
  if (set.status === 'DRAINING' || service.status !== 'ACTIVE') return 0;
  return Math.ceil((service.desiredCount * set.scale) / 100);
}

function tend(ctx: EcsContext, service: ServiceRecord, set: TaskSetRecord): void {
  const wanted = computedCount(service, set);
  if (set.desired !== wanted) {
    set.desired = wanted;
    set.updatedAt = nowOf(ctx.scope);
    addEvent(ctx, service, `updated computedDesiredCount for taskSet ${set.id} to ${wanted}.`);
  }
  const tasks = [...set.tasks].filter(isActive);
  if (tasks.length > wanted) {
    const order = tasks.toReversed().sort((a, b) => Number(a.healthy) - Number(b.healthy));
    stopServiceTasks(ctx, service, { tasks: order.slice(0, tasks.length - wanted), set });
  } else if (tasks.length < wanted && set.retryAt > ctx.scope.clock.now()) {
    lookAtTime(ctx, service, set.retryAt);
  } else if (startServiceTasks(ctx, service, set, wanted - tasks.length) > 0) {
    lookSoon(ctx, service, ctx.durations.backoff);
  }
  const now = [...set.tasks].filter(isActive);
  noteStable(ctx, service, { set, stable: now.length === wanted && now.every(({ healthy }) => healthy) });
}

function noteStable(
  ctx: EcsContext,
  service: ServiceRecord,
  { set, stable }: { readonly set: TaskSetRecord; readonly stable: boolean },
): void {
  if (set.stable === stable) return;
  set.stable = stable;
  set.stableAt = nowOf(ctx.scope);
  if (!stable) return;
  addEvent(ctx, service, `(taskSet ${set.id}) has reached a steady state.`);
  publishServiceAction(ctx, service, 'TASKSET_STEADY_STATE', { taskSetArns: [set.arn] });
}
