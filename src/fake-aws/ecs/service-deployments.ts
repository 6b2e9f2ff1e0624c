import type {
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceDeploymentStatus,
  ServiceRevisionSummary,
} from '@aws-sdk/client-ecs';
import { nowOf } from '../core/scope.ts';
import { newServiceDeploymentArn } from './arns.ts';
import { failureThreshold } from './circuit-breaker-threshold.ts';
import type { EcsContext } from './context.ts';
import type { RevisionRecord, ServiceDeploymentRecord, ServiceRecord } from './records.ts';
import { isActive } from './tasks.ts';

/** How many service deployments of a service stay describable; AWS forgets them after ninety days. */
const kept = 100;

/** Records that a service goes from its present revisions to a new one. */
export function beginServiceDeployment(
  ctx: EcsContext,
  service: ServiceRecord,
  revisions: { readonly target: RevisionRecord; readonly sources: readonly RevisionRecord[] },
): ServiceDeploymentRecord {
  const now = nowOf(ctx.scope);
  const strategy = service.deploymentConfiguration.strategy ?? 'ROLLING';
  const staged = strategy !== 'ROLLING' && revisions.sources.length > 0;
  const breaker = service.deploymentConfiguration.deploymentCircuitBreaker;
  const deployment: ServiceDeploymentRecord = {
    arn: newServiceDeploymentArn(ctx.scope, service),
    service,
    createdAt: now,
    target: revisions.target,
    sources: revisions.sources,
    configuration: service.deploymentConfiguration,
    status: 'PENDING',
    updatedAt: now,
    stage: staged ? 'RECONCILE_SERVICE' : undefined,
    stageUntil: 0,
    productionWeight: staged ? 0 : 100,
    failures: 0,
    threshold: failureThreshold(breaker, service.desiredCount),
    breaker: breaker?.enable ? 'MONITORING' : 'DISABLED',
  };
  service.serviceDeployments.unshift(deployment);
  for (const old of service.serviceDeployments.splice(kept)) ctx.state.serviceDeployments.delete(old.arn);
  ctx.state.serviceDeployments.set(deployment.arn, deployment);
  return deployment;
}

/** Whether it is still under way. */
export function isOpen(deployment: ServiceDeploymentRecord): boolean {
  return deployment.finishedAt === undefined && deployment.stoppedAt === undefined;
}

/** Ends a service deployment; does nothing when it has ended already. */
export function endServiceDeployment(
  ctx: EcsContext,
  deployment: ServiceDeploymentRecord,
  end: { readonly status: ServiceDeploymentStatus; readonly reason?: string },
): void {
  if (!isOpen(deployment)) return;
  const now = nowOf(ctx.scope);
  deployment.status = end.status;
  deployment.updatedAt = now;
  deployment.finishedAt = now;
  if (end.status === 'STOPPED') deployment.stoppedAt = now;
  if (end.reason !== undefined) deployment.statusReason = end.reason;
  if (deployment.breaker === 'MONITORING') deployment.breaker = 'MONITORING_COMPLETE';
  deployment.stage = undefined;
}

export function serviceDeploymentBrief(deployment: ServiceDeploymentRecord): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: deployment.service.arn,
    clusterArn: deployment.service.cluster.arn,
    startedAt: deployment.startedAt,
    createdAt: deployment.createdAt,
    finishedAt: deployment.finishedAt,
    targetServiceRevisionArn: deployment.target.arn,
    status: deployment.status,
    statusReason: deployment.statusReason,
  };
}

export function serviceDeploymentView(deployment: ServiceDeploymentRecord): ServiceDeployment {
  const { service, configuration } = deployment;
  const weight = deployment.productionWeight;
  const alarms = configuration.alarms;
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: deployment.createdAt,
    startedAt: deployment.startedAt,
    finishedAt: deployment.finishedAt,
    stoppedAt: deployment.stoppedAt,
    updatedAt: deployment.updatedAt,
    sourceServiceRevisions: deployment.sources.map((source) => revisionSummary(service, source, 100 - weight)),
    targetServiceRevision: revisionSummary(service, deployment.target, weight),
    status: deployment.status,
    statusReason: deployment.statusReason,
    lifecycleStage: deployment.stage,
    deploymentConfiguration: configuration,
    rollback: deployment.rollback && {
      reason: deployment.rollback.reason,
      startedAt: deployment.rollback.startedAt,
      serviceRevisionArn: deployment.rollback.to.arn,
    },
    deploymentCircuitBreaker: {
      status: deployment.breaker,
      failureCount: deployment.failures,
      threshold: deployment.threshold,
    },
    alarms: {
      status: alarms?.enable ? (isOpen(deployment) ? 'MONITORING' : 'MONITORING_COMPLETE') : 'DISABLED',
      alarmNames: alarms?.alarmNames ?? [],
      triggeredAlarmNames: [],
    },
  };
}

/** A revision with the counts of its tasks. */
export function revisionSummary(
  service: ServiceRecord,
  revision: RevisionRecord,
  weight: number,
): ServiceRevisionSummary {
  const groups = [...service.deployments, ...service.taskSets].filter((group) => group.revision === revision);
  const tasks = groups.flatMap((group) => [...group.tasks]).filter(isActive);
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  return {
    arn: revision.arn,
    requestedTaskCount: groups.reduce((sum, { desired }) => sum + desired, 0),
    runningTaskCount: running,
    pendingTaskCount: tasks.length - running,
    requestedProductionTrafficWeight: weight,
  };
}
