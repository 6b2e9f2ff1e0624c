import { expect, test } from 'vitest';
import { checkTags } from './tags.ts';

const tag = (key: string, value = '') => ({ key, value });
const many = (count: number) => Array.from({ length: count }, (_, index) => tag(`k${index}`));

test.each([
  ['an empty key', [tag('')], 'Tag key length'],
  ['a key of 129 characters', [tag('k'.repeat(129))], 'Tag key length'],
  ['a value of 257 characters', [tag('k', 'v'.repeat(257))], 'Tag value length'],
  ['a key with a bracket', [tag('a{b')], 'invalid characters'],
  ["a key that begins with AWS's prefix", [tag('AWS:name')], 'reserved for internal use'],
  ['the same key twice', [tag('a'), tag('a')], 'Duplicate tag keys'],
  ['51 tags', many(51), 'maximum number of tags'],
])('%s is refused', (_, tags, words) => {
  expect(() => checkTags(tags, 'InvalidParameterException')).toThrow(words);
});

test('50 tags, empty values, letters of any script and keys that differ in case are fine', () => {
  checkTags(many(50), 'InvalidInput');
  checkTags([tag('Größe', 'κόσμος 1+2=3 @a.b/c:d_e-f'), tag('größe')], 'InvalidInput');
});
