import type { CommonStatus, ObjectRef, OwnSpec } from '../../reconcile/types.ts';
import { clusterShape } from '../../shape/shapes.ts';
import { commonStatus } from '../schema/common-status.ts';
import type { KindSchema } from '../schema/kind-schema.ts';
import { type InferMembers, schemasOf, text, whole } from '../schema/own.ts';
import { allowedNamespaces, objectRef, ownPart } from '../schema/own-part.ts';
import type { ClusterMembers, ClusterServiceConnectDefaultsRequest } from './aws-members.gen.ts';
import { clusterRules } from './rules.ts';

const status = {
  awsStatus: text("AWS's own word, e.g. ACTIVE.", { max: 64 }),
  activeServicesCount: whole('Services that are ACTIVE.', { min: 0 }),
  runningTasksCount: whole('Tasks that are RUNNING.', { min: 0 }),
  pendingTasksCount: whole('Tasks that are PENDING.', { min: 0 }),
  registeredContainerInstancesCount: whole('Container instances, ACTIVE or DRAINING.', { min: 0 }),
} as const;

export type EcsClusterSpec = OwnSpec &
  Omit<ClusterMembers, 'serviceConnectDefaults'> & {
    readonly serviceConnectDefaults?:
      | (ClusterServiceConnectDefaultsRequest & { readonly namespaceRef?: ObjectRef | null })
      | null;
  };
export type EcsClusterStatus = CommonStatus & InferMembers<typeof status>;

export const ecsClusterSchema: KindSchema = {
  kind: 'EcsCluster',
  plural: 'ecsclusters',
  shortName: 'ecscl',
  scope: 'Namespaced',
  description: 'A cluster of Amazon ECS, with its capacity providers, settings and Service Connect defaults.',
  aws: {
    shape: clusterShape,
    client: 'client-ecs',
    interfaces: ['CreateClusterRequest'],
    extra: {
      cluster: {
        type: 'object',
        description: 'Wraps what create-cluster prints: paste what is inside instead.',
        'x-kubernetes-preserve-unknown-fields': true,
      },
      clusters: {
        type: 'array',
        description: 'Wraps what describe-clusters prints: paste what is inside instead.',
        maxItems: 100,
        items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        'x-kubernetes-list-type': 'atomic',
      },
      failures: { description: 'Printed by AWS; ignored.', 'x-kubernetes-preserve-unknown-fields': true },
    },
  },
  own: schemasOf({ ...ownPart, allowedNamespaces }),
  specOptional: true,
  nested: { 'serviceConnectDefaults.namespaceRef': objectRef('CloudMapNamespace').schema },
  status: schemasOf({ ...commonStatus, ...status }),
  rules: clusterRules,
  columns: [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Services', type: 'integer', jsonPath: '.status.activeServicesCount' },
    { name: 'Running', type: 'integer', jsonPath: '.status.runningTasksCount' },
    { name: 'Instances', type: 'integer', jsonPath: '.status.registeredContainerInstancesCount' },
    { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Arn', type: 'string', jsonPath: '.status.arn', priority: 1 },
    { name: 'Message', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
  ],
};
