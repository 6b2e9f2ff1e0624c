const FASTEST_MS = 2_000;
const SLOWEST_MS = 10_000;

/**
 * How long to wait before a rollout is looked at again: often while it is young, since small ones take
 * seconds, and every ten seconds when it is old. Milliseconds.
 */
export function pollAfter(startedAt: string | undefined, now: number): number {
  const started = startedAt === undefined ? Number.NaN : Date.parse(startedAt);
  const age = Number.isNaN(started) ? 0 : Math.max(0, now - started);
  return Math.min(SLOWEST_MS, Math.max(FASTEST_MS, Math.round(age / 10)));
}
