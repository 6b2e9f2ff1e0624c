import { describe, expect, test } from 'vitest';
import { planService } from './plan.ts';
import { BALANCER, planOf, updates } from './sample-plan.ts';
import {
  confirmedStatus,
  sampleDeployment,
  sampleInput,
  sampleObject,
  sampleObserved,
  sampleService,
  taskDefinitionArn,
} from './sample-service.ts';
import type { EcsServiceSpec } from './schema.ts';

describe('controllers that deploy by themselves', () => {
  const codeDeploy = { deploymentController: { type: 'CODE_DEPLOY' as const } };

  test('what CodeDeploy has moved on is not drift', () => {
    const spec = { ...codeDeploy, loadBalancers: [BALANCER], platformVersion: '1.4.0' };
    const live = { ...codeDeploy, taskDefinition: taskDefinitionArn(9), loadBalancers: [], deployments: [] };
    expect(planOf(spec, live, { before: spec })).toEqual({ actions: [], reported: [] });
  });

  test('a changed spec that only CodeDeploy can bring about says so', () => {
    const plan = planOf({ ...codeDeploy, taskDefinition: 'web:2' }, codeDeploy, { before: codeDeploy });
    expect(plan.actions).toEqual([]);
    expect(plan.stalled?.reason).toBe('ManagedByDeploymentController');
  });

  test('the count is still enforced', () => {
    const plan = planOf({ ...codeDeploy, desiredCount: 4 }, codeDeploy, { before: codeDeploy });
    expect(updates(plan.actions)).toEqual([{ desiredCount: 4 }]);
  });

  test('going back to the ECS controller is one update', () => {
    const plan = planOf({ deploymentController: { type: 'ECS' } }, codeDeploy, { before: codeDeploy });
    expect(updates(plan.actions)).toEqual([{ deploymentController: { type: 'ECS' } }]);
  });
});

describe('blue/green', () => {
  const strategy = { strategy: 'BLUE_GREEN' as const, bakeTimeInMinutes: 5 };
  const balancer = (blue: string, green: string) => ({
    ...BALANCER,
    targetGroupArn: blue,
    advancedConfiguration: {
      alternateTargetGroupArn: green,
      productionListenerRule: 'arn:rule',
      roleArn: 'arn:aws:iam::1:role/r',
    },
  });
  const spec = { deploymentConfiguration: strategy, loadBalancers: [balancer('arn:blue', 'arn:green')] };

  test('exchanged target groups are not drift', () => {
    const live = { deploymentConfiguration: strategy, loadBalancers: [balancer('arn:green', 'arn:blue')] };
    expect(planOf(spec, live, { before: spec })).toEqual({ actions: [], reported: [] });
  });

  test('another target group in the spec is a change', () => {
    const live = { deploymentConfiguration: strategy, loadBalancers: [balancer('arn:old', 'arn:green')] };
    const before = { ...spec, loadBalancers: [balancer('arn:old', 'arn:green')] };
    expect(updates(planOf(spec, live, { before }).actions)).toEqual([{ loadBalancers: spec.loadBalancers }]);
  });
});

describe('restart', () => {
  const restartedAt = '2026-01-02T03:04:05Z';

  test('restartedAt forces a deployment, after it was written down which one was there before', () => {
    const plan = planOf({ restartedAt });
    expect(updates(plan.actions)).toEqual([{ forceNewDeployment: true }]);
    expect(plan.intent?.restart).toEqual({ requestedAt: restartedAt, deploymentBefore: 'ecs-svc/1' });
  });

  test('a restart and a new image are one deployment', () => {
    const plan = planOf({ restartedAt, taskDefinition: 'web:2' });
    expect(updates(plan.actions)).toEqual([{ taskDefinition: 'web:2', forceNewDeployment: true }]);
  });

  test('a family without a revision is taken up anew', () => {
    const plan = planOf({ restartedAt, taskDefinition: 'web' }, {}, { before: { taskDefinition: 'web' } });
    expect(updates(plan.actions)).toEqual([{ taskDefinition: 'web', forceNewDeployment: true }]);
  });

  test('a service that was taken over with an old restartedAt is not rolled', () => {
    expect(planOf({ restartedAt }, {}, { status: {} }).actions).toEqual([]);
  });

  test('under CODE_DEPLOY it cannot be had, and the condition says so', () => {
    const codeDeploy = { deploymentController: { type: 'CODE_DEPLOY' as const } };
    const plan = planOf({ ...codeDeploy, restartedAt }, codeDeploy, { before: codeDeploy });
    expect(plan.actions).toEqual([]);
    expect(plan.stalled?.reason).toBe('RestartNotPossible');
  });
});

describe('a rollback by AWS', () => {
  const spec = { taskDefinition: 'web:2' };
  const history = { type: 'rolledBack', deploymentArn: 'arn:deployment/1', reason: 'tasks failed to start.' } as const;

  test('is respected: no second attempt, with AWS’s words', () => {
    const status = confirmedStatus(spec, {});
    const input = sampleInput(sampleObject(spec, status), sampleObserved(sampleService(), { history }));
    const plan = planService(input);
    expect(plan.actions).toEqual([]);
    expect(plan.stalled).toMatchObject({ reason: 'RolledBack' });
    expect(plan.stalled?.message).toContain('tasks failed to start.');
  });

  test('is remembered by status without another question', () => {
    const { rollout } = confirmedStatus(spec);
    const { attempt } = sampleInput(sampleObject(spec), sampleObserved(undefined)).desired;
    const status = confirmedStatus(spec, {
      rollout: { contentHash: rollout?.contentHash ?? '', state: 'RolledBack', attempt, rolledBackContent: attempt },
    });
    expect(planOf(spec, {}, { status }).stalled?.reason).toBe('RolledBack');
  });

  test.each<{ what: string; change: EcsServiceSpec }>([
    { what: 'another image', change: { taskDefinition: 'web:3' } },
    { what: 'a longer grace period', change: { healthCheckGracePeriodSeconds: 120 } },
    { what: 'restartedAt', change: { restartedAt: '2026-01-02T03:04:05Z' } },
  ])('$what is another attempt', ({ change }) => {
    const { attempt } = sampleInput(sampleObject(spec), sampleObserved(undefined)).desired;
    const status = confirmedStatus(spec, {
      rollout: { contentHash: 'x', state: 'RolledBack', attempt, rolledBackContent: attempt },
    });
    const [request] = updates(planOf({ ...spec, ...change }, {}, { status }).actions);
    expect(request).toHaveProperty('taskDefinition');
  });

  test('the count and tags are still kept', () => {
    const wanted = { ...spec, desiredCount: 5 };
    const input = sampleInput(
      sampleObject(wanted, confirmedStatus(wanted)),
      sampleObserved(sampleService(), { history }),
    );
    expect(updates(planService(input).actions)).toEqual([{ desiredCount: 5 }]);
  });

  test('of a removed load balancer: it is not removed again and again', () => {
    const before = { loadBalancers: [BALANCER] };
    const status = confirmedStatus(before);
    const input = sampleInput(
      sampleObject({}, status),
      sampleObserved(sampleService({ loadBalancers: [BALANCER] }), { history }),
      { unset: ['loadBalancers'] },
    );
    const plan = planService(input);
    expect(plan.actions).toEqual([]);
    expect(plan.stalled?.reason).toBe('RolledBack');
  });

  test('a read that lags behind our own deployment starts no second one', () => {
    const input = sampleInput(
      sampleObject(spec, confirmedStatus(spec)),
      sampleObserved(sampleService(), { history: { type: 'lagging' } }),
    );
    const plan = planService(input);
    expect(plan.actions).toEqual([]);
    expect(plan.waiting?.reason).toBe('LookingAgain');
  });
});

test('a deployment that failed and stays is tried again when the spec was changed around it', () => {
  const failed = { deployments: [sampleDeployment({ rolloutState: 'FAILED' })] };
  expect(planOf({}, failed).actions).toEqual([]);
  const changed = planOf({ enableExecuteCommand: true }, { ...failed, enableExecuteCommand: true });
  expect(updates(changed.actions)).toEqual([{ forceNewDeployment: true }]);
});
