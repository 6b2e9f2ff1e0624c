import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesGlob } from './glob.ts';

test.each([
  ['shop', 'shop', true, 'a plain text is itself'],
  ['shop', 'shops', false, 'and nothing longer'],
  ['shop', 'sho', false, 'and nothing shorter'],
  ['*', '', true, 'a star is anything, nothing included'],
  ['shop-*', 'shop-', true, 'a star at the end may be nothing'],
  ['shop-*', 'shop', false, 'but what stands before it has to be there'],
  ['*-prod', 'a-prod', true, 'a star at the start'],
  ['a*b*c', 'axxbyyc', true, 'stars inside'],
  ['a*b*c', 'acb', false, 'in their order'],
  ['a*a', 'a', false, 'one letter is not both ends'],
  ['ab*ba', 'aba', false, 'nor is an overlap'],
  ['a**b', 'ab', true, 'two stars are one'],
  ['a.c', 'abc', false, 'a dot is a dot'],
  ['[ab]', 'a', false, 'brackets are brackets'],
  ['arn:aws:iam::*:role/app-*', 'arn:aws:iam::123456789012:role/app-web', true, 'an ARN'],
  ['arn:aws:iam::*:role/app-*', 'arn:aws:iam::123456789012:role/ops', false, 'another role'],
  ['', '', true, 'nothing is nothing'],
  ['', 'a', false, 'and no more'],
])('%j against %j is %s: %s', (pattern, text, matches) => {
  expect(matchesGlob(pattern, text)).toBe(matches);
});

test('a pattern made from a text by putting stars over parts of it fits the text', () => {
  const piece = fc.string({ maxLength: 4 }).map((text) => text.replaceAll('*', ''));
  const parts = fc.array(fc.record({ text: piece, hidden: fc.boolean() }), { minLength: 1 });
  fc.assert(
    fc.property(parts, (all) => {
      const text = all.map((part) => part.text).join('');
      const pattern = all.map((part) => (part.hidden ? '*' : part.text)).join('');
      expect(matchesGlob(pattern, text)).toBe(true);
    }),
  );
});
