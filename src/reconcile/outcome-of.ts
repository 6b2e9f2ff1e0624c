import type { Outcome } from '../runtime/outcome.ts';
import type { Standing } from './standing.ts';

/** How long a terminal error rests before it is tried again without any change: doubled each time. Milliseconds. */
const FIRST_RETRY_MS = 30_000;
const LAST_RETRY_MS = 10 * 60_000;

/** What else the queue has to know. */
export interface Ending {
  /** AWS is still at work on what was asked. */
  readonly pollMs: number | undefined;
  /** How often in a row it ended so, this time included. */
  readonly inARow: number;
  /** Something is left to be done once the status has told what there is to tell. */
  readonly later?: boolean;
}

/** What the queue is told. Pure. */
export function outcomeOf(standing: Standing, { pollMs, inARow, later = false }: Ending): Outcome {
  switch (standing.type) {
    case 'inSync':
    case 'driftReported':
      if (later) return { type: 'progressing', requeueAfterMs: 0 };
      return pollMs === undefined ? { type: 'settled' } : { type: 'progressing', requeueAfterMs: pollMs };
    case 'progressing':
      return { type: 'progressing', requeueAfterMs: standing.pollMs };
    case 'waiting':
    case 'held':
      return standing.pollMs === undefined ? { type: 'waiting' } : { type: 'waiting', requeueAfterMs: standing.pollMs };
    case 'stalled':
      // A permission or a quota is put right where no watch tells of it: soon seen at first, hardly a call later.
      return { type: 'stalled', retryAfterMs: Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, inARow - 1)) };
    case 'failed':
      return { type: 'failed', error: standing.error };
    default:
      return standing satisfies never;
  }
}
