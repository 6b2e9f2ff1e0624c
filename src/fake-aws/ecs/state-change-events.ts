import type { EcsContext } from './context.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from './records.ts';
import { taskView } from './task-view.ts';

/** The EventBridge events of ECS (ECS developer guide, "Amazon ECS events"). Nothing is made while nobody listens. */
export function publishTask(ctx: EcsContext, task: TaskRecord): void {
  if (!ctx.scope.events.heard) return;
  const { tags: _, ...detail } = taskView(task);
  publish(ctx, 'ECS Task State Change', [task.arn], { ...detail });
}

/** Names of service action events that the fake sends. */
export type ServiceAction =
  | 'SERVICE_STEADY_STATE'
  | 'SERVICE_TASK_START_IMPAIRED'
  | 'SERVICE_TASK_PLACEMENT_FAILURE'
  | 'TASKSET_STEADY_STATE'
  | 'SERVICE_DESIRED_COUNT_UPDATED';

const actionTypes = {
  SERVICE_STEADY_STATE: 'INFO',
  TASKSET_STEADY_STATE: 'INFO',
  SERVICE_DESIRED_COUNT_UPDATED: 'INFO',
  SERVICE_TASK_START_IMPAIRED: 'WARN',
  SERVICE_TASK_PLACEMENT_FAILURE: 'ERROR',
} as const satisfies Record<ServiceAction, string>;

export function publishServiceAction(
  ctx: EcsContext,
  service: ServiceRecord,
  eventName: ServiceAction,
  more: Readonly<Record<string, unknown>> = {},
): void {
  if (!ctx.scope.events.heard) return;
  publish(ctx, 'ECS Service Action', [service.arn], {
    eventType: actionTypes[eventName],
    eventName,
    clusterArn: service.cluster.arn,
    createdAt: new Date(ctx.scope.clock.now()),
    ...more,
  });
}

const deploymentReasons = {
  SERVICE_DEPLOYMENT_IN_PROGRESS: 'INFO',
  SERVICE_DEPLOYMENT_COMPLETED: 'INFO',
  SERVICE_DEPLOYMENT_FAILED: 'ERROR',
} as const;

export function publishDeployment(
  ctx: EcsContext,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  eventName: keyof typeof deploymentReasons,
): void {
  if (!ctx.scope.events.heard) return;
  publish(ctx, 'ECS Deployment State Change', [service.arn], {
    eventType: deploymentReasons[eventName],
    eventName,
    deploymentId: deployment.id,
    updatedAt: deployment.updatedAt,
    reason: deployment.rolloutStateReason ?? '',
  });
}

function publish(
  ctx: EcsContext,
  detailType: string,
  resources: readonly string[],
  detail: Readonly<Record<string, unknown>>,
): void {
  const { scope } = ctx;
  scope.events.publish({
    'detail-type': detailType,
    source: 'aws.ecs',
    account: scope.accountId,
    time: `${new Date(scope.clock.now()).toISOString().slice(0, 19)}Z`,
    region: scope.region,
    resources,
    // The bus carries JSON: dates become RFC 3339 strings, what is undefined goes.
    detail: JSON.parse(JSON.stringify(detail)),
  });
}
