import { celRegex, celText, kebab } from './cel.ts';
import type { Rule } from './kind-schema.ts';
import { asText, given, inside } from './values.ts';

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
    cel: `!self.metadata.name.contains('.') || ${celText(member, 'self.spec')} != ''`,
    message: `AWS does not allow a dot in this name: set spec.${member}, or give this object a name without dots`,
    holds: (self) => given(inside(self, 'spec'), member) || !asText(inside(self, 'metadata'), 'name').includes('.'),
  };
}
