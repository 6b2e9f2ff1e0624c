import type * as fc from 'fast-check';

/** How many seconds each property is tried, instead of its usual number of runs: `FUZZ_SECONDS=600 npm run test:unit`. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 0);
/** Another seed than the fixed one; a failure prints its own. */
const SEED = process.env.FUZZ_SEED;

/** More than any property reaches in the time that it has. */
const ENDLESS = 1e9;

/**
 * How long a property is tried. In the usual test run always in the same way, so that who changes something else does
 * not meet a failure that is older than their change; with `FUZZ_SECONDS` on and on, in a new way each time.
 * @param runs in the usual test run.
 */
export function effort(runs: number): Pick<fc.Parameters<unknown>, 'numRuns' | 'seed' | 'interruptAfterTimeLimit'> {
  if (SECONDS === 0) return { numRuns: runs, seed: SEED === undefined ? 1 : Number(SEED) };
  const seed = SEED === undefined ? {} : { seed: Number(SEED) };
  return { numRuns: ENDLESS, interruptAfterTimeLimit: SECONDS * 1000, ...seed };
}

/** What a test may take, so that vitest does not end it before fast-check does; milliseconds. */
export const TEST_MS = 60_000 + SECONDS * 2000;
