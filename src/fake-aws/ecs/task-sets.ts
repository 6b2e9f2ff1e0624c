import type {
  CreateTaskSetRequest,
  DeleteTaskSetRequest,
  DescribeTaskSetsRequest,
  Failure,
  Scale,
  TaskSet,
  UpdateServicePrimaryTaskSetRequest,
  UpdateTaskSetRequest,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import { nowOf } from '../core/scope.ts';
import { checkTags } from '../core/tags.ts';
import { taskSetArn } from './arns.ts';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { defaultPlatform } from './default-platform.ts';
import { newGroup } from './deployments.ts';
import { checkRange } from './enum-checks.ts';
import { invalidParameter, serviceNotActive } from './errors.ts';
import { lookSoon } from './look.ts';
import { plainTags } from './plain-tags.ts';
import type { RevisionContent, ServiceRecord, TaskSetRecord } from './records.ts';
import { checkContent } from './revision-checks.ts';
import { networkDefaults } from './service-defaults.ts';
import { newRevision } from './service-revisions.ts';
import { taskSetView } from './service-view.ts';
import { normalStrategy } from './strategies.ts';
import { usableTaskDefinition } from './task-definitions.ts';

export function createTaskSet(ctx: EcsContext, input: Checked<CreateTaskSetRequest>): object {
  const service = activeService(ctx, input);
  if (service.controller !== 'EXTERNAL') {
    throw invalidParameter('Task sets can only be created for services with an EXTERNAL deployment controller.');
  }
  const strategy = normalStrategy(input.capacityProviderStrategy ?? []);
  const launchType = strategy.length > 0 ? undefined : (input.launchType ?? 'EC2');
  const runsOn = { launchType, capacityProviderStrategy: strategy };
  const content: RevisionContent = {
    ...runsOn,
    taskDefinition: usableTaskDefinition(ctx, input.taskDefinition),
    platformVersion: input.platformVersion ?? defaultPlatform(runsOn),
    networkConfiguration: networkDefaults(input.networkConfiguration),
    loadBalancers: input.loadBalancers ?? [],
    serviceRegistries: input.serviceRegistries ?? [],
    serviceConnectConfiguration: undefined,
    volumeConfigurations: [],
    vpcLatticeConfigurations: [],
    gatewayConnectors: [],
    monitoring: undefined,
  };
  checkContent(ctx, service.cluster, content);
  checkTags(plainTags(input.tags), 'InvalidParameterException');
  const scale = scaleValue(input.scale);
  const { externalId, tags } = input;
  const set = addTaskSet(ctx, service, { content, scale, status: 'ACTIVE', externalId, tags: tags ?? [] });
  return { taskSet: taskSetView(service, set) };
}

export function updateTaskSet(ctx: EcsContext, input: Checked<UpdateTaskSetRequest>): object {
  const service = activeService(ctx, input);
  const set = existingSet(service, input.taskSet);
  set.scale = scaleValue(input.scale);
  set.updatedAt = nowOf(ctx.scope);
  lookSoon(ctx, service, ctx.durations.schedule);
  return { taskSet: taskSetView(service, set) };
}

export function deleteTaskSet(ctx: EcsContext, input: Checked<DeleteTaskSetRequest>): object {
  const service = activeService(ctx, input);
  const set = existingSet(service, input.taskSet);
  if (set.scale > 0 && input.force !== true) {
    throw invalidParameter('The task set cannot be deleted while it is scaled above 0.');
  }
  set.status = 'DRAINING';
  set.updatedAt = nowOf(ctx.scope);
  lookSoon(ctx, service, ctx.durations.schedule);
  return { taskSet: taskSetView(service, set) };
}

export function describeTaskSets(ctx: EcsContext, input: Checked<DescribeTaskSetsRequest>): object {
  const service = activeService(ctx, input);
  const wanted = input.taskSets ?? service.taskSets.map(({ arn }) => arn);
  const taskSets: TaskSet[] = [];
  const failures: Failure[] = [];
  for (const reference of wanted) {
    const set = findSet(service, reference);
    if (!set) failures.push({ arn: reference, reason: 'MISSING' });
    else {
      const { tags, ...view } = taskSetView(service, set);
      taskSets.push(input.include?.includes('TAGS') ? { ...view, tags } : view);
    }
  }
  return { taskSets, failures };
}

/** The service takes over what its PRIMARY task set runs. */
export function updateServicePrimaryTaskSet(
  ctx: EcsContext,
  input: Checked<UpdateServicePrimaryTaskSetRequest>,
): object {
  const service = activeService(ctx, input);
  const set = existingSet(service, input.primaryTaskSet);
  for (const other of service.taskSets) if (other.status === 'PRIMARY') other.status = 'ACTIVE';
  set.status = 'PRIMARY';
  set.updatedAt = nowOf(ctx.scope);
  service.content = set.revision.content;
  return { taskSet: taskSetView(service, set) };
}

/** What a new task set is made from. */
export interface NewTaskSet {
  readonly content: RevisionContent;
  readonly scale: number;
  readonly status: 'PRIMARY' | 'ACTIVE';
  readonly externalId?: string | undefined;
  readonly tags?: TaskSetRecord['tags'];
}

export function addTaskSet(ctx: EcsContext, service: ServiceRecord, options: NewTaskSet): TaskSetRecord {
  const group = newGroup(ctx, newRevision(ctx, service, options.content));
  const set: TaskSetRecord = {
    ...group,
    arn: taskSetArn(ctx.scope, service, group.id),
    externalId: options.externalId,
    startedBy: service.controller,
    status: options.status,
    scale: options.scale,
    stable: false,
    stableAt: group.createdAt,
    tags: options.tags ?? [],
  };
  service.taskSets = [set, ...service.taskSets];
  lookSoon(ctx, service, ctx.durations.schedule);
  return set;
}

function activeService(ctx: EcsContext, input: { readonly cluster: string; readonly service: string }): ServiceRecord {
  const service = ctx.state.existingService(ctx.state.activeCluster(input.cluster), input.service);
  if (service.status !== 'ACTIVE') throw serviceNotActive();
  return service;
}

function findSet(service: ServiceRecord, reference: string): TaskSetRecord | undefined {
  return service.taskSets.find(({ id, arn }) => id === reference || arn === reference);
}

function existingSet(service: ServiceRecord, reference: string): TaskSetRecord {
  const set = findSet(service, reference);
  if (!set) {
    throw new AwsError({ code: 'TaskSetNotFoundException', message: 'The specified task set was not found.' });
  }
  return set;
}

function scaleValue(scale: Scale | undefined): number {
  const value = scale?.value ?? 100;
  if (scale?.unit !== undefined && scale.unit !== 'PERCENT') throw invalidParameter('The scale unit must be PERCENT.');
  checkRange({ name: 'scale.value', value, from: 0, to: 100 });
  return value;
}
