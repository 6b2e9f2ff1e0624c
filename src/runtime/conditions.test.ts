import { describe, expect, it } from 'vitest';
import {
  type Condition,
  contradictions,
  findCondition,
  isConditionTrue,
  removeCondition,
  replaceConditions,
  setCondition,
} from './conditions.ts';

const NOW = '2026-01-01T00:00:00Z';
const LATER = '2026-01-01T00:05:00Z';

function condition(type: string, status: Condition['status'], more: Partial<Condition> = {}): Condition {
  return { type, status, reason: 'Because', message: '', observedGeneration: 1, lastTransitionTime: NOW, ...more };
}

describe('setting conditions', () => {
  it('keeps the transition time while the status stays, whatever else is said', () => {
    const before = [condition('Ready', 'False')];
    const wanted = { type: 'Ready', status: 'False', reason: 'Other', message: 'new' } as const;
    const [after] = setCondition(before, wanted, { generation: 2, now: LATER });
    expect(after).toEqual({ ...wanted, observedGeneration: 2, lastTransitionTime: NOW });
  });

  it('moves it when the status changes, and keeps the order', () => {
    const before = [condition('Ready', 'False'), condition('Synced', 'True')];
    const wanted = { type: 'Ready', status: 'True', reason: 'Done', message: '' } as const;
    const after = setCondition(before, wanted, { generation: 1, now: LATER });
    expect(after.map((each) => [each.type, each.lastTransitionTime])).toEqual([
      ['Ready', LATER],
      ['Synced', NOW],
    ]);
  });

  it('adds, finds and removes', () => {
    const wanted = { type: 'Ready', status: 'True', reason: 'Done', message: '' } as const;
    const after = setCondition(undefined, wanted, { generation: undefined, now: NOW });
    expect(after).toEqual([{ ...wanted, lastTransitionTime: NOW }]);
    expect([isConditionTrue(after, 'Ready'), isConditionTrue(after, 'Stalled')]).toEqual([true, false]);
    expect(findCondition(removeCondition(after, 'Ready'), 'Ready')).toBeUndefined();
  });

  it('cuts a message that Kubernetes would refuse', () => {
    const wanted = { type: 'Ready', status: 'True', reason: 'Done', message: 'x'.repeat(40_000) } as const;
    const [after] = setCondition([], wanted, { generation: 1, now: NOW });
    expect(after?.message).toHaveLength(32_768);
  });

  it('replaces all at once, and leaves out Reconciling and Stalled when they do not hold', () => {
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
  const ready = condition('Ready', 'True');
  const notReady = condition('Ready', 'False');
  const cases: readonly [string, readonly Condition[] | undefined, RegExp][] = [
    ['no conditions', undefined, /Ready is missing/],
    ['twice the same', [ready, ready], /twice/],
    ['Ready and Reconciling', [ready, condition('Reconciling', 'True')], /Ready and Reconciling/],
    ['Ready and Stalled', [ready, condition('Stalled', 'True')], /Ready and Stalled/],
    ['an abnormal condition that is False', [notReady, condition('Stalled', 'False')], /does not hold/],
    ['both at once', [notReady, condition('Stalled', 'True'), condition('Reconciling', 'True')], /at once/],
    ['Ready without Synced', [ready, condition('Synced', 'False')], /Synced/],
    ['Ready without RolledOut', [ready, condition('RolledOut', 'Unknown')], /RolledOut/],
    ['no reason', [condition('Ready', 'True', { reason: '' })], /no valid reason/],
    ['a reason of several words', [condition('Ready', 'True', { reason: 'not good' })], /no valid reason/],
    ['a generation from the future', [condition('Ready', 'True', { observedGeneration: 3 })], /generation 3/],
  ];
  it.each(cases)('are found: %s', (_, conditions, message) => {
    expect(contradictions(conditions, { generation: 2, observedGeneration: 2 }).join()).toMatch(message);
  });

  it('are not found in what is consistent', () => {
    expect(contradictions([ready, condition('Synced', 'True'), condition('Drifted', 'True')])).toEqual([]);
    expect(contradictions([notReady, condition('Stalled', 'True')])).toEqual([]);
  });
});
