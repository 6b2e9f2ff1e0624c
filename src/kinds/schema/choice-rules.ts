import { celGiven, kebab } from './cel.ts';
import type { Rule } from './kind-schema.ts';
import { given } from './values.ts';

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
