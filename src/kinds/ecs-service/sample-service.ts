import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { PlanInput, ResolvedReference } from '../../reconcile/kind.ts';
import { identityOf } from '../../reconcile/ownership.ts';
import { tagsOf } from '../tags.ts';
import { desiredService } from './desired.ts';
import { liveRequest } from './live.ts';
import { NOT_THERE, presenceOf } from './observe.ts';
import type { EcsService, EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import type { EcsServiceDesired, EcsServiceObserved } from './types.ts';

/** Samples for unit tests: an EcsService `shop/web` and what AWS holds of it. */

export const CLUSTER_ARN = 'arn:aws:ecs:eu-central-1:123456789012:cluster/prod';
export const SERVICE_ARN = 'arn:aws:ecs:eu-central-1:123456789012:service/prod/web';
export const NOW = Date.parse('2026-01-02T03:04:05Z');

export const identity = identityOf({
  installation: 'one',
  kind: 'EcsService',
  metadata: { namespace: 'shop', name: 'web', uid: 'uid-1' },
});

export function taskDefinitionArn(revision: number): string {
  return `arn:aws:ecs:eu-central-1:123456789012:task-definition/web:${revision}`;
}

export function sampleObject(spec: EcsServiceSpec, status?: EcsServiceStatus): EcsService {
  return {
    apiVersion: 'ecs-operator.dev/v1alpha1',
    kind: 'EcsService',
    metadata: { name: 'web', namespace: 'shop', uid: 'uid-1', resourceVersion: '1', generation: 1 },
    spec: { cluster: 'prod', taskDefinition: 'web:1', ...spec },
    ...(status === undefined ? {} : { status }),
  };
}

export type References = Readonly<Record<string, Pick<ResolvedReference, 'arn'> & Partial<ResolvedReference>>>;

export function tryDesired(object: EcsService, references: References = {}): ReturnType<typeof desiredService> {
  return desiredService({
    object,
    account: { name: undefined, accountId: '123456789012', target: { region: 'eu-central-1' } },
    identity,
    references: new Map(
      Object.entries(references).map(([path, reference]) => [
        path,
        { reference: { path, kind: 'EcsCluster', name: 'some' }, target: undefined, name: 'some', ...reference },
      ]),
    ),
    resolvedName: 'web',
  });
}

/** @throws Error when the spec is refused. */
export function sampleDesired(object: EcsService, references: References = {}): EcsServiceDesired {
  const desired = tryDesired(object, references);
  if ('problem' in desired) throw new Error(desired.problem.message);
  return desired;
}

export function sampleDeployment(over: Partial<Deployment> = {}): Deployment {
  return {
    id: 'ecs-svc/1',
    status: 'PRIMARY',
    taskDefinition: taskDefinitionArn(1),
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    failedTasks: 0,
    rolloutState: 'COMPLETED',
    rolloutStateReason: 'ECS deployment ecs-svc/1 completed.',
    createdAt: new Date(NOW - 60_000),
    ...over,
  };
}

/** A service in steady state, as DescribeServices prints it, with AWS's defaults. */
export function sampleService(over: Partial<Service> = {}): Service {
  return {
    serviceArn: SERVICE_ARN,
    serviceName: 'web',
    clusterArn: CLUSTER_ARN,
    status: 'ACTIVE',
    taskDefinition: taskDefinitionArn(1),
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    launchType: 'EC2',
    loadBalancers: [],
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
      bakeTimeInMinutes: 0,
    },
    deploymentController: { type: 'ECS' },
    deployments: [sampleDeployment()],
    schedulingStrategy: 'REPLICA',
    healthCheckGracePeriodSeconds: 0,
    enableECSManagedTags: false,
    enableExecuteCommand: false,
    propagateTags: 'NONE',
    availabilityZoneRebalancing: 'ENABLED',
    events: [],
    createdAt: new Date(NOW - 60_000),
    tags: tagsOf(identity.tags),
    ...over,
  };
}

export function sampleObserved(
  service: Service | undefined,
  over: Partial<EcsServiceObserved> = {},
): EcsServiceObserved {
  return {
    ...NOT_THERE,
    presence: presenceOf(service),
    service,
    live: service === undefined ? {} : liveRequest(service),
    template: undefined,
    ...over,
  };
}

export type SampleInput = PlanInput<EcsServiceSpec, EcsServiceStatus, EcsServiceDesired, EcsServiceObserved>;

export interface SampleOptions {
  readonly references?: References;
  readonly unset?: readonly string[];
  readonly judge?: SampleInput['judge'];
  readonly now?: number;
}

export function sampleInput(
  object: EcsService,
  observed: EcsServiceObserved,
  { references = {}, unset = [], judge = () => 'apply', now = NOW }: SampleOptions = {},
): SampleInput {
  const desired = sampleDesired(object, references);
  const applied = object.status?.applied?.leaves;
  return {
    object,
    desired,
    observed,
    identity,
    unset,
    judge,
    confirmed: (path) => desired.leaves[path] !== undefined && applied?.[path] === desired.leaves[path],
    dependents: [],
    now,
  };
}

/** The status of an object whose spec AWS holds. */
export function confirmedStatus(spec: EcsServiceSpec, over: Partial<EcsServiceStatus> = {}): EcsServiceStatus {
  const { leaves, content, attempt } = sampleDesired(sampleObject(spec));
  return {
    arn: SERVICE_ARN,
    clusterArn: CLUSTER_ARN,
    applied: { leaves },
    rollout: {
      contentHash: content,
      attempt,
      state: 'Completed',
      startedAt: '2026-01-02T03:00:00Z',
      completedAt: '2026-01-02T03:01:00Z',
      deploymentId: 'ecs-svc/1',
    },
    ...over,
  };
}
