/** A merge patch that leaves exactly `value` where `current` stands. */
export function replacing(current: unknown, value: unknown): unknown {
  if (!isRecord(current) || !isRecord(value)) return value ?? null;
  const gone = Object.keys(current).filter((name) => !(name in value));
  return {
    ...Object.fromEntries(gone.map((name) => [name, null])),
    ...Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replacing(current[name], inner)])),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
