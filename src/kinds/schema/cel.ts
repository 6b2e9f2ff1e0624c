/** A regular expression as it stands inside a CEL string literal. */
export const celRegex = (pattern: RegExp) => `'${pattern.source.replaceAll('\\/', '/').replaceAll('\\', '\\\\')}'`;

/** CEL for "this member says something". References are structures: there, being there is all. */
export function celGiven(member: string, self = 'self'): string {
  const there = `has(${self}.${member})`;
  return member.endsWith('Ref') || member.endsWith('Template') ? there : `(${there} && ${self}.${member} != '')`;
}

/** `serviceName` → `service-name`, as it stands in the ids of rules. */
export function kebab(name: string): string {
  return name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
