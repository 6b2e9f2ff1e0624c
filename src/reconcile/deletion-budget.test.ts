import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { DeletionBudget } from './deletion-budget.ts';

test('a minute’s worth may go at once, and then one after another', () => {
  const clock = new VirtualClock();
  const budget = new DeletionBudget(clock, 60);
  for (let n = 0; n < 60; n++) expect(budget.take()).toBe(0);
  expect(budget.take()).toBe(1_000);
  clock.advance(999);
  expect(budget.take()).toBeGreaterThan(0);
  clock.advance(1);
  expect(budget.take()).toBe(0);
  expect(budget.take()).toBe(1_000);
});

test('what was not used in hours is still only a minute’s worth', () => {
  const clock = new VirtualClock();
  const budget = new DeletionBudget(clock, 2);
  clock.advance(10 * 3_600_000);
  expect([budget.take(), budget.take()]).toEqual([0, 0]);
  expect(budget.take()).toBe(30_000);
});

test('none a minute stops all deletions', () => {
  const clock = new VirtualClock();
  const budget = new DeletionBudget(clock, 0);
  expect(budget.take()).toBe(60_000);
  clock.advance(3_600_000);
  expect(budget.take()).toBe(60_000);
});

test('whoever waits as told gets its turn, and never more than a minute’s worth go in a minute beyond the first', () => {
  const rate = fc.integer({ min: 1, max: 120 });
  fc.assert(
    fc.property(rate, fc.integer({ min: 1, max: 300 }), (perMinute, wanted) => {
      const clock = new VirtualClock(0);
      const budget = new DeletionBudget(clock, perMinute);
      for (let n = 0; n < wanted; n++) {
        for (let wait = budget.take(), tries = 0; wait > 0; wait = budget.take(), tries++) {
          // Rounding may cost a second, short wait.
          expect(tries).toBeLessThan(3);
          clock.advance(wait);
        }
      }
      expect(wanted).toBeLessThanOrEqual(perMinute + (clock.now() * perMinute) / 60_000 + 1e-6);
    }),
  );
});
