import type { JsonObject } from '../../../../src/shape/shape.ts';
import type { RuleCase } from './rule-case.ts';

/** `count` different tags. */
function tags(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }));
}

/** The rules about tags, for a kind whose least spec is `base`. */
export function tagCases(
  base: JsonObject,
  wrap: (part: JsonObject) => JsonObject = (part) => part,
): readonly RuleCase[] {
  const withTags = (...list: JsonObject[]) => wrap({ ...base, tags: list });
  return [
    {
      rule: 'tags-leave-room',
      because: 'the operator has to find room for its own tags',
      accepted: [withTags(), withTags(...tags(42))],
      refused: [withTags(...tags(43)), withTags(...tags(50))],
    },
    {
      rule: 'tags-not-ours',
      because: 'ownership tags and those of AWS are nobody else’s to write',
      accepted: [withTags({ key: 'ecs-operator', value: 'x' }), withTags({ key: 'my-aws:x', value: 'x' })],
      refused: [
        withTags({ key: 'ecs-operator.dev/uid', value: 'x' }),
        withTags({ key: 'AWS:thing', value: 'x' }),
        withTags({ key: 'aws:cloudformation:stack-name', value: 'x' }),
      ],
    },
    {
      rule: 'tags-fit-aws',
      because: 'AWS refuses other characters only after the object was applied',
      accepted: [
        withTags({ key: 'Größe 1/2 + a=b:c@d', value: '' }),
        withTags({ key: 'k' }),
        withTags({ key: 'k', value: null }),
        withTags({ key: 'k'.repeat(128), value: 'v'.repeat(256) }),
        // Two UTF-16 units each: what counts are characters.
        withTags({ key: '𝒜'.repeat(128), value: '𝒜'.repeat(256) }),
      ],
      refused: [
        withTags({ key: '', value: 'v' }),
        withTags({ key: '{{ env }}', value: 'v' }),
        withTags({ key: 'k', value: 'a,b' }),
        withTags({ key: 'k', value: '💥' }),
      ],
    },
  ];
}

/** The rule about a member that holds a name as ECS takes it. */
export function ecsNameCase(member: string, rule: string, base: JsonObject): RuleCase {
  return {
    rule,
    because: 'a name that AWS refuses is known when it is applied',
    accepted: [
      { ...base, [member]: 'A-valid_Name-1' },
      { ...base, [member]: '' },
      { ...base, [member]: null },
      { ...base, [member]: 'x'.repeat(255) },
    ],
    refused: [
      { ...base, [member]: 'my.app' },
      { ...base, [member]: '{{ must_env `NAME` }}' },
      { ...base, [member]: 'größe' },
    ],
  };
}

/** The rule that a member stays what it was. */
export function fixedCase(member: string, rule: string, base: JsonObject, values: readonly [string, string]): RuleCase {
  const [one, other] = values;
  return {
    rule,
    because: 'what AWS cannot change is refused, also by taking it out and putting another in',
    before: { ...base, [member]: one },
    accepted: [{ ...base, [member]: one }],
    refused: [{ ...base, [member]: other }, base, { ...base, [member]: null }],
  };
}

/** The same for a member that was left out at first. */
export function stayedAwayCase(member: string, rule: string, base: JsonObject, value: string): RuleCase {
  return {
    rule,
    because: 'what was left out at first stays out; null and "" are as good as nothing',
    before: base,
    accepted: [base, { ...base, [member]: '' }, { ...base, [member]: null }],
    refused: [{ ...base, [member]: value }],
  };
}

/** The object's own name stands in for AWS's. */
export function objectNameCase(member: string, rule: string, base: JsonObject): RuleCase {
  return {
    rule,
    because: 'an object may have a dot in its name where AWS may not',
    accepted: [base, { ...base, [member]: 'my-app' }],
    refused: [base, { ...base, [member]: '' }],
    names: { accepted: ['my-app', 'my.app'], refused: ['my.app', 'my.app'] },
  };
}
