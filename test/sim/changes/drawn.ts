import fc from 'fast-check';
import { pointsOf } from '../driver/points.ts';
import type { Recording } from '../driver/run.ts';
import { CATALOGUE } from '../faults/catalogue.ts';
import type { PlannedFault } from '../faults/fault.ts';
import { type Change, LEAVES_TOGETHER } from './sequence.ts';

/** A fault, and where it strikes: so many ten thousandths of the way through its points. */
interface DrawnFault {
  readonly name: string;
  readonly at: number;
}

const fault: fc.Arbitrary<DrawnFault> = fc.record({
  name: fc.constantFrom(...Object.keys(CATALOGUE)),
  at: fc.nat({ max: 9999 }),
});

/** Some faults that strike in one run. */
export const faults: fc.Arbitrary<readonly DrawnFault[]> = fc.array(fault, { minLength: 1, maxLength: 3 });

/** A sequence of changes. */
export const changes: fc.Arbitrary<readonly Change[]> = fc.constantFrom(...LEAVES_TOGETHER).chain((leaves) => {
  const change: fc.Arbitrary<Change> = fc.record({
    leaf: fc.constantFrom(...leaves),
    way: fc.constantFrom('a', 'b', 'none'),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 });
});

/** The faults at their points of a recorded run; one that has no point there is left out. */
export function planned(recording: Recording, drawn: readonly DrawnFault[]): readonly PlannedFault[] {
  return drawn.flatMap(({ name, at }) => {
    const points = pointsOf(recording, name);
    return points[Math.floor((at / 10_000) * points.length)] ?? [];
  });
}
