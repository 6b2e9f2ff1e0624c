import type { ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { needsHistory, readHistory } from './rollback.ts';
import {
  confirmedStatus,
  sampleDeployment,
  sampleDesired,
  sampleObject,
  sampleObserved,
  sampleService,
  taskDefinitionArn,
} from './sample-service.ts';
import type { EcsServiceStatus } from './schema.ts';
import type { History } from './types.ts';

const SPEC = { taskDefinition: 'web:2' };
const desired = sampleDesired(sampleObject(SPEC));
const observed = sampleObserved(sampleService());

/** Status as it was written when the attempt began. */
function begun(over: Partial<NonNullable<EcsServiceStatus['rollout']>> = {}): EcsServiceStatus {
  const { contentHash, attempt } = { contentHash: desired.content, attempt: desired.attempt };
  return { ...confirmedStatus(SPEC), rollout: { contentHash, attempt, state: 'Starting', ...over } };
}

test.each<{ what: string; status: EcsServiceStatus | undefined; asked: boolean }>([
  { what: 'the spec was changed since the last attempt', status: begun({ attempt: 'before' }), asked: false },
  { what: 'another deployment than ours is live', status: begun({ deploymentId: 'ecs-svc/7' }), asked: true },
  {
    what: 'the operator died before it knew its deployment',
    status: begun({ deploymentBefore: 'ecs-svc/1' }),
    asked: true,
  },
  {
    what: 'our deployment is live, so somebody changed it',
    status: begun({ deploymentId: 'ecs-svc/1' }),
    asked: false,
  },
  { what: 'the rollback is known', status: begun({ rolledBackContent: desired.attempt }), asked: false },
  { what: 'a service that is taken over', status: undefined, asked: true },
])('$what: AWS’s history is asked: $asked', ({ status, asked }) => {
  expect(needsHistory({ desired, observed, status })).toBe(asked);
});

function historyOf(status: ServiceDeploymentStatus, target: number, known: EcsServiceStatus = begun()): History {
  return readHistory({
    desired,
    observed,
    status: known,
    members: ['taskDefinition'],
    newest: { serviceDeploymentArn: 'arn:deployment/7', status, statusReason: 'tasks failed to start.' },
    target: { taskDefinition: taskDefinitionArn(target) },
  });
}

test.each<{ status: ServiceDeploymentStatus; type: History['type'] }>([
  { status: 'ROLLBACK_SUCCESSFUL', type: 'rolledBack' },
  { status: 'ROLLBACK_IN_PROGRESS', type: 'rolledBack' },
  { status: 'ROLLBACK_REQUESTED', type: 'rolledBack' },
  { status: 'ROLLBACK_FAILED', type: 'rolledBack' },
  { status: 'STOPPED', type: 'rolledBack' },
  { status: 'IN_PROGRESS', type: 'lagging' },
  { status: 'PENDING', type: 'lagging' },
  { status: 'SUCCESSFUL', type: 'lagging' },
])('our own last deployment in $status: $type', ({ status, type }) => {
  expect(historyOf(status, 2).type).toBe(type);
});

test('the last deployment was to bring something else: somebody changed it', () => {
  expect(historyOf('SUCCESSFUL', 9)).toEqual({ type: 'none' });
  expect(historyOf('ROLLBACK_SUCCESSFUL', 9)).toEqual({ type: 'none' });
});

test('a rollback that was told before is none of the present attempt', () => {
  expect(historyOf('ROLLBACK_SUCCESSFUL', 2, begun({ rolledBackDeployment: 'arn:deployment/7' }))).toEqual({
    type: 'none',
  });
});

test.each([
  { what: 'of subnets', live: ['subnet-a'], target: ['subnet-b'], type: 'rolledBack' },
  { what: 'of subnets that are not ours', live: ['subnet-a'], target: ['subnet-c'], type: 'none' },
])('a rollback $what is known by the revision that was to bring them: $type', ({ live, target, type }) => {
  const network = (subnets: string[]) => ({ networkConfiguration: { awsvpcConfiguration: { subnets } } });
  const spec = { taskDefinition: 'web:1', ...network(['subnet-b']) };
  const history = readHistory({
    desired: sampleDesired(sampleObject(spec)),
    observed: sampleObserved(sampleService({ ...network(live), deployments: [sampleDeployment()] })),
    status: confirmedStatus(spec),
    members: ['networkConfiguration'],
    newest: { serviceDeploymentArn: 'arn:deployment/7', status: 'ROLLBACK_SUCCESSFUL' },
    target: { taskDefinition: taskDefinitionArn(1), ...network(target) },
  });
  expect(history.type).toBe(type);
});

test('a rollback of a removed load balancer is known by the revision that lacks it', () => {
  const balancer = { targetGroupArn: 'arn:tg', containerName: 'web', containerPort: 80 };
  const input = {
    desired: sampleDesired(sampleObject({})),
    observed: sampleObserved(sampleService({ loadBalancers: [balancer] })),
    status: confirmedStatus({ loadBalancers: [balancer] }),
    members: ['loadBalancers'],
    newest: { serviceDeploymentArn: 'arn:deployment/7', status: 'ROLLBACK_SUCCESSFUL' as const },
  };
  expect(readHistory({ ...input, target: { loadBalancers: [] } }).type).toBe('rolledBack');
  expect(readHistory({ ...input, target: { loadBalancers: [balancer] } }).type).toBe('none');
});

test('a service that is met for the first time has no call of ours to wait for', () => {
  const newest = { serviceDeploymentArn: 'arn:deployment/7', status: 'SUCCESSFUL' as const };
  const input = {
    desired,
    observed,
    members: ['taskDefinition'],
    newest,
    target: { taskDefinition: taskDefinitionArn(2) },
  };
  expect(readHistory({ ...input, status: {} }).type).toBe('none');
  expect(readHistory({ ...input, status: begun() }).type).toBe('lagging');
});
