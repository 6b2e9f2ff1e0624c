import { CATALOGUE } from '../faults/catalogue.ts';
import type { PlannedFault } from '../faults/fault.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { stream } from '../world/seeds.ts';
import { runWith } from './matrix.ts';
import { pointsOf } from './points.ts';
import { record } from './record.ts';
import { shrink } from './shrink.ts';
import { States } from './states.ts';

/** So many runs with one seed's recording, then the next seed: other interleavings. */
const RUNS_PER_SEED = 40;
const MOST_FAULTS = 4;

/**
 * Explores sequences of faults, most of them pairs, in all scenarios and ever new seeds, for so long. Prints what it
 * did and each run that failed. @returns whether none did.
 */
export async function explore({
  minutes,
  seed,
}: {
  readonly minutes: number;
  readonly seed: number;
}): Promise<boolean> {
  const chance = stream(seed, 'explore');
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(chance.next() * from.length)];
  const until = performance.now() + minutes * 60_000;
  const names = Object.keys(CATALOGUE);
  const states = new States();
  const counts = { runs: 0, faults: 0, failed: 0, virtualMs: 0 };
  for (let round = 0; performance.now() < until; round++) {
    const scenario = pick(SCENARIOS);
    if (scenario === undefined) break;
    const recording = await record(scenario, seed + round);
    for (let at = 0; at < RUNS_PER_SEED && performance.now() < until; at++) {
      const faults: PlannedFault[] = [];
      const count = 2 + Math.floor(chance.next() ** 3 * (MOST_FAULTS - 1));
      while (faults.length < count) {
        const point = pick(pointsOf(recording, pick(names) ?? ''));
        if (point !== undefined) faults.push(point);
      }
      const { result, failure } = await runWith(recording, faults, states.observer);
      counts.runs++;
      counts.faults += result.struck;
      counts.virtualMs += result.virtualMs;
      if (failure === undefined) continue;
      counts.failed++;
      const least = await shrink(recording, faults, failure);
      console.log(`${least.replay}\n  ${least.violations.join('\n  ')}`);
    }
  }
  const hours = (counts.virtualMs / 3_600_000).toFixed(1);
  console.log(
    `${counts.runs} runs, ${counts.faults} faults, ${states.size} distinct states, ${hours} virtual hours, ${counts.failed} failed`,
  );
  return counts.failed === 0;
}
