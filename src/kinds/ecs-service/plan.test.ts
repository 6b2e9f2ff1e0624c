import type { Service } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { describeAction } from './describe.ts';
import { planService } from './plan.ts';
import { BALANCER, planOf, updates } from './sample-plan.ts';
import {
  confirmedStatus,
  identity,
  SERVICE_ARN,
  sampleDeployment,
  sampleInput,
  sampleObject,
  sampleObserved,
  sampleService,
  taskDefinitionArn,
} from './sample-service.ts';
import type { EcsServiceSpec } from './schema.ts';

const CONNECTED = {
  serviceConnectConfiguration: { enabled: true, namespace: 'arn:aws:servicediscovery:r:1:namespace/ns-1' },
};
const VOLUME = { name: 'data', managedEBSVolume: { roleArn: 'arn:aws:iam::1:role/ebs', sizeInGiB: 10 } };
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

test('the event of an update tells the revisions apart', () => {
  const declared = sampleObject({ taskDefinition: taskDefinitionArn(2) });
  const [action] = planService(sampleInput(declared, sampleObserved(sampleService()))).actions;
  expect(action && describeAction(action)).toBe('UpdateService taskDefinition web:1 → web:2');
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
