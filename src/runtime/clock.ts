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

/** The machine's clock. Made once, in main.ts. */
export function systemClock(): Clock {
  // performance.now() is monotonic: a wall clock that is set back must not make a lease look fresh.
  const origin = Date.now() - performance.now();
  return {
    now: () => Math.floor(origin + performance.now()),
    after(ms, callback) {
      const handle = setTimeout(callback, ms);
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
