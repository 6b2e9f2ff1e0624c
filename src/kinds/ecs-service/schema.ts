import type { CommonStatus, EcsObject, ObjectRef, OwnSpec } from '../../reconcile/types.ts';
import { serviceShape } from '../../shape/shapes.ts';
import type { TaskDefinitionMembers } from '../ecs-task-definition/aws-members.gen.ts';
import { revisionStatus, taskDefinitionPart } from '../ecs-task-definition/schema.ts';
import { arn, commonStatus } from '../schema/common-status.ts';
import type { AwsPart, KindSchema } from '../schema/kind-schema.ts';
import {
  givenTime,
  type InferMembers,
  list,
  object,
  oneOf,
  schemasOf,
  text,
  time,
  whole,
  yesNo,
} from '../schema/own.ts';
import { objectRef, ownPart } from '../schema/own-part.ts';
import type { ServiceConnectConfiguration, ServiceMembers, ServiceRegistry } from './aws-members.gen.ts';
import { serviceRules } from './rules.ts';

const taskDefinitionRef = object(
  'The EcsTaskDefinition to run: its latest revision, or the one given. One in another namespace has to allow this namespace in its spec.allowedNamespaces.',
  {
    name: text('Name of the EcsTaskDefinition.', { min: 1, max: 253 }),
    namespace: text("Namespace of the EcsTaskDefinition; by default this object's own.", { min: 1, max: 63 }),
    revision: whole('Stay on this revision, whatever becomes of the EcsTaskDefinition.', { min: 1 }),
  },
  { required: ['name'] },
);

const own = {
  clusterRef: objectRef('EcsCluster'),
  taskDefinitionRef,
  restartedAt: givenTime(
    'Set this to the present time (RFC 3339) to replace all tasks by a new deployment; each new value makes one.',
  ),
  revisionHistoryLimit: whole(
    'With taskDefinitionTemplate: how many of its revisions to keep, the wanted one included; older ones that nothing runs any more are deregistered. Default 10; 0 keeps all.',
    { min: 0, max: 10_000 },
  ),
  rollout: object('How a rollout is watched.', {
    progressDeadlineSeconds: whole(
      'Without any progress for so long, the rollout is reported as stalled. Default 1800.',
      { min: 1, max: 604_800 },
    ),
  }),
} as const;

const count = (description: string) => whole(description, { min: 0 });

const status = {
  clusterArn: arn('The cluster it runs in.'),
  taskDefinitionArn: arn('The revision that is wanted.'),
  currentTaskDefinitionArn: arn('The revision of the deployment that is current in AWS.'),
  desiredCount: count('Tasks that AWS is to run.'),
  runningCount: count('Tasks that are RUNNING.'),
  pendingCount: count('Tasks that are PENDING.'),
  selector: text('For the scale subresource: names the tasks of this service.', { max: 1024 }),
  deployment: object(
    'The current deployment in AWS.',
    {
      id: text('Its id, ecs-svc/….', { max: 128 }),
      rolloutState: text("AWS's word: IN_PROGRESS, COMPLETED or FAILED.", { max: 64 }),
      rolloutStateReason: text("AWS's words on why.", { max: 4096 }),
      createdAt: time('When it began.'),
      desiredCount: count('Tasks it is to run.'),
      runningCount: count('Tasks of it that are RUNNING.'),
      pendingCount: count('Tasks of it that are PENDING.'),
      failedTasks: count('Tasks of it that failed to start or to stay.'),
    },
    { required: ['id'] },
  ),
  rollout: object(
    'The rollout of what the spec asks now.',
    {
      contentHash: text('Hash of what it brings.', { max: 64 }),
      attempt: text('Hash of all that decides whether it succeeds: AWS is asked once for each.', { max: 64 }),
      startedAt: time('When it began.'),
      completedAt: time('When it was done.'),
      lastProgressAt: time('When it last came further.'),
      progress: text('How far it was then: tasks of this revision and of former ones.', { max: 64 }),
      deploymentId: text('The deployment that brings it.', { max: 128 }),
      deploymentBefore: text('The deployment that was current before.', { max: 128 }),
      state: oneOf('How far it is.', ['Starting', 'InProgress', 'Completed', 'Failed', 'RolledBack']),
      reason: text("AWS's words about a failure.", { max: 4096 }),
      rolledBackContent: text('The attempt that was rolled back in AWS: not repeated until something changes.', {
        max: 64,
      }),
      rolledBackDeployment: arn('The service deployment that was rolled back.'),
    },
    { required: ['contentHash', 'state'] },
  ),
  restart: object(
    'The restart that restartedAt asked for.',
    {
      requestedAt: time('The value of restartedAt.'),
      deploymentBefore: text('The deployment at that time.', { max: 128 }),
      done: yesNo('Another deployment has taken its place.'),
    },
    { required: ['requestedAt', 'deploymentBefore'] },
  ),
  recentFailures: list(
    'The tasks that stopped last, newest first.',
    object(
      '',
      {
        taskArn: arn('The task.'),
        stoppedReason: text("AWS's words.", { max: 1024 }),
        stopCode: text("AWS's code, e.g. EssentialContainerExited.", { max: 64 }),
        stoppedAt: time('When.'),
        exitCodes: list(
          'Of its containers.',
          object(
            '',
            {
              container: text('The container.', { max: 255 }),
              exitCode: whole('Its exit code.'),
              reason: text("AWS's words.", { max: 1024 }),
            },
            { required: ['container'] },
          ),
          { max: 20 },
        ),
      },
      { required: ['taskArn'] },
    ),
    { max: 5 },
  ),
  template: object('The revisions made of taskDefinitionTemplate.', revisionStatus),
  createdAt: time('When AWS made the service.'),
  shortSince: time('Since when fewer tasks run than needed.'),
  revision: object(
    'The service revision whose settings were last compared.',
    {
      arn: text('Its ARN.', { max: 8192 }),
      settings: text('Hash of the settings that it was found to hold.', { max: 64 }),
    },
    { required: ['arn', 'settings'] },
  ),
  namespace: object(
    'The Service Connect namespace that the spec gives by name.',
    {
      name: text('Its name.', { max: 1024 }),
      arn: arn('Its ARN.'),
    },
    { required: ['name', 'arn'] },
  ),
  lastEventId: text("AWS's last service event that was told as an Event of Kubernetes.", { max: 128 }),
} as const;

/** One of `taskDefinition`, `taskDefinitionRef` and `taskDefinitionTemplate`, by a rule. */
export type EcsServiceSpec = OwnSpec &
  InferMembers<typeof own> &
  Omit<ServiceMembers, 'serviceRegistries' | 'serviceConnectConfiguration'> & {
    readonly taskDefinitionTemplate?: TaskDefinitionMembers | null;
    readonly serviceRegistries?:
      | readonly (ServiceRegistry & { readonly cloudMapServiceRef?: ObjectRef | null })[]
      | null;
    readonly serviceConnectConfiguration?:
      | (ServiceConnectConfiguration & { readonly namespaceRef?: ObjectRef | null })
      | null;
  };
export type EcsServiceStatus = CommonStatus & InferMembers<typeof status>;
export type EcsService = EcsObject<EcsServiceSpec, EcsServiceStatus>;

const servicePart: AwsPart = {
  shape: serviceShape,
  client: 'client-ecs',
  interfaces: ['CreateServiceRequest'],
  extra: {
    services: {
      type: 'array',
      description: 'Wraps what describe-services prints: paste what is inside instead.',
      maxItems: 100,
      items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      'x-kubernetes-list-type': 'atomic',
    },
    service: {
      type: 'string',
      maxLength: 2048,
      description: 'Belongs to an UpdateService request: use serviceName instead.',
    },
    forceNewDeployment: {
      type: 'boolean',
      description: 'Belongs to an UpdateService request: use restartedAt instead.',
    },
    failures: { description: 'Printed by AWS; ignored.', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

export const ecsServiceSchema: KindSchema = {
  kind: 'EcsService',
  plural: 'ecsservices',
  shortName: 'ecssvc',
  scope: 'Namespaced',
  description: 'A service of Amazon ECS: its tasks, its deployments and its registration in Cloud Map.',
  aws: servicePart,
  own: schemasOf({ ...ownPart, ...own }),
  nested: {
    'serviceRegistries[].cloudMapServiceRef': objectRef('CloudMapService').schema,
    'serviceConnectConfiguration.namespaceRef': objectRef('CloudMapNamespace').schema,
  },
  templates: {
    taskDefinitionTemplate: {
      aws: taskDefinitionPart,
      description:
        'A whole task definition, as a Deployment holds its pod template: a change in it is one generation and one rollout.',
    },
  },
  status: schemasOf({ ...commonStatus, ...status }),
  rules: serviceRules,
  columns: [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Desired', type: 'integer', jsonPath: '.status.desiredCount' },
    { name: 'Running', type: 'integer', jsonPath: '.status.runningCount' },
    { name: 'Pending', type: 'integer', jsonPath: '.status.pendingCount' },
    { name: 'Rollout', type: 'string', jsonPath: '.status.deployment.rolloutState' },
    { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Task definition', type: 'string', jsonPath: '.status.currentTaskDefinitionArn', priority: 1 },
    { name: 'Arn', type: 'string', jsonPath: '.status.arn', priority: 1 },
    { name: 'Message', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
  ],
  scale: {
    specReplicasPath: '.spec.desiredCount',
    statusReplicasPath: '.status.runningCount',
    labelSelectorPath: '.status.selector',
  },
};
