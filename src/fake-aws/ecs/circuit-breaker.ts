import { nowOf } from '../core/scope.ts';
import { failureThreshold } from './circuit-breaker-threshold.ts';
import type { EcsContext } from './context.ts';
import { makePrimary, newDeployment } from './deployments.ts';
import type { DeploymentRecord, ServiceRecord, TaskGroup } from './records.ts';
import { endServiceDeployment } from './service-deployments.ts';
import { addEvent } from './service-events.ts';
import { publishDeployment, publishServiceAction } from './state-change-events.ts';

/** Failures in a row that are restarted at once; each one more doubles the wait. */
const restartedAtOnce = 3;

/** Counts a task that failed before it was healthy, delays the next start, and trips the breaker where that is due. */
export function noteFailedTask(ctx: EcsContext, service: ServiceRecord, group: TaskGroup): void {
  group.failedTasks++;
  group.failuresInRow++;
  const over = group.failuresInRow - restartedAtOnce;
  if (over >= 0) {
    const { backoff, longestBackoff } = ctx.durations;
    const wait = Math.min(backoff * 2 ** Math.min(over, 10), longestBackoff);
    group.retryAt = ctx.scope.clock.now() + ctx.scope.timers.scaled(wait);
  }
  if (over === 0) {
    addEvent(
      ctx,
      service,
      'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of ' +
        'the Amazon ECS Developer Guide.',
    );
    publishServiceAction(ctx, service, 'SERVICE_TASK_START_IMPAIRED');
  }
  const [primary] = service.deployments;
  const current = primary?.serviceDeployment;
  if (primary !== group || !primary || !current || primary.rolloutState !== 'IN_PROGRESS' || current.rollback) return;
  const breaker = service.deploymentConfiguration.deploymentCircuitBreaker;
  current.failures++;
  current.threshold = failureThreshold(breaker, service.desiredCount);
  if (breaker?.enable !== true || current.failures < current.threshold) return;
  current.breaker = 'TRIGGERED';
  failDeployment(ctx, service, {
    deployment: primary,
    by: 'ECS deployment circuit breaker',
    reason: 'tasks failed to start.',
    rollback: breaker.rollback === true,
  });
}

/** A task got healthy: what failed before it no longer counts, unless the breaker is told to go on counting. */
export function noteHealthyTask(service: ServiceRecord, group: TaskGroup): void {
  group.failuresInRow = 0;
  group.retryAt = 0;
  const current = service.deployments[0]?.serviceDeployment;
  const breaker = service.deploymentConfiguration.deploymentCircuitBreaker;
  if (breaker?.resetOnHealthyTask === false) return;
  group.failedTasks = 0;
  if (current?.target === group.revision && current.breaker !== 'TRIGGERED') current.failures = 0;
}

/** Why a deployment fails, and whether the service goes back. */
export interface DeploymentFailure {
  readonly deployment: DeploymentRecord;
  /** Who found out, e.g. `ECS deployment circuit breaker`. */
  readonly by: string;
  readonly reason: string;
  readonly rollback: boolean;
}

/** Marks the PRIMARY deployment FAILED; no task of it is started any more. Goes back where that is asked for. */
export function failDeployment(ctx: EcsContext, service: ServiceRecord, failure: DeploymentFailure): void {
  const { deployment, by, reason } = failure;
  deployment.rolloutState = 'FAILED';
  deployment.rolloutStateReason = `${by}: ${reason}`;
  deployment.updatedAt = nowOf(ctx.scope);
  addEvent(ctx, service, `(deployment ${deployment.id}) deployment failed: ${reason}`);
  publishDeployment(ctx, service, deployment, 'SERVICE_DEPLOYMENT_FAILED');
  const current = deployment.serviceDeployment;
  if (!failure.rollback) {
    const statusReason = `Service deployment stopped because the ${by} found a failure: ${reason}`;
    if (current) endServiceDeployment(ctx, current, { status: 'STOPPED', reason: statusReason });
    return;
  }
  rollBack(ctx, service, { deployment, by, reason: `Service deployment rolled back because of the ${by}: ${reason}` });
}

/** Puts the last completed revision back in front, in the deployment that still carries it where there is one. */
export function rollBack(
  ctx: EcsContext,
  service: ServiceRecord,
  options: { readonly deployment: DeploymentRecord; readonly by: string; readonly reason: string },
): void {
  const { deployment, by, reason } = options;
  const current = deployment.serviceDeployment;
  const target = service.lastCompleted;
  if (!target || target === deployment.revision) {
    const none = 'No rollback candidate was found to run the rollback.';
    if (current) endServiceDeployment(ctx, current, { status: 'ROLLBACK_FAILED', reason: none });
    return;
  }
  service.content = target.content;
  const former = service.deployments.find(({ revision }) => revision === target);
  const back = former ?? newDeployment(ctx, service, target);
  back.rolloutState = 'IN_PROGRESS';
  back.rolloutStateReason = `${by}: rolling back to deploymentId ${back.id}.`;
  back.serviceDeployment = current;
  back.updatedAt = nowOf(ctx.scope);
  deployment.serviceDeployment = undefined;
  if (current) {
    current.rollback = { reason, startedAt: nowOf(ctx.scope), to: target };
    current.status = 'ROLLBACK_REQUESTED';
    current.statusReason = reason;
    current.updatedAt = nowOf(ctx.scope);
    current.stage = undefined;
    current.productionWeight = 0;
  }
  addEvent(ctx, service, `rolling back to deployment ${back.id}.`);
  makePrimary(ctx, service, back);
}
