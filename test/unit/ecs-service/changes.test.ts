import { expect, test } from 'vitest';
import type { EcsServiceSpec } from '../../../src/kinds/ecs-service/schema.ts';
import type { OneService } from './one-service.ts';
import { FARGATE, newService, taskDefinition } from './scenes.ts';

const TARGET_GROUP = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef';
const ROLE = 'arn:aws:iam::123456789012:role/ecsInfrastructureRole';
const BALANCER = { targetGroupArn: TARGET_GROUP, containerName: 'web', containerPort: 80 };
const NETWORK = FARGATE.networkConfiguration as { awsvpcConfiguration: object };

/** EC2 instances, a namespace and a Cloud Map service beside the Fargate ones. */
function everything(): OneService {
  const web = newService();
  web.aws('RegisterTaskDefinition', {
    ...taskDefinition('nginx:4'),
    volumes: [{ name: 'data', configuredAtLaunch: true }],
  });
  web.aws('RegisterTaskDefinition', {
    family: 'ec2',
    containerDefinitions: [{ name: 'web', image: 'nginx', memory: 64, portMappings: [{ containerPort: 80 }] }],
  });
  web.fake.region().ecs.addContainerInstances({ cluster: 'default', count: 6 });
  const { OperationId } = web.aws('CreateHttpNamespace', { Name: 'shop' }, 'servicediscovery');
  web.wait(60);
  const { Operation } = web.aws('GetOperation', { OperationId }, 'servicediscovery');
  const namespace = Operation.Targets.NAMESPACE;
  web.aws('CreateService', { Name: 'web', NamespaceId: namespace }, 'servicediscovery');
  web.forget();
  return web;
}

function registryArn(web: OneService): string {
  return web.aws('ListServices', {}, 'servicediscovery').Services[0].Arn;
}

interface Row {
  readonly what: string;
  readonly base?: EcsServiceSpec;
  readonly change: (web: OneService) => EcsServiceSpec;
  /** Whether AWS starts a deployment for it. */
  readonly starts: boolean;
  /** What stays in AWS when it is taken out of the spec again; else it is as it was before. */
  readonly stays?: true;
}

// AWS rebalances by itself, and refuses other placement while it does.
const EC2: EcsServiceSpec = { taskDefinition: 'ec2:1', launchType: 'EC2', availabilityZoneRebalancing: 'DISABLED' };

const ROWS: readonly Row[] = [
  { what: 'count', change: () => ({ desiredCount: 3 }), starts: false, stays: true },
  {
    what: 'percentages',
    change: () => ({ deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 50 } }),
    starts: false,
  },
  {
    what: 'circuit breaker',
    change: () => ({ deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } }),
    starts: false,
  },
  { what: 'managed tags', change: () => ({ enableECSManagedTags: true }), starts: false },
  { what: 'passed tags', change: () => ({ propagateTags: 'SERVICE' }), starts: false },
  { what: 'rebalancing', change: () => ({ availabilityZoneRebalancing: 'DISABLED' }), starts: false },
  { what: 'load balancer', change: () => ({ loadBalancers: [BALANCER] }), starts: true },
  {
    what: 'load balancer and grace period',
    change: () => ({ loadBalancers: [BALANCER], healthCheckGracePeriodSeconds: 60 }),
    starts: true,
  },
  { what: 'registry', change: (web) => ({ serviceRegistries: [{ registryArn: registryArn(web) }] }), starts: true },
  {
    what: 'Service Connect',
    change: () => ({
      serviceConnectConfiguration: { enabled: true, namespace: 'shop', services: [{ portName: 'http' }] },
    }),
    starts: true,
  },
  {
    what: 'security groups',
    change: () => ({
      networkConfiguration: { awsvpcConfiguration: { ...NETWORK.awsvpcConfiguration, securityGroups: ['sg-1'] } },
    }),
    starts: true,
  },
  {
    what: 'public address',
    change: () => ({
      networkConfiguration: { awsvpcConfiguration: { ...NETWORK.awsvpcConfiguration, assignPublicIp: 'ENABLED' } },
    }),
    starts: true,
  },
  { what: 'platform version', change: () => ({ platformVersion: '1.3.0' }), starts: true },
  {
    what: 'volume',
    base: {
      ...FARGATE,
      taskDefinition: 'web:4',
      volumeConfigurations: [{ name: 'data', managedEBSVolume: { roleArn: ROLE, sizeInGiB: 10 } }],
    },
    change: () => ({ volumeConfigurations: [{ name: 'data', managedEBSVolume: { roleArn: ROLE, sizeInGiB: 20 } }] }),
    starts: true,
  },
  {
    what: 'monitoring',
    change: () => ({
      monitoring: { metricConfigurations: [{ metricNames: ['CPUUtilization'], resolutionSeconds: 20 }] },
    }),
    starts: true,
  },
  {
    what: 'capacity providers',
    change: () => ({ launchType: null, capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] }),
    starts: true,
  },
  {
    what: 'placement strategy',
    base: EC2,
    change: () => ({ placementStrategy: [{ type: 'binpack', field: 'memory' }] }),
    starts: false,
  },
  {
    what: 'placement constraints',
    base: EC2,
    change: () => ({ placementConstraints: [{ type: 'distinctInstance' }] }),
    starts: false,
  },
  {
    what: 'tags',
    change: () => ({
      tags: [
        { key: 'team', value: 'a' },
        { key: 'empty', value: '' },
      ],
    }),
    starts: false,
  },
];

/** What AWS holds, without what comes and goes by itself and what every rollout changes. */
function held(web: OneService): object {
  const service = web.live();
  const [primary] = service.deployments;
  const [{ arn }] = service.currentServiceRevisions;
  const [revision] = web.aws('DescribeServiceRevisions', { serviceRevisionArns: [arn] }).serviceRevisions;
  const passing = [
    'deployments',
    'events',
    'currentServiceRevisions',
    'currentServiceDeployment',
    'runningCount',
    'pendingCount',
  ];
  const connect = primary.serviceConnectConfiguration;
  return {
    ...Object.fromEntries(Object.entries(service).filter(([member]) => !passing.includes(member))),
    // Off and never on are the same.
    serviceConnectConfiguration: connect?.enabled === true ? connect : undefined,
    volumeConfigurations: primary.volumeConfigurations,
    monitoring: revision.monitoring?.metricConfigurations?.length > 0 ? revision.monitoring : undefined,
  };
}

async function ready(web: OneService): Promise<void> {
  await web.converge();
  expect(web.condition('Ready'), JSON.stringify(web.status.conditions)).toMatchObject({ status: 'True' });
}

test.each(ROWS)(
  '$what: set by one call, left alone, cleared by one call',
  async ({ base = FARGATE, change, starts, stays }) => {
    const web = everything();
    web.aws('PutClusterCapacityProviders', {
      cluster: 'default',
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [],
    });
    web.wait(60);
    web.apply(base);
    await ready(web);
    const before = held(web);
    const primary = () => web.live().deployments[0].id;
    const first = primary();
    web.forget();

    web.apply({ ...base, ...change(web) });
    await ready(web);
    expect(web.writes).toHaveLength(1);
    expect(held(web)).not.toEqual(before);
    expect(primary() !== first).toBe(starts);

    web.forget();
    await ready(web);
    web.restart();
    await ready(web);
    expect([...web.wrote(), web.kubeWrites]).toEqual([0]);

    web.apply(base);
    await ready(web);
    expect(web.writes.length).toBeLessThanOrEqual(1);
    if (stays === undefined) expect(held(web)).toEqual(before);
    else expect(held(web)).not.toEqual(before);

    web.forget();
    await ready(web);
    expect([...web.wrote(), web.kubeWrites]).toEqual([0]);
  },
);

test.each(ROWS.filter(({ what }) => what !== 'count' && what !== 'volume'))(
  '$what: made by somebody else, and never declared, it stays',
  async ({ base = FARGATE, change }) => {
    const web = everything();
    web.aws('PutClusterCapacityProviders', {
      cluster: 'default',
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [],
    });
    web.wait(60);
    web.apply({ ...base, ...change(web) });
    await ready(web);
    const before = held(web);
    // Another object of the same name that declares less: as after a restore of an older manifest.
    web.apply(base.launchType === 'FARGATE' && change(web).launchType === null ? { ...base, launchType: null } : base);
    web.restore('uid-2');
    web.forget();
    await ready(web);
    expect(web.wrote()).toEqual(['TagResource']);
    expect({ ...held(web), tags: [] }).toEqual({ ...before, tags: [] });
  },
);
