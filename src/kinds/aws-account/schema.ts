import type { AwsAccountSpec, AwsAccountStatus } from '../../reconcile/account.ts';
import type { CommonStatus } from '../../reconcile/types.ts';
import { arn, commonStatus } from '../schema/common-status.ts';
import type { KindSchema } from '../schema/kind-schema.ts';
import { list, type OwnOf, object, schemasOf, text } from '../schema/own.ts';
import { allowedNamespaces, ownPart } from '../schema/own-part.ts';
import { accountRules } from './rules.ts';

const own = {
  policy: ownPart.policy,
  allowedNamespaces,
  region: text('The region, e.g. eu-central-1.', { min: 1, max: 64, pattern: '^[a-z0-9-]+$' }),
  accountId: text(
    'The account that the credentials have to belong to, 12 digits. Anything else is refused before the first change.',
    { max: 12, pattern: '^[0-9]{12}$' },
  ),
  endpoint: text(
    'URL of an endpoint for every service, for a stand-in for AWS or a private one. Default: the one of AWS.',
    {
      max: 2048,
      pattern: '^https?://[^ ]+$',
    },
  ),
  assumeRole: object(
    'A role to assume from the identity of the operator. Default: that identity itself.',
    {
      roleArn: text('ARN of the role.', { max: 2048, pattern: '^arn:aws[a-zA-Z-]*:iam::[0-9]{12}:role/.+$' }),
      externalId: text("The external id that the role's trust policy asks for.", {
        min: 2,
        max: 1224,
        pattern: '^[a-zA-Z0-9_+=,.@:/-]+$',
      }),
    },
    { required: ['roleArn'] },
  ),
  passRoleArns: list(
    'ARNs of roles that objects in this account may give to tasks and services; * stands for anything. Nothing listed means none.',
    text('', { min: 1, max: 2048 }),
    { max: 200 },
  ),
  clusters: list(
    'Names or ARNs of clusters that objects in this account may name without an EcsCluster; * stands for anything. Nothing listed means none.',
    text('', { min: 1, max: 2048 }),
    { max: 200 },
  ),
  nameTemplate: text(
    'How names in AWS follow from those of objects, where an object gives none, e.g. {namespace}-{name}. Default {name}.',
    { max: 128 },
  ),
} as const satisfies OwnOf<Omit<AwsAccountSpec, 'accountRef'>>;

const status = {
  accountId: text('The account that the credentials belong to.', { max: 12 }),
  callerArn: arn('Who the operator is in it.'),
} as const satisfies OwnOf<Omit<AwsAccountStatus, keyof CommonStatus>>;

export const awsAccountSchema: KindSchema = {
  kind: 'AwsAccount',
  plural: 'awsaccounts',
  shortName: 'awsacct',
  scope: 'Cluster',
  description: 'An account and region of AWS: how to reach it, who may use it, and what they may name there.',
  own: schemasOf(own),
  required: ['region'],
  status: schemasOf({ ...commonStatus, ...status }),
  rules: accountRules,
  columns: [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Account', type: 'string', jsonPath: '.status.accountId' },
    { name: 'Region', type: 'string', jsonPath: '.spec.region' },
    { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Caller', type: 'string', jsonPath: '.status.callerArn', priority: 1 },
    { name: 'Message', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
  ],
};
