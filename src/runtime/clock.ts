/** A timer that was set; cancelling one that fired or was cancelled does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * All the time there is. Everything that waits or reads the time takes a Clock, so that the simulator can own it
 * (rule 12 of the design: no hidden time).
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. Never runs backwards within one process. */
  now(): number;
  /** Calls back once, after at least `ms` milliseconds. */
  after(ms: number, callback: () => void): Timer;
}

/** Where the machine's time comes from; milliseconds. */
export interface TimeSources {
  /** Since the Unix epoch; may be set forward and back. */
  wall(): number;
  /** Since whenever; never set, and stands still while the machine is suspended. */
  monotonic(): number;
}

/** A wall clock that gained so much on the monotonic one was set forward, or the machine slept. Milliseconds. */
const SLEPT_MS = 1_000;

/** Node takes a longer time-out, some 25 days, for one millisecond; and warns of it, as of a negative one, on standard error. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * The machine's clock. Made once, in main.ts. A wall clock that is set back must not make a lease look fresh, and
 * neither must a machine that slept through it: what counts is the larger progress of the two.
 */
export function systemClock(sources: TimeSources = { wall: Date.now, monotonic: () => performance.now() }): Clock {
  let wall = sources.wall();
  let monotonic = sources.monotonic();
  let time = wall;
  return {
    now() {
      const [wallNow, monotonicNow] = [sources.wall(), sources.monotonic()];
      const passed = Math.max(0, monotonicNow - monotonic);
      const shown = wallNow - wall;
      // Below that it is the wall clock's coarseness, which would add up.
      time += shown - passed > SLEPT_MS ? shown : passed;
      wall = wallNow;
      monotonic = monotonicNow;
      return Math.floor(time);
    },
    after(ms, callback) {
      let left = ms;
      let handle: NodeJS.Timeout;
      const set = () => {
        const step = Math.min(Math.max(0, left), LONGEST_TIMEOUT_MS);
        left -= step;
        handle = setTimeout(left > 0 ? set : callback, step);
      };
      set();
      return { cancel: () => clearTimeout(handle) };
    },
  };
}

/**
 * Resolves after `ms` milliseconds on the given clock.
 * @throws the signal's reason, as soon as the signal is aborted.
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** An instant as Kubernetes writes it: RFC 3339, whole seconds, UTC. */
export function kubeTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
