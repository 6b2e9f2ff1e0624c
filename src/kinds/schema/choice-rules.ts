import { celGiven, kebab } from './cel.ts';
import type { Rule } from './kind-schema.ts';
import { given } from './values.ts';

interface EitherInput {
  readonly at: string;
  readonly members: readonly string[];
  readonly id: string;
  readonly message: string;
}

interface NotBothInput extends EitherInput {
  readonly members: readonly [first: string, second: string];
}

/** Not both of two members. The one that fewer people write comes first: mostly it decides alone. */
export function notBothRule({ at, members: [first, second], id, message }: NotBothInput): Rule {
  return {
    id,
    at,
    cel: `!(${celGiven(first)} && ${celGiven(second)})`,
    message,
    holds: (self) => !(given(self, first) && given(self, second)),
  };
}

/** Exactly one of some members, unless a wrapper was pasted: another rule speaks then. */
export function exactlyOneRule({ at, members, id, message, unless }: EitherInput & { readonly unless: string }): Rule {
  const count = members.map((member) => `(${celGiven(member)} ? 1 : 0)`).join(' + ');
  return {
    id,
    at,
    cel: `${count} == 1 || has(self.${unless})`,
    message,
    holds: (self) =>
      (self[unless] !== undefined && self[unless] !== null) ||
      members.filter((member) => given(self, member)).length === 1,
  };
}

/** A wrapper that was pasted along with what is inside it. */
export function wrapperRule(at: string, member: string, message: string): Rule {
  return {
    id: `no-${kebab(member)}-wrapper`,
    at,
    fieldPath: `.${member}`,
    cel: `!has(self.${member})`,
    message,
    holds: (self) => self[member] === undefined || self[member] === null,
  };
}
