import type { CommonStatus, OwnSpec } from '../../reconcile/types.ts';
import { cloudMapServiceShape } from '../../shape/shapes.ts';
import { operation } from '../cloud-map-namespace/schema.ts';
import { commonStatus } from '../schema/common-status.ts';
import type { KindSchema } from '../schema/kind-schema.ts';
import { type InferMembers, schemasOf, text, whole } from '../schema/own.ts';
import { allowedNamespaces, objectRef, ownPart } from '../schema/own-part.ts';
import type { DiscoveryServiceMembers } from './aws-members.gen.ts';
import { cloudMapServiceRules } from './rules.ts';

const own = { namespaceRef: objectRef('CloudMapNamespace') } as const;

const status = {
  id: text("Cloud Map's id, srv-….", { max: 64 }),
  namespaceId: text('The id of its namespace, ns-….', { max: 64 }),
  instanceCount: whole('Instances that are registered.', { min: 0 }),
  operation,
} as const;

export type CloudMapServiceSpec = OwnSpec & InferMembers<typeof own> & DiscoveryServiceMembers;
export type CloudMapServiceStatus = CommonStatus & InferMembers<typeof status>;

export const cloudMapServiceSchema: KindSchema = {
  kind: 'CloudMapService',
  plural: 'cloudmapservices',
  shortName: 'cmsvc',
  scope: 'Namespaced',
  description: 'A service in a namespace of AWS Cloud Map, under which tasks of an EcsService can be found.',
  aws: {
    shape: cloudMapServiceShape,
    client: 'client-servicediscovery',
    interfaces: ['CreateServiceRequest'],
    boundsName: 'CloudMapService',
    extra: {
      Service: {
        type: 'object',
        description: 'Wraps what get-service prints: paste what is inside instead.',
        'x-kubernetes-preserve-unknown-fields': true,
      },
    },
  },
  own: schemasOf({ ...ownPart, allowedNamespaces, ...own }),
  status: schemasOf({ ...commonStatus, ...status }),
  rules: cloudMapServiceRules,
  columns: [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Name in AWS', type: 'string', jsonPath: '.status.name' },
    { name: 'Instances', type: 'integer', jsonPath: '.status.instanceCount' },
    { name: 'Id', type: 'string', jsonPath: '.status.id' },
    { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Arn', type: 'string', jsonPath: '.status.arn', priority: 1 },
    { name: 'Message', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
  ],
};
