import type { Service } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { planService } from './plan.ts';
import {
  confirmedStatus,
  identity,
  type References,
  SERVICE_ARN,
  sampleDeployment,
  sampleInput,
  sampleObject,
  sampleObserved,
  sampleService,
  taskDefinitionArn,
} from './sample-service.ts';
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import type { EcsServiceAction } from './types.ts';

/** The plan for a spec, of which AWS held `before` (confirmed), over what is live now. */
function planOf(
  spec: EcsServiceSpec,
  live: Partial<Service> = {},
  options: { before?: EcsServiceSpec; status?: EcsServiceStatus; references?: References } = {},
) {
  const status = options.status ?? confirmedStatus(options.before ?? {});
  const object = sampleObject(spec, status);
  const observed = sampleObserved(sampleService(live));
  const applied = Object.keys(status.applied?.leaves ?? {});
  const input = sampleInput(
    object,
    observed,
    options.references === undefined ? {} : { references: options.references },
  );
  const unset = applied.filter((path) => !(path in input.desired.leaves));
  return planService({ ...input, unset });
}

function updates(actions: readonly EcsServiceAction[]) {
  return actions.flatMap((action) => (action.type === 'UpdateService' ? [action.request] : []));
}

const CONNECTED = {
  serviceConnectConfiguration: { enabled: true, namespace: 'arn:aws:servicediscovery:r:1:namespace/ns-1' },
};
const VOLUME = { name: 'data', managedEBSVolume: { roleArn: 'arn:aws:iam::1:role/ebs', sizeInGiB: 10 } };
const BALANCER = { targetGroupArn: 'arn:tg', containerName: 'web', containerPort: 80 };
const LATTICE = { roleArn: 'arn:aws:iam::1:role/vpc', targetGroupArn: 'arn:lattice', portName: 'http' };

describe('creation', () => {
  test('a service whose count is nobody’s starts with one task', () => {
    const { actions, intent } = planService(sampleInput(sampleObject({}), sampleObserved(undefined)));
    expect(actions).toEqual([{ type: 'CreateService', request: { taskDefinition: 'web:1' }, count: 1 }]);
    expect(intent?.rollout).toMatchObject({ state: 'Starting' });
  });

  test('a declared count is taken, and a DAEMON gets none', () => {
    const created = (spec: EcsServiceSpec) =>
      planService(sampleInput(sampleObject(spec), sampleObserved(undefined))).actions[0];
    expect(created({ desiredCount: 0 })).toMatchObject({ count: 0 });
    expect(created({ schedulingStrategy: 'DAEMON' })).toMatchObject({ count: undefined });
  });

  test('a template is registered before the service is made', () => {
    const spec = {
      taskDefinition: null,
      taskDefinitionTemplate: { containerDefinitions: [{ name: 'web', image: 'nginx', memory: 128 }] },
    };
    const template = { wanted: undefined, own: [], foreignRevisions: 0 };
    const { actions } = planService(sampleInput(sampleObject(spec), sampleObserved(undefined, { template })));
    expect(actions).toEqual([{ type: 'RegisterTaskDefinition' }]);
    const wanted = { arn: taskDefinitionArn(3), tags: identity.tags };
    const next = planService(
      sampleInput(sampleObject(spec), sampleObserved(undefined, { template: { ...template, wanted } })),
    );
    expect(next.actions).toMatchObject([{ type: 'CreateService', request: { taskDefinition: taskDefinitionArn(3) } }]);
  });

  test('while the one before is draining, the new one waits', () => {
    const plan = planService(sampleInput(sampleObject({}), sampleObserved(sampleService({ status: 'DRAINING' }))));
    expect(plan.actions).toEqual([]);
    expect(plan.waiting?.message).toContain('draining');
  });
});

describe('what is as asked', () => {
  test.each<{ what: string; spec: EcsServiceSpec; live: Partial<Service> }>([
    { what: 'nothing declared', spec: {}, live: { desiredCount: 7, healthCheckGracePeriodSeconds: 30 } },
    { what: 'AWS’s defaults declared', spec: { propagateTags: 'NONE', enableExecuteCommand: false }, live: {} },
    { what: 'a family alone, whatever its revision', spec: { taskDefinition: 'web' }, live: {} },
    { what: 'an ARN', spec: { taskDefinition: taskDefinitionArn(1) }, live: {} },
    {
      what: 'lists in another order',
      spec: { networkConfiguration: { awsvpcConfiguration: { subnets: ['b', 'a'] } } },
      live: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a', 'b'], assignPublicIp: 'DISABLED' } } },
    },
    {
      what: 'a placement field that AWS spells otherwise',
      spec: { placementStrategy: [{ type: 'spread', field: 'host' }] },
      live: { placementStrategy: [{ type: 'spread', field: 'instanceId' }] },
    },
    {
      what: 'Service Connect, which stands on the deployment',
      spec: CONNECTED,
      live: { deployments: [sampleDeployment(CONNECTED)] },
    },
    {
      what: 'volumes, which stand on the deployment',
      spec: { volumeConfigurations: [VOLUME] },
      live: { deployments: [sampleDeployment({ volumeConfigurations: [VOLUME] })] },
    },
    {
      what: 'VPC Lattice, which stands on the deployment',
      spec: { vpcLatticeConfigurations: [LATTICE] },
      live: { deployments: [sampleDeployment({ vpcLatticeConfigurations: [LATTICE] })] },
    },
    { what: 'empty lists', spec: { loadBalancers: [], placementConstraints: [] }, live: {} },
  ])('$what: nothing is done', ({ spec, live }) => {
    expect(planOf(spec, live, { before: spec })).toEqual({ actions: [], reported: [] });
    // Just the same without any history, as after an adoption.
    expect(planOf(spec, live, { status: {} })).toEqual({ actions: [], reported: [] });
  });
});

describe('changes', () => {
  test('image, port and count changed together make exactly one UpdateService', () => {
    const plan = planOf({ taskDefinition: 'web:2', loadBalancers: [BALANCER], desiredCount: 3 });
    expect(plan.actions).toHaveLength(1);
    expect(updates(plan.actions)).toEqual([{ taskDefinition: 'web:2', loadBalancers: [BALANCER], desiredCount: 3 }]);
    expect(plan.intent?.rollout).toMatchObject({ state: 'Starting', deploymentBefore: 'ecs-svc/1' });
  });

  test.each<{ what: string; spec: EcsServiceSpec; request: object; starts: boolean }>([
    { what: 'task definition', spec: { taskDefinition: 'web:2' }, request: { taskDefinition: 'web:2' }, starts: true },
    { what: 'count', spec: { desiredCount: 4 }, request: { desiredCount: 4 }, starts: false },
    {
      what: 'grace period',
      spec: { healthCheckGracePeriodSeconds: 60 },
      request: { healthCheckGracePeriodSeconds: 60 },
      starts: false,
    },
    { what: 'exec', spec: { enableExecuteCommand: true }, request: { enableExecuteCommand: true }, starts: false },
    { what: 'tags to pass', spec: { propagateTags: 'SERVICE' }, request: { propagateTags: 'SERVICE' }, starts: false },
    {
      what: 'rebalancing',
      spec: { availabilityZoneRebalancing: 'DISABLED' },
      request: { availabilityZoneRebalancing: 'DISABLED' },
      starts: false,
    },
    {
      what: 'load balancer',
      spec: { loadBalancers: [BALANCER] },
      request: { loadBalancers: [BALANCER] },
      starts: true,
    },
    { what: 'Service Connect', spec: CONNECTED, request: CONNECTED, starts: true },
    {
      what: 'volume',
      spec: { volumeConfigurations: [VOLUME] },
      request: { volumeConfigurations: [VOLUME] },
      starts: true,
    },
    {
      what: 'placement',
      spec: { placementStrategy: [{ type: 'binpack', field: 'memory' }] },
      request: { placementStrategy: [{ type: 'binpack', field: 'memory' }] },
      starts: false,
    },
    {
      what: 'capacity providers, which AWS wants forced',
      spec: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
      request: {
        capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
        forceNewDeployment: true,
      },
      starts: true,
    },
  ])('$what: one call, and a rollout where AWS starts one ($starts)', ({ spec, request, starts }) => {
    const plan = planOf(spec);
    expect(updates(plan.actions)).toEqual([request]);
    expect(plan.intent?.rollout !== undefined).toBe(starts);
  });

  test('of a structure, what is not declared keeps its value in AWS', () => {
    const live = {
      deploymentConfiguration: {
        maximumPercent: 150,
        minimumHealthyPercent: 100,
        strategy: 'ROLLING' as const,
        bakeTimeInMinutes: 0,
        alarms: { alarmNames: ['errors'], enable: true, rollback: false },
        deploymentCircuitBreaker: { enable: false, rollback: false },
      },
    };
    const spec = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };
    expect(updates(planOf(spec, live).actions)).toEqual([
      {
        deploymentConfiguration: {
          maximumPercent: 150,
          alarms: { alarmNames: ['errors'], enable: true, rollback: false },
          deploymentCircuitBreaker: { enable: true, rollback: true },
        },
      },
    ]);
  });

  test('a tag that somebody changed is put back, one that left the spec is taken off, all others stay', () => {
    const live = {
      tags: [
        ...Object.entries(identity.tags).map(([key, value]) => ({ key, value })),
        { key: 'team', value: 'b' },
        { key: 'old', value: 'x' },
        { key: 'theirs', value: 'y' },
      ],
    };
    const before = {
      tags: [
        { key: 'team', value: 'a' },
        { key: 'old', value: 'x' },
      ],
    };
    const plan = planOf({ tags: [{ key: 'team', value: 'a' }] }, live, { before });
    expect(plan.actions).toEqual([
      { type: 'TagResource', arn: SERVICE_ARN, tags: { team: 'a' } },
      { type: 'UntagResource', arn: SERVICE_ARN, keys: ['old'] },
    ]);
  });

  test('a launch type instead of a capacity provider strategy: the strategy is emptied', () => {
    const strategy = [{ capacityProvider: 'FARGATE', weight: 1 }];
    const { launchType: _none, ...service } = sampleService({ capacityProviderStrategy: strategy });
    const object = sampleObject({ launchType: 'FARGATE' }, confirmedStatus({ capacityProviderStrategy: strategy }));
    const plan = planService(sampleInput(object, sampleObserved(service), { unset: ['capacityProviderStrategy'] }));
    expect(updates(plan.actions)).toEqual([{ capacityProviderStrategy: [], forceNewDeployment: true }]);
  });

  test('another launch type than the live one can only be had by a new service', () => {
    expect(planOf({ launchType: 'FARGATE' }).stalled?.reason).toBe('ImmutableField');
  });
});

describe('policy', () => {
  test.each<{ verdict: 'report' | 'ignore'; reported: readonly string[] }>([
    { verdict: 'report', reported: ['desiredCount', 'tags[key=team]', 'taskDefinition'] },
    { verdict: 'ignore', reported: [] },
  ])('what policy says to $verdict is left as it is', ({ verdict, reported }) => {
    const spec = { desiredCount: 2, taskDefinition: 'web:2', tags: [{ key: 'team', value: 'a' }] };
    const object = sampleObject(spec, confirmedStatus(spec));
    const plan = planService(sampleInput(object, sampleObserved(sampleService()), { judge: () => verdict }));
    expect(plan.actions).toEqual([]);
    expect(plan.reported.map(({ path }) => path).sort()).toEqual(reported);
  });
});

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
