import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { Memory } from './memory.ts';

const KEY = 'EcsCluster/shop/prod';
let clock: VirtualClock;
let memory: Memory;
beforeEach(() => {
  clock = new VirtualClock();
  memory = new Memory(clock);
});

describe('a suspicion', () => {
  test('is believed when it was seen for long enough', () => {
    expect(memory.confirms(KEY, 'absence', 5_000)).toBe(false);
    clock.advance(4_999);
    expect(memory.confirms(KEY, 'absence', 5_000)).toBe(false);
    clock.advance(1);
    expect(memory.confirms(KEY, 'absence', 5_000)).toBe(true);
  });

  test('starts anew when it did not hold in between', () => {
    memory.confirms(KEY, 'absence', 5_000);
    clock.advance(4_000);
    memory.dismiss(KEY, 'absence');
    clock.advance(4_000);
    expect(memory.confirms(KEY, 'absence', 5_000)).toBe(false);
  });

  test('is its own, for each object', () => {
    memory.confirms(KEY, 'absence', 5_000);
    clock.advance(5_000);
    expect(memory.confirms(KEY, 'twoOwners', 5_000)).toBe(false);
    expect(memory.confirms('EcsCluster/shop/other', 'absence', 5_000)).toBe(false);
  });
});

test('that AWS was just changed is known for a while', () => {
  expect(memory.actedWithin(KEY, 15_000)).toBe(false);
  memory.acted(KEY);
  clock.advance(14_999);
  expect(memory.actedWithin(KEY, 15_000)).toBe(true);
  clock.advance(1);
  expect(memory.actedWithin(KEY, 15_000)).toBe(false);
});

test('a look at AWS counts for a while, and for the generation that it was about', () => {
  expect(memory.lookedLately(KEY, 1, 30_000)).toBe(false);
  memory.looked(KEY, 1);
  clock.advance(29_999);
  expect(memory.lookedLately(KEY, 1, 30_000)).toBe(true);
  expect(memory.lookedLately(KEY, 2, 30_000)).toBe(false);
  clock.advance(1);
  expect(memory.lookedLately(KEY, 1, 30_000)).toBe(false);
});

test('failures are counted in a row, and so is what only a person can put right', () => {
  expect([memory.ended(KEY, 'failed'), memory.ended(KEY, 'failed')]).toEqual([1, 2]);
  expect(memory.ended(KEY, 'inSync')).toBe(1);
  expect(memory.ended(KEY, 'failed')).toBe(1);
  expect([memory.ended(KEY, 'stalled'), memory.ended(KEY, 'stalled')]).toEqual([1, 2]);
});

test('that the status told all is known of the generation that it told of', () => {
  memory.told(KEY, 2);
  expect([memory.wasTold(KEY, 2), memory.wasTold(KEY, 3), memory.wasTold('EcsCluster/shop/other', 2)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('the last try of what must not be done twice is known, with when and to what effect', () => {
  expect(memory.lastTry(KEY)).toBeUndefined();
  memory.tried(KEY, 'a', 'unknown');
  clock.advance(1_000);
  memory.tried(KEY, 'b', 'done');
  expect(memory.lastTry(KEY)).toEqual({ id: 'b', at: clock.now(), effect: 'done' });
});

test('a deletion is counted against the budget once, until the object is gone', () => {
  expect(memory.mayDelete(KEY)).toBe(false);
  memory.allowDeletion(KEY);
  expect(memory.mayDelete(KEY)).toBe(true);
  memory.forget(KEY);
  expect(memory.mayDelete(KEY)).toBe(false);
});

test('an object that came in the place of another is a new one', () => {
  memory.meet(KEY, { uid: 'uid-1', generation: 1 });
  memory.allowDeletion(KEY);
  memory.acted(KEY);
  memory.meet(KEY, { uid: 'uid-1', generation: 2 });
  expect(memory.mayDelete(KEY)).toBe(true);
  memory.meet(KEY, { uid: 'uid-2', generation: 2 });
  expect(memory.mayDelete(KEY)).toBe(false);
  expect(memory.actedWithin(KEY, 60_000)).toBe(false);
});

test('with a changed spec the count of troubles in a row starts anew', () => {
  memory.meet(KEY, { uid: 'uid-1', generation: 1 });
  memory.ended(KEY, 'stalled');
  memory.meet(KEY, { uid: 'uid-1', generation: 1 });
  expect(memory.ended(KEY, 'stalled')).toBe(2);
  memory.meet(KEY, { uid: 'uid-1', generation: 2 });
  expect(memory.ended(KEY, 'stalled')).toBe(1);
});

test('of an object that is gone nothing is remembered', () => {
  memory.ended(KEY, 'failed');
  memory.acted(KEY);
  memory.confirms(KEY, 'absence', 1);
  memory.forget(KEY);
  clock.advance(10);
  expect(memory.actedWithin(KEY, 60_000)).toBe(false);
  expect(memory.confirms(KEY, 'absence', 1)).toBe(false);
  expect(memory.ended(KEY, 'failed')).toBe(1);
});
