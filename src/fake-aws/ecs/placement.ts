import type { PlacementConstraint } from '@aws-sdk/client-ecs';
import { randomString } from '../../runtime/random.ts';
import { nowOf } from '../core/scope.ts';
import { newInstanceArn } from './arns.ts';
import type { EcsContext } from './context.ts';
import type {
  ClusterRecord,
  InstanceRecord,
  ServiceRecord,
  TaskDefinitionRecord,
  TaskGroup,
  TaskRecord,
} from './records.ts';

/** Where a task can go: an instance, nowhere in particular (Fargate), or why not. */
export type Placement =
  | { readonly fits: true; readonly instance: InstanceRecord | undefined }
  | { readonly fits: false; readonly reason: string };

/** What is to be placed. */
export interface PlacementRequest {
  readonly cluster: ClusterRecord;
  readonly definition: TaskDefinitionRecord;
  readonly onInstance: boolean;
  readonly constraints: readonly PlacementConstraint[];
  readonly service?: ServiceRecord;
  readonly set?: TaskGroup;
}

const fargateFull = 'Capacity is unavailable at this time. Please try again later or in a different availability zone';
const noInstances = 'No Container Instances were found in your cluster.';

/** Finds a place for one more task. */
export function place(ctx: EcsContext, request: PlacementRequest): Placement {
  const { cluster, onInstance, definition } = request;
  if (cluster.full !== undefined) return { fits: false, reason: cluster.full };
  if (!onInstance) return { fits: true, instance: undefined };
  const instances = activeInstances(ctx, cluster);
  if (instances.length === 0) return { fits: false, reason: noInstances };
  const free = instances.filter((instance) => suits(request, instance));
  const withRoom = free.filter((instance) => instance.implicit || lacks(instance, definition) === undefined);
  const [best] = withRoom.sort((a, b) => a.tasks.size - b.tasks.size);
  if (best) return { fits: true, instance: best };
  const [closest] = free;
  if (!closest) return { fits: false, reason: 'No instance satisfies the placement constraints.' };
  const lacking = lacks(closest, definition) ?? 'CPU units';
  const id = closest.arn.slice(closest.arn.lastIndexOf('/') + 1);
  return {
    fits: false,
    reason: `The closest matching (container-instance ${id}) has insufficient ${lacking} available.`,
  };
}

/** What a test or a person fills a cluster with when they give no reason of their own. */
export function defaultFullReason(): string {
  return fargateFull;
}

/** The cluster's ACTIVE instances; one is made where there is none, because by default capacity has no end. */
export function activeInstances(ctx: EcsContext, cluster: ClusterRecord): InstanceRecord[] {
  if (cluster.instances.size === 0 && !cluster.bounded) addInstance(ctx, cluster, { implicit: true });
  return [...cluster.instances.values()].filter((instance) => instance.status === 'ACTIVE');
}

export function addInstance(
  ctx: EcsContext,
  cluster: ClusterRecord,
  options: { readonly implicit: boolean; readonly cpu?: number; readonly memory?: number },
): InstanceRecord {
  const instance: InstanceRecord = {
    arn: newInstanceArn(ctx.scope, cluster),
    ec2InstanceId: `i-${randomString(ctx.scope.random, 17)}`,
    zone: `${ctx.scope.region}${'abc'[cluster.instances.size % 3]}`,
    status: 'ACTIVE',
    implicit: options.implicit,
    cpu: options.cpu ?? 4096,
    memory: options.memory ?? 15_731,
    registeredAt: nowOf(ctx.scope),
    tasks: new Set(),
    tags: [],
  };
  cluster.instances.set(instance.arn, instance);
  return instance;
}

/** A task's containers are gone: its instance has room again. */
export function leaveInstance(ctx: EcsContext, task: TaskRecord): void {
  const { instance, cluster } = task;
  if (!instance) return;
  instance.tasks.delete(task);
  if (instance.implicit && instance.tasks.size === 0) cluster.instances.delete(instance.arn);
  if (!instance.implicit) ctx.capacityChanged(cluster.name);
}

function suits({ service, set, constraints }: PlacementRequest, instance: InstanceRecord): boolean {
  if (!service) return true;
  if (service.schedulingStrategy === 'DAEMON') return ![...instance.tasks].some((task) => task.set === set);
  // The implicit instance stands for as many as are wanted, so no two tasks need to share it.
  if (instance.implicit || !constraints.some(({ type }) => type === 'distinctInstance')) return true;
  return ![...instance.tasks].some((task) => task.service === service);
}

/** What the instance has too little of for the task, in AWS's words. */
function lacks(instance: InstanceRecord, definition: TaskDefinitionRecord): string | undefined {
  const wants = resourcesOf(definition);
  let cpu = instance.cpu;
  let memory = instance.memory;
  const ports = new Set<number>();
  for (const task of instance.tasks) {
    const used = resourcesOf(task.definition);
    cpu -= used.cpu;
    memory -= used.memory;
    for (const port of used.ports) ports.add(port);
  }
  if (wants.cpu > cpu) return 'CPU units';
  if (wants.memory > memory) return 'memory';
  return wants.ports.some((port) => ports.has(port)) ? 'ports' : undefined;
}

/** What a task of this definition takes of an instance. */
export function resourcesOf({ definition }: TaskDefinitionRecord): { cpu: number; memory: number; ports: number[] } {
  const containers = definition.containerDefinitions ?? [];
  const sum = (values: (number | undefined)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const fixed = definition.networkMode === 'awsvpc' ? [] : containers.flatMap((c) => c.portMappings ?? []);
  return {
    cpu: Number(definition.cpu ?? sum(containers.map((c) => c.cpu))),
    memory: Number(definition.memory ?? sum(containers.map((c) => c.memoryReservation ?? c.memory))),
    ports: fixed.flatMap(({ hostPort }) => (hostPort ? [hostPort] : [])),
  };
}
