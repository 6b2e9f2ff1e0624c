import { createHash } from 'node:crypto';
import { declaredPaths, valueAt } from '../shape/leaves.ts';
import type { Json, JsonObject, Structure } from '../shape/shape.ts';

/** Characters of a leaf's hash: enough to tell a value from the one before, short enough to stand in status. */
const LENGTH = 8;

/** Every declared leaf of a request → a short hash of its value: `DesiredBase.leaves`. */
export function leafHashes(request: JsonObject, shape: Structure): Readonly<Record<string, string>> {
  return Object.fromEntries(
    declaredPaths(request, shape).map((path) => [path, leafHash(valueAt(request, path) ?? null)]),
  );
}

/** The hash of one leaf's value; the order of members does not matter. */
export function leafHash(value: Json): string {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, LENGTH);
}
