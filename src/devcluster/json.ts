/** What stands under a key of parsed JSON; undefined where the value is no object or has no such key. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    // Any object may be read by string keys: what is not there reads as undefined.
    current = (current as Readonly<Record<string, unknown>>)[key];
  }
  return current;
}

/** The elements of a JSON array; none where the value is no array. */
export function elements(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text, or undefined where the value is none. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
