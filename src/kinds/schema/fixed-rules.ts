import { celSame, kebab } from './cel.ts';
import type { Rule } from './kind-schema.ts';
import { asText, given, inside } from './values.ts';

interface FixedInput {
  readonly member: string;
  readonly at?: string;
  readonly message?: string;
}

/** A member that says the same for as long as the object lives; leaving it out, null and `""` are one and the same. */
export function fixedRule({ member, at = 'spec', message }: FixedInput): Rule {
  return {
    id: `${kebab(member)}-is-fixed`,
    at,
    fieldPath: `.${member}`,
    cel: celSame(member),
    message:
      message ??
      `${member} cannot be changed, added or taken away: put the former value back, or delete this object and make another`,
    holds: (self, old) => asText(self, member) === asText(old, member),
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
    fixedRefRule(ref),
  ];
}

/** A reference that stays what it is. Its own namespace, written out, means the same as none. */
export function fixedRefRule(
  ref: string,
  message = `${ref} cannot be changed: put the former value back, or delete this object and make another`,
): Rule {
  // `namespace` is a reserved word in CEL.
  const namespaces = ['self', 'oldSelf'].map((side) => `${side}.${ref}.__namespace__`);
  return {
    id: `${kebab(ref)}-stays`,
    at: 'spec',
    fieldPath: `.${ref}`,
    cel: `!has(self.${ref}) || !has(oldSelf.${ref}) || (self.${ref}.name == oldSelf.${ref}.name && (${namespaces.map((one) => `!has(${one})`).join(' || ')} || ${namespaces.join(' == ')}))`,
    message,
    holds: (self, old) => {
      const [now, before] = [inside(self, ref), inside(old, ref)];
      if (now === undefined || before === undefined) return true;
      const named = given(now, 'namespace') && given(before, 'namespace');
      return now.name === before.name && (!named || now.namespace === before.namespace);
    },
  };
}

/** The name of what an ARN or a name stands for: what follows the last slash. */
function lastPart(value: string): string {
  return `${value}.substring(${value}.lastIndexOf('/') + 1)`;
}

function lastOf(value: string): string {
  return value.slice(value.lastIndexOf('/') + 1);
}
