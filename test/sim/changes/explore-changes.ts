import fc from 'fast-check';
import { runWith } from '../driver/matrix.ts';
import { record } from '../driver/record.ts';
import { changes, faults, planned } from './drawn.ts';
import { sequence } from './sequence.ts';

/**
 * Random sequences of changes with random faults, for so long; a failure is shrunk and printed with its replay.
 * @returns whether there was none.
 */
export async function exploreChanges({
  minutes,
  seed,
}: {
  readonly minutes: number;
  readonly seed: number;
}): Promise<boolean> {
  const counts = { runs: 0, faults: 0, virtualMs: 0 };
  const property = fc.asyncProperty(changes, faults, async (chosen, drawn) => {
    const recording = await record(sequence(chosen), seed);
    const { result, failure } = await runWith(recording, planned(recording, drawn));
    counts.runs++;
    counts.faults += result.struck;
    counts.virtualMs += result.virtualMs;
    if (failure !== undefined) throw new Error(`${failure.replay}\n  ${failure.violations.join('\n  ')}`);
  });
  const details = await fc.check(property, { seed, numRuns: 1e9, interruptAfterTimeLimit: minutes * 60_000 });
  const { failed, counterexamplePath, errorInstance, interrupted } = details;
  const isClean = !failed || (interrupted && errorInstance === null);
  if (!isClean) console.log(`seed ${seed}, path ${counterexamplePath}\n${String(errorInstance)}`);
  const hours = (counts.virtualMs / 3_600_000).toFixed(1);
  console.log(
    `${counts.runs} runs, ${counts.faults} faults, ${hours} virtual hours, ${isClean ? 'none' : 'one'} failed`,
  );
  return isClean;
}
