import type { CommonStatus, EcsObject, OwnSpec } from '../../reconcile/types.ts';
import { taskDefinitionShape } from '../../shape/shapes.ts';
import { arn, commonStatus } from '../schema/common-status.ts';
import { fixedRule } from '../schema/fixed-rules.ts';
import type { AwsPart, KindSchema } from '../schema/kind-schema.ts';
import { ecsObjectNameRule } from '../schema/name-rules.ts';
import { type InferMembers, list, object, schemasOf, text, whole } from '../schema/own.ts';
import { allowedNamespaces, ownPart } from '../schema/own-part.ts';
import type { TaskDefinitionMembers } from './aws-members.gen.ts';
import { taskDefinitionRules } from './rules.ts';

const own = {
  revisionHistoryLimit: whole(
    'How many of the revisions made from this object to keep, the wanted one included; older ones that nothing runs any more are deregistered. Default 10; 0 keeps all.',
    { min: 0, max: 10_000 },
  ),
} as const;

/** What an EcsTaskDefinition, and an EcsService about its template, know of the revisions they made. */
export const revisionStatus = {
  family: text('The family in AWS.', { max: 255 }),
  revision: whole('The number of the wanted revision.', { min: 1 }),
  contentHash: text('Hash of what the wanted revision holds.', { max: 64 }),
  revisions: list(
    'The revisions made from this object that are ACTIVE, newest first.',
    object(
      '',
      { arn: arn('ARN of the revision.'), contentHash: text('Hash of what it holds.', { max: 64 }) },
      { required: ['arn', 'contentHash'] },
    ),
    { max: 100 },
  ),
  foreignRevisions: whole('How many ACTIVE revisions of the family others have made; they are left alone.', { min: 0 }),
} as const;

export type EcsTaskDefinitionSpec = OwnSpec & InferMembers<typeof own> & TaskDefinitionMembers;
export type EcsTaskDefinitionStatus = CommonStatus & InferMembers<typeof revisionStatus>;
export type EcsTaskDefinition = EcsObject<EcsTaskDefinitionSpec, EcsTaskDefinitionStatus>;

/** AWS's part, here and in an EcsService's `taskDefinitionTemplate`. */
export const taskDefinitionPart: AwsPart = {
  shape: taskDefinitionShape,
  client: 'client-ecs',
  interfaces: ['RegisterTaskDefinitionRequest'],
  extra: {
    taskDefinition: {
      type: 'object',
      description: 'Wraps what describe-task-definition prints: paste what is inside instead.',
      'x-kubernetes-preserve-unknown-fields': true,
    },
  },
};

export const ecsTaskDefinitionSchema: KindSchema = {
  kind: 'EcsTaskDefinition',
  plural: 'ecstaskdefinitions',
  shortName: 'ecstd',
  scope: 'Namespaced',
  description: 'A task definition family of Amazon ECS and its revisions: each change registers a new one.',
  aws: taskDefinitionPart,
  own: schemasOf({ ...ownPart, allowedNamespaces, ...own }),
  status: schemasOf({ ...commonStatus, ...revisionStatus }),
  rules: [...taskDefinitionRules('spec'), fixedRule({ member: 'family' }), ecsObjectNameRule('family')],
  columns: [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Family', type: 'string', jsonPath: '.status.family' },
    { name: 'Revision', type: 'integer', jsonPath: '.status.revision' },
    { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Arn', type: 'string', jsonPath: '.status.arn', priority: 1 },
    { name: 'Message', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
  ],
};
