import { sleep, systemClock } from '../../src/runtime/clock.ts';

const POLL_MS = 25;
const SHOWN = 4_000;

/** How long to look, and for what. */
export interface WaitOptions<T> {
  /** What is waited for, for the message: `the service is Ready`. */
  readonly describe: string;
  /** Whether what was seen is what was waited for; by default, whether it is truthy. */
  readonly until?: (seen: T) => boolean;
  /** Milliseconds; generous by default (60,000), since a test that passes never waits that long. */
  readonly limitMs?: number;
}

/**
 * Looks again and again until the condition holds, and returns what was seen. A look that throws (a failed `expect`, a
 * refused connection) counts as "not yet".
 * @throws Error with what was seen last, when the limit is over.
 */
export async function waitFor<T>(
  look: () => T | Promise<T>,
  options: WaitOptions<T> & { readonly until: (seen: T) => boolean },
): Promise<T>;
export async function waitFor<T>(
  look: () => T | Promise<T>,
  options: WaitOptions<T>,
): Promise<Exclude<T, undefined | null | false>>;
export async function waitFor<T>(look: () => T | Promise<T>, options: WaitOptions<T>): Promise<T> {
  const { describe, until = Boolean, limitMs = 60_000 } = options;
  const clock = systemClock();
  const deadline = clock.now() + limitMs;
  for (;;) {
    let last: string;
    try {
      const seen = await look();
      if (until(seen)) return seen;
      last = `last seen: ${shown(seen)}`;
    } catch (error) {
      last = `last error: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (clock.now() > deadline) throw new Error(`waited ${limitMs} ms in vain until ${describe}; ${last}`);
    await sleep(clock, POLL_MS);
  }
}

function shown(value: unknown): string {
  const json = JSON.stringify(value, undefined, 1) ?? String(value);
  return json.length > SHOWN ? `${json.slice(0, SHOWN)} …` : json;
}
