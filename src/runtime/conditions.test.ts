import { describe, expect, it } from 'vitest';
import { type Condition, contradictions, findCondition, replaceConditions } from './conditions.ts';

const NOW = '2026-01-01T00:00:00Z';
const LATER = '2026-01-01T00:05:00Z';

function condition(type: string, status: Condition['status'], more: Partial<Condition> = {}): Condition {
  return { type, status, reason: 'Because', message: '', observedGeneration: 1, lastTransitionTime: NOW, ...more };
}

const ready = (status: Condition['status'], more: object = {}) => ({
  type: 'Ready',
  status,
  reason: 'R',
  message: '',
  ...more,
});

describe('conditions', () => {
  it('keep their transition time while the status stays, whatever else is said', () => {
    const wanted = ready('False', { message: 'new' });
    const [after] = replaceConditions([condition('Ready', 'False')], [wanted], { generation: 2, now: LATER });
    expect(after).toEqual({ ...wanted, observedGeneration: 2, lastTransitionTime: NOW });
  });

  it('move it when the status changes, each for itself', () => {
    const before = [condition('Ready', 'False'), condition('Synced', 'True')];
    const wanted = [ready('True'), { ...ready('True'), type: 'Synced' }];
    const after = replaceConditions(before, wanted, { generation: 1, now: LATER });
    expect(after.map((each) => [each.type, each.lastTransitionTime])).toEqual([
      ['Ready', LATER],
      ['Synced', NOW],
    ]);
  });

  it('are found by their type, also where there are none yet', () => {
    const after = replaceConditions(undefined, [ready('True')], { generation: undefined, now: NOW });
    expect(findCondition(after, 'Ready')).toEqual({ ...ready('True'), lastTransitionTime: NOW });
    expect(findCondition(undefined, 'Ready')).toBeUndefined();
  });

  it('have messages that Kubernetes takes, however long they were', () => {
    const [after] = replaceConditions([], [ready('True', { message: 'x'.repeat(40_000) })], {
      generation: 1,
      now: NOW,
    });
    expect(after?.message).toHaveLength(32_768);
  });

  it('are replaced all at once, and leave out Reconciling and Stalled when they do not hold', () => {
    const before = [condition('Stalled', 'True'), condition('Ready', 'False'), condition('Old', 'True')];
    const wanted = [
      { type: 'Ready', status: 'True', reason: 'Done', message: '' },
      { type: 'Reconciling', status: 'False', reason: 'Done', message: '' },
      { type: 'Stalled', status: 'False', reason: 'Done', message: '' },
      { type: 'Drifted', status: 'False', reason: 'Done', message: '' },
    ] as const;
    const after = replaceConditions(before, wanted, { generation: 1, now: LATER });
    expect(after.map((each) => each.type)).toEqual(['Ready', 'Drifted']);
    expect(contradictions(after)).toEqual([]);
  });
});

describe('contradictions', () => {
  const isReady = condition('Ready', 'True');
  const notReady = condition('Ready', 'False');
  const cases: readonly [string, readonly Condition[] | undefined, RegExp][] = [
    ['no conditions', undefined, /Ready is missing/],
    ['twice the same', [isReady, isReady], /twice/],
    ['Ready and Reconciling', [isReady, condition('Reconciling', 'True')], /Ready and Reconciling/],
    ['Ready and Stalled', [isReady, condition('Stalled', 'True')], /Ready and Stalled/],
    ['an abnormal condition that is False', [notReady, condition('Stalled', 'False')], /does not hold/],
    ['both at once', [notReady, condition('Stalled', 'True'), condition('Reconciling', 'True')], /at once/],
    ['Ready without Synced', [isReady, condition('Synced', 'False')], /Synced/],
    ['Ready without RolledOut', [isReady, condition('RolledOut', 'Unknown')], /RolledOut/],
    ['no reason', [condition('Ready', 'True', { reason: '' })], /no valid reason/],
    ['a reason of several words', [condition('Ready', 'True', { reason: 'not good' })], /no valid reason/],
    ['a generation from the future', [condition('Ready', 'True', { observedGeneration: 3 })], /generation 3/],
  ];
  it.each(cases)('are found: %s', (_, conditions, message) => {
    expect(contradictions(conditions, { generation: 2, observedGeneration: 2 }).join()).toMatch(message);
  });

  it('are not found in what is consistent', () => {
    expect(contradictions([isReady, condition('Synced', 'True'), condition('Drifted', 'True')])).toEqual([]);
    expect(contradictions([notReady, condition('Stalled', 'True')])).toEqual([]);
  });
});
