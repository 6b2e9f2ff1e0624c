import { expect, test } from 'vitest';
import type { EcsTaskDefinition } from '../ecs-task-definition/schema.ts';
import { CLUSTER_ARN, sampleDesired, sampleObject, taskDefinitionArn, tryDesired } from './sample-service.ts';
import type { EcsServiceSpec } from './schema.ts';

const BALANCER = { targetGroupArn: 'arn:tg', containerName: 'web', containerPort: 80 };
const BREAKER = { deploymentCircuitBreaker: { enable: true } };

test('a service without a cluster goes to the one that AWS calls default, and needs a grant for it', () => {
  const desired = sampleDesired(sampleObject({ cluster: null }));
  expect(desired.cluster).toBe('default');
  expect(desired.claim).toBe('default/web');
  expect(desired.grants).toEqual([{ kind: 'cluster', path: 'cluster', cluster: 'default' }]);
});

test('a cluster by reference is used by its ARN and needs no grant', () => {
  const object = sampleObject({ cluster: null, clusterRef: { name: 'prod' } });
  const desired = sampleDesired(object, { clusterRef: { arn: CLUSTER_ARN } });
  expect(desired.cluster).toBe(CLUSTER_ARN);
  expect(desired.claim).toBe('prod/web');
  expect(desired.grants).toEqual([]);
});

test('cluster and clusterRef may be exchanged when they mean the same, and stall when they do not', () => {
  const status = { clusterArn: CLUSTER_ARN };
  const same = sampleDesired(sampleObject({ cluster: 'prod' }, status));
  expect(same.immutable).toBeUndefined();
  const other = sampleDesired(sampleObject({ cluster: 'test' }, status));
  expect(other.immutable?.reason).toBe('ImmutableField');
  expect(other.immutable?.message).toContain('cannot move to test');
  expect(other.cluster).toBe(CLUSTER_ARN);
});

test('numbers in strings, nulls and empty texts mean what AWS makes of them', () => {
  const desired = sampleDesired(
    sampleObject({ desiredCount: 3, launchType: '', platformVersion: null, healthCheckGracePeriodSeconds: '30' }),
  );
  expect(desired.desiredCount).toBe(3);
  expect(desired.request).toEqual({ healthCheckGracePeriodSeconds: 30 });
});

/** Safe: what people paste has more members than a spec; they are declared in the schema and ignored. */
const PASTED = {
  runningCount: 2,
  events: [],
  deployments: [],
  platformFamily: 'Linux',
  failures: [],
} as EcsServiceSpec;

test('what describe-services prints beside the request is ignored', () => {
  const desired = sampleDesired(sampleObject(PASTED));
  expect(desired.request).toEqual({});
});

test('references stand for what they resolve to', () => {
  const spec: EcsServiceSpec = {
    taskDefinition: null,
    taskDefinitionRef: { name: 'web' },
    serviceRegistries: [{ cloudMapServiceRef: { name: 'web' }, containerName: 'web' }],
    serviceConnectConfiguration: { enabled: true, namespaceRef: { name: 'shop' } },
  };
  const desired = sampleDesired(sampleObject(spec), {
    taskDefinitionRef: { arn: taskDefinitionArn(7) },
    'serviceRegistries[0].cloudMapServiceRef': { arn: 'arn:aws:servicediscovery:r:1:service/srv-1' },
    'serviceConnectConfiguration.namespaceRef': { arn: 'arn:aws:servicediscovery:r:1:namespace/ns-1' },
  });
  expect(desired.taskDefinition).toEqual({ type: 'revision', arn: taskDefinitionArn(7) });
  expect(desired.request).toEqual({
    serviceRegistries: [{ registryArn: 'arn:aws:servicediscovery:r:1:service/srv-1', containerName: 'web' }],
    serviceConnectConfiguration: { enabled: true, namespace: 'arn:aws:servicediscovery:r:1:namespace/ns-1' },
  });
});

test('a pinned revision is one of the EcsTaskDefinition’s own, else the message says where to look', () => {
  const { metadata, apiVersion } = sampleObject({});
  const revisions = [taskDefinitionArn(7), taskDefinitionArn(5)].map((arn) => ({ arn, contentHash: 'a' }));
  const target: EcsTaskDefinition = {
    apiVersion,
    kind: 'EcsTaskDefinition',
    metadata,
    spec: {},
    status: { revisions },
  };
  const pinned = (revision: number) =>
    tryDesired(sampleObject({ taskDefinition: null, taskDefinitionRef: { name: 'web', revision } }), {
      taskDefinitionRef: { arn: taskDefinitionArn(7), target },
    });
  expect(pinned(5)).toMatchObject({ taskDefinition: { type: 'revision', arn: taskDefinitionArn(5) } });
  expect(pinned(6)).toMatchObject({ problem: { reason: 'RevisionNotFound' } });
});

test('an inline template is registered under the service’s name, and its roles need a grant', () => {
  const desired = sampleDesired(
    sampleObject({
      taskDefinition: null,
      taskDefinitionTemplate: {
        executionRoleArn: 'arn:aws:iam::123456789012:role/pull',
        containerDefinitions: [{ name: 'web', image: 'nginx', memory: 128 }],
      },
    }),
  );
  expect(desired.taskDefinition).toMatchObject({ type: 'template', revision: { family: 'web' } });
  expect(desired.grants).toContainEqual({
    kind: 'passRole',
    path: 'taskDefinitionTemplate.executionRoleArn',
    roleArn: 'arn:aws:iam::123456789012:role/pull',
  });
});

test('every role that a spec hands on needs a grant, wherever it stands', () => {
  const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  const desired = sampleDesired(
    sampleObject({
      role: role('lb'),
      volumeConfigurations: [{ name: 'data', managedEBSVolume: { roleArn: role('ebs'), sizeInGiB: 10 } }],
      deploymentConfiguration: {
        lifecycleHooks: [
          { hookTargetArn: 'arn:aws:lambda:r:1:function:f', roleArn: role('hook'), lifecycleStages: [] },
        ],
      },
      loadBalancers: [
        {
          targetGroupArn: 'arn:tg',
          containerName: 'web',
          containerPort: 80,
          advancedConfiguration: {
            alternateTargetGroupArn: 'arn:tg2',
            productionListenerRule: 'r',
            roleArn: role('blue'),
          },
        },
      ],
    }),
  );
  const paths = desired.grants.filter(({ kind }) => kind === 'passRole').map(({ path }) => path);
  expect(paths.sort()).toEqual([
    'deploymentConfiguration.lifecycleHooks[0].roleArn',
    'loadBalancers[0].advancedConfiguration.roleArn',
    'role',
    'volumeConfigurations[0].managedEBSVolume.roleArn',
  ]);
});

test('a spec that says nothing to run is refused with what to set, but not under EXTERNAL', () => {
  expect(tryDesired(sampleObject({ taskDefinition: '' }))).toMatchObject({ problem: { reason: 'InvalidSpec' } });
  const external = tryDesired(sampleObject({ taskDefinition: '', deploymentController: { type: 'EXTERNAL' } }));
  expect(external).toMatchObject({ taskDefinition: undefined });
});

test('an object that is being deleted is never kept by what is wrong with its spec', () => {
  const object = sampleObject(
    { taskDefinition: '', healthCheckGracePeriodSeconds: 'long' },
    { clusterArn: CLUSTER_ARN },
  );
  const deleting = { ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-01-02T03:04:05Z' } };
  expect(tryDesired(object)).toHaveProperty('problem');
  expect(tryDesired(deleting)).toMatchObject({ name: 'web', cluster: 'prod' });
  const lost = { ...deleting, spec: { clusterRef: { name: 'gone' } } };
  expect(tryDesired(lost)).toMatchObject({ name: 'web', cluster: CLUSTER_ARN });
});

test.each<{ what: string; change: EcsServiceSpec; rollout: boolean; attempt: boolean }>([
  { what: 'image', change: { taskDefinition: 'web:2' }, rollout: true, attempt: true },
  { what: 'target group', change: { loadBalancers: [BALANCER] }, rollout: true, attempt: true },
  { what: 'restartedAt', change: { restartedAt: '2026-01-02T03:04:05Z' }, rollout: true, attempt: true },
  { what: 'grace period', change: { healthCheckGracePeriodSeconds: 60 }, rollout: false, attempt: true },
  { what: 'breaker', change: { deploymentConfiguration: BREAKER }, rollout: false, attempt: true },
  { what: 'count', change: { desiredCount: 5 }, rollout: false, attempt: false },
  { what: 'tag', change: { tags: [{ key: 'team', value: 'a' }] }, rollout: false, attempt: false },
  { what: 'deadline', change: { rollout: { progressDeadlineSeconds: 60 } }, rollout: false, attempt: false },
])('a change of the $what: another rollout $rollout, another attempt $attempt', ({ change, rollout, attempt }) => {
  const before = sampleDesired(sampleObject({}));
  const after = sampleDesired(sampleObject(change));
  expect(after.content !== before.content).toBe(rollout);
  expect(after.attempt !== before.attempt).toBe(attempt);
});
