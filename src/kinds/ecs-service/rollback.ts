import type { ServiceDeploymentBrief, ServiceRevision } from '@aws-sdk/client-ecs';
import { compareDeclared } from '../../shape/compare.ts';
import { ecsRules } from '../../shape/ecs-rules.ts';
import { serviceShape } from '../../shape/shapes.ts';
import { isConfirmed } from './drift.ts';
import { primaryDeployment, revisionRequest } from './live.ts';
import type { EcsServiceStatus } from './schema.ts';
import { isWanted } from './task-definition.ts';
import { templateArn } from './template.ts';
import type { EcsServiceDesired, EcsServiceObserved, History } from './types.ts';

export interface RollbackInput {
  readonly desired: EcsServiceDesired;
  readonly observed: Pick<EcsServiceObserved, 'service' | 'template' | 'namespace'>;
  readonly status: EcsServiceStatus | undefined;
  /** What differs and starts a deployment: see `membersToRollOut`. */
  readonly members: readonly string[];
}

/**
 * Whether AWS's history has to be asked before a deployment is started: AWS may have rolled back the last one, and
 * asking again would roll it back again, for ever. Known rollbacks, our own live deployment and a changed spec need no
 * question, and neither does a service that holds what the spec asks (which takes longer to find out).
 */
export function needsHistory({ desired, observed, status }: Omit<RollbackInput, 'members'>): boolean {
  const rollout = status?.rollout;
  if (rollout === undefined) return status?.applied === undefined;
  if (rollout.rolledBackContent === desired.attempt) return false;
  if (rollout.attempt !== desired.attempt) return false;
  return primaryDeployment(observed.service)?.id !== rollout.deploymentId;
}

export interface HistoryInput extends RollbackInput {
  /** The newest service deployment. */
  readonly newest: ServiceDeploymentBrief;
  /** What it was to bring. */
  readonly target: ServiceRevision | undefined;
}

/** What the newest service deployment says about the last attempt. */
export function readHistory(input: HistoryInput): History {
  const { newest, target, status } = input;
  const deploymentArn = newest.serviceDeploymentArn ?? '';
  if (deploymentArn === status?.rollout?.rolledBackDeployment) return { type: 'none' };
  if (target === undefined || !holdsWanted(target, input)) return { type: 'none' };
  switch (newest.status) {
    case 'ROLLBACK_FAILED':
    case 'ROLLBACK_IN_PROGRESS':
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_SUCCESSFUL':
    case 'STOPPED':
    case 'STOP_REQUESTED': {
      const reason = newest.statusReason ?? `service deployment ${newest.status}`;
      return { type: 'rolledBack', deploymentArn, reason };
    }
    case 'SUCCESSFUL':
      // Of a service that we meet for the first time there is no call of ours that a read could lag behind.
      return { type: status?.rollout === undefined ? 'none' : 'lagging' };
    case 'IN_PROGRESS':
    case 'PENDING':
      return { type: 'lagging' };
    default:
      // A state that AWS added: ask again rather than roll out on a guess.
      return { type: 'lagging' };
  }
}

/** Whether a service revision holds what the spec asks, as far as the two differ at present. */
function holdsWanted(revision: ServiceRevision, { desired, observed, status, members }: RollbackInput): boolean {
  const { taskDefinition, request } = desired;
  if (
    members.includes('taskDefinition') &&
    taskDefinition !== undefined &&
    !isWanted(taskDefinition, revision.taskDefinition, templateArn(observed))
  ) {
    return false;
  }
  const live = revisionRequest(revision);
  const declared = Object.fromEntries(Object.entries(request).filter(([member]) => members.includes(member)));
  const names = new Map(observed.namespace === undefined ? [] : [[observed.namespace.arn, observed.namespace.name]]);
  const rest = {
    shape: serviceShape,
    rules: ecsRules,
    confirmed: (path: string) => isConfirmed(path, desired, status),
    names,
  };
  if (compareDeclared({ declared, live, ...rest }).length > 0) return false;
  // What left the spec has to have left the revision too.
  const gone = members.filter((member) => member !== 'taskDefinition' && request[member] === undefined);
  return gone.every((member) => isCleared(live[member]));
}

function isCleared(value: unknown): boolean {
  if (value === undefined || value === 'LATEST') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).length === 0 || ('enabled' in value && value.enabled === false);
}

/** What is told, and not tried again, for the present spec; undefined when nothing was rolled back. */
export function rolledBack(
  desired: EcsServiceDesired,
  history: History | undefined,
  status: EcsServiceStatus | undefined,
): { readonly reason: string; readonly deploymentArn: string | undefined } | undefined {
  if (history?.type === 'rolledBack') return { reason: history.reason, deploymentArn: history.deploymentArn };
  const rollout = status?.rollout;
  if (rollout?.rolledBackContent !== desired.attempt) return undefined;
  return { reason: rollout.reason ?? 'the deployment was rolled back', deploymentArn: rollout.rolledBackDeployment };
}
