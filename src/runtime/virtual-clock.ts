import type { Clock, Timer } from './clock.ts';

interface Entry {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

const before = (a: Entry, b: Entry): boolean => (a.due === b.due ? a.order < b.order : a.due < b.due);

/**
 * A clock that moves only when it is told to, so that hours of rollouts run in milliseconds and the same way each time.
 * Timers fire in the order of their due time, equal ones in the order in which they were set.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  /** A binary heap, smallest due time first: a thousand services set many thousand timers. */
  #heap: Entry[] = [];
  #cancelled = 0;

  /** @param start milliseconds since the Unix epoch; 2026-01-01T00:00:00Z when left out. */
  constructor(start = 1_767_225_600_000) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): Timer {
    // NaN would break the heap's order silently; setTimeout takes it as 0 too.
    const delay = Math.max(ms, 0) || 0;
    const entry: Entry = { due: this.#now + delay, order: this.#order++, callback, cancelled: false };
    this.#push(entry);
    return {
      cancel: () => {
        if (entry.cancelled) return;
        entry.cancelled = true;
        this.#cancelled++;
        this.#sweep();
      },
    };
  }

  /** How many timers are still to fire. */
  get pending(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** When the next timer is due (milliseconds since the epoch), or undefined when there is none. */
  get nextDue(): number | undefined {
    return this.#peek()?.due;
  }

  /** Moves time forward by `ms` and fires what falls due on the way, timers that those set included. */
  advance(ms: number): void {
    this.advanceTo(this.#now + ms);
  }

  /** Moves time forward to `at` (milliseconds since the epoch); does nothing to the time when `at` has passed. */
  advanceTo(at: number): void {
    for (let next = this.#peek(); next && next.due <= at; next = this.#peek()) this.#fire();
    if (at > this.#now) this.#now = at;
  }

  /** Jumps to the next timer and fires it. Returns false when there is none. */
  runNext(): boolean {
    if (!this.#peek()) return false;
    this.#fire();
    return true;
  }

  /**
   * Fires timers until none is left.
   * @throws Error when `limit` timers have fired and there are still more: something sets itself again for ever.
   */
  runAll(limit = 100_000): void {
    for (let fired = 0; this.runNext(); fired++) {
      if (fired >= limit) throw new Error(`virtual clock: timers are still pending after ${limit} have fired`);
    }
  }

  /**
   * Lets `ms` of time pass for code that also waits on promises: before each timer and at the end, everything that is
   * ready in the microtask and I/O-free macrotask queues gets its turn.
   */
  async advanceAsync(ms: number): Promise<void> {
    const at = this.#now + ms;
    await settle();
    for (let next = this.#peek(); next && next.due <= at; next = this.#peek()) {
      this.#fire();
      await settle();
    }
    if (at > this.#now) this.#now = at;
  }

  #fire(): void {
    const entry = this.#pop();
    if (!entry) return;
    if (entry.due > this.#now) this.#now = entry.due;
    // From here on a cancel must not be counted against the heap.
    entry.cancelled = true;
    entry.callback();
  }

  #peek(): Entry | undefined {
    for (let top = this.#heap[0]; top?.cancelled; top = this.#heap[0]) {
      this.#pop();
      this.#cancelled--;
    }
    return this.#heap[0];
  }

  /** Cancelled timers far in the future would pile up; throws them out when they are the larger half. */
  #sweep(): void {
    if (this.#cancelled < 1024 || this.#cancelled * 2 < this.#heap.length) return;
    const live = this.#heap.filter((entry) => !entry.cancelled);
    this.#heap = [];
    this.#cancelled = 0;
    for (const entry of live) this.#push(entry);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (!parent || !before(entry, parent)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || top === last) return top;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      if (!left) break;
      const right = heap[2 * at + 2];
      const [child, childAt] = right && before(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1];
      if (!before(child, last)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = last;
    return top;
  }
}

/** Gives everything that is already resolved its turn; a few rounds, because one await often leads to the next. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}
