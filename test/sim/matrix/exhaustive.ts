import { beforeAll, describe, expect, it } from 'vitest';
import { type Failure, runEach } from '../driver/matrix.ts';
import { record } from '../driver/record.ts';
import type { Recording } from '../driver/run.ts';
import { CATALOGUE } from '../faults/catalogue.ts';
import { CORE } from '../scenarios/index.ts';

const SEED = 1;
/** So many failed runs are enough to show what is wrong. */
const SHOWN = 5;

/** Every core scenario with every fault at each of its points; files share the points among them, to run in parallel. */
export function exhaustive(part: number, of: number): void {
  describe.each(CORE.map((scenario) => ({ scenario, name: scenario.name, about: scenario.about })))(
    '$name: $about',
    ({ scenario }) => {
      let recording: Recording;
      beforeAll(async () => {
        recording = await record(scenario, SEED);
      });
      it.each(scenario.faults ?? Object.keys(CATALOGUE))('whatever call or event %s strikes', async (fault) => {
        const failures: Failure[] = [];
        for await (const { failure } of runEach(recording, fault, { part, of })) {
          if (failure !== undefined) failures.push(failure);
        }
        const shown = failures
          .slice(0, SHOWN)
          .map(({ replay, violations }) => [`npm run sim -- --replay ${replay}`, ...violations]);
        expect(shown, `${failures.length} runs failed`).toEqual([]);
      });
    },
  );
}
