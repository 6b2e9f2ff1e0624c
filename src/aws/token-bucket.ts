import type { Clock } from '../runtime/clock.ts';
import type { Bucket } from './buckets.ts';

/** How long after a throttled call the full rate is back, in milliseconds. */
const RECOVERY_MS = 60_000;
/** Never slower than this part of the rate: somebody else may hold AWS's bucket empty, and we would wait for ever. */
const SLOWEST = 0.1;

/**
 * How many calls may go out now. It mirrors AWS's own bucket from outside, so it can only be careful: it stays below
 * the documented size, and when AWS refuses all the same (others call too), it starts again empty, at half its speed.
 */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #burst: number;
  /** Tokens per millisecond at full speed. */
  readonly #rate: number;
  #tokens: number;
  #at: number;
  /** Speed, as a part of the full one, at `#slowedAt`. */
  #slowedTo = 1;
  #slowedAt: number;

  /** @param bucket refill per second. Both numbers must be positive; a burst below 1 would never let a call through. */
  constructor(clock: Clock, bucket: Bucket) {
    this.#clock = clock;
    this.#burst = bucket.burst;
    this.#rate = bucket.refill / 1000;
    this.#tokens = bucket.burst;
    this.#at = clock.now();
    this.#slowedAt = this.#at;
  }

  /** Takes one token, if there is one. */
  take(): boolean {
    this.#refill();
    // A hair below one is one: fractions that are added up do not make a whole.
    if (this.#tokens < 1 - 1e-9) return false;
    this.#tokens = Math.max(0, this.#tokens - 1);
    return true;
  }

  /** Milliseconds until there is a token, at least 1. A little too long while the speed recovers. */
  nextTokenMs(): number {
    this.#refill();
    const now = this.#clock.now();
    return Math.max(1, Math.ceil((1 - this.#tokens) / (this.#rate * this.#speed(now))));
  }

  /**
   * AWS refused a call for its rate. Calls that were under way together count once: they say the same thing.
   * @param sentAt when that call went out.
   */
  throttled(sentAt: number): void {
    this.#refill();
    this.#tokens = 0;
    const now = this.#clock.now();
    if (sentAt < this.#slowedAt) return;
    this.#slowedTo = Math.max(SLOWEST, this.#speed(now) / 2);
    this.#slowedAt = now;
  }

  #speed(at: number): number {
    return Math.min(1, this.#slowedTo + (at - this.#slowedAt) / RECOVERY_MS);
  }

  #refill(): void {
    const now = this.#clock.now();
    const speed = (this.#speed(this.#at) + this.#speed(now)) / 2;
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#rate * speed);
    this.#at = now;
  }
}
