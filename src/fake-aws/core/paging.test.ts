import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageOf } from './paging.ts';

const keyOf = (item: string) => item;

/** All pages, one after the other; `between` changes the list after each. */
function walk(list: string[], maxResults: number, between: () => void = () => {}): string[] {
  const seen: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = pageOf({ all: list, keyOf, maxResults, nextToken });
    seen.push(...page.items);
    nextToken = page.nextToken;
    between();
  } while (nextToken !== undefined);
  return seen;
}

test('the pages together are the list, whatever their size', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 7 }), (list, size) => {
      expect(walk(list, size)).toEqual(list);
    }),
  );
});

test('a list from which the last item given is removed goes on where that stood', () => {
  const list = ['a', 'b', 'c', 'd', 'e'];
  const { nextToken } = pageOf({ all: list, keyOf, maxResults: 2 });
  expect(pageOf({ all: ['a', 'c', 'd', 'e'], keyOf, maxResults: 2, nextToken }).items).toEqual(['c', 'd']);
});

test('what is added in front meanwhile makes no item come twice', () => {
  const list = ['d', 'e', 'f', 'g'];
  let next = 'c';
  const seen = walk(list, 2, () => {
    list.unshift(next);
    next = String.fromCharCode(next.charCodeAt(0) - 1);
  });
  expect(seen).toEqual(['d', 'e', 'f', 'g']);
});

test.each(['x', 'W10', '!!'])('the token %s, which was never given out, is refused', (nextToken) => {
  expect(() => pageOf({ all: ['a'], keyOf, maxResults: 1, nextToken })).toThrow('Invalid token');
});
