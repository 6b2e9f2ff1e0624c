import type { LaunchType, Tag, TaskOverride, TaskStopCode } from '@aws-sdk/client-ecs';
import { randomString } from '../../runtime/random.ts';
import { uuid } from '../core/events.ts';
import { arnOf, nowOf } from '../core/scope.ts';
import { newTaskArn } from './arns.ts';
import type { EcsContext } from './context.ts';
import { leaveInstance } from './placement.ts';
import type {
  ClusterRecord,
  ContainerRecord,
  InstanceRecord,
  RevisionContent,
  ServiceRecord,
  TaskDefinitionRecord,
  TaskGroup,
  TaskRecord,
  TaskStatus,
} from './records.ts';
import { deregisterTask, registerTask } from './registration.ts';
import { publishTask } from './state-change-events.ts';
import { healthDelay, healthProbe } from './task-health.ts';

/** What a new task is made from. */
export interface TaskStart {
  readonly cluster: ClusterRecord;
  readonly definition: TaskDefinitionRecord;
  readonly launchType: LaunchType;
  readonly capacityProvider: string | undefined;
  readonly instance: InstanceRecord | undefined;
  readonly content: Pick<RevisionContent, 'networkConfiguration' | 'platformVersion'>;
  readonly service?: ServiceRecord;
  readonly set?: TaskGroup;
  readonly group: string;
  readonly startedBy: string | undefined;
  readonly overrides?: TaskOverride | undefined;
  readonly enableExecuteCommand: boolean;
  readonly tags: readonly Tag[];
}

/** Why a task is stopped. */
export interface TaskStop {
  readonly code: TaskStopCode;
  readonly reason: string;
  /** Exit code of the first essential container; the others stop by the signal. */
  readonly exitCode?: number;
  /** What the containers say, e.g. `CannotPullContainerError: …`. */
  readonly containerReason?: string;
  /** A fault of the task itself, for the count of failed tasks. */
  readonly failed?: boolean;
}

/** Starts a task: PROVISIONING now, the rest on the clock. */
export function startTask(ctx: EcsContext, start: TaskStart): TaskRecord {
  const { scope } = ctx;
  const { cluster, definition, content } = start;
  const { id, arn } = newTaskArn(scope, cluster);
  const awsvpc = definition.definition.networkMode === 'awsvpc';
  const subnets = content.networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
  const place = Math.floor(scope.random.next() * Math.max(subnets.length, 1));
  const task: TaskRecord = {
    id,
    arn,
    cluster,
    definition,
    service: start.service,
    set: start.set,
    launchType: start.launchType,
    capacityProvider: start.capacityProvider,
    platformVersion: start.launchType === 'FARGATE' ? resolvedPlatform(content.platformVersion) : undefined,
    instance: start.instance,
    zone: start.instance?.zone ?? `${scope.region}${'abc'[place % 3]}`,
    network: awsvpc ? newNetwork(ctx, subnets[place] ?? 'subnet-0') : undefined,
    group: start.group,
    startedBy: start.startedBy,
    overrides: start.overrides,
    enableExecuteCommand: start.enableExecuteCommand,
    ephemeralStorage: definition.definition.ephemeralStorage,
    createdAt: nowOf(scope),
    containers: newContainers(ctx, start, id),
    tags: start.tags,
    lastStatus: awsvpc ? 'PROVISIONING' : 'PENDING',
    desiredStatus: 'RUNNING',
    health: 'UNKNOWN',
    healthy: false,
    failed: false,
    registeredWith: [],
    version: 1,
    timer: undefined,
  };
  cluster.tasks.set(arn, task);
  start.set?.tasks.add(task);
  start.instance?.tasks.add(task);
  definition.users++;
  publishTask(ctx, task);
  if (awsvpc) then(ctx, task, ctx.durations.provisioning, () => toPending(ctx, task));
  else toPending(ctx, task);
  return task;
}

/** Stops a task; does nothing when it is stopping already. */
export function stopTask(ctx: EcsContext, task: TaskRecord, stop: TaskStop): void {
  if (task.desiredStatus === 'STOPPED') return;
  task.desiredStatus = 'STOPPED';
  task.stoppingAt = nowOf(ctx.scope);
  task.stopCode = stop.code;
  task.stoppedReason = stop.reason;
  task.failed = stop.failed ?? false;
  task.timer?.cancel();
  const ran = task.startedAt !== undefined;
  const culprit = task.containers.find((container) => container.essential) ?? task.containers[0];
  for (const container of task.containers) {
    if (ran) container.exitCode = container === culprit ? (stop.exitCode ?? 0) : stop.exitCode === undefined ? 0 : 137;
    if (container === culprit) container.reason = stop.containerReason;
  }
  // A task whose container is gone has nothing to drain any more.
  const drains = task.registeredWith.length > 0 || hasTargets(task);
  if (ran && drains && stop.exitCode === undefined) {
    move(ctx, task, 'DEACTIVATING');
    then(ctx, task, ctx.durations.deactivating, () => toStopping(ctx, task));
  } else if (ran) toStopping(ctx, task);
  else toDeprovisioning(ctx, task);
  ctx.taskChanged(task, 'stopping');
}

/** Tasks that still count: not stopped, nor told to stop. */
export function isActive(task: TaskRecord): boolean {
  return task.desiredStatus === 'RUNNING';
}

/** Whether the task still takes up room: its containers are not gone. */
export function takesRoom(task: TaskRecord): boolean {
  return task.lastStatus !== 'DEPROVISIONING' && task.lastStatus !== 'STOPPED';
}

/** Forgets tasks that stopped too long ago to be described. */
export function forgetStopped(ctx: EcsContext, cluster: ClusterRecord): void {
  const limit = ctx.scope.clock.now() - ctx.scope.timers.scaled(ctx.durations.remembered);
  let old = 0;
  for (const task of cluster.stopped) {
    if ((task.stoppedAt?.getTime() ?? 0) > limit) break;
    cluster.tasks.delete(task.arn);
    old++;
  }
  if (old > 0) cluster.stopped = cluster.stopped.slice(old);
}

/** The platform version that `LATEST` means. */
export function resolvedPlatform(version: string | undefined): string {
  return version === undefined || version === 'LATEST' ? '1.4.0' : version;
}

function toPending(ctx: EcsContext, task: TaskRecord): void {
  if (task.lastStatus !== 'PENDING') move(ctx, task, 'PENDING');
  const fate = ctx.rules.fateOf(task);
  task.pullStartedAt = nowOf(ctx.scope);
  if (fate?.kind === 'hang') return;
  then(ctx, task, ctx.durations.pending, () => {
    if (fate?.kind === 'start-failure') {
      const image = task.containers[0]?.image ?? '';
      const reason =
        fate.reason ?? `CannotPullContainerError: pull image manifest has been retried 7 time(s): ${image}: not found`;
      stopTask(ctx, task, { code: 'TaskFailedToStart', reason, containerReason: reason, failed: true });
      return;
    }
    task.pullStoppedAt = nowOf(ctx.scope);
    toActivating(ctx, task);
  });
}

function toActivating(ctx: EcsContext, task: TaskRecord): void {
  registerTask(ctx, task);
  if (task.registeredWith.length === 0 && !hasTargets(task)) {
    toRunning(ctx, task);
    return;
  }
  move(ctx, task, 'ACTIVATING');
  then(ctx, task, ctx.durations.activating, () => toRunning(ctx, task));
}

function toRunning(ctx: EcsContext, task: TaskRecord): void {
  task.startedAt = nowOf(ctx.scope);
  move(ctx, task, 'RUNNING');
  ctx.taskChanged(task, 'running');
  const fate = ctx.rules.fateOf(task);
  if (fate?.kind === 'exit') {
    then(ctx, task, fate.afterMs ?? 1_000, () => exit(ctx, task, fate.exitCode, fate.reason));
    return;
  }
  const probe = healthProbe(task);
  if (fate?.kind === 'unhealthy') {
    then(ctx, task, probe.failsAfter, () => {
      task.health = 'UNHEALTHY';
      const { failure } = probe;
      stopTask(ctx, task, { code: 'ServiceSchedulerInitiated', reason: failure, failed: true });
    });
    return;
  }
  then(ctx, task, healthDelay(ctx.durations, probe), () => {
    task.healthy = true;
    if (probe.container) {
      task.health = 'HEALTHY';
      change(ctx, task);
    }
    ctx.taskChanged(task, 'healthy');
  });
}

/** The task's first essential container exits by itself. */
export function exit(ctx: EcsContext, task: TaskRecord, exitCode: number, reason?: string): void {
  stopTask(ctx, task, {
    code: 'EssentialContainerExited',
    reason: 'Essential container in task exited',
    exitCode,
    ...(reason === undefined ? {} : { containerReason: reason }),
    failed: !task.healthy,
  });
}

function toStopping(ctx: EcsContext, task: TaskRecord): void {
  if (task.service?.status === 'ACTIVE') deregisterTask(ctx, task);
  move(ctx, task, 'STOPPING');
  then(ctx, task, ctx.durations.stopping, () => toDeprovisioning(ctx, task));
}

function toDeprovisioning(ctx: EcsContext, task: TaskRecord): void {
  task.executionStoppedAt = nowOf(ctx.scope);
  if (task.network) {
    move(ctx, task, 'DEPROVISIONING');
    then(ctx, task, ctx.durations.deprovisioning, () => toStopped(ctx, task));
    gone(ctx, task);
  } else toStopped(ctx, task);
}

function toStopped(ctx: EcsContext, task: TaskRecord): void {
  const freed = !task.network;
  task.stoppedAt = nowOf(ctx.scope);
  task.timer = undefined;
  move(ctx, task, 'STOPPED');
  if (freed) gone(ctx, task);
  task.set?.tasks.delete(task);
  task.definition.users--;
  task.cluster.stopped.push(task);
  forgetStopped(ctx, task.cluster);
  // AWS takes the instances of a deleted service back only some time after its last task.
  if (task.registeredWith.length > 0) {
    ctx.scope.timers.after(ctx.durations.lateDeregistration, () => deregisterTask(ctx, task));
  }
}

function gone(ctx: EcsContext, task: TaskRecord): void {
  leaveInstance(ctx, task);
  ctx.taskChanged(task, 'gone');
}

function move(ctx: EcsContext, task: TaskRecord, status: TaskStatus): void {
  task.lastStatus = status;
  change(ctx, task);
}

function change(ctx: EcsContext, task: TaskRecord): void {
  task.version++;
  publishTask(ctx, task);
}

function then(ctx: EcsContext, task: TaskRecord, ms: number, step: () => void): void {
  task.timer = ctx.scope.timers.after(ms, step);
}

function hasTargets(task: TaskRecord): boolean {
  return (task.set?.revision.content.loadBalancers.length ?? 0) > 0;
}

function newContainers(ctx: EcsContext, start: TaskStart, taskId: string): ContainerRecord[] {
  const { scope } = ctx;
  return (start.definition.definition.containerDefinitions ?? []).map((container) => ({
    name: container.name ?? '',
    image: container.image ?? '',
    essential: container.essential ?? true,
    arn: arnOf(scope, 'ecs', `container/${start.cluster.name}/${taskId}/${uuid(scope.random)}`),
    runtimeId: `${taskId}-${randomString(scope.random, 10, '0123456789')}`,
  }));
}

function newNetwork(ctx: EcsContext, subnet: string): NonNullable<TaskRecord['network']> {
  const { random } = ctx.scope;
  const byte = () => 1 + Math.floor(random.next() * 254);
  return { ip: `10.0.${byte()}.${byte()}`, eni: `eni-${randomString(random, 17)}`, subnet };
}
