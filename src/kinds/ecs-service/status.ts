import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { KindReport, Plan, PlanInput } from '../../reconcile/kind.ts';
import type { CommonStatus } from '../../reconcile/types.ts';
import { kubeTime } from '../../runtime/clock.ts';
import { topMember } from '../../shape/leaves.ts';
import { reportAvailability } from './availability.ts';
import { clip } from './clip.ts';
import { differences } from './drift.ts';
import { newEvents } from './events.ts';
import { rulesOf } from './fields.ts';
import { primaryDeployment } from './live.ts';
import { restartOf } from './restart.ts';
import { type RolloutReport, reportRollout } from './rollout.ts';
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import { wantedArn } from './task-definition.ts';
import { templateArn, templateStatus } from './template.ts';
import type {
  DeploymentStatus,
  EcsServiceAction,
  EcsServiceDesired,
  EcsServiceObserved,
  TaskFailure,
} from './types.ts';

type Input = PlanInput<EcsServiceSpec, EcsServiceStatus, EcsServiceDesired, EcsServiceObserved> & {
  readonly plan: Plan<EcsServiceAction, EcsServiceStatus>;
};

type Fields = Omit<EcsServiceStatus, keyof CommonStatus>;

/** What a service says of itself. Pure. */
export function reportService(input: Input): KindReport<EcsServiceStatus> {
  const { desired, observed, object, plan, now, identity } = input;
  const { status } = object;
  const { service } = observed;
  const rolled = reportRollout({ desired, observed, status, plan, now });
  const available = reportAvailability(observed, status, now);
  const told = newEvents(service?.events, status?.lastEventId, { adopted: status?.adopted === true });
  const healthy = rolled.condition.status === 'True' && available.condition.status === 'True';
  const primary = primaryDeployment(service);
  const fields: Loose<Fields> = {
    clusterArn: service?.clusterArn ?? status?.clusterArn,
    taskDefinitionArn: wantedArn(desired.taskDefinition, service?.taskDefinition, templateArn(observed)),
    currentTaskDefinitionArn: service?.taskDefinition,
    desiredCount: service?.desiredCount,
    runningCount: service?.runningCount,
    pendingCount: service?.pendingCount,
    selector: `ecs-operator.dev/service=${identity.namespace}.${identity.name}`,
    createdAt: timeOf(service?.createdAt),
    deployment: primary === undefined ? taskSetStatus(service) : deploymentStatus(primary),
    rollout: rolled.rollout,
    restart: restartStatus(input),
    shortSince: available.shortSince,
    recentFailures: failures(observed, status, healthy),
    template: templateStatus(desired, observed, status),
    lastEventId: service === undefined ? status?.lastEventId : told.lastEventId,
    revision: holdsSettings(input) ? observed.revision : undefined,
    namespace: observed.namespace,
  };
  const progress = rolled.progress ?? waitForTasks(rolled, available, service);
  return {
    fields: present(fields),
    conditions: [rolled.condition, available.condition],
    ...(progress === undefined ? {} : { progress }),
    ...(rolled.stalled === undefined ? {} : { stalled: rolled.stalled }),
    ...(told.notes.length === 0 ? {} : { events: told.notes }),
  };
}

function waitForTasks(
  rolled: RolloutReport,
  { pollMs }: ReturnType<typeof reportAvailability>,
  service: Service | undefined,
): KindReport<EcsServiceStatus>['progress'] {
  if (rolled.stalled !== undefined || pollMs === undefined) return undefined;
  const message = `${service?.runningCount ?? 0} of ${service?.desiredCount ?? 0} tasks running`;
  return { reason: 'WaitingForTasks', message, pollMs };
}

function restartStatus({ desired, observed, object, plan }: Input): EcsServiceStatus['restart'] {
  const restart = restartOf({
    restartedAt: desired.restartedAt,
    status: object.status,
    primaryId: primaryDeployment(observed.service)?.id,
    creating: observed.service === undefined,
  });
  if (restart.type === 'done') return restart.restart;
  // A due one stands in status once its intent was written; a plan that is held has none yet.
  return restart.type === 'due' && plan.stalled === undefined ? object.status?.restart : undefined;
}

/** The last failures stay to be seen until the service is well again. */
function failures(
  observed: EcsServiceObserved,
  status: EcsServiceStatus | undefined,
  healthy: boolean,
): readonly TaskFailure[] | undefined {
  if (healthy) return undefined;
  const shown = observed.failures ?? status?.recentFailures ?? [];
  return shown.length === 0 ? undefined : shown;
}

/** A service revision is remembered as compared only when it was found to hold what the spec asks. */
function holdsSettings({ desired, observed, object }: Input): boolean {
  if (observed.revision === undefined) return false;
  const found = differences({ desired, observed, status: object.status });
  return !found.some(({ path }) => rulesOf(topMember(path)).inRevision === true);
}

function deploymentStatus(deployment: Deployment): DeploymentStatus {
  return present<DeploymentStatus>({
    id: deployment.id ?? '',
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason && clip(deployment.rolloutStateReason),
    createdAt: timeOf(deployment.createdAt),
    desiredCount: deployment.desiredCount,
    runningCount: deployment.runningCount,
    pendingCount: deployment.pendingCount,
    failedTasks: deployment.failedTasks,
  });
}

function taskSetStatus(service: Service | undefined): DeploymentStatus | undefined {
  const primary = service?.taskSets?.find(({ status }) => status === 'PRIMARY');
  if (primary === undefined) return undefined;
  return present<DeploymentStatus>({
    id: primary.id ?? '',
    rolloutState: primary.stabilityStatus,
    createdAt: timeOf(primary.createdAt),
    desiredCount: primary.computedDesiredCount,
    runningCount: primary.runningCount,
    pendingCount: primary.pendingCount,
  });
}

function timeOf(date: Date | undefined): string | undefined {
  return date === undefined ? undefined : kubeTime(date.getTime());
}

type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Leaves out what is undefined. */
function present<T extends object>(value: Loose<T>): T {
  // Safe: only members whose type allows them to be absent are undefined.
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
