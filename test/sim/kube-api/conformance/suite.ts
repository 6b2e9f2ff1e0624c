import { applies } from './applies.ts';
import { statuses } from './statuses.ts';
import type { ConformanceTarget } from './target.ts';
import { writes } from './writes.ts';

/** What every API server has to do; run against the one in memory and a real one. */
export function conformance(target: () => ConformanceTarget): void {
  writes(target);
  applies(target);
  statuses(target);
}
