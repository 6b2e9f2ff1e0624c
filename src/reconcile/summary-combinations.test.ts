import { expect, test } from 'vitest';
import { type Condition, contradictions, findCondition } from '../runtime/conditions.ts';
import type { KindReport } from './kind.ts';
import { condition, SAMPLE_ARN, sampleObject } from './sample-objects.ts';
import type { Standing } from './standing.ts';
import { intendedStatus, type StatusInput, sameJson, statusOf } from './status.ts';
import type { CommonStatus, OwnSpec } from './types.ts';

const problem = { reason: 'Because', message: 'of this' };
const error = new Error('away');

const STANDINGS: readonly Standing[] = [
  { type: 'inSync' },
  { type: 'driftReported', problem },
  { type: 'progressing', problem, pollMs: 1 },
  { type: 'waiting', problem },
  { type: 'held', problem },
  { type: 'stalled', problem },
  { type: 'failed', problem, error, reading: true },
  { type: 'failed', problem, error, reading: false },
];

const STATES = ['True', 'False', 'Unknown'] as const;
type Report = KindReport<CommonStatus>;

function* reports(): Generator<Report | undefined> {
  yield undefined;
  for (const rolledOut of STATES) {
    for (const available of STATES) {
      for (const more of [{}, { progress: { ...problem, pollMs: 1 } }, { stalled: problem }]) {
        const own = (type: 'RolledOut' | 'Available', status: (typeof STATES)[number]) => ({
          type,
          status,
          ...problem,
        });
        yield { fields: {}, conditions: [own('RolledOut', rolledOut), own('Available', available)], ...more };
      }
    }
  }
}

const REPORTED = [{ path: 'settings', declared: 1, live: 2, sensitive: false }];
const PREPARED: NonNullable<StatusInput<OwnSpec, CommonStatus>['prepared']> = {
  references: new Map(),
  desired: { name: 'prod', claim: 'prod', grants: [], leaves: {} },
  account: { name: undefined, accountId: undefined, target: { region: 'eu-central-1' }, object: undefined },
};

interface Case {
  readonly standing: Standing;
  readonly report: Report | undefined;
  readonly drifted: boolean;
  readonly failures: number;
  readonly previous: CommonStatus | undefined;
  readonly generation: number;
}

function statusFrom({ standing, report, drifted, failures, previous, generation }: Case, now = 0): CommonStatus {
  return statusOf<OwnSpec, CommonStatus>({
    object: sampleObject({ generation, ...(previous === undefined ? {} : { status: previous }) }),
    standing,
    failures,
    ownTypes: ['RolledOut', 'Available'],
    prepared: PREPARED,
    seen: report === undefined ? undefined : { report, plan: { reported: drifted ? REPORTED : [] }, arn: SAMPLE_ARN },
    applied: undefined,
    ownerUid: undefined,
    now,
  });
}

function* casesAfter(previous: CommonStatus | undefined, generation: number): Generator<Case> {
  for (const standing of STANDINGS) {
    for (const report of reports()) {
      // Nobody knows that AWS holds what is asked without having looked.
      if (report === undefined && (standing.type === 'inSync' || standing.type === 'driftReported')) continue;
      for (const drifted of report === undefined ? [false] : [false, true]) {
        for (const failures of standing.type === 'failed' ? [1, 3] : [0]) {
          yield { standing, report, drifted, failures, previous, generation };
        }
      }
    }
  }
}

function nameOf({ standing, report, failures, previous, generation }: Case): string {
  return JSON.stringify([standing.type, report, failures, previous?.conditions?.map(({ type }) => type), generation]);
}

const first = [...casesAfter(undefined, 1)].map((one) => ({ one, status: statusFrom(one) }));
/** One of each set of conditions that a status can have. */
const distinct = [
  ...new Map(
    first.map(({ status }) => [JSON.stringify(status.conditions?.map(({ type, status: is }) => [type, is])), status]),
  ).values(),
];

test('whatever comes after whatever, the conditions do not contradict each other, nor run ahead', () => {
  expect(first.length).toBeGreaterThan(400);
  for (const { one, status } of first) {
    expect(contradictions(status.conditions, { generation: 1, observedGeneration: 1 }), nameOf(one)).toEqual([]);
  }
  for (const previous of distinct) {
    for (const generation of [1, 2]) {
      for (const one of casesAfter(previous, generation)) {
        const { conditions, observedGeneration } = statusFrom(one);
        const found = contradictions(conditions, { generation, observedGeneration });
        if (found.length > 0) expect(found, nameOf(one)).toEqual([]);
      }
    }
  }
});

test('the same again, however much later, is the same status: nothing is written', () => {
  for (const { one, status } of first) {
    const again = statusFrom({ ...one, previous: status }, 3_600_000);
    if (!sameJson(again, status)) expect(again, nameOf(one)).toEqual(status);
  }
});

test('Ready is never True but with Synced and each of the kind’s own, all of this generation', () => {
  for (const previous of distinct) {
    for (const one of casesAfter(previous, 2)) {
      const { conditions } = statusFrom(one);
      if (findCondition(conditions, 'Ready')?.status !== 'True') continue;
      const all = conditions?.filter(({ type }) => type !== 'Drifted') ?? [];
      expect(new Set(all.map(({ status, observedGeneration }) => `${status} ${observedGeneration}`))).toEqual(
        new Set(['True 2']),
      );
    }
  }
});

test('an intent contradicts nothing, and says of nothing that it was seen in the new generation', () => {
  for (const status of distinct) {
    for (const why of [undefined, problem]) {
      const { conditions = [], observedGeneration } = intendedStatus(sampleObject({ generation: 2, status }), {}, why, {
        now: 0,
        ownTypes: ['RolledOut', 'Available'],
        prepared: undefined,
      });
      expect(contradictions(conditions, { generation: 2, observedGeneration })).toEqual([]);
      const seen = conditions.filter(({ type }) => !['Ready', 'Synced', 'Reconciling'].includes(type));
      expect(seen.every((one: Condition) => one.observedGeneration === 1)).toBe(true);
      const ready = conditions.find(({ type }) => type === 'Ready');
      expect(ready?.status === 'True' && ready.observedGeneration === 2).toBe(false);
    }
  }
});

test('a look that failed leaves a Ready object as it is', () => {
  const conditions = [condition('Ready'), condition('Synced'), condition('RolledOut')];
  const previous: CommonStatus = { conditions, observedGeneration: 1 };
  const standing: Standing = { type: 'failed', problem, error, reading: true };
  const after = statusFrom({ standing, report: undefined, drifted: false, failures: 2, previous, generation: 1 });
  expect(after.conditions).toEqual(conditions);
});
