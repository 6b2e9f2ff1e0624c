import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { confirmedLeaves, intendedLeaves, sameLeaves, unsetLeaves } from './applied.ts';
import type { Applied } from './types.ts';

const applied = (leaves: Record<string, string>) => ({ leaves });

describe('before a call', () => {
  test.each([
    {
      why: 'all that is declared for the first time is under way',
      before: undefined,
      now: { a: '1' },
      intended: { a: '' },
    },
    {
      why: 'what AWS confirmed stays confirmed',
      before: applied({ a: '1' }),
      now: { a: '1', b: '2' },
      intended: { a: '1', b: '' },
    },
    { why: 'another value is under way again', before: applied({ a: '1' }), now: { a: '2' }, intended: { a: '' } },
    {
      why: 'what is no longer declared is kept until it is cleared',
      before: applied({ a: '1' }),
      now: { b: '2' },
      intended: { a: '1', b: '' },
    },
    {
      why: 'what was under way when we died still is',
      before: applied({ a: '' }),
      now: { a: '1' },
      intended: { a: '' },
    },
  ])('$why', ({ before, now, intended }) => {
    expect(intendedLeaves(before, now)).toEqual({ leaves: intended });
  });

  test('the order of members is always the same, so that nothing is written twice', () => {
    expect(Object.keys(intendedLeaves(applied({ c: '' }), { b: '1', a: '1' }).leaves)).toEqual(['a', 'b', 'c']);
    expect(Object.keys(confirmedLeaves({ b: '1', a: '1' }).leaves)).toEqual(['a', 'b']);
  });
});

describe('unset', () => {
  test.each([
    { why: 'declared before and not now', before: applied({ a: '1', b: '1' }), now: { a: '1' }, unset: ['b'] },
    { why: 'declared before a crash and not now', before: applied({ b: '' }), now: {}, unset: ['b'] },
    { why: 'another value is no unset', before: applied({ a: '1' }), now: { a: '2' }, unset: [] },
    { why: 'nothing was declared before', before: undefined, now: { a: '1' }, unset: [] },
    { why: 'a tag', before: applied({ 'tags[key=team]': '1' }), now: {}, unset: ['tags[key=team]'] },
    {
      why: 'an empty object that got members was not given up',
      before: applied({ h: '1' }),
      now: { 'h.interval': '2' },
      unset: [],
    },
  ])('$why', ({ before, now, unset }) => {
    expect(unsetLeaves(before, now)).toEqual(unset);
  });
});

test('leaves are the same when paths and values are', () => {
  expect(sameLeaves(undefined, applied({}))).toBe(true);
  expect(sameLeaves(applied({ a: '1', b: '2' }), applied({ b: '2', a: '1' }))).toBe(true);
  expect(sameLeaves(applied({ a: '1' }), applied({ a: '' }))).toBe(false);
  expect(sameLeaves(applied({ a: '1' }), applied({ a: '1', b: '1' }))).toBe(false);
  expect(sameLeaves(applied({ a: '1' }), applied({ b: '1' }))).toBe(false);
});

test('whenever the operator dies between an intent and its confirmation, no path that AWS may hold is forgotten', () => {
  const leaves = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'tags[key=x]', 'tags[key=y]'), fc.constantFrom('1', '2'));
  // Each step is a spec; it was confirmed, or the operator died after the call.
  const steps = fc.array(fc.record({ leaves, confirmed: fc.boolean() }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(steps, (all) => {
      let status: Applied | undefined;
      const held = new Set<string>();
      for (const step of all) {
        status = intendedLeaves(status, step.leaves);
        for (const path of Object.keys(step.leaves)) held.add(path);
        expect(Object.keys(status.leaves)).toEqual(expect.arrayContaining([...held]));
        if (!step.confirmed) continue;
        for (const path of unsetLeaves(status, step.leaves)) held.delete(path);
        status = confirmedLeaves(step.leaves);
        expect(new Set(Object.keys(status.leaves))).toEqual(held);
      }
    }),
  );
});
