import type { Rule } from './kind-schema.ts';
import { asText, given, inside, objects } from './values.ts';

/** AWS's limit for tags on a resource. */
const MOST_TAGS = 50;
/** What the operator puts on a resource to know it again: today 6 tags, 2 kept in reserve. */
const OWN_TAGS = 8;
const TAG_LIMIT = MOST_TAGS - OWN_TAGS;

const TAG_CHARACTERS = '\\p{L}\\p{Z}\\p{N}_.:/=+@-';
const TAG_KEY = new RegExp(`^[${TAG_CHARACTERS}]{1,128}$`, 'u');
const TAG_VALUE = new RegExp(`^[${TAG_CHARACTERS}]{0,256}$`, 'u');
/** A regular expression as it stands inside a CEL string literal. */
export const celRegex = (pattern: RegExp) => `'${pattern.source.replaceAll('\\/', '/').replaceAll('\\', '\\\\')}'`;

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

const ECS_NAME = /^[a-zA-Z0-9_-]{1,255}$/;

interface EcsNameInput {
  /** AWS's member, e.g. `family`. */
  readonly member: string;
  readonly at: string;
}

/** A name that AWS's pattern for families, services and clusters admits, where one is given. */
export function ecsNameRule({ member, at }: EcsNameInput): Rule {
  return {
    id: `${kebab(member)}-fits-aws`,
    at,
    fieldPath: `.${member}`,
    cel: `!has(self.${member}) || self.${member} == '' || self.${member}.matches(${celRegex(ECS_NAME)})`,
    message: `${member} may have up to 255 letters, digits, hyphens and underscores; leave it out to use the name of this object (fill in what is still a placeholder)`,
    holds: (self) => !given(self, member) || ECS_NAME.test(asText(self, member)),
  };
}

/** The object's own name stands in for AWS's, so it has to fit where no other is given. */
export function ecsObjectNameRule(member: string): Rule {
  return {
    id: `object-name-fits-${kebab(member)}`,
    at: '',
    cel: `(has(self.spec.${member}) && self.spec.${member} != '') || !self.metadata.name.contains('.')`,
    message: `AWS does not allow a dot in this name: set spec.${member}, or give this object a name without dots`,
    holds: (self) => given(inside(self, 'spec'), member) || !asText(inside(self, 'metadata'), 'name').includes('.'),
  };
}

interface FixedInput {
  readonly member: string;
  readonly at?: string;
  readonly message?: string;
}

/** A member that says the same for as long as the object lives; leaving it out, null and `""` are one and the same. */
export function fixedRule({ member, at = 'spec', message }: FixedInput): Rule {
  const value = (side: string) => `(has(${side}.${member}) ? ${side}.${member} : '')`;
  return {
    id: `${kebab(member)}-is-fixed`,
    at,
    fieldPath: `.${member}`,
    cel: `${value('self')} == ${value('oldSelf')}`,
    message:
      message ??
      `${member} cannot be changed, added or taken away: put the former value back, or delete this object and make another`,
    holds: (self, old) => asText(self, member) === asText(old, member),
  };
}

interface EitherInput {
  readonly at: string;
  readonly members: readonly string[];
  readonly id: string;
  readonly message: string;
}

/** At most one of some members. */
export function atMostOneRule({ at, members, id, message }: EitherInput): Rule {
  const count = members.map((member) => `(${celGiven(member)} ? 1 : 0)`).join(' + ');
  return {
    id,
    at,
    cel: `${count} <= 1`,
    message,
    holds: (self) => members.filter((member) => given(self, member)).length <= 1,
  };
}

/** CEL for "this member says something". References are structures: there, being there is all. */
export function celGiven(member: string, self = 'self'): string {
  const there = `has(${self}.${member})`;
  return member.endsWith('Ref') || member.endsWith('Template') ? there : `(${there} && ${self}.${member} != '')`;
}

/** A wrapper that was pasted along with what is inside it. */
export function wrapperRule(at: string, member: string, message: string): Rule {
  return {
    id: `no-${kebab(member)}-wrapper`,
    at,
    cel: `!has(self.${member})`,
    message,
    holds: (self) => self[member] === undefined || self[member] === null,
  };
}

export function kebab(name: string): string {
  return name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** What AWS asks of a capacity provider strategy. */
export function capacityProviderRules(member: string): readonly Rule[] {
  return [
    {
      id: 'capacity-providers-named',
      at: 'spec',
      fieldPath: `.${member}`,
      cel: `!has(self.${member}) || self.${member}.all(s, has(s.capacityProvider) && s.capacityProvider != '')`,
      message: `every item of ${member} has to name its capacityProvider`,
      holds: (self) => objects(self, member).every((item) => given(item, 'capacityProvider')),
    },
    {
      id: 'one-base',
      at: 'spec',
      fieldPath: `.${member}`,
      cel: `!has(self.${member}) || self.${member}.filter(s, has(s.base) && s.base != '' && string(s.base) != '0').size() <= 1`,
      message: `only one item of ${member} may have a base above 0`,
      holds: (self) => objects(self, member).filter((item) => !['', '0'].includes(asText(item, 'base'))).length <= 1,
    },
  ];
}

/** Exactly one of some members, unless a wrapper was pasted: another rule speaks then. */
export function exactlyOneRule({ at, members, id, message, unless }: EitherInput & { readonly unless: string }): Rule {
  const count = members.map((member) => `(${celGiven(member)} ? 1 : 0)`).join(' + ');
  return {
    id,
    at,
    cel: `has(self.${unless}) || ${count} == 1`,
    message,
    holds: (self) =>
      (self[unless] !== undefined && self[unless] !== null) ||
      members.filter((member) => given(self, member)).length === 1,
  };
}

/**
 * What an object belongs to cannot be changed. From a value to a reference and back is let through here: the operator
 * knows whether they mean the same, and says so if they do not.
 */
export function fixedTargetRules(member: string, ref: string): readonly Rule[] {
  return [
    {
      id: `${kebab(member)}-stays`,
      at: 'spec',
      fieldPath: `.${member}`,
      cel: `!has(self.${member}) || !has(oldSelf.${member}) || self.${member} == '' || oldSelf.${member} == '' || ${lastPart(`self.${member}`)} == ${lastPart(`oldSelf.${member}`)}`,
      message: `${member} cannot be changed: put the former value back, or delete this object and make another`,
      holds: (self, old) =>
        !given(self, member) || !given(old, member) || lastOf(asText(self, member)) === lastOf(asText(old, member)),
    },
    {
      id: `${kebab(ref)}-stays`,
      at: 'spec',
      fieldPath: `.${ref}`,
      cel: `!has(self.${ref}) || !has(oldSelf.${ref}) || (self.${ref}.name == oldSelf.${ref}.name && (!has(self.${ref}.__namespace__) || !has(oldSelf.${ref}.__namespace__) || self.${ref}.__namespace__ == oldSelf.${ref}.__namespace__))`,
      message: `${ref} cannot be changed: put the former value back, or delete this object and make another`,
      holds: (self, old) => {
        const [now, before] = [inside(self, ref), inside(old, ref)];
        if (now === undefined || before === undefined) return true;
        const named = given(now, 'namespace') && given(before, 'namespace');
        return now.name === before.name && (!named || now.namespace === before.namespace);
      },
    },
  ];
}

/** The name of what an ARN or a name stands for: what follows the last slash. */
function lastPart(value: string): string {
  return `${value}.substring(${value}.lastIndexOf('/') + 1)`;
}

function lastOf(value: string): string {
  return value.slice(value.lastIndexOf('/') + 1);
}
