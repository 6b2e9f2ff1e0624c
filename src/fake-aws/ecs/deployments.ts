import { nowOf } from '../core/scope.ts';
import { newGroupId } from './arns.ts';
import type { EcsContext } from './context.ts';
import { lookSoon } from './look.ts';
import type { DeploymentRecord, RevisionContent, RevisionRecord, ServiceRecord, TaskGroup } from './records.ts';
import { beginServiceDeployment, endServiceDeployment } from './service-deployments.ts';
import { addEvent } from './service-events.ts';
import { newRevision } from './service-revisions.ts';
import { publishDeployment, publishServiceAction } from './state-change-events.ts';

/** Starts a deployment of the given content: it becomes PRIMARY, with no tasks yet, and the former one ACTIVE. */
export function startDeployment(ctx: EcsContext, service: ServiceRecord, content: RevisionContent): void {
  service.content = content;
  const revision = newRevision(ctx, service, content);
  const deployment = newDeployment(ctx, service, revision);
  const sources = service.deployments.filter(({ tasks }) => tasks.size > 0).map((former) => former.revision);
  const [former] = service.deployments;
  if (former?.serviceDeployment) {
    const superseded = 'A new service deployment was started before this one completed.';
    endServiceDeployment(ctx, former.serviceDeployment, { status: 'STOPPED', reason: superseded });
  }
  deployment.serviceDeployment = beginServiceDeployment(ctx, service, { target: revision, sources });
  makePrimary(ctx, service, deployment);
}

/** Puts a deployment in front of the others, where it carries the service's count. */
export function makePrimary(ctx: EcsContext, service: ServiceRecord, deployment: DeploymentRecord): void {
  for (const other of service.deployments) {
    if (other.status !== 'PRIMARY') continue;
    other.status = 'ACTIVE';
    other.updatedAt = nowOf(ctx.scope);
  }
  deployment.status = 'PRIMARY';
  service.deployments = [deployment, ...service.deployments.filter((other) => other !== deployment)];
  service.steadyAt = undefined;
  publishDeployment(ctx, service, deployment, 'SERVICE_DEPLOYMENT_IN_PROGRESS');
  lookSoon(ctx, service, ctx.durations.schedule);
}

/** A deployment without tasks and without a place in the service yet. */
export function newDeployment(ctx: EcsContext, service: ServiceRecord, revision: RevisionRecord): DeploymentRecord {
  const now = nowOf(ctx.scope);
  const group = newGroup(ctx, revision);
  // A rollout behind a Classic Load Balancer has no state (Deployment.rolloutState).
  const classic = service.content.loadBalancers.some(({ loadBalancerName }) => loadBalancerName !== undefined);
  return {
    ...group,
    createdAt: now,
    updatedAt: now,
    status: 'PRIMARY',
    rolloutState: classic ? undefined : 'IN_PROGRESS',
    rolloutStateReason: classic ? undefined : `ECS deployment ${group.id} in progress.`,
    serviceDeployment: undefined,
    stuckReported: false,
  };
}

/** A group of no tasks that holds its task definition in use. */
export function newGroup(ctx: EcsContext, revision: RevisionRecord): TaskGroup {
  const now = nowOf(ctx.scope);
  if (revision.content.taskDefinition) revision.content.taskDefinition.users++;
  return {
    id: newGroupId(ctx.scope),
    revision,
    tasks: new Set(),
    createdAt: now,
    updatedAt: now,
    desired: 0,
    failedTasks: 0,
    failuresInRow: 0,
    retryAt: 0,
  };
}

/** The group is gone: its task definition may go too. */
export function releaseGroup(group: TaskGroup): void {
  if (group.revision.content.taskDefinition) group.revision.content.taskDefinition.users--;
}

/** The PRIMARY deployment carries all that is wanted, and no other one is left. */
export function completeDeployment(ctx: EcsContext, service: ServiceRecord, deployment: DeploymentRecord): void {
  deployment.updatedAt = nowOf(ctx.scope);
  service.lastCompleted = deployment.revision;
  const rolledBack = deployment.serviceDeployment?.rollback !== undefined;
  if (deployment.rolloutState !== undefined) {
    deployment.rolloutState = 'COMPLETED';
    // AWS leaves "rolling back to deploymentId …" where the rollback is what completed.
    if (!rolledBack) deployment.rolloutStateReason = `ECS deployment ${deployment.id} completed.`;
  }
  if (deployment.serviceDeployment) {
    endServiceDeployment(ctx, deployment.serviceDeployment, {
      status: rolledBack ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL',
    });
  }
  addEvent(ctx, service, `(deployment ${deployment.id}) deployment completed.`);
  publishDeployment(ctx, service, deployment, 'SERVICE_DEPLOYMENT_COMPLETED');
}

/** Says that the service is steady, once each time when it gets so. */
export function noteSteady(ctx: EcsContext, service: ServiceRecord, steady: boolean): void {
  if (!steady) {
    service.steadyAt = undefined;
    return;
  }
  if (service.steadyAt !== undefined) return;
  service.steadyAt = ctx.scope.clock.now();
  addEvent(ctx, service, 'has reached a steady state.');
  publishServiceAction(ctx, service, 'SERVICE_STEADY_STATE');
}
