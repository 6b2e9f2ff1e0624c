import type { Service } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { AwsCallError } from '../../aws/errors.ts';
import type { Operation } from '../../aws/operations.ts';
import type { AwsSession } from '../../reconcile/kind.ts';
import { observeService } from './observe.ts';
import {
  confirmedStatus,
  identity,
  sampleDeployment,
  sampleDesired,
  sampleObject,
  sampleService,
  taskDefinitionArn,
} from './sample-service.ts';
import type { EcsService, EcsServiceSpec } from './schema.ts';

type Answers = Partial<Record<Operation, object | (() => never)>>;

/** A session that answers from a table, and notes what it was asked. */
function scripted(answers: Answers): { session: AwsSession; asked: Operation[] } {
  const asked: Operation[] = [];
  const session: AwsSession = {
    target: { region: 'eu-central-1' },
    signal: new AbortController().signal,
    priority: 'user',
    call: async (operation) => {
      asked.push(operation);
      const answer = answers[operation];
      if (answer === undefined) throw new Error(`unexpected ${operation}`);
      // Safe: the table holds what AWS would answer, as far as it is read.
      return (typeof answer === 'function' ? answer() : answer) as never;
    },
  };
  return { session, asked };
}

async function look(object: EcsService, answers: Answers) {
  const { session, asked } = scripted(answers);
  const observed = await observeService({ object, desired: sampleDesired(object), identity }, session);
  return { observed, asked };
}

function found(over: Partial<Service> = {}): Answers {
  return { 'ecs.DescribeServices': { services: [sampleService(over)] } };
}

test('a service as it should be costs one read', async () => {
  const spec: EcsServiceSpec = { desiredCount: 1, tags: [{ key: 'team', value: 'a' }] };
  const { observed, asked } = await look(sampleObject(spec, confirmedStatus(spec)), found());
  expect(asked).toEqual(['ecs.DescribeServices']);
  expect(observed.presence.state).toBe('present');
});

test.each<{ what: string; answers: Answers; presence: object }>([
  {
    what: 'MISSING may be a late read',
    answers: { 'ecs.DescribeServices': { failures: [{ reason: 'MISSING' }] } },
    presence: { state: 'absent', certain: false },
  },
  {
    what: 'INACTIVE is for sure',
    answers: found({ status: 'INACTIVE' }),
    presence: { state: 'absent', certain: true },
  },
  { what: 'DRAINING is on its way out', answers: found({ status: 'DRAINING' }), presence: { state: 'leaving' } },
  {
    what: 'a cluster that is not there has no service',
    answers: {
      'ecs.DescribeServices': () => {
        throw new AwsCallError('Cluster not found.', {
          kind: 'NotFound',
          code: 'ClusterNotFoundException',
          operation: 'ecs.DescribeServices',
          effect: 'none',
          missing: 'cluster',
        });
      },
    },
    presence: { state: 'absent', certain: false },
  },
])('$what', async ({ answers, presence }) => {
  const { observed } = await look(sampleObject({}), answers);
  expect(observed.presence).toMatchObject(presence);
});

test('history is asked when another revision than ours is live, and tells a rollback', async () => {
  const spec = { taskDefinition: 'web:2' };
  const status = confirmedStatus(spec);
  const rollout = { ...status.rollout, state: 'InProgress' as const, contentHash: 'x', deploymentId: 'ecs-svc/9' };
  const { observed, asked } = await look(sampleObject(spec, { ...status, rollout }), {
    ...found(),
    'ecs.ListServiceDeployments': {
      serviceDeployments: [
        { serviceDeploymentArn: 'arn:old', status: 'SUCCESSFUL', createdAt: new Date(1) },
        {
          serviceDeploymentArn: 'arn:new',
          status: 'ROLLBACK_SUCCESSFUL',
          createdAt: new Date(2),
          targetServiceRevisionArn: 'arn:revision',
        },
      ],
    },
    'ecs.DescribeServiceRevisions': { serviceRevisions: [{ taskDefinition: taskDefinitionArn(2) }] },
    'ecs.ListTasks': { taskArns: [] },
  });
  expect(asked).toEqual([
    'ecs.DescribeServices',
    'ecs.ListServiceDeployments',
    'ecs.DescribeServiceRevisions',
    'ecs.ListTasks',
  ]);
  expect(observed.history).toMatchObject({ type: 'rolledBack', deploymentArn: 'arn:new' });
});

test('settings that only service revisions tell are read once for each revision', async () => {
  const spec = { monitoring: { metricConfigurations: [{ metricNames: ['CPUUtilization'], resolutionSeconds: 10 }] } };
  const revision = { currentServiceRevisions: [{ arn: 'arn:revision/1' }] };
  const answers = {
    ...found(revision),
    'ecs.DescribeServiceRevisions': { serviceRevisions: [{ serviceRevisionArn: 'arn:revision/1', ...spec }] },
  };
  const first = await look(sampleObject(spec, confirmedStatus(spec)), answers);
  expect(first.asked).toContain('ecs.DescribeServiceRevisions');
  expect(first.observed.live.monitoring).toEqual(spec.monitoring);

  const known = confirmedStatus(
    spec,
    first.observed.revision === undefined ? {} : { revision: first.observed.revision },
  );
  const second = await look(sampleObject(spec, known), answers);
  expect(second.asked).toEqual(['ecs.DescribeServices']);
  expect(second.observed.live.monitoring).toEqual(spec.monitoring);

  const drifted = await look(sampleObject(spec, known), {
    ...answers,
    ...found({ currentServiceRevisions: [{ arn: 'arn:revision/2' }] }),
  });
  expect(drifted.asked).toContain('ecs.DescribeServiceRevisions');
});

test('which namespace a name means is asked of Cloud Map once', async () => {
  const arn = 'arn:aws:servicediscovery:r:1:namespace/ns-1';
  const spec = { serviceConnectConfiguration: { enabled: true, namespace: 'shop' } };
  const answers = {
    ...found({ deployments: [sampleDeployment({ serviceConnectConfiguration: { enabled: true, namespace: arn } })] }),
    'servicediscovery.GetNamespace': { Namespace: { Name: 'shop', Arn: arn } },
  };
  const first = await look(sampleObject(spec, confirmedStatus(spec)), answers);
  expect(first.observed.namespace).toEqual({ name: 'shop', arn });
  const known = confirmedStatus(spec, { namespace: { name: 'shop', arn } });
  expect((await look(sampleObject(spec, known), answers)).asked).toEqual(['ecs.DescribeServices']);
});
