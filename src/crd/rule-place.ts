import type { Rule } from '../kinds/schema/kind-schema.ts';

/** Where a rule is written in the CRD, and how it reads there. */
export interface RulePlace extends Pick<Rule, 'at' | 'cel' | 'fieldPath'> {}

/** `!has(self.x) || …`, also `!has(self.x) || !has(oldSelf.x) || …`. */
const ABOUT_ONE_MEMBER = /^!has\(self\.(\w+)\) \|\| (?:!has\(oldSelf\.\1\) \|\| )?(.+)$/s;

/** `!has(self.x)`: whatever stands there is wrong. */
const MEMBER_ABSENT = /^!has\(self\.(\w+)\)$/;
/** A string literal of CEL, whose text is none of its syntax. */
const LITERAL = /'(?:[^'\\]|\\.)*'/g;

/**
 * A rule about one member of a structure, which holds where that is absent, is written on the member itself: there it
 * means the same, since rules are asked only of what is there (and rules about a change only of what was there before).
 *
 * The API server evaluates all rules at every write, status too, and each access to a member of a structure costs it a
 * copy of the schemas of all its members (`Properties` in apiextensions-apiserver's pkg/apiserver/schema/cel/model):
 * for an EcsService half the CPU time of a write.
 */
export function placeOf({ at, cel, fieldPath }: Pick<Rule, 'at' | 'cel' | 'fieldPath'>): RulePlace {
  const whole = MEMBER_ABSENT.exec(cel)?.[1];
  if (whole !== undefined && at !== '' && fieldPath === `.${whole}`) return { at: `${at}.${whole}`, cel: 'false' };
  const here: RulePlace = { at, cel, ...(fieldPath === undefined ? {} : { fieldPath }) };
  const [, member, rest] = ABOUT_ONE_MEMBER.exec(cel) ?? [];
  // What the message speaks of stays the same only if it is that member.
  if (member === undefined || rest === undefined || at === '' || fieldPath !== `.${member}`) return here;
  const changes = cel.includes('oldSelf');
  const asksBoth = cel.startsWith(`!has(self.${member}) || !has(oldSelf.${member}) || `);
  const others = [...rest.matchAll(/\b(?:self|oldSelf)\b(?:\.(\w+))?/g)].some(([, name]) => name !== member);
  // A conditional binds weaker than `||`: the first part would not stand by itself.
  if (others || changes !== asksBoth || / \? /.test(rest.replaceAll(LITERAL, ''))) return here;
  return { at: `${at}.${member}`, cel: rest.replaceAll(new RegExp(`\\b(self|oldSelf)\\.${member}\\b`, 'g'), '$1') };
}
