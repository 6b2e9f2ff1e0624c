import { expect, test } from 'vitest';
import { kubeTime } from '../../runtime/clock.ts';
import { pollAfter } from './poll.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');

test.each([
  { age: 0, ms: 2_000 },
  { age: 5, ms: 2_000 },
  { age: 40, ms: 4_000 },
  { age: 3_600, ms: 10_000 },
  { age: -60, ms: 2_000 },
])('a rollout that is $age seconds old is looked at again after $ms ms', ({ age, ms }) => {
  expect(pollAfter(kubeTime(NOW - age * 1000), NOW)).toBe(ms);
});

test('one whose beginning is not known is looked at soon', () => {
  expect(pollAfter(undefined, NOW)).toBe(2_000);
  expect(pollAfter('soon', NOW)).toBe(2_000);
});
