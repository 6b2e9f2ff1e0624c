import type { JsonObject } from '../../../../src/shape/shape.ts';
import type { RuleCase } from './rule-case.ts';

const account: JsonObject = { region: 'eu-west-1' };
const roleArn = 'arn:aws:iam::123456789012:role/ecs-operator';

export const accountCases: readonly RuleCase[] = [
  {
    rule: 'name-template-has-name',
    because: 'without the name, two objects would claim one name in AWS',
    accepted: [
      { ...account, nameTemplate: '{namespace}-{name}' },
      { ...account, nameTemplate: '{name}.prod_1' },
      { ...account, nameTemplate: null },
    ],
    refused: [
      { ...account, nameTemplate: '' },
      { ...account, nameTemplate: '{namespace}' },
      { ...account, nameTemplate: '{name} x' },
      { ...account, nameTemplate: '{cluster}-{name}' },
      { ...account, nameTemplate: '{name}{name}' },
    ],
  },
  {
    rule: 'role-is-in-account',
    because: 'a role of another account is a mistake that is known at once',
    accepted: [
      { ...account, accountId: '123456789012', assumeRole: { roleArn } },
      { ...account, assumeRole: { roleArn } },
      { ...account, accountId: '210987654321' },
    ],
    refused: [{ ...account, accountId: '210987654321', assumeRole: { roleArn } }],
  },
];
