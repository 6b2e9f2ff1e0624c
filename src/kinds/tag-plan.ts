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
  const set: Record<string, string> = {};
  const reported: Difference[] = [];
  for (const [key, value] of Object.entries(declared)) {
    if (live[key] === value) continue;
    const path = formatPath([
      { type: 'member', name: 'tags' },
      { type: 'item', key: 'key', value: key },
    ]);
    const verdict = judge(path);
    if (verdict === 'apply') set[key] = value;
    if (verdict === 'report') reported.push({ path, declared: value, live: live[key], sensitive: false });
  }
  const remove = unset
    .map(tagKeyOf)
    .filter((key): key is string => key !== undefined && !isOwnTag(key) && key in live && !(key in declared));
  return { set, remove, reported };
}

/** The key that a path like `tags[key=team]` names, or undefined for another path. */
export function tagKeyOf(path: string): string | undefined {
  const [list, item] = parsePath(path);
  if (list?.type !== 'member' || list.name !== 'tags' || item?.type !== 'item') return undefined;
  return item.value;
}
