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

test('failures are counted in a row', () => {
  expect([memory.ended(KEY, true), memory.ended(KEY, true)]).toEqual([1, 2]);
  expect(memory.ended(KEY, false)).toBe(0);
  expect(memory.ended(KEY, true)).toBe(1);
});

test('a deletion is counted against the budget once, until the object is gone', () => {
  expect(memory.mayDelete(KEY)).toBe(false);
  memory.allowDeletion(KEY);
  expect(memory.mayDelete(KEY)).toBe(true);
  memory.forget(KEY);
  expect(memory.mayDelete(KEY)).toBe(false);
});

test('of an object that is gone nothing is remembered', () => {
  memory.ended(KEY, true);
  memory.acted(KEY);
  memory.confirms(KEY, 'absence', 1);
  memory.forget(KEY);
  clock.advance(10);
  expect(memory.actedWithin(KEY, 60_000)).toBe(false);
  expect(memory.confirms(KEY, 'absence', 1)).toBe(false);
  expect(memory.ended(KEY, true)).toBe(1);
});
