import type { Scenario } from '../scenarios/scenario.ts';
import { type Recording, run } from './run.ts';

/**
 * Runs a scenario without faults: what all its other runs are held against.
 * @throws Error that says what is wrong with the story itself.
 */
export async function record(scenario: Scenario, seed: number): Promise<Recording> {
  const { violations, calls, events, standings, end, digest } = await run({ scenario, seed, faults: [] });
  if (violations.length > 0) {
    throw new Error(`${scenario.name} fails without any fault (seed ${seed}):\n${violations.join('\n')}`);
  }
  return { scenario, seed, calls, events, standings, end, digest };
}
