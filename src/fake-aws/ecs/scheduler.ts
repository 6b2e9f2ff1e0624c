import { noteFailedTask, noteHealthyTask } from './circuit-breaker.ts';
import type { EcsContext, TaskChange } from './context.ts';
import { releaseGroup } from './deployments.ts';
import { lookSoon } from './look.ts';
import type { ServiceRecord, TaskRecord } from './records.ts';
import { rollOut } from './rolling.ts';
import { dropConnectServices } from './service-connect.ts';
import { addEvent, targetText } from './service-events.ts';
import { tendTaskSets } from './task-set-scheduling.ts';

/** The scheduler's look at a service: one step towards what is wanted. It is called when something moved, never polled. */
export function lookAtService(ctx: EcsContext, service: ServiceRecord): void {
  if (service.held || service.status === 'INACTIVE') return;
  if (service.controller === 'ECS') rollOut(ctx, service);
  // A service that left CODE_DEPLOY for ECS still has its former task sets to drain.
  if (service.taskSets.length > 0) tendTaskSets(ctx, service);
  endDraining(ctx, service);
}

/** Something happened to a task: count it, and look at its service soon. */
export function taskChanged(ctx: EcsContext, task: TaskRecord, change: TaskChange): void {
  const { service, set } = task;
  if (!service || !set) return;
  switch (change) {
    case 'running':
      for (const balancer of set.revision.content.loadBalancers) {
        addEvent(ctx, service, `registered 1 targets in ${targetText(balancer)}`);
      }
      break;
    case 'healthy':
      noteHealthyTask(service, set);
      break;
    case 'stopping':
      // What the scheduler stopped itself needs no second look.
      if (task.stopCode === 'ServiceSchedulerInitiated' && !task.failed) return;
      if (task.failed) {
        if (task.health === 'UNHEALTHY') addEvent(ctx, service, `(task ${task.id}) ${unhealthyText(task)}`);
        noteFailedTask(ctx, service, set);
      }
      break;
    case 'gone':
      break;
    default:
      change satisfies never;
  }
  lookSoon(ctx, service, ctx.durations.schedule);
}

/** Capacity came back: services whose tasks could not be placed, and those that want one on each instance, try again. */
export function capacityChanged(ctx: EcsContext, clusterName: string): void {
  for (const service of ctx.state.cluster(clusterName)?.services.values() ?? []) {
    if (service.status === 'INACTIVE') continue;
    if (service.placementFailures > 0 || service.schedulingStrategy === 'DAEMON') {
      lookSoon(ctx, service, ctx.durations.schedule);
    }
  }
}

/** DRAINING ends when the last task is STOPPING or STOPPED (DeleteService). */
function endDraining(ctx: EcsContext, service: ServiceRecord): void {
  if (service.status !== 'DRAINING') return;
  const groups = [...service.deployments, ...service.taskSets];
  const left = groups.some(({ tasks }) => [...tasks].some(({ lastStatus }) => before(lastStatus)));
  if (left) return;
  service.status = 'INACTIVE';
  service.goneAt = ctx.scope.clock.now();
  for (const group of groups) releaseGroup(group);
  service.deployments = [];
  service.taskSets = [];
  service.look?.timer.cancel();
  service.look = undefined;
  dropConnectServices(ctx, service);
}

function before(status: TaskRecord['lastStatus']): boolean {
  return status !== 'STOPPING' && status !== 'DEPROVISIONING' && status !== 'STOPPED';
}

function unhealthyText(task: TaskRecord): string {
  const reason = task.stoppedReason ?? '';
  return reason.startsWith('Task failed container') ? 'failed container health checks.' : `${reason.slice(5)}.`;
}
