import type { Clock } from '../runtime/clock.ts';

/** At most so many deletions in AWS a minute (`--max-deletes-per-minute`): a brake against deletions in bulk by mistake. */
export class DeletionBudget {
  readonly #clock: Clock;
  readonly #perMinute: number;
  #left: number;
  #at: number;

  /** @param perMinute 0 stops all deletions. */
  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#perMinute = perMinute;
    this.#left = perMinute;
    this.#at = clock.now();
  }

  /** Takes one deletion. @returns 0 when it may go, else the milliseconds after which to ask again. */
  take(): number {
    const now = this.#clock.now();
    this.#left = Math.min(this.#perMinute, this.#left + ((now - this.#at) * this.#perMinute) / 60_000);
    this.#at = now;
    if (this.#left >= 1) {
      this.#left -= 1;
      return 0;
    }
    if (this.#perMinute <= 0) return 60_000;
    return Math.ceil(((1 - this.#left) * 60_000) / this.#perMinute);
  }
}
