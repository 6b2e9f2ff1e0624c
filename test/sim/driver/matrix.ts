import type { PlannedFault } from '../faults/fault.ts';
import { pointsOf } from './points.ts';
import { replayLine } from './replay-line.ts';
import { type Recording, type RunOptions, type RunResult, run } from './run.ts';

/** One run that went wrong. */
export interface Failure {
  /** To be given to `npm run sim -- --replay`. */
  readonly replay: string;
  readonly violations: readonly string[];
}

/** Runs a recorded scenario with one kind of fault at each of its points, or at every `of`th of them. */
export async function* runEach(
  recording: Recording,
  faultName: string,
  { part = 0, of = 1 }: { readonly part?: number; readonly of?: number } = {},
): AsyncGenerator<{
  readonly planned: PlannedFault;
  readonly result: RunResult;
  readonly failure: Failure | undefined;
}> {
  for (const planned of pointsOf(recording, faultName)) {
    if (planned.index % of !== part) continue;
    yield { planned, ...(await runWith(recording, [planned])) };
  }
}

/** Runs a recorded scenario with some faults. */
export async function runWith(
  recording: Recording,
  faults: readonly PlannedFault[],
  observer?: RunOptions['observer'],
): Promise<{ readonly result: RunResult; readonly failure: Failure | undefined }> {
  const { scenario, seed } = recording;
  const result = await run({ scenario, seed, faults, recording, ...(observer && { observer }) });
  const { violations } = result;
  const failure = violations.length === 0 ? undefined : { replay: replayLine({ scenario, faults, seed }), violations };
  return { result, failure };
}
