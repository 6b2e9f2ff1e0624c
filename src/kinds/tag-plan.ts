import type { LeafVerdict, TagMap } from '../reconcile/kind.ts';
import { isOwnTag } from '../reconcile/ownership.ts';
import type { Difference } from '../shape/compare.ts';
import { formatPath, parsePath } from '../shape/path.ts';

export interface TagPlanInput {
  /** The user's tags. */
  readonly declared: TagMap;
  /** All tags in AWS, ours among them. */
  readonly live: TagMap;
  /** Paths that an earlier spec declared and this one does not. */
  readonly unset: readonly string[];
  judge(path: string): LeafVerdict;
}

export interface TagPlan {
  readonly set: TagMap;
  readonly remove: readonly string[];
  readonly reported: readonly Difference[];
}

/** What to do about a resource's tags: only declared keys are compared, only keys that were declared are removed. */
export function planTags({ declared, live, unset, judge }: TagPlanInput): TagPlan {
  const set: [key: string, value: string][] = [];
  const reported: Difference[] = [];
  for (const [key, value] of Object.entries(declared)) {
    // Keys are a person's: `constructor` and `__proto__` are keys like any other.
    const held = Object.hasOwn(live, key) ? live[key] : undefined;
    if (held === value) continue;
    const path = formatPath([
      { type: 'member', name: 'tags' },
      { type: 'item', key: 'key', value: key },
    ]);
    const verdict = judge(path);
    if (verdict === 'apply') set.push([key, value]);
    if (verdict === 'report') reported.push({ path, declared: value, live: held, sensitive: false });
  }
  const remove = unset
    .map(tagKeyOf)
    .filter((key): key is string => key !== undefined && !isOwnTag(key))
    .filter((key) => Object.hasOwn(live, key) && !Object.hasOwn(declared, key));
  return { set: Object.fromEntries(set), remove, reported };
}

/** The key that a path like `tags[key=team]` names, or undefined for another path. */
export function tagKeyOf(path: string): string | undefined {
  const [list, item] = parsePath(path);
  if (list?.type !== 'member' || list.name !== 'tags' || item?.type !== 'item') return undefined;
  return item.value;
}
