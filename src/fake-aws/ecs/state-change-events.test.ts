import { expect, test } from 'vitest';
import type { FakeEvent } from '../core/events.ts';
import { fargateTask, Stage } from './testing.ts';

function heard(stage: Stage): { events: FakeEvent[]; names: (type: string) => unknown[] } {
  const events: FakeEvent[] = [];
  stage.fake.onEvent((event) => events.push(event));
  const names = (type: string) =>
    events.filter((event) => event['detail-type'] === type).map(({ detail }) => detail.eventName);
  return { events, names };
}

test('a rollout is told on the event bus in the envelopes of EventBridge', () => {
  const stage = new Stage();
  const { events, names } = heard(stage);
  stage.register();
  const { serviceArn } = stage.create();
  stage.untilDeployed();
  expect(names('ECS Deployment State Change')).toEqual([
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'SERVICE_DEPLOYMENT_COMPLETED',
  ]);
  expect(names('ECS Service Action')).toEqual(['SERVICE_STEADY_STATE']);
  expect(events[0]).toMatchObject({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    source: 'aws.ecs',
    account: '123456789012',
    region: 'eu-central-1',
    time: '2026-01-01T00:00:00Z',
    resources: [serviceArn],
    detail: { eventType: 'INFO', deploymentId: expect.stringMatching(/^ecs-svc\//) },
  });
  const task = events.find((event) => event['detail-type'] === 'ECS Task State Change');
  expect(task?.detail).toMatchObject({
    lastStatus: 'PROVISIONING',
    version: 1,
    group: 'service:web',
    startedBy: expect.stringMatching(/^ecs-svc\//),
    createdAt: '2026-01-01T00:00:02.000Z',
  });
});

test('failures are told as such', () => {
  const stage = new Stage();
  const { names } = heard(stage);
  stage.controls.addTaskRule({ match: { family: '^web$' }, fate: { kind: 'start-failure' } });
  stage.register(fargateTask('broken'));
  stage.create({ deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } });
  stage.until('it failed', () => stage.service().deployments[0].rolloutState === 'FAILED');
  expect(names('ECS Deployment State Change')).toContain('SERVICE_DEPLOYMENT_FAILED');
  expect(names('ECS Service Action')).toContain('SERVICE_TASK_START_IMPAIRED');
  stage.controls.fillCapacity({ cluster: 'main' });
  stage.create({ serviceName: 'other' });
  stage.clock.advance(10_000);
  expect(names('ECS Service Action')).toContain('SERVICE_TASK_PLACEMENT_FAILURE');
});

test('after unsubscribing nothing is heard', () => {
  const stage = new Stage();
  const events: FakeEvent[] = [];
  const stop = stage.fake.onEvent((event) => events.push(event));
  stop();
  stage.register();
  stage.create();
  stage.untilDeployed();
  expect(events).toEqual([]);
});

test('after stop nothing moves any more', () => {
  const stage = new Stage();
  stage.register();
  stage.create();
  stage.fake.stop();
  stage.clock.advance(600_000);
  expect(stage.service().deployments[0]).toMatchObject({ desiredCount: 0, runningCount: 0 });
  expect(stage.clock.pending).toBe(0);
});
