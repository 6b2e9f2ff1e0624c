import { celRegex } from '../schema/cel.ts';
import type { Rule } from '../schema/kind-schema.ts';
import { asText, given, inside } from '../schema/values.ts';

/** `{namespace}` and `{name}` filled in, a template gives a name that AWS's services take. */
const TEMPLATE = /^([a-zA-Z0-9_.-]|[{]namespace[}])*[{]name[}]([a-zA-Z0-9_.-]|[{]namespace[}])*$/;

/** The account in a role's ARN. */
const accountOf = (roleArn: string) => roleArn.split(':')[4];

export const accountRules: readonly Rule[] = [
  {
    id: 'name-template-has-name',
    at: 'spec',
    fieldPath: '.nameTemplate',
    cel: `!has(self.nameTemplate) || self.nameTemplate.matches(${celRegex(TEMPLATE)})`,
    message:
      'nameTemplate has to contain {name} once, may contain {namespace}, and otherwise letters, digits, hyphens, underscores and dots, e.g. "{namespace}-{name}"',
    holds: (self) =>
      self.nameTemplate === undefined || self.nameTemplate === null || TEMPLATE.test(asText(self, 'nameTemplate')),
  },
  {
    id: 'role-is-in-account',
    at: 'spec',
    fieldPath: '.assumeRole',
    cel: "!has(self.accountId) || !has(self.assumeRole) || self.assumeRole.roleArn.split(':')[4] == self.accountId",
    message: 'the role to assume belongs to another account than accountId: correct one of the two',
    holds: (self) => {
      const role = inside(self, 'assumeRole');
      return !given(self, 'accountId') || role === undefined || accountOf(asText(role, 'roleArn')) === self.accountId;
    },
  },
];
