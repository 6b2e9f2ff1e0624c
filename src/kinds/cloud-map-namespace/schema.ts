import type { CommonStatus, OwnSpec } from '../../reconcile/types.ts';
import { cloudMapNamespaceShape } from '../../shape/shapes.ts';
import { commonStatus } from '../schema/common-status.ts';
import type { KindSchema } from '../schema/kind-schema.ts';
import { type Infer, type InferMembers, object, oneOf, schemasOf, text } from '../schema/own.ts';
import { allowedNamespaces, ownPart } from '../schema/own-part.ts';
import type { NamespaceMembers } from './aws-members.gen.ts';
import { namespaceRules } from './rules.ts';

const type = oneOf(
  'What is offered for discovery: API calls only, or DNS as well, in a VPC or public. Cannot be changed.',
  ['HTTP', 'DNS_PRIVATE', 'DNS_PUBLIC'],
);

/** An operation of Cloud Map's that we wait for; its id outlives a restart of the operator. */
export const operation = object(
  'The operation in Cloud Map that is under way.',
  { id: text('Its id.', { max: 128 }), type: text('What it does, e.g. CREATE_NAMESPACE.', { max: 64 }) },
  { required: ['id', 'type'] },
);

const status = {
  id: text("Cloud Map's id, ns-….", { max: 64 }),
  hostedZoneId: text('The hosted zone in Route 53, for DNS.', { max: 64 }),
  operation,
} as const;

export type CloudMapNamespaceSpec = OwnSpec & { readonly type: Infer<typeof type> } & NamespaceMembers;
export type CloudMapNamespaceStatus = CommonStatus & InferMembers<typeof status>;

const ignored = { description: 'Printed by AWS; ignored.', 'x-kubernetes-preserve-unknown-fields': true } as const;

export const cloudMapNamespaceSchema: KindSchema = {
  kind: 'CloudMapNamespace',
  plural: 'cloudmapnamespaces',
  shortName: 'cmns',
  scope: 'Namespaced',
  description: 'A namespace of AWS Cloud Map: HTTP, private DNS or public DNS.',
  aws: {
    shape: cloudMapNamespaceShape,
    client: 'client-servicediscovery',
    interfaces: ['CreatePrivateDnsNamespaceRequest', 'CreateHttpNamespaceRequest'],
    extra: {
      Namespace: {
        type: 'object',
        description: 'Wraps what get-namespace prints: paste what is inside instead.',
        'x-kubernetes-preserve-unknown-fields': true,
      },
      'properties.httpProperties': ignored,
      'properties.dnsProperties.hostedZoneId': ignored,
    },
  },
  own: { ...schemasOf({ ...ownPart, allowedNamespaces }), type: type.schema },
  required: ['type'],
  status: schemasOf({ ...commonStatus, ...status }),
  rules: namespaceRules,
  columns: [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Type', type: 'string', jsonPath: '.spec.type' },
    { name: 'Name in AWS', type: 'string', jsonPath: '.status.name' },
    { name: 'Id', type: 'string', jsonPath: '.status.id' },
    { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Arn', type: 'string', jsonPath: '.status.arn', priority: 1 },
    { name: 'Message', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
  ],
};
