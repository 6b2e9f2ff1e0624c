/** A regular expression as it stands inside a CEL string literal. */
export const celRegex = (pattern: RegExp) => `'${pattern.source.replaceAll('\\/', '/').replaceAll('\\', '\\\\')}'`;

/** CEL for "this member says something". References are structures: there, being there is all. */
export function celGiven(member: string, self = 'self'): string {
  return member.endsWith('Ref') || member.endsWith('Template')
    ? `has(${self}.${member})`
    : `${celText(member, self)} != ''`;
}

/**
 * CEL for what a member says, `''` where it says nothing; `a.b` for one inside a structure. One access, where
 * `has(self.a) && self.a == …` are two: each makes the API server copy the schemas of all members of the structure,
 * twice where the member is there (`unstructuredMap.Find` in apiserver's pkg/cel/common).
 */
export const celText = (member: string, self = 'self') => `${self}.?${member.split('.').join('.?')}.orValue('')`;

/**
 * CEL for "this member says what it said before". `in`, since the API server reckons `==` by the longest values, and
 * takes those of optional ones for endless.
 */
export const celSame = (member: string) => `${celText(member)} in [${celText(member, 'oldSelf')}]`;

/** `serviceName` → `service-name`, as it stands in the ids of rules. */
export function kebab(name: string): string {
  return name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
