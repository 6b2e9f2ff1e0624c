import { describe, expect, it } from 'vitest';
import { runWith } from './driver/matrix.ts';
import { record } from './driver/record.ts';
import { parseReplayLine } from './driver/replay-line.ts';

/** Runs in which the operator once did wrong. The lines are those of `npm run sim -- --replay`. */
const ONCE_WRONG: readonly (readonly [line: string, what: string])[] = [
  [
    'dependency-late:watch-closed:2:3006',
    'the watch of AwsAccounts came back late, and what was applied with the account was made with the own identity',
  ],
  [
    'rename:reads-lag-on:66:1',
    'a service that was gone before its DeleteService came let its object go, and the revisions of its template stayed',
  ],
  ['history-limit:none:0:1', 'old revisions were deregistered by what the status remembered, without a look at them'],
  ['dependency-late:kube-unreachable:6:3006', 'the same, when the API server was out of reach for a while'],
  [
    'two-clusters-one-id:none:0:1',
    'what two clusters claim was doubted anew, with a warning, each time that one of the two operators started',
  ],
  [
    'two-clusters:partial-answer:125:7006',
    'a revision that was registered for a service which turned out to be another’s stayed when its object went',
  ],
  [
    'adoption:reads-lag-on:16:1',
    'what was made by hand a moment ago and is to be adopted was not seen, and a second revision replaced the first',
  ],
  ['adoption:reads-lag:29:1', 'the same, when only the look at the family came late'],
  [
    'account-by-annotation:none:0:1',
    'what was applied right after its namespace was given another account was made in the former one',
  ],
];

describe('what simulation has found stays right', () => {
  it.each(ONCE_WRONG)('%s: %s', async (line) => {
    const { scenario, faults, seed } = parseReplayLine(line);
    const { failure } = await runWith(await record(scenario, seed), faults);
    expect(failure?.violations ?? []).toEqual([]);
  });
});
