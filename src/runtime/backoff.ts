import type { Random } from './random.ts';

/** Growing delays between attempts of one thing: each doubles, up to a limit, with jitter from a half to the whole. */
export class Backoff {
  readonly #random: Random;
  readonly #baseMs: number;
  readonly #maxMs: number;
  #attempts = 0;

  constructor(options: { readonly random: Random; readonly baseMs: number; readonly maxMs: number }) {
    this.#random = options.random;
    this.#baseMs = options.baseMs;
    this.#maxMs = options.maxMs;
  }

  /** The delay before the next attempt; milliseconds. */
  next(): number {
    return jitteredDelay({ attempt: this.#attempts++, baseMs: this.#baseMs, maxMs: this.#maxMs, random: this.#random });
  }

  /** It worked: start from the beginning. */
  reset(): void {
    this.#attempts = 0;
  }
}

/** The delay after the failure number `attempt`, counted from 0; milliseconds. */
export function jitteredDelay(options: {
  readonly attempt: number;
  readonly baseMs: number;
  readonly maxMs: number;
  readonly random: Random;
}): number {
  const whole = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(options.attempt, 40));
  return whole * (0.5 + options.random.next() / 2);
}
