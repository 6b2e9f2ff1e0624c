import { celRegex } from './cel.ts';
import type { Rule } from './kind-schema.ts';
import { asText, objects } from './values.ts';

/** AWS's limit for tags on a resource. */
const MOST_TAGS = 50;
/** What the operator puts on a resource to know it again: today 6 tags, 2 kept in reserve. */
const OWN_TAGS = 8;
const TAG_LIMIT = MOST_TAGS - OWN_TAGS;

const TAG_CHARACTERS = '\\p{L}\\p{Z}\\p{N}_.:/=+@-';
const TAG_TEXT = new RegExp(`^[${TAG_CHARACTERS}]*$`, 'u');
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
/**
 * CEL for the characters of a tag. How many there may be is asked beside it: `{1,128}` makes the API server keep a copy of
 * these classes, thousands of ranges, for each of the 128, which was a third of all that it held.
 */
const celFits = (text: string) => `${text}.matches(${celRegex(TAG_TEXT)})`;
/** CEL counts code points, and so does this. */
const fits = (text: string, longest: number) => TAG_TEXT.test(text) && [...text].length <= longest;

/** What AWS and the operator ask of `tags`. */
export function tagRules(at: string): readonly Rule[] {
  return [
    {
      id: 'tags-leave-room',
      at,
      fieldPath: '.tags',
      cel: `!has(self.tags) || self.tags.size() <= ${TAG_LIMIT}`,
      message: `at most ${TAG_LIMIT} tags: AWS allows ${MOST_TAGS} on a resource, and the operator needs ${OWN_TAGS} of them to know it again`,
      holds: (self) => objects(self, 'tags').length <= TAG_LIMIT,
    },
    {
      id: 'tags-not-ours',
      at,
      fieldPath: '.tags',
      cel: `!has(self.tags) || self.tags.all(t, !t.key.startsWith('ecs-operator.dev/') && !t.key.lowerAscii().startsWith('aws:'))`,
      message:
        'tags under "ecs-operator.dev/" belong to the operator and those under "aws:" to AWS: leave them out, they are kept as they are',
      holds: (self) =>
        objects(self, 'tags').every((tag) => {
          const key = asText(tag, 'key');
          return !key.startsWith('ecs-operator.dev/') && !key.toLowerCase().startsWith('aws:');
        }),
    },
    {
      id: 'tags-fit-aws',
      at,
      fieldPath: '.tags',
      cel: `!has(self.tags) || self.tags.all(t, t.key != '' && t.key.size() <= ${LONGEST_KEY} && ${celFits('t.key')} && (!has(t.value) || (t.value.size() <= ${LONGEST_VALUE} && ${celFits('t.value')})))`,
      message:
        'a tag needs a key of 1 to 128 characters and may have a value of up to 256: letters, digits, spaces and _ . : / = + - @ (fill in what is still a placeholder)',
      holds: (self) =>
        objects(self, 'tags').every((tag) => {
          const key = asText(tag, 'key');
          return key !== '' && fits(key, LONGEST_KEY) && fits(asText(tag, 'value'), LONGEST_VALUE);
        }),
    },
  ];
}
