import type { LaunchType, Tag } from '@aws-sdk/client-ecs';
import type { EcsContext } from './context.ts';
import { place } from './placement.ts';
import type { RevisionContent, ServiceRecord, TaskGroup, TaskRecord } from './records.ts';
import { addEvent, startedText, stoppedText, targetText } from './service-events.ts';
import { publishServiceAction } from './state-change-events.ts';
import { startTask, stopTask } from './tasks.ts';

/**
 * Starts up to `count` tasks of a service's deployment or task set.
 * @returns how many could not be placed.
 */
export function startServiceTasks(ctx: EcsContext, service: ServiceRecord, set: TaskGroup, count: number): number {
  const { content } = set.revision;
  const definition = content.taskDefinition;
  if (!definition || count <= 0) return 0;
  const started: TaskRecord[] = [];
  let refused: string | undefined;
  while (started.length < count && refused === undefined) {
    const { launchType, capacityProvider } = runsOn(content, set.tasks.size);
    const onInstance = launchType !== 'FARGATE';
    const constraints = service.placementConstraints;
    const placement = place(ctx, { cluster: service.cluster, definition, onInstance, constraints, service, set });
    if (!placement.fits) {
      refused = placement.reason;
      break;
    }
    started.push(
      startTask(ctx, {
        cluster: service.cluster,
        definition,
        launchType,
        capacityProvider,
        instance: placement.instance,
        content,
        service,
        set,
        group: `service:${service.name}`,
        startedBy: set.id,
        enableExecuteCommand: service.enableExecuteCommand,
        tags: taskTags(service, definition.tags),
      }),
    );
  }
  if (started.length > 0) addEvent(ctx, service, startedText(started));
  if (refused === undefined) service.placementFailures = 0;
  else
    reportPlacementFailure(ctx, service, { reason: refused, onFargate: runsOn(content, 0).launchType === 'FARGATE' });
  return count - started.length;
}

/** Stops tasks of a service because the scheduler wants fewer of them. */
export function stopServiceTasks(
  ctx: EcsContext,
  service: ServiceRecord,
  options: { readonly tasks: readonly TaskRecord[]; readonly set: TaskGroup },
): void {
  const { tasks, set } = options;
  if (tasks.length === 0) return;
  for (const task of tasks) {
    const reason = `Scaling activity initiated by (deployment ${set.id})`;
    stopTask(ctx, task, { code: 'ServiceSchedulerInitiated', reason });
  }
  const drained = tasks.filter(({ lastStatus }) => lastStatus === 'DEACTIVATING');
  for (const balancer of set.revision.content.loadBalancers) {
    if (drained.length === 0) break;
    addEvent(ctx, service, `deregistered ${drained.length} targets in ${targetText(balancer)}`);
    addEvent(ctx, service, `has begun draining connections on ${drained.length} tasks.`);
  }
  addEvent(ctx, service, stoppedText(tasks));
}

/**
 * On what the next task runs. With a capacity provider strategy: the base first, then by weight (ECS developer guide,
 * "Capacity provider strategies"); `already` is how many tasks there are.
 */
export function runsOn(
  content: Pick<RevisionContent, 'launchType' | 'capacityProviderStrategy'>,
  already: number,
): { launchType: LaunchType; capacityProvider: string | undefined } {
  const strategy = content.capacityProviderStrategy;
  if (strategy.length === 0) return { launchType: content.launchType ?? 'EC2', capacityProvider: undefined };
  const withBase = strategy.find(({ base }) => (base ?? 0) > already);
  const weights = strategy.map(({ weight }) => weight ?? 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let turn = total > 0 ? already % total : 0;
  const byWeight = strategy.find((_, index) => {
    turn -= weights[index] ?? 0;
    return turn < 0;
  });
  const provider = (withBase ?? byWeight ?? strategy[0])?.capacityProvider ?? '';
  const fargate = provider === 'FARGATE' || provider === 'FARGATE_SPOT';
  return { launchType: fargate ? 'FARGATE' : 'EC2', capacityProvider: provider };
}

/** Tags of a service's tasks: propagated ones, and AWS's own where they are switched on. */
function taskTags(service: ServiceRecord, definitionTags: readonly Tag[]): readonly Tag[] {
  const propagated = { SERVICE: service.tags, TASK_DEFINITION: definitionTags }[service.propagateTags] ?? [];
  if (!service.enableECSManagedTags) return propagated;
  return [
    ...propagated,
    { key: 'aws:ecs:clusterName', value: service.cluster.name },
    { key: 'aws:ecs:serviceName', value: service.name },
  ];
}

function reportPlacementFailure(
  ctx: EcsContext,
  service: ServiceRecord,
  failure: { readonly reason: string; readonly onFargate: boolean },
): void {
  service.placementFailures++;
  const { reason, onFargate } = failure;
  const text = onFargate
    ? `was unable to place a task. Reason: ${reason}.`
    : `was unable to place a task because no container instance met all of its requirements. Reason: ${reason} For ` +
      'more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';
  addEvent(ctx, service, text);
  publishServiceAction(ctx, service, 'SERVICE_TASK_PLACEMENT_FAILURE', { reason: 'RESOURCE' });
}
