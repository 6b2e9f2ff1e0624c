import type { EcsObject } from './types.ts';

/**
 * An object as the operator sees it: null means "not declared" everywhere in a spec (server-side apply empties members
 * by it), so nobody below has to know about it. Nulls in lists and in free JSON (`hookDetails`) are values and stay.
 * @param before what is held of it so far: most changes are of the status, and the spec need not be made anew
 */
export function withoutNulls<T extends EcsObject>(object: T, before: T | undefined): T {
  // A kind whose spec may be left out (EcsCluster) still gets one.
  const spec = before !== undefined && sameSpec(object, before) ? before.spec : clean(object.spec ?? {});
  // Safe: only members that are null are left out, which every type of ours allows.
  return { ...object, spec } as T;
}

/** The API server counts the generation up whenever a spec changes. */
function sameSpec({ metadata: { uid, generation } }: EcsObject, { metadata: before }: EcsObject): boolean {
  return generation !== undefined && generation === before.generation && uid === before.uid;
}

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, name === 'hookDetails' ? member : clean(member)]),
  );
}
