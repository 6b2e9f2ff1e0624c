import type { Service } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { unsetLeaves } from '../../reconcile/applied.ts';
import { planService } from './plan.ts';
import {
  confirmedStatus,
  sampleDeployment,
  sampleInput,
  sampleObject,
  sampleObserved,
  sampleService,
} from './sample-service.ts';
import type { EcsServiceSpec } from './schema.ts';

/** What is asked of AWS when the spec was `before` and becomes `after`, AWS holding `live`. */
function requestOf(before: EcsServiceSpec, after: EcsServiceSpec, live: Partial<Service>, settings: object = {}) {
  const object = sampleObject(after, confirmedStatus(before));
  const service = sampleService(live);
  const observed = sampleObserved(service);
  const input = sampleInput(object, { ...observed, live: { ...observed.live, ...settings } });
  const unset = unsetLeaves(object.status?.applied, input.desired.leaves);
  return planService({ ...input, unset }).actions.map((action) =>
    action.type === 'UpdateService' ? action.request : action,
  );
}

interface Row {
  readonly what: string;
  readonly before: EcsServiceSpec;
  readonly after?: EcsServiceSpec;
  readonly live: Partial<Service>;
  /** What only service revisions tell. */
  readonly settings?: object;
  readonly request: object;
}

const VOLUME = { name: 'data', managedEBSVolume: { roleArn: 'arn:aws:iam::1:role/ebs', sizeInGiB: 10 } };
const LATTICE = { roleArn: 'arn:aws:iam::1:role/vpc', targetGroupArn: 'arn:lattice', portName: 'http' };
const BALANCERS = { loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'web', containerPort: 80 }] };
const REGISTRIES = { serviceRegistries: [{ registryArn: 'arn:registry' }] };
const CONNECT = { serviceConnectConfiguration: { enabled: true, namespace: 'arn:ns' } };
const STRATEGY = { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] };
const NETWORK = { subnets: ['a'], securityGroups: ['sg'], assignPublicIp: 'ENABLED' as const };
const BREAKER = { enable: true, rollback: true };
const ALARMS = { alarmNames: ['errors'], enable: true, rollback: true };
const CONNECTOR = { gatewayConnectors: [{ portName: 'http' }] };
const MONITORING = {
  monitoring: { metricConfigurations: [{ metricNames: ['CPUUtilization'], resolutionSeconds: 10 }] },
};

const ROWS: readonly Row[] = [
  {
    what: 'the grace period',
    before: { healthCheckGracePeriodSeconds: 60 },
    live: { healthCheckGracePeriodSeconds: 60 },
    request: { healthCheckGracePeriodSeconds: 0 },
  },
  {
    what: 'exec',
    before: { enableExecuteCommand: true },
    live: { enableExecuteCommand: true },
    request: { enableExecuteCommand: false },
  },
  {
    what: 'managed tags',
    before: { enableECSManagedTags: true },
    live: { enableECSManagedTags: true },
    request: { enableECSManagedTags: false },
  },
  {
    what: 'passed tags',
    before: { propagateTags: 'SERVICE' },
    live: { propagateTags: 'SERVICE' },
    request: { propagateTags: 'NONE' },
  },
  {
    what: 'the platform version',
    before: { platformVersion: '1.4.0' },
    live: { platformVersion: '1.4.0', launchType: 'FARGATE' },
    request: { platformVersion: 'LATEST' },
  },
  {
    what: 'rebalancing, where AWS turns it on by itself',
    before: { availabilityZoneRebalancing: 'DISABLED' },
    live: { availabilityZoneRebalancing: 'DISABLED' },
    request: { availabilityZoneRebalancing: 'ENABLED' },
  },
  {
    what: 'rebalancing, where it cannot be on',
    before: { availabilityZoneRebalancing: 'ENABLED' },
    live: { availabilityZoneRebalancing: 'ENABLED', deploymentConfiguration: { maximumPercent: 100 } },
    request: { availabilityZoneRebalancing: 'DISABLED' },
  },
  { what: 'load balancers', before: BALANCERS, live: BALANCERS, request: { loadBalancers: [] } },
  { what: 'registries', before: REGISTRIES, live: REGISTRIES, request: { serviceRegistries: [] } },
  {
    what: 'placement constraints',
    before: { placementConstraints: [{ type: 'distinctInstance' }] },
    live: { placementConstraints: [{ type: 'distinctInstance' }] },
    request: { placementConstraints: [] },
  },
  {
    what: 'placement strategy',
    before: { placementStrategy: [{ type: 'random' }] },
    live: { placementStrategy: [{ type: 'random' }] },
    request: { placementStrategy: [] },
  },
  {
    what: 'capacity providers: back to the launch type, forced',
    before: STRATEGY,
    live: STRATEGY,
    request: { capacityProviderStrategy: [], forceNewDeployment: true },
  },
  {
    what: 'Service Connect',
    before: CONNECT,
    live: { deployments: [sampleDeployment(CONNECT)] },
    request: { serviceConnectConfiguration: { enabled: false } },
  },
  {
    what: 'the log of Service Connect alone',
    before: { serviceConnectConfiguration: { enabled: true, logConfiguration: { logDriver: 'awslogs' } } },
    after: { serviceConnectConfiguration: { enabled: true } },
    live: {
      deployments: [
        sampleDeployment({
          serviceConnectConfiguration: { enabled: true, logConfiguration: { logDriver: 'awslogs' } },
        }),
      ],
    },
    request: { serviceConnectConfiguration: { enabled: true } },
  },
  {
    what: 'volumes',
    before: { volumeConfigurations: [VOLUME] },
    live: { deployments: [sampleDeployment({ volumeConfigurations: [VOLUME] })] },
    request: { volumeConfigurations: [] },
  },
  {
    what: 'VPC Lattice',
    before: { vpcLatticeConfigurations: [LATTICE] },
    live: { deployments: [sampleDeployment({ vpcLatticeConfigurations: [LATTICE] })] },
    request: { vpcLatticeConfigurations: [] },
  },
  { what: 'gateway connectors', before: CONNECTOR, live: {}, settings: CONNECTOR, request: { gatewayConnectors: [] } },
  {
    what: 'monitoring',
    before: MONITORING,
    live: {},
    settings: MONITORING,
    request: { monitoring: { metricConfigurations: [] } },
  },
  {
    what: 'security groups',
    before: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a'], securityGroups: ['sg'] } } },
    after: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a'] } } },
    live: { networkConfiguration: { awsvpcConfiguration: NETWORK } },
    request: {
      networkConfiguration: { awsvpcConfiguration: { subnets: ['a'], securityGroups: [], assignPublicIp: 'ENABLED' } },
    },
  },
  {
    what: 'the public address',
    before: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a'], assignPublicIp: 'ENABLED' } } },
    after: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a'] } } },
    live: { networkConfiguration: { awsvpcConfiguration: NETWORK } },
    request: {
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['a'], securityGroups: ['sg'], assignPublicIp: 'DISABLED' },
      },
    },
  },
  {
    what: 'the whole network',
    before: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a'] } } },
    live: { networkConfiguration: { awsvpcConfiguration: NETWORK } },
    request: { networkConfiguration: {} },
  },
  {
    what: 'the percentages',
    before: { deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 50 } },
    live: { deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 50 } },
    request: { deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 } },
  },
  {
    what: 'the percentages of a DAEMON',
    before: { schedulingStrategy: 'DAEMON', deploymentConfiguration: { minimumHealthyPercent: 50 } },
    after: { schedulingStrategy: 'DAEMON' },
    live: { schedulingStrategy: 'DAEMON', deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 50 } },
    request: { deploymentConfiguration: { minimumHealthyPercent: 0 } },
  },
  {
    what: 'the circuit breaker, the rest being kept',
    before: { deploymentConfiguration: { maximumPercent: 150, deploymentCircuitBreaker: BREAKER } },
    after: { deploymentConfiguration: { maximumPercent: 150 } },
    live: { deploymentConfiguration: { maximumPercent: 150, alarms: ALARMS, deploymentCircuitBreaker: BREAKER } },
    request: {
      deploymentConfiguration: {
        maximumPercent: 150,
        alarms: ALARMS,
        deploymentCircuitBreaker: { enable: false, rollback: false },
      },
    },
  },
  {
    what: 'alarms',
    before: { deploymentConfiguration: { alarms: ALARMS } },
    live: { deploymentConfiguration: { alarms: ALARMS } },
    request: { deploymentConfiguration: { alarms: { alarmNames: [], enable: false, rollback: false } } },
  },
  {
    what: 'the strategy, and with it what belongs to it',
    before: {
      deploymentConfiguration: { strategy: 'CANARY', bakeTimeInMinutes: 5, canaryConfiguration: { canaryPercent: 10 } },
    },
    live: {
      deploymentConfiguration: { strategy: 'CANARY', bakeTimeInMinutes: 5, canaryConfiguration: { canaryPercent: 10 } },
    },
    request: { deploymentConfiguration: { strategy: 'ROLLING' } },
  },
  {
    what: 'the CODE_DEPLOY controller',
    before: { deploymentController: { type: 'CODE_DEPLOY' } },
    live: { deploymentController: { type: 'CODE_DEPLOY' } },
    request: { deploymentController: { type: 'ECS' } },
  },
];

test.each(ROWS)('$what: cleared when it leaves the spec', ({ before, after = {}, live, settings, request }) => {
  expect(requestOf(before, after, live, settings)).toEqual([request]);
});

test.each(ROWS)('$what: never declared, it stays', ({ after = {}, live, settings }) => {
  const status = confirmedStatus(after);
  const object = sampleObject(after, status);
  const observed = sampleObserved(sampleService(live));
  const input = sampleInput(object, { ...observed, live: { ...observed.live, ...settings } });
  expect(planService(input).actions).toEqual([]);
});

test.each<{ what: string; before: EcsServiceSpec; live: Partial<Service> }>([
  { what: 'the count', before: { desiredCount: 5 }, live: { desiredCount: 5 } },
  { what: 'what AWS does not hold any more', before: { enableExecuteCommand: true }, live: {} },
  { what: 'a launch type, which cannot be taken away', before: { launchType: 'EC2' }, live: {} },
])('$what: its leaving asks nothing of AWS', ({ before, live }) => {
  expect(requestOf(before, {}, live)).toEqual([]);
});
