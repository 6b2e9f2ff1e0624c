import type { PlannedFault } from '../faults/fault.ts';
import { type Failure, runWith } from './matrix.ts';
import type { Recording } from './run.ts';

/** Takes away one fault after the other, as long as the run still fails: what is left is what it takes. */
export async function shrink(
  recording: Recording,
  faults: readonly PlannedFault[],
  failure: Failure,
): Promise<Failure> {
  for (const fault of faults) {
    const fewer = faults.filter((one) => one !== fault);
    if (fewer.length === 0) break;
    const { failure: still } = await runWith(recording, fewer);
    if (still !== undefined) return shrink(recording, fewer, still);
  }
  return failure;
}
