/** A condition by the API conventions (KEP-1623). */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  /** CamelCase, stable. */
  readonly reason: string;
  /** For people; at most 32768 characters. */
  readonly message: string;
  /** The generation of the object that this was said about. */
  readonly observedGeneration?: number;
  /** RFC 3339; when `status` last changed. */
  readonly lastTransitionTime: string;
}

/** A condition as it is wanted now; the times follow from what stood before. */
export type DesiredCondition = Omit<Condition, 'lastTransitionTime' | 'observedGeneration'>;

/** What conditions are computed against. */
export interface ConditionContext {
  readonly generation: number | undefined;
  /** RFC 3339, as `kubeTime` gives it. */
  readonly now: string;
}

/** Conditions that are only there while they hold (kstatus): False would be noise. */
const ABNORMAL_TRUE: ReadonlySet<string> = new Set(['Reconciling', 'Stalled']);
const MESSAGE_LIMIT = 32_768;
const REASON = /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;

export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * All conditions of an object at once: exactly the wanted ones, in the given order, with the times of those before.
 * Reconciling and Stalled that are not True are left out.
 */
export function replaceConditions(
  before: readonly Condition[] | undefined,
  wanted: readonly DesiredCondition[],
  context: ConditionContext,
): readonly Condition[] {
  return wanted
    .filter((condition) => condition.status === 'True' || !ABNORMAL_TRUE.has(condition.type))
    .map((condition) => complete(findCondition(before, condition.type), condition, context));
}

function complete(before: Condition | undefined, wanted: DesiredCondition, context: ConditionContext): Condition {
  const { type, status, reason } = wanted;
  return {
    type,
    status,
    reason,
    message: cut(wanted.message),
    ...(context.generation !== undefined && { observedGeneration: context.generation }),
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : context.now,
  };
}

function cut(message: string): string {
  return message.length <= MESSAGE_LIMIT ? message : `${message.slice(0, MESSAGE_LIMIT - 1)}…`;
}

/** What is wrong with an object's conditions, in words; empty when they are consistent. For tests. */
export function contradictions(
  conditions: readonly Condition[] | undefined,
  object: { readonly generation?: number | undefined; readonly observedGeneration?: number | undefined } = {},
): readonly string[] {
  const all = conditions ?? [];
  const found: string[] = [];
  const is = (type: string, status: Condition['status']) => findCondition(all, type)?.status === status;
  const types = all.map((condition) => condition.type);
  for (const type of new Set(types.filter((type, at) => types.indexOf(type) !== at)))
    found.push(`${type} is there twice`);
  if (!types.includes('Ready')) found.push('Ready is missing');
  for (const type of ['Reconciling', 'Stalled']) {
    if (types.includes(type) && !is(type, 'True')) found.push(`${type} is there though it does not hold`);
    if (is('Ready', 'True') && is(type, 'True')) found.push(`Ready and ${type} at once`);
  }
  if (is('Reconciling', 'True') && is('Stalled', 'True')) found.push('Reconciling and Stalled at once');
  for (const type of ['Synced', 'RolledOut', 'Available']) {
    if (is('Ready', 'True') && types.includes(type) && !is(type, 'True'))
      found.push(`Ready though ${type} is not True`);
  }
  for (const { type, reason, observedGeneration = 0 } of all) {
    if (!REASON.test(reason)) found.push(`${type} has no valid reason: "${reason}"`);
    if (object.generation !== undefined && observedGeneration > object.generation) {
      found.push(`${type} speaks of generation ${observedGeneration}, the object has ${object.generation}`);
    }
    if (object.observedGeneration !== undefined && observedGeneration > object.observedGeneration) {
      found.push(`${type} is ahead of status.observedGeneration`);
    }
  }
  return found;
}
