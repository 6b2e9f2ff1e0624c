import fc from 'fast-check';
import { isList, isObject, type Json, type Shape } from '../../src/shape/shape.ts';

/** The same value with everything reordered whose order says nothing to AWS: members, and unordered lists. */
export function shuffled<T extends Json>(value: T, shape: Shape): fc.Arbitrary<Json> {
  return fc.infiniteStream(fc.nat()).map((numbers) => reorder(value, shape, () => numbers.next().value ?? 0));
}

function reorder(value: Json, shape: Shape, next: () => number): Json {
  if (isList(value) && shape.type === 'list') {
    const items = value.map((item) => reorder(item, shape.of, next));
    return shape.unordered && !hasEqualNames(items) ? permute(items, next) : items;
  }
  if (isObject(value) && shape.type === 'structure') {
    const entries = Object.entries(value).map(([name, item]): [string, Json] => [
      name,
      reorder(item, shape.members[name]?.shape ?? { type: 'document' }, next),
    ]);
    return Object.fromEntries(permute(entries, next));
  }
  return isObject(value) ? Object.fromEntries(permute(Object.entries(value), next)) : value;
}

/** Of two variables with one name the last wins: their order does say something. */
function hasEqualNames(items: readonly Json[]): boolean {
  const names = items.flatMap((item) => (isObject(item) && typeof item.name === 'string' ? [item.name] : []));
  return new Set(names).size < names.length;
}

function permute<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => ({ item, order: next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
