import type { Deployment, Service, TaskSet } from '@aws-sdk/client-ecs';
import type { KindReport, Plan, Problem } from '../../reconcile/kind.ts';
import { kubeTime } from '../../runtime/clock.ts';
import { clip } from './clip.ts';
import { shiftsTraffic } from './fields.ts';
import { primaryDeployment } from './live.ts';
import { pollAfter } from './poll.ts';
import type { EcsServiceStatus } from './schema.ts';
import type { EcsServiceAction, EcsServiceDesired, EcsServiceObserved, RolloutStatus } from './types.ts';

export interface RolloutInput {
  readonly desired: EcsServiceDesired;
  readonly observed: EcsServiceObserved;
  readonly status: EcsServiceStatus | undefined;
  readonly plan: Plan<EcsServiceAction, EcsServiceStatus>;
  readonly now: number;
}

export interface RolloutReport {
  readonly rollout: RolloutStatus | undefined;
  readonly condition: KindReport<EcsServiceStatus>['conditions'][number];
  readonly progress?: Problem & { readonly pollMs: number };
  readonly stalled?: Problem;
}

/** Whether this generation's revision is rolled out, and how far it is (rule 2 of the design). Pure. */
export function reportRollout(input: RolloutInput): RolloutReport {
  const { desired, observed, status, plan } = input;
  const known = status?.rollout;
  const { service } = observed;
  if (plan.stalled?.reason === 'RolledBack') return rolledBackReport(input, plan.stalled);
  if (service === undefined || observed.presence.state !== 'present') {
    return { rollout: known, condition: isFalse('NotCreated', 'the service is not in AWS') };
  }
  const kept = plan.waiting ?? plan.stalled;
  if (kept !== undefined) return { rollout: known, condition: isFalse(kept.reason, kept.message) };
  if (known?.completedAt !== undefined && known.contentHash === desired.content) {
    // Stays so until the content changes: an autoscaling step, a replaced task, a change that is held back is no rollout.
    return { rollout: { ...known, attempt: desired.attempt }, condition: ROLLED_OUT };
  }
  if (plan.actions.length > 0) return { rollout: known, condition: isFalse(PENDING.reason, PENDING.message) };
  const controller = service.deploymentController?.type ?? 'ECS';
  return controller === 'ECS' ? ofDeployments(input, service) : ofTaskSets(input, service);
}

const PENDING: Problem = { reason: 'Pending', message: 'AWS does not hold yet what the spec asks' };

const ROLLED_OUT: RolloutReport['condition'] = {
  type: 'RolledOut',
  status: 'True',
  reason: 'RolledOut',
  message: 'the deployment of this revision completed',
};

function rolledBackReport({ desired, observed, status, now }: RolloutInput, problem: Problem): RolloutReport {
  const known = status?.rollout;
  const found = observed.history?.type === 'rolledBack' ? observed.history : undefined;
  return {
    rollout: {
      contentHash: desired.content,
      attempt: desired.attempt,
      state: 'RolledBack',
      startedAt: known?.startedAt ?? kubeTime(now),
      rolledBackContent: desired.attempt,
      ...optional('rolledBackDeployment', found?.deploymentArn ?? known?.rolledBackDeployment),
      ...optional('reason', found === undefined ? known?.reason : clip(found.reason)),
    },
    condition: isFalse(problem.reason, problem.message),
  };
}

function ofDeployments(input: RolloutInput, service: Service): RolloutReport {
  const primary = primaryDeployment(service);
  if (primary === undefined) return inProgress(input, undefined, 'AWS shows no deployment yet', '');
  const reason = primary.rolloutStateReason ?? '';
  switch (primary.rolloutState) {
    case 'COMPLETED':
      return completed(input, primary.id);
    case 'FAILED':
      return failed(input, primary.id, reason || `deployment ${primary.id} failed`);
    case 'IN_PROGRESS':
      return rolling(input, service, primary);
    default:
      // AWS tells no state behind a Classic Load Balancer: one deployment with all its tasks is a finished one.
      return service.deployments?.length === 1 && primary.runningCount === primary.desiredCount
        ? completed(input, primary.id)
        : rolling(input, service, primary);
  }
}

function rolling(input: RolloutInput, service: Service, primary: Deployment): RolloutReport {
  const { runningCount = 0, desiredCount = 0, pendingCount = 0, failedTasks = 0, id } = primary;
  const former = (service.runningCount ?? runningCount) - runningCount;
  const words = [`deployment ${id}: ${runningCount} of ${desiredCount} tasks running, ${pendingCount} pending`];
  if (failedTasks > 0) words.push(`${failedTasks} failed`);
  if (former > 0) words.push(`${former} of the former revision still running`);
  // Traffic is shifted and baked for as long as people wish, once the tasks are there.
  const patient = shiftsTraffic(input.observed.live) && runningCount >= desiredCount;
  return inProgress(input, primary.id, words.join(', '), `${runningCount}+${former}`, patient);
}

function ofTaskSets(input: RolloutInput, service: Service): RolloutReport {
  const primary: TaskSet | undefined = service.taskSets?.find(({ status }) => status === 'PRIMARY');
  if (primary === undefined) {
    return {
      rollout: input.status?.rollout,
      condition: isFalse('NoTaskSet', 'the service has no primary task set yet'),
    };
  }
  if (primary.stabilityStatus === 'STEADY_STATE') return completed(input, primary.id);
  const { runningCount = 0, computedDesiredCount = 0, id } = primary;
  const message = `task set ${id}: ${runningCount} of ${computedDesiredCount} tasks running`;
  return inProgress(input, id, message, String(runningCount));
}

/** What is known of the rollout of this very content. */
function begun({ desired, status, now }: RolloutInput, deploymentId: string | undefined): RolloutStatus {
  const known = status?.rollout?.contentHash === desired.content ? status.rollout : undefined;
  return {
    contentHash: desired.content,
    attempt: desired.attempt,
    state: 'InProgress',
    startedAt: known?.startedAt ?? kubeTime(now),
    ...optional('deploymentId', deploymentId),
    ...optional('deploymentBefore', known?.deploymentBefore),
    ...optional('rolledBackDeployment', status?.rollout?.rolledBackDeployment),
  };
}

function completed(input: RolloutInput, deploymentId: string | undefined): RolloutReport {
  const rollout = begun(input, deploymentId);
  return {
    rollout: { ...rollout, state: 'Completed', completedAt: kubeTime(input.now) },
    condition: ROLLED_OUT,
  };
}

function failed(input: RolloutInput, deploymentId: string | undefined, reason: string): RolloutReport {
  const problem = { reason: 'DeploymentFailed', message: `${reason}; it is not tried again until the spec changes` };
  return {
    rollout: { ...begun(input, deploymentId), state: 'Failed', reason: clip(reason) },
    condition: isFalse(problem.reason, problem.message),
    stalled: problem,
  };
}

function inProgress(
  input: RolloutInput,
  deploymentId: string | undefined,
  message: string,
  progress: string,
  patient = false,
): RolloutReport {
  const { desired, status, now } = input;
  const rollout = begun(input, deploymentId);
  const known = status?.rollout;
  const stood = known?.deploymentId === deploymentId && known?.progress === progress;
  const lastProgressAt = (stood ? known?.lastProgressAt : undefined) ?? kubeTime(now);
  const next: RolloutStatus = { ...rollout, progress, lastProgressAt };
  const deadline = desired.progressDeadlineSeconds;
  if (!patient && now - Date.parse(lastProgressAt) >= deadline * 1000) {
    const late = `no progress for ${deadline} seconds; ${message}`;
    const problem = { reason: 'ProgressDeadlineExceeded', message: `${late}${failuresOf(input)}` };
    return { rollout: next, condition: isFalse(problem.reason, problem.message), stalled: problem };
  }
  const problem = { reason: 'RollingOut', message };
  return {
    rollout: next,
    condition: isFalse(problem.reason, message),
    progress: { ...problem, pollMs: pollAfter(rollout.startedAt, now) },
  };
}

function failuresOf({ observed, status }: RolloutInput): string {
  const failures = observed.failures ?? status?.recentFailures ?? [];
  const reasons = [...new Set(failures.flatMap(({ stoppedReason }) => stoppedReason ?? []))].slice(0, 3);
  return reasons.length === 0 ? '' : `; last tasks stopped: ${reasons.join('; ')}`;
}

function isFalse(reason: string, message: string): RolloutReport['condition'] {
  return { type: 'RolledOut', status: 'False', reason, message };
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  // Safe: one member with the given key, or none.
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
