import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPath, isWithin, type Path, parsePath, type Segment } from './path.ts';

const segment: fc.Arbitrary<Segment> = fc.oneof(
  fc.record({ type: fc.constant('member' as const), name: fc.stringMatching(/^[A-Za-z_]\w{0,8}$/) }),
  fc.record({
    type: fc.constant('item' as const),
    key: fc.constantFrom('name', 'key'),
    value: fc.string({ unit: 'grapheme', maxLength: 8 }),
  }),
  fc.record({ type: fc.constant('entry' as const), key: fc.string({ unit: 'grapheme', maxLength: 8 }) }),
);

describe('a path', () => {
  test.each<{ text: string; path: Path; why: string }>([
    {
      text: 'networkConfiguration.awsvpcConfiguration.subnets',
      path: [
        { type: 'member', name: 'networkConfiguration' },
        { type: 'member', name: 'awsvpcConfiguration' },
        { type: 'member', name: 'subnets' },
      ],
      why: 'members are joined by dots, as kubectl explain writes them',
    },
    {
      text: 'containerDefinitions[name=web].image',
      path: [
        { type: 'member', name: 'containerDefinitions' },
        { type: 'item', key: 'name', value: 'web' },
        { type: 'member', name: 'image' },
      ],
      why: 'an item is named by what tells it apart, not by its place, which moves',
    },
    {
      text: 'tags[key=cost center/team=a]',
      path: [
        { type: 'member', name: 'tags' },
        { type: 'item', key: 'key', value: 'cost center/team=a' },
      ],
      why: 'blanks, slashes and equal signs of a tag stay readable',
    },
    {
      text: 'tags[key="a]b"]',
      path: [
        { type: 'member', name: 'tags' },
        { type: 'item', key: 'key', value: 'a]b' },
      ],
      why: 'what would end the bracket is quoted',
    },
    {
      text: 'options["a=b"]',
      path: [
        { type: 'member', name: 'options' },
        { type: 'entry', key: 'a=b' },
      ],
      why: "an entry that looks like an item's key is quoted",
    },
  ])('$text reads and writes: $why', ({ text, path }) => {
    expect(formatPath(path)).toBe(text);
    expect(parsePath(text)).toEqual(path);
  });

  test('of any names parses back to itself, so that status.applied can be read after a restart', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });

  test.each(['a..b', 'a[', 'a[name=]', 'a.[b]', '.a', 'a["b]', 'a b'])(
    '%s is refused, with the text in the message',
    (text) => {
      expect(() => parsePath(text)).toThrow(text);
    },
  );
});

test.each([
  ['a.b', 'a', true],
  ['a[key=x]', 'a', true],
  ['a', 'a', true],
  ['ab', 'a', false],
  ['a', 'a.b', false],
])(
  '%s within %s: %s, since a policy for a field holds for all below it and for no neighbour',
  (path, prefix, within) => {
    expect(isWithin(path, prefix)).toBe(within);
  },
);
