import type { Failure, LaunchType, RunTaskRequest, StopTaskRequest, Task } from '@aws-sdk/client-ecs';
import { checkTags } from '../core/tags.ts';
import { canonical } from './canonical.ts';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { defaultPlatform } from './default-platform.ts';
import { checkRange } from './enum-checks.ts';
import { clientError, conflict, invalidParameter } from './errors.ts';
import { runsOn } from './launch.ts';
import { place } from './placement.ts';
import { plainTags } from './plain-tags.ts';
import type { ClusterRecord, RevisionContent, TaskDefinitionRecord, TaskRecord } from './records.ts';
import { checkContent } from './revision-checks.ts';
import { networkDefaults } from './service-defaults.ts';
import { onFargate } from './service-revisions.ts';
import { checkPlacementLists } from './service-settings-checks.ts';
import { normalStrategy } from './strategies.ts';
import { usableTaskDefinition } from './task-definitions.ts';
import { findTask } from './task-reads.ts';
import { taskView } from './task-view.ts';
import { startTask, stopTask } from './tasks.ts';

type Input = Checked<RunTaskRequest>;

/** Starts standalone tasks; what finds no place is in `failures`, at HTTP 200. */
export function runTask(ctx: EcsContext, input: Input): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  const { clientToken, ...rest } = input;
  const request = canonical(rest);
  const earlier = clientToken === undefined ? undefined : cluster.runTaskTokens.get(clientToken);
  if (earlier) {
    const arns = earlier.tasks.map(({ arn }) => arn);
    if (earlier.request !== request) throw conflict('The client token was used with other arguments.', arns);
    return { tasks: earlier.tasks.map(taskView), failures: [] };
  }
  const definition = usableTaskDefinition(ctx, input.taskDefinition);
  const content = contentOf(cluster, input, definition);
  check(ctx, { cluster, input, content });
  const tasks: TaskRecord[] = [];
  const failures: Failure[] = [];
  for (let count = 0; count < (input.count ?? 1); count++) {
    const task = runOne(ctx, { cluster, input, content, definition, already: count });
    if ('reason' in task) failures.push(task);
    else tasks.push(task);
  }
  if (clientToken !== undefined) cluster.runTaskTokens.set(clientToken, { request, tasks });
  return { tasks: tasks.map(taskView), failures };
}

export function stopTaskOperation(ctx: EcsContext, input: Checked<StopTaskRequest>): { task: Task } {
  const cluster = ctx.state.activeCluster(input.cluster);
  const task = findTask(cluster, input.task);
  if (!task) throw invalidParameter('The referenced task was not found.');
  stopTask(ctx, task, { code: 'UserInitiated', reason: input.reason ?? 'Task stopped by user' });
  return { task: taskView(task) };
}

interface One {
  readonly cluster: ClusterRecord;
  readonly input: Input;
  readonly content: RevisionContent;
  readonly definition: TaskDefinitionRecord;
  readonly already: number;
}

function runOne(ctx: EcsContext, one: One): TaskRecord | { readonly arn?: string; readonly reason: string } {
  const { cluster, input, content, definition } = one;
  const { launchType, capacityProvider } = runsOn(content, one.already);
  const onInstance = launchType !== 'FARGATE';
  const constraints = input.placementConstraints ?? [];
  const placement = place(ctx, { cluster, definition, onInstance, constraints });
  if (!placement.fits) {
    if (!onInstance) return { reason: placement.reason };
    return { reason: /memory/.test(placement.reason) ? 'RESOURCE:MEMORY' : 'RESOURCE:CPU' };
  }
  const managed = [{ key: 'aws:ecs:clusterName', value: cluster.name }];
  const propagated = input.propagateTags === 'TASK_DEFINITION' ? definition.tags : [];
  return startTask(ctx, {
    cluster,
    definition,
    launchType,
    capacityProvider,
    instance: placement.instance,
    content,
    group: input.group ?? `family:${definition.family}`,
    startedBy: input.startedBy,
    overrides: input.overrides,
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    tags: [...propagated, ...(input.tags ?? []), ...(input.enableECSManagedTags ? managed : [])],
  });
}

function contentOf(cluster: ClusterRecord, input: Input, definition: TaskDefinitionRecord): RevisionContent {
  const given = input.capacityProviderStrategy ?? [];
  if (input.launchType !== undefined && given.length > 0) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  const strategy = normalStrategy(given.length > 0 || input.launchType !== undefined ? given : cluster.defaultStrategy);
  const launchType: LaunchType | undefined = strategy.length > 0 ? undefined : (input.launchType ?? 'EC2');
  const where = { launchType, capacityProviderStrategy: strategy };
  return {
    ...where,
    taskDefinition: definition,
    platformVersion: input.platformVersion ?? defaultPlatform(where),
    networkConfiguration: networkDefaults(input.networkConfiguration),
    loadBalancers: [],
    serviceRegistries: [],
    serviceConnectConfiguration: undefined,
    volumeConfigurations: input.volumeConfigurations ?? [],
    vpcLatticeConfigurations: [],
    gatewayConnectors: [],
    monitoring: undefined,
  };
}

function check(
  ctx: EcsContext,
  {
    cluster,
    input,
    content,
  }: { readonly cluster: ClusterRecord; readonly input: Input; readonly content: RevisionContent },
): void {
  checkRange({ name: 'count', value: input.count, from: 1, to: 10 });
  checkContent(ctx, cluster, content);
  checkPlacementLists(input.placementConstraints ?? [], input.placementStrategy ?? []);
  checkTags(plainTags(input.tags), 'InvalidParameterException');
  if ((input.startedBy ?? '').length > 128) throw invalidParameter('startedBy can have 128 characters at most.');
  if (onFargate(content) && (input.placementStrategy ?? []).length > 0) {
    throw invalidParameter('Placement strategies are not supported with FARGATE launch type.');
  }
  const names = new Set(content.taskDefinition?.definition.containerDefinitions?.map(({ name }) => name));
  for (const { name } of input.overrides?.containerOverrides ?? []) {
    if (!names.has(name))
      throw invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`);
  }
  if (input.propagateTags === 'SERVICE') throw clientError('propagateTags SERVICE is not supported for RunTask.');
}
