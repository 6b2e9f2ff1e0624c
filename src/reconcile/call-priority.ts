import type { CallPriority } from '../aws/limiter.ts';
import type { Operation } from '../aws/operations.ts';
import { findCondition } from '../runtime/conditions.ts';
import type { ResolvedReference } from './kind.ts';
import { linkKey } from './references.ts';
import type { EcsObject } from './types.ts';

/**
 * How urgent the calls for an object are where they have to wait for AWS's rates: what a person changed, in the object
 * or in what it refers to, and AWS does not hold yet; what AWS is rolling out; a look whether all is as it was. Pure.
 */
export function callPriority(
  { metadata, status }: EcsObject,
  references: ReadonlyMap<string, ResolvedReference>,
): CallPriority {
  if (status?.observedGeneration !== metadata.generation) return 'user';
  for (const { reference, target } of references.values()) {
    if (target === undefined) continue;
    const link = linkKey(reference.kind, target.metadata.namespace, target.metadata.name);
    if (status?.observed?.[link] !== target.metadata.generation) return 'user';
  }
  const isTrue = (type: string) => findCondition(status?.conditions, type)?.status === 'True';
  // A deletion that was begun mostly waits.
  if (metadata.deletionTimestamp !== undefined) return 'progress';
  if (isTrue('Synced')) return isTrue('Ready') ? 'resync' : 'progress';
  // Neither trying nor at an end: paused, or drift that is left by policy.
  return isTrue('Reconciling') ? 'user' : 'resync';
}

/** Deregistering yields to registering, with which it shares AWS's smallest rate (rule 8 of the design). */
export function priorityOf(operation: Operation, priority: CallPriority): CallPriority {
  return operation === 'ecs.DeregisterTaskDefinition' ? 'cleanup' : priority;
}
