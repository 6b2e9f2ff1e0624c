import type { TagMap } from '../reconcile/kind.ts';
import { isList, isObject, type Json } from '../shape/shape.ts';

/** Tags as ECS takes them, sorted by key. Cloud Map spells the members `Key` and `Value`. */
export function tagsOf(tags: TagMap): { key: string; value: string }[] {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, value }));
}

/** Tags of a normalised spec: `[{key, value}]`; a tag without a value has the empty one. */
export function tagMapOf(tags: Json | undefined): TagMap {
  if (!isList(tags)) return {};
  return Object.fromEntries(
    tags.flatMap((tag) => {
      if (!isObject(tag) || typeof tag.key !== 'string') return [];
      return [[tag.key, typeof tag.value === 'string' ? tag.value : '']];
    }),
  );
}

/** Tags as ECS answers them. */
export function tagMapOfList(
  tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[] | undefined,
): TagMap {
  return Object.fromEntries((tags ?? []).flatMap(({ key, value }) => (key === undefined ? [] : [[key, value ?? '']])));
}
