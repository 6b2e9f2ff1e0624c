import { expect, test } from 'vitest';
import { matchesSelector } from './label-selector.ts';
import type { LabelSelector } from './types.ts';

const LABELS = { team: 'a', tier: 'web' };

test.each<{ selector: LabelSelector; fits: boolean; why: string }>([
  { selector: {}, fits: true, why: 'an empty selector fits everything' },
  { selector: { matchLabels: { team: 'a' } }, fits: true, why: 'the label has this value' },
  { selector: { matchLabels: { team: 'a', tier: 'db' } }, fits: false, why: 'all of them have to' },
  { selector: { matchLabels: { zone: '' } }, fits: false, why: 'a label that is not there is not empty' },
  { selector: { matchExpressions: [{ key: 'team', operator: 'In', values: ['a', 'b'] }] }, fits: true, why: 'one of' },
  {
    selector: { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] },
    fits: false,
    why: 'In needs the label',
  },
  {
    selector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] },
    fits: false,
    why: 'one of those',
  },
  {
    selector: { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] },
    fits: true,
    why: 'NotIn does not need the label',
  },
  { selector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] }, fits: true, why: 'it is there' },
  { selector: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] }, fits: false, why: 'it is there' },
  { selector: { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, fits: true, why: 'it is not there' },
  {
    selector: { matchLabels: { team: 'a' }, matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['web'] }] },
    fits: false,
    why: 'labels and expressions together',
  },
  {
    selector: { matchExpressions: [{ key: 'team', operator: 'In' }] },
    fits: false,
    why: 'In without values is none of them',
  },
])('$fits: $why', ({ selector, fits }) => {
  expect(matchesSelector(selector, LABELS)).toBe(fits);
});
