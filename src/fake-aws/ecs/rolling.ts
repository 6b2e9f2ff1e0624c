import { nowOf } from '../core/scope.ts';
import type { EcsContext } from './context.ts';
import { completeDeployment, noteSteady, releaseGroup } from './deployments.ts';
import { startServiceTasks, stopServiceTasks } from './launch.ts';
import { lookAtTime, lookSoon } from './look.ts';
import { activeInstances } from './placement.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from './records.ts';
import { addEvent } from './service-events.ts';
import { advanceStage } from './staged-rollout.ts';
import { isActive, takesRoom } from './tasks.ts';

/** Brings the tasks of a service with the ECS controller one step nearer to its PRIMARY deployment. */
export function rollOut(ctx: EcsContext, service: ServiceRecord): void {
  const [primary, ...olds] = service.deployments;
  if (!primary) return;
  begin(ctx, primary);
  const wanted = wantedCount(ctx, service);
  const staged = primary.serviceDeployment?.stage !== undefined;
  const failed = primary.rolloutState === 'FAILED';
  if (!failed) primary.desired = wanted;
  shrink(ctx, service, { deployment: primary, to: wanted });
  if (staged) {
    if (advanceStage(ctx, service, { primary, olds, wanted })) startMissing(ctx, service, { primary, room: Infinity });
  } else if (!failed || service.status === 'DRAINING') {
    const { least, most } = bounds(service, wanted);
    stopOlds(ctx, service, { olds, least });
    const used = count(service, takesRoom);
    startMissing(ctx, service, { primary, room: most - used });
    reportStuck(ctx, service, { primary, room: most - used });
  }
  for (const old of olds) old.desired = active(old).length;
  dropDrained(service);
  settle(ctx, service, { primary, wanted });
}

/** Lower and upper bound of tasks during a rolling update: the minimum rounds up, the maximum down. */
function bounds(service: ServiceRecord, wanted: number): { least: number; most: number } {
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = service.deploymentConfiguration;
  return {
    least: Math.ceil((wanted * minimumHealthyPercent) / 100),
    most: Math.floor((wanted * maximumPercent) / 100),
  };
}

/** How many tasks the service wants: its count, or one on each instance. */
function wantedCount(ctx: EcsContext, service: ServiceRecord): number {
  if (service.status !== 'ACTIVE') return 0;
  if (service.schedulingStrategy === 'REPLICA') return service.desiredCount;
  service.desiredCount = activeInstances(ctx, service.cluster).length;
  return service.desiredCount;
}

function begin(ctx: EcsContext, primary: DeploymentRecord): void {
  const current = primary.serviceDeployment;
  if (current?.status === 'PENDING') {
    current.status = 'IN_PROGRESS';
    current.startedAt = nowOf(ctx.scope);
  } else if (current?.status === 'ROLLBACK_REQUESTED') current.status = 'ROLLBACK_IN_PROGRESS';
}

/** Stops what the PRIMARY deployment has too much, the unhealthy first, then the newest. */
function shrink(
  ctx: EcsContext,
  service: ServiceRecord,
  options: { readonly deployment: DeploymentRecord; readonly to: number },
): void {
  const tasks = active(options.deployment);
  const excess = tasks.length - options.to;
  if (excess <= 0) return;
  const order = tasks.toReversed().sort((a, b) => Number(a.healthy) - Number(b.healthy));
  stopServiceTasks(ctx, service, { tasks: order.slice(0, excess), set: options.deployment });
}

/** Stops tasks of former deployments as far as enough healthy ones remain in all. */
function stopOlds(
  ctx: EcsContext,
  service: ServiceRecord,
  options: { readonly olds: readonly DeploymentRecord[]; readonly least: number },
): void {
  let spare = count(service, (task) => isActive(task) && task.healthy) - options.least;
  for (const old of options.olds.toReversed()) {
    const stopped: TaskRecord[] = [];
    for (const task of active(old)) {
      if (task.healthy && spare <= 0) continue;
      if (task.healthy) spare--;
      stopped.push(task);
    }
    stopServiceTasks(ctx, service, { tasks: stopped, set: old });
  }
}

function startMissing(
  ctx: EcsContext,
  service: ServiceRecord,
  options: { readonly primary: DeploymentRecord; readonly room: number },
): void {
  const { primary, room } = options;
  const missing = Math.min(primary.desired - active(primary).length, room);
  if (missing <= 0) return;
  if (primary.retryAt > ctx.scope.clock.now()) {
    lookAtTime(ctx, service, primary.retryAt);
    return;
  }
  const unplaced = startServiceTasks(ctx, service, primary, missing);
  if (unplaced > 0) {
    const { backoff, longestBackoff } = ctx.durations;
    lookSoon(ctx, service, Math.min(backoff * 2 ** Math.min(service.placementFailures - 1, 10), longestBackoff));
  }
}

/** With a minimum and a maximum of 100 there may be no way to go on; AWS says so. */
function reportStuck(
  ctx: EcsContext,
  service: ServiceRecord,
  options: { readonly primary: DeploymentRecord; readonly room: number },
): void {
  const { primary, room } = options;
  const missing = primary.desired - active(primary).length;
  const moving = count(service, (task) => takesRoom(task) && (!isActive(task) || !task.healthy));
  if (missing <= 0 || room > 0 || moving > 0 || primary.stuckReported) return;
  primary.stuckReported = true;
  addEvent(
    ctx,
    service,
    'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the ' +
      'minimumHealthyPercent or maximumPercent value and try again.',
  );
}

/** Former deployments disappear when their last task is gone. */
function dropDrained(service: ServiceRecord): void {
  service.deployments = service.deployments.filter((deployment, index) => {
    if (index === 0 || [...deployment.tasks].some(takesRoom)) return true;
    releaseGroup(deployment);
    return false;
  });
}

function settle(
  ctx: EcsContext,
  service: ServiceRecord,
  options: { readonly primary: DeploymentRecord; readonly wanted: number },
): void {
  const { primary, wanted } = options;
  if (service.status !== 'ACTIVE' || primary.rolloutState === 'FAILED') return;
  const tasks = active(primary);
  const steady = service.deployments.length === 1 && tasks.length === wanted && tasks.every(({ healthy }) => healthy);
  if (steady && service.lastCompleted !== primary.revision) completeDeployment(ctx, service, primary);
  else if (steady && primary.rolloutState === 'IN_PROGRESS') completeDeployment(ctx, service, primary);
  noteSteady(ctx, service, steady);
}

function active(deployment: DeploymentRecord): TaskRecord[] {
  return [...deployment.tasks].filter(isActive);
}

function count(service: ServiceRecord, fits: (task: TaskRecord) => boolean): number {
  let total = 0;
  for (const { tasks } of service.deployments) for (const task of tasks) if (fits(task)) total++;
  return total;
}
