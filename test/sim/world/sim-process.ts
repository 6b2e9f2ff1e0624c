import type { Clock, Timer } from '../../../src/runtime/clock.ts';
import type { VirtualClock } from '../../../src/runtime/virtual-clock.ts';

/**
 * One life of the operator's process. Everything that could move it on comes through here: timers, answers, bytes of
 * watches. Once it is dead nothing does any more, so none of its continuations ever has an effect: its promises just
 * never settle.
 */
export class SimProcess {
  readonly name: string;
  /** The Kubernetes cluster that it runs in. */
  readonly cluster: string;
  readonly clock: Clock;
  readonly #world: VirtualClock;
  readonly #onDeath: (process: SimProcess) => void;
  /** How to break off what is under way at the other end. */
  readonly #connections = new Set<() => void>();
  #state: 'alive' | 'paused' | 'dead' = 'alive';
  /** What waits for a paused process to go on. */
  #held: (() => void)[] = [];
  #timers = 0;
  #requests = 0;

  constructor(options: {
    readonly name: string;
    readonly cluster: string;
    readonly clock: VirtualClock;
    readonly onDeath: (process: SimProcess) => void;
  }) {
    this.name = options.name;
    this.cluster = options.cluster;
    this.#world = options.clock;
    this.#onDeath = options.onDeath;
    this.clock = { now: () => this.#world.now(), after: (ms, callback) => this.#after(ms, callback) };
  }

  get isDead(): boolean {
    return this.#state === 'dead';
  }

  /** Timers that it set and that are still to fire. */
  get timers(): number {
    return this.#timers;
  }

  /** Requests without an answer yet; streams not counted. */
  get requests(): number {
    return this.#requests;
  }

  /** Watches that are under way. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Lets something reach the process: at once, when it goes on, or never. */
  deliver(effect: () => void): void {
    switch (this.#state) {
      case 'alive':
        // What came first while it was stopped is served first.
        if (this.#held.length === 0) effect();
        else this.#held.push(effect);
        return;
      case 'paused':
        this.#held.push(effect);
        return;
      case 'dead':
        return;
      default:
        this.#state satisfies never;
    }
  }

  /** Ends it between two instructions, as SIGKILL does. */
  kill(): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#held = [];
    for (const close of [...this.#connections]) close();
    this.#connections.clear();
    this.#onDeath(this);
  }

  /** Stops it where it is, as a long garbage collection or a suspended machine does; time goes on for the others. */
  pause(): void {
    if (this.#state === 'alive') this.#state = 'paused';
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'alive';
    this.#catchUp();
  }

  /** One after the other, as the event loop takes them: promises go on in between. */
  #catchUp(): void {
    if (this.#held.length === 0) return;
    this.#world.after(0, () => {
      if (this.#state !== 'alive') return;
      this.#held[0]?.();
      this.#held.shift();
      this.#catchUp();
    });
  }

  /** A request is under way until the returned function is called. */
  requested(): () => void {
    this.#requests++;
    let done = false;
    return () => {
      if (!done) this.#requests--;
      done = true;
    };
  }

  /** A connection is open until the returned function is called; `close` is called when the process dies. */
  connected(close: () => void): () => void {
    this.#connections.add(close);
    return () => this.#connections.delete(close);
  }

  #after(ms: number, callback: () => void): Timer {
    this.#timers++;
    let over = false;
    const end = (): boolean => {
      if (over) return false;
      over = true;
      this.#timers--;
      return true;
    };
    const timer = this.#world.after(ms, () => {
      this.deliver(() => {
        if (end()) callback();
      });
    });
    return {
      cancel: () => {
        if (end()) timer.cancel();
      },
    };
  }
}
