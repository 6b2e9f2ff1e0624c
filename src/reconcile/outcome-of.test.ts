import { expect, test } from 'vitest';
import { outcomeOf } from './outcome-of.ts';

const problem = { reason: 'Because', message: 'of that' };

test('what a person has to put right is tried again soon at first, then ever more slowly, at most every ten minutes', () => {
  const retries = [1, 2, 3, 4, 5, 6, 50].map((inARow) =>
    outcomeOf({ type: 'stalled', problem }, { pollMs: undefined, inARow }),
  );
  expect(retries.map((outcome) => outcome.type === 'stalled' && outcome.retryAfterMs / 1000)).toEqual([
    30, 60, 120, 240, 480, 600, 600,
  ]);
});

test('what is in sync rests, unless AWS is still at work or something is left to tidy up', () => {
  expect(outcomeOf({ type: 'inSync' }, { pollMs: undefined, inARow: 0 })).toEqual({ type: 'settled' });
  expect(outcomeOf({ type: 'inSync' }, { pollMs: 1_000, inARow: 0 })).toEqual({
    type: 'progressing',
    requeueAfterMs: 1_000,
  });
  expect(outcomeOf({ type: 'inSync' }, { pollMs: 1_000, inARow: 0, later: true })).toEqual({
    type: 'progressing',
    requeueAfterMs: 0,
  });
});

test('what waits for another object is woken by that, and looked at in between only where that was asked for', () => {
  expect(outcomeOf({ type: 'waiting', problem }, { pollMs: 5, inARow: 0 })).toEqual({ type: 'waiting' });
  expect(outcomeOf({ type: 'held', problem, pollMs: 70 }, { pollMs: undefined, inARow: 0 })).toEqual({
    type: 'waiting',
    requeueAfterMs: 70,
  });
});
