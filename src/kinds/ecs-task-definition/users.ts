import type { CommonStatus, EcsObject, ObjectRef } from '../../reconcile/types.ts';
import { findCondition } from '../../runtime/conditions.ts';
import type { EcsTaskDefinition } from './schema.ts';

/** What is read of those that refer to a task definition. */
type User = EcsObject<
  EcsObject['spec'] & { readonly taskDefinitionRef?: ObjectRef & { readonly revision?: number } },
  CommonStatus & { readonly taskDefinitionArn?: string; readonly currentTaskDefinitionArn?: string }
>;

/** Revisions that something of ours wants, runs or is pinned to, and every one while a rollout is under way. */
export function revisionsInUse(object: EcsTaskDefinition, dependents: readonly EcsObject[]): ReadonlySet<string> {
  const inUse = new Set<string>();
  for (const user of dependents as readonly User[]) {
    const { taskDefinitionArn, currentTaskDefinitionArn } = user.status ?? {};
    for (const arn of [taskDefinitionArn, currentTaskDefinitionArn]) if (arn !== undefined) inUse.add(arn);
    const pinned = user.spec.taskDefinitionRef?.revision;
    const settled = findCondition(user.status?.conditions, 'RolledOut')?.status === 'True';
    for (const { arn } of object.status?.revisions ?? []) {
      if (!settled || (pinned !== undefined && arn.endsWith(`:${pinned}`))) inUse.add(arn);
    }
  }
  return inUse;
}

/** Why not every service that refers to a task definition runs this revision. */
export interface LaggingUser {
  readonly message: string;
  /** It tried this revision and will not get further by itself. */
  readonly stalled: boolean;
}

/** @returns undefined when every service that refers to a task definition runs this revision. */
export function laggingUser(arn: string, dependents: readonly EcsObject[]): LaggingUser | undefined {
  for (const user of dependents as readonly User[]) {
    if (user.kind !== 'EcsService' || user.metadata.deletionTimestamp !== undefined) continue;
    if (user.spec.taskDefinitionRef?.revision !== undefined) continue;
    const rolledOut = findCondition(user.status?.conditions, 'RolledOut')?.status === 'True';
    if (rolledOut && user.status?.currentTaskDefinitionArn === arn) continue;
    const trouble = findCondition(user.status?.conditions, 'Stalled');
    // How far it is, the service says itself: said here too, each of its steps would be one of ours.
    const name = `EcsService ${user.metadata.namespace}/${user.metadata.name}`;
    const message = `${name} has not rolled it out yet${trouble === undefined ? '' : `: ${trouble.message}`}`;
    // What it says of an earlier revision is no word about this one.
    return { message, stalled: trouble !== undefined && user.status?.taskDefinitionArn === arn };
  }
  return undefined;
}
