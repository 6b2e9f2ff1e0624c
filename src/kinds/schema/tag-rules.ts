import { celRegex } from './cel.ts';
import type { Rule } from './kind-schema.ts';
import { asText, objects } from './values.ts';

/** AWS's limit for tags on a resource. */
const MOST_TAGS = 50;
/** What the operator puts on a resource to know it again: today 6 tags, 2 kept in reserve. */
const OWN_TAGS = 8;
const TAG_LIMIT = MOST_TAGS - OWN_TAGS;

const TAG_CHARACTERS = '\\p{L}\\p{Z}\\p{N}_.:/=+@-';
const TAG_KEY = new RegExp(`^[${TAG_CHARACTERS}]{1,128}$`, 'u');
const TAG_VALUE = new RegExp(`^[${TAG_CHARACTERS}]{0,256}$`, 'u');

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
      cel: `!has(self.tags) || self.tags.all(t, t.key.matches(${celRegex(TAG_KEY)}) && (!has(t.value) || t.value.matches(${celRegex(TAG_VALUE)})))`,
      message:
        'a tag needs a key of 1 to 128 characters and may have a value of up to 256: letters, digits, spaces and _ . : / = + - @ (fill in what is still a placeholder)',
      holds: (self) =>
        objects(self, 'tags').every((tag) => TAG_KEY.test(asText(tag, 'key')) && TAG_VALUE.test(asText(tag, 'value'))),
    },
  ];
}
