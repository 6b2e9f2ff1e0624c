import type { Clock } from '../../runtime/clock.ts';
import { bucketOf } from './buckets.ts';

/** What a call is charged for. */
export interface ThrottledCall {
  readonly accountId: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
}

interface Level {
  tokens: number;
  /** When `tokens` was right (milliseconds since the epoch). */
  at: number;
}

/** AWS's token buckets, one set per account and region, on the given clock. */
export class Throttle {
  readonly #clock: Clock;
  readonly #levels = new Map<string, Level>();
  /** Whether calls are held to the buckets at all. */
  enabled: boolean;

  constructor(options: { readonly clock: Clock; readonly enabled?: boolean }) {
    this.#clock = options.clock;
    this.enabled = options.enabled ?? true;
  }

  /** Takes one token. False means that AWS would answer ThrottlingException; a refused call costs no token. */
  take(call: ThrottledCall): boolean {
    if (!this.enabled) return true;
    const bucket = bucketOf(call.service, call.operation);
    if (!bucket) return true;
    const now = this.#clock.now();
    const key = `${call.accountId}/${call.region}/${call.service}/${bucket.category}`;
    const level = this.#levels.get(key) ?? { tokens: bucket.burst, at: now };
    const tokens = Math.min(bucket.burst, level.tokens + ((now - level.at) / 1000) * bucket.refill);
    // A hair below one is one: 20 refills of 0.05 add up to 0.9999….
    const granted = tokens >= 1 - 1e-9;
    this.#levels.set(key, { tokens: granted ? Math.max(0, tokens - 1) : tokens, at: now });
    return granted;
  }

  /** Fills every bucket again. */
  reset(): void {
    this.#levels.clear();
  }
}
