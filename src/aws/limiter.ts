import type { Clock, Timer } from '../runtime/clock.ts';
import type { Bucket } from './buckets.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * Who goes first where calls have to wait, in this order: a change that a person made, what is being rolled out, a
 * look whether all is still as it was, and tidying up (deregistering old revisions).
 */
export type CallPriority = 'user' | 'progress' | 'resync' | 'cleanup';

const ORDER: readonly CallPriority[] = ['user', 'progress', 'resync', 'cleanup'];
/** Every so many grants the one who waited longest goes, whatever its priority: nobody waits for ever. */
const TURN_OF_THE_OLDEST = 8;

/** Whether `a` goes before `b`. */
export function moreUrgent(a: CallPriority, b: CallPriority): boolean {
  return ORDER.indexOf(a) < ORDER.indexOf(b);
}

interface Waiter {
  priority: CallPriority;
  readonly grant: () => void;
}

/** A place in the limiter's queue. */
export interface Ticket {
  /** Resolves when the call may go out, with the milliseconds it waited. @throws the signal's reason when aborted. */
  readonly granted: Promise<number>;
  /** Moves up, when someone more important has joined. Never moves down. */
  raise(priority: CallPriority): void;
}

/** Lets calls through as one of AWS's token buckets allows, by priority and then in order of arrival. */
export class Limiter {
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;
  readonly #waiting = new Set<Waiter>();
  #timer: Timer | undefined;
  #grants = 0;

  constructor(clock: Clock, bucket: Bucket) {
    this.#clock = clock;
    this.#bucket = new TokenBucket(clock, bucket);
  }

  /** Queues a call. */
  enter(options: { readonly priority: CallPriority; readonly signal: AbortSignal }): Ticket {
    const { signal } = options;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const since = this.#clock.now();
    const onAbort = () => {
      this.#waiting.delete(waiter);
      if (this.#waiting.size === 0) this.#stopTimer();
      reject(signal.reason);
    };
    const waiter: Waiter = {
      priority: options.priority,
      grant: () => {
        this.#waiting.delete(waiter);
        signal.removeEventListener('abort', onAbort);
        resolve(this.#clock.now() - since);
      },
    };
    if (signal.aborted) {
      reject(signal.reason);
    } else {
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiter);
      this.#serve();
    }
    return {
      granted: promise,
      raise: (priority) => {
        if (moreUrgent(priority, waiter.priority)) waiter.priority = priority;
      },
    };
  }

  /** AWS refused a call for its rate: those who wait are let out more slowly for a while. */
  throttled(sentAt: number): void {
    this.#bucket.throttled(sentAt);
    this.#stopTimer();
    this.#serve();
  }

  #serve(): void {
    while (this.#waiting.size > 0) {
      if (!this.#bucket.take()) {
        this.#timer ??= this.#clock.after(this.#bucket.nextTokenMs(), () => {
          this.#timer = undefined;
          this.#serve();
        });
        return;
      }
      this.#next()?.grant();
    }
  }

  /** The set keeps the order of arrival, so the first of the best priority is also the oldest of it. */
  #next(): Waiter | undefined {
    this.#grants++;
    let best: Waiter | undefined;
    for (const waiter of this.#waiting) {
      if (this.#grants % TURN_OF_THE_OLDEST === 0) return waiter;
      if (best === undefined || moreUrgent(waiter.priority, best.priority)) best = waiter;
      if (best.priority === 'user') break;
    }
    return best;
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
