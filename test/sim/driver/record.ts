import type { Scenario, Step } from '../scenarios/scenario.ts';
import { type Recording, run } from './run.ts';

/**
 * Runs a scenario without faults: what all its other runs are held against.
 * @throws Error that says what is wrong with the story itself.
 */
export async function record(scenario: Scenario, seed: number): Promise<Recording> {
  const { story, before } = markedAt(scenario);
  const { violations, calls, events, standings, end, digest } = await run({ scenario: story, seed, faults: [] });
  if (violations.length > 0) {
    throw new Error(`${scenario.name} fails without any fault (seed ${seed}):\n${violations.join('\n')}`);
  }
  return { scenario, seed, calls, events, before, standings, end, digest };
}

/** The same story, which notes how much has happened when the step is taken from which on faults strike. */
function markedAt(scenario: Scenario): { readonly story: Scenario; readonly before: Recording['before'] } {
  const before = { calls: 0, events: 0 };
  const steps = scenario.steps.map((step): Step => {
    if (step.name !== scenario.struckFrom) return step;
    const act: Step['act'] = (hands) => {
      before.calls = hands.world.calls;
      before.events = hands.world.events;
      return step.act(hands);
    };
    return { ...step, act };
  });
  return { story: { ...scenario, steps }, before };
}
