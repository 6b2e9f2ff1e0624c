import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runWith } from '../driver/matrix.ts';
import { record } from '../driver/record.ts';
import { replayLine } from '../driver/replay-line.ts';
import { effort, TEST_MS } from '../fuzz/effort.ts';
import { CORE } from '../scenarios/index.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { changes, faults, planned } from './drawn.ts';
import { sequence } from './sequence.ts';

async function holds(scenario: Scenario, seed: number, drawn: Parameters<typeof planned>[1]): Promise<void> {
  const recording = await record(scenario, seed);
  const struck = planned(recording, drawn);
  const { failure } = await runWith(recording, struck);
  expect(failure?.violations ?? [], `replay: ${replayLine({ scenario, faults: struck, seed })}`).toEqual([]);
}

describe('whatever goes wrong together, all comes to what was asked', () => {
  it(
    'in the core stories',
    async () => {
      const seeds = fc.integer({ min: 1, max: 1_000_000 });
      await fc.assert(fc.asyncProperty(fc.constantFrom(...CORE), seeds, faults, holds), effort(25));
    },
    TEST_MS,
  );

  it(
    'in sequences of changes',
    async () => {
      const each = fc.asyncProperty(changes, faults, (chosen, drawn) => holds(sequence(chosen), 1, drawn));
      await fc.assert(each, effort(16));
    },
    TEST_MS,
  );
});
