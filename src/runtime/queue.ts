import { jitteredDelay } from './backoff.ts';
import type { Clock, Timer } from './clock.ts';
import type { QueueMetrics } from './metrics.ts';
import type { Random } from './random.ts';
import { ReadyLanes } from './ready-lanes.ts';
import { TimeHeap } from './time-heap.ts';

/**
 * Why a key is to be looked at; earlier ones go first: a person changed the object; something it depends on changed;
 * its own retry or poll is due; the periodic look at everything.
 */
export type Priority = 'change' | 'dependency' | 'retry' | 'resync';

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics?: QueueMetrics;
  /** The first delay after a failure; milliseconds. Default 500. */
  readonly baseDelayMs?: number;
  /** The longest delay after failures; milliseconds. Default 5 minutes. */
  readonly maxDelayMs?: number;
}

/** A key that was taken, until `done`. */
interface Taken {
  readonly since: number;
  /** Added again while it was worked on. */
  again: { readonly at: number; readonly priority: Priority } | undefined;
}

/** A key that waits: to fall due, or to be taken. */
export interface Waiting<K extends string> {
  readonly key: K;
  /** Milliseconds since the epoch. */
  readonly due: number;
  readonly priority: Priority;
}

const URGENCY: Readonly<Record<Priority, number>> = { change: 0, dependency: 1, retry: 2, resync: 3 };
/** Polls of many objects that fall due within this fall due together, so that their reads of AWS can be batched. */
const SLOT_MS = 250;

/**
 * Keys to be worked on. Each key is there at most once, is never handed out twice at once, and is kept when it is
 * added while it is worked on. Adding a key that waits brings it forward, never back.
 */
export class WorkQueue<K extends string> {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #metrics: QueueMetrics | undefined;
  readonly #baseDelayMs: number;
  readonly #maxDelayMs: number;
  readonly #delayed = new TimeHeap<K, Waiting<K>>();
  readonly #ready = new ReadyLanes<K>();
  readonly #taken = new Map<K, Taken>();
  readonly #failures = new Map<K, number>();
  readonly #takers: ((key: K | undefined) => void)[] = [];
  #timer: { readonly at: number; readonly handle: Timer } | undefined;
  #closed = false;

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#metrics = options.metrics;
    this.#baseDelayMs = options.baseDelayMs ?? 500;
    this.#maxDelayMs = options.maxDelayMs ?? 5 * 60_000;
    this.#metrics?.inProgress(() => this.#inProgress());
  }

  /** How many keys are ready and not taken. */
  get length(): number {
    return this.#ready.size;
  }

  /** Whether nothing is ready, delayed or being worked on. */
  get idle(): boolean {
    return this.#ready.size === 0 && this.#delayed.size === 0 && this.#taken.size === 0;
  }

  add(key: K, priority: Priority = 'change'): void {
    this.#schedule(key, this.#clock.now(), priority);
  }

  /** Adds a key once `ms` milliseconds have passed; from one second on, up to a quarter of a second later. */
  addAfter(key: K, ms: number, priority: Priority = 'retry'): void {
    const due = this.#clock.now() + Math.max(0, ms);
    this.#schedule(key, ms < 1000 ? due : Math.ceil(due / SLOT_MS) * SLOT_MS, priority);
  }

  /** Adds a key unless it waits, is delayed or is being worked on: for the periodic look at everything. */
  addIfIdle(key: K, priority: Priority = 'resync'): void {
    if (this.#taken.has(key) || this.#ready.has(key) || this.#delayed.has(key)) return;
    this.add(key, priority);
  }

  /**
   * Adds a key after a failure: the delay doubles with each, with jitter (from a half to the whole), until `forget`, and
   * up to `withinMs`, or the queue's own limit.
   * @returns the delay in milliseconds.
   */
  addAfterFailure(key: K, withinMs = Number.POSITIVE_INFINITY): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const delay = jitteredDelay({
      attempt: failures,
      baseMs: this.#baseDelayMs,
      maxMs: Math.min(this.#maxDelayMs, withinMs),
      random: this.#random,
    });
    this.#metrics?.retried();
    this.#schedule(key, this.#clock.now() + delay, 'retry');
    return delay;
  }

  /** How often a key has failed since it was last forgotten. */
  failures(key: K): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Ends the growing of a key's delays: it succeeded, or is gone. */
  forget(key: K): void {
    this.#failures.delete(key);
  }

  /**
   * The next key, as soon as there is one; undefined once the queue is closed. `done` has to follow.
   * Among equals first come, first served; a lower priority gets every eighth turn, so that nothing starves.
   */
  take(): Promise<K | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const next = this.#ready.shift();
    if (next) return Promise.resolve(this.#handOut(next.key, next.readySince));
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** The work on a key is over; if it was added meanwhile, it waits anew. */
  done(key: K): void {
    const taken = this.#taken.get(key);
    if (!taken) return;
    this.#taken.delete(key);
    this.#metrics?.worked((this.#clock.now() - taken.since) / 1000);
    if (taken.again) this.#schedule(key, taken.again.at, taken.again.priority);
  }

  /** Hands out no more keys, and wakes who waits for one. What is being worked on may still be `done`. */
  close(): void {
    this.#closed = true;
    this.#timer?.handle.cancel();
    this.#timer = undefined;
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #schedule(key: K, due: number, priority: Priority): void {
    if (this.#closed) return;
    const taken = this.#taken.get(key);
    if (taken) {
      taken.again = {
        at: Math.min(due, taken.again?.at ?? Number.POSITIVE_INFINITY),
        priority: moreUrgent(priority, taken.again?.priority),
      };
      return;
    }
    if (this.#ready.has(key)) {
      if (due <= this.#clock.now()) this.#ready.raise(key, URGENCY[priority]);
      return;
    }
    const delayed = this.#delayed.get(key);
    if (due > this.#clock.now()) {
      if (delayed && delayed.due <= due) return;
      this.#delayed.set({ key, due, priority: moreUrgent(priority, delayed?.priority) });
      this.#arm();
      return;
    }
    this.#delayed.remove(key);
    this.#makeReady(key, moreUrgent(priority, undefined));
  }

  #makeReady(key: K, priority: Priority): void {
    this.#metrics?.added();
    const taker = this.#takers.shift();
    const now = this.#clock.now();
    if (taker) taker(this.#handOut(key, now));
    else this.#ready.push({ key, urgency: URGENCY[priority], readySince: now });
    this.#metrics?.depth(this.#ready.size);
  }

  #handOut(key: K, readySince: number): K {
    const now = this.#clock.now();
    this.#taken.set(key, { since: now, again: undefined });
    this.#metrics?.queued((now - readySince) / 1000);
    this.#metrics?.depth(this.#ready.size);
    return key;
  }

  /** One timer, for the key that falls due first. */
  #arm(): void {
    const next = this.#delayed.first();
    if (!next || (this.#timer && this.#timer.at <= next.due)) return;
    this.#timer?.handle.cancel();
    const handle = this.#clock.after(next.due - this.#clock.now(), () => this.#wake());
    this.#timer = { at: next.due, handle };
  }

  #wake(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (let next = this.#delayed.first(); next && next.due <= now; next = this.#delayed.first()) {
      this.#delayed.remove(next.key);
      this.#makeReady(next.key, next.priority);
    }
    this.#arm();
  }

  #inProgress(): { readonly unfinishedSeconds: number; readonly longestSeconds: number } {
    const now = this.#clock.now();
    let unfinishedSeconds = 0;
    let longestSeconds = 0;
    for (const { since } of this.#taken.values()) {
      const seconds = (now - since) / 1000;
      unfinishedSeconds += seconds;
      longestSeconds = Math.max(longestSeconds, seconds);
    }
    return { unfinishedSeconds, longestSeconds };
  }
}

function moreUrgent(one: Priority, other: Priority | undefined): Priority {
  return other !== undefined && URGENCY[other] < URGENCY[one] ? other : one;
}
