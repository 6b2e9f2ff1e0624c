/** A deep copy of what AWS's shapes are made of: objects, lists, dates, scalars. Several times as fast as structuredClone. */
export function plainCopy<T>(value: T): T {
  // Safe: each kind of value is copied to the same kind.
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Date) return new Date(value.getTime());
  const made: Record<string, unknown> = {};
  for (const name in value) made[name] = copy(Reflect.get(value, name));
  return made;
}
