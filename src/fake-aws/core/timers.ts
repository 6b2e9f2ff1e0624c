import type { Clock, Timer } from '../../runtime/clock.ts';

/** Timers on AWS's time scale: each wait is divided by `speed`, and all of them can be cancelled at once. */
export class Timers {
  readonly #clock: Clock;
  readonly #speed: number;
  readonly #pending = new Set<Timer>();
  #stopped = false;

  /** @throws RangeError when `speed` is not a positive number. */
  constructor(options: { readonly clock: Clock; readonly speed?: number }) {
    const speed = options.speed ?? 1;
    if (!(speed > 0) || !Number.isFinite(speed)) throw new RangeError(`speed must be a positive number, not ${speed}`);
    this.#clock = options.clock;
    this.#speed = speed;
  }

  /** How much of the given clock's time passes while `ms` of AWS's time does, in milliseconds. */
  scaled(ms: number): number {
    return ms / this.#speed;
  }

  /** Calls back once, after `ms` milliseconds of AWS's time. After `stop` it never does. */
  after(ms: number, callback: () => void): Timer {
    if (this.#stopped) return { cancel: () => {} };
    const timer = this.#clock.after(ms / this.#speed, () => {
      this.#pending.delete(timer);
      callback();
    });
    this.#pending.add(timer);
    return {
      cancel: () => {
        this.#pending.delete(timer);
        timer.cancel();
      },
    };
  }

  /** How many timers are still to fire: none while nothing moves. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Cancels everything, for good. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#pending) timer.cancel();
    this.#pending.clear();
  }
}
