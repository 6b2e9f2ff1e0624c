import { describe, expect, test } from 'vitest';
import { failureThreshold } from './circuit-breaker-threshold.ts';
import { fargateTask, Stage } from './testing.ts';

const breaker = (more: object = {}) => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true, ...more } },
});
const brokenStart = { match: { image: 'broken' }, fate: { kind: 'start-failure' } } as const;

/** The service `web` runs web:1; web:2 has an image that fails by the given rule. */
function withBrokenImage(more: object, rule: Parameters<Stage['controls']['addTaskRule']>[0] = brokenStart): Stage {
  const stage = new Stage();
  stage.register();
  stage.create(more);
  stage.untilDeployed();
  stage.controls.addTaskRule(rule);
  stage.register(fargateTask('broken'));
  stage.update({ taskDefinition: 'web:2' });
  return stage;
}

describe('the threshold is half of the desired count, at least 3 and at most 200, unless configured', () => {
  test.each([
    [undefined, 1, 3],
    [undefined, 10, 5],
    [undefined, 25, 13],
    [undefined, 1000, 200],
    [{ type: 'COUNT', value: 7 } as const, 1000, 7],
    [{ type: 'BOUNDED_PERCENT', value: 100 } as const, 2, 3],
    [{ type: 'UNBOUNDED_PERCENT', value: 100 } as const, 2, 2],
    [{ type: 'UNBOUNDED_PERCENT', value: 50 } as const, 1000, 500],
    [{ type: 'UNBOUNDED_PERCENT', value: 1 } as const, 1, 1],
  ])('%j of %i tasks: %i', (thresholdConfiguration, desired, threshold) => {
    expect(failureThreshold({ enable: true, rollback: true, thresholdConfiguration }, desired)).toBe(threshold);
  });
});

test('with rollback the service goes back to the last completed revision, and its tasks never stop', () => {
  const stage = withBrokenImage(breaker());
  const before = stage.tasks('RUNNING').map(({ taskArn }) => taskArn);
  stage.until('the breaker trips', () => stage.service().deployments[0].rolloutStateReason.includes('rolling back'));
  const { deployments, taskDefinition } = stage.service();
  expect(taskDefinition).toMatch(/web:1$/);
  expect(deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', runningCount: 2 },
    {
      status: 'ACTIVE',
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    },
  ]);
  expect(deployments[0].rolloutStateReason).toBe(
    `ECS deployment circuit breaker: rolling back to deploymentId ${deployments[0].id}.`,
  );
  stage.untilDeployed();
  expect(stage.tasks('RUNNING').map(({ taskArn }) => taskArn)).toEqual(before);
  const [rolledBack] = stage.serviceDeployments();
  expect(rolledBack).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    rollback: { serviceRevisionArn: stage.service().currentServiceRevisions[0].arn },
    deploymentCircuitBreaker: { status: 'TRIGGERED', threshold: 3 },
  });
  expect(stage.events().some((text) => /deployment failed: tasks failed to start\.$/.test(text))).toBe(true);
  expect(stage.events().some((text) => /rolling back to deployment ecs-svc\/\d+\.$/.test(text))).toBe(true);
  expect(stage.tasks('STOPPED')[0]).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringContaining('CannotPullContainerError'),
  });
});

test('without rollback the deployment stays FAILED, starts nothing more, and the former tasks stay', () => {
  const stage = withBrokenImage(breaker({ rollback: false }));
  stage.until('the breaker trips', () => stage.service().deployments[0].rolloutState === 'FAILED');
  const failed = stage.service().deployments[0].failedTasks;
  stage.clock.advance(3_600_000);
  expect(stage.service().deployments).toMatchObject([
    { rolloutState: 'FAILED', runningCount: 0, failedTasks: failed },
    { status: 'ACTIVE', runningCount: 2 },
  ]);
  expect(stage.serviceDeployments()[0]).toMatchObject({ status: 'STOPPED', stoppedAt: expect.any(Date) });
});

test('a corrected update after a failure recovers', () => {
  const stage = withBrokenImage(breaker({ rollback: false }));
  stage.until('the breaker trips', () => stage.service().deployments[0].rolloutState === 'FAILED');
  stage.register(fargateTask('nginx:3'));
  stage.update({ taskDefinition: 'web:3' });
  stage.untilDeployed();
  expect(stage.service().taskDefinition).toMatch(/web:3$/);
});

test('a first deployment that fails has nothing to go back to', () => {
  const stage = new Stage();
  stage.controls.addTaskRule(brokenStart);
  stage.register(fargateTask('broken'));
  stage.create(breaker());
  stage.until('the breaker trips', () => stage.service().deployments[0].rolloutState === 'FAILED');
  stage.clock.advance(600_000);
  expect(stage.service().deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'FAILED', runningCount: 0 }]);
  expect(stage.serviceDeployments()[0]).toMatchObject({
    status: 'ROLLBACK_FAILED',
    statusReason: 'No rollback candidate was found to run the rollback.',
  });
});

test('without a breaker it tries for ever, more and more slowly, and gets there when the image is there', () => {
  const stage = withBrokenImage({});
  stage.clock.advance(3_600_000);
  const tries = stage.service().deployments[0].failedTasks;
  expect(tries).toBeGreaterThan(5);
  expect(tries).toBeLessThan(60);
  expect(stage.service().deployments[0].rolloutState).toBe('IN_PROGRESS');
  expect(stage.events().some((text) => text.includes('unable to consistently start tasks'))).toBe(true);
  stage.controls.removeTaskRule();
  stage.untilDeployed();
});

test.each([
  ['exits at once', { kind: 'exit', exitCode: 1 } as const, 'Essential container in task exited'],
  ['fails its health check', { kind: 'unhealthy' } as const, 'Task failed container health checks'],
])('a container that %s trips the breaker too', (_, fate, reason) => {
  const stage = withBrokenImage(breaker(), { match: { image: 'broken' }, fate });
  stage.until('it is rolled back', () => stage.serviceDeployments()[0].status === 'ROLLBACK_SUCCESSFUL');
  expect(stage.tasks('STOPPED').some(({ stoppedReason }) => stoppedReason === reason)).toBe(true);
});

test('a task that gets healthy forgives the failures before it, unless the breaker goes on counting', () => {
  for (const [resetOnHealthyTask, failures] of [
    [true, 0],
    [false, 2],
  ] as const) {
    const stage = withBrokenImage(breaker({ resetOnHealthyTask }));
    const status = () => stage.serviceDeployments()[0].deploymentCircuitBreaker;
    stage.until('two failed', () => status().failureCount === 2);
    stage.controls.removeTaskRule();
    stage.untilDeployed();
    expect(status()).toMatchObject({ status: 'MONITORING_COMPLETE', failureCount: failures });
  }
});

test('StopServiceDeployment goes back, or with ABORT leaves things as they stand', () => {
  for (const [stopType, status] of [
    [undefined, 'ROLLBACK_SUCCESSFUL'],
    ['ABORT', 'STOPPED'],
  ] as const) {
    const stage = withBrokenImage({}, { match: { image: 'broken' }, fate: { kind: 'hang' } });
    stage.clock.advance(30_000);
    const [{ serviceDeploymentArn }] = stage.serviceDeployments();
    stage.call('StopServiceDeployment', { serviceDeploymentArn, ...(stopType ? { stopType } : {}) });
    stage.until(`it is ${status}`, () => stage.serviceDeployments()[0].status === status);
    expect(stage.service().taskDefinition).toMatch(stopType ? /web:2$/ : /web:1$/);
    expect(stage.refusal('StopServiceDeployment', { serviceDeploymentArn })).toContain('ConflictException');
  }
  const unknown = { serviceDeploymentArn: 'arn:aws:ecs:eu-central-1:123456789012:service-deployment/main/web/x' };
  expect(new Stage().refusal('StopServiceDeployment', unknown)).toContain('ServiceDeploymentNotFoundException');
});

test('an alarm rolls back as the breaker does', () => {
  const stage = withBrokenImage({}, { match: { image: 'broken' }, fate: { kind: 'hang' } });
  stage.clock.advance(30_000);
  stage.controls.failDeployment({ cluster: 'main', service: 'web' });
  stage.untilDeployed();
  expect(stage.service().taskDefinition).toMatch(/web:1$/);
  expect(stage.serviceDeployments()[0].status).toBe('ROLLBACK_SUCCESSFUL');
});
