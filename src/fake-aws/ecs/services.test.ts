import { expect, test } from 'vitest';
import { ec2Task, fargateTask, type Loose, Stage } from './testing.ts';

const targetGroup = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef';
const balancer = { targetGroupArn: targetGroup, containerName: 'web', containerPort: 80 };
const network = { awsvpcConfiguration: { subnets: ['subnet-1'] } };

/** A request of CreateService that AWS takes, for tables that break one thing in it. */
const sound = {
  cluster: 'main',
  serviceName: 'web',
  taskDefinition: 'web',
  desiredCount: 1,
  launchType: 'FARGATE',
  networkConfiguration: network,
};

function ready(): Stage {
  const stage = new Stage();
  stage.register();
  stage.register(ec2Task());
  return stage;
}

test("a service shows AWS's defaults for what was left out", () => {
  const stage = ready();
  stage.create();
  expect(stage.service()).toMatchObject({
    status: 'ACTIVE',
    taskDefinition: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1',
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    propagateTags: 'NONE',
    enableECSManagedTags: false,
    enableExecuteCommand: false,
    healthCheckGracePeriodSeconds: 0,
    platformVersion: 'LATEST',
    availabilityZoneRebalancing: 'ENABLED',
    roleArn: expect.stringContaining('AWSServiceRoleForECS'),
    networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'DISABLED', securityGroups: [] } },
    deploymentConfiguration: {
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
      bakeTimeInMinutes: 0,
    },
  });
  expect(stage.service().deployments[0].platformVersion).toBe('1.4.0');
});

test('placement fields come back as AWS spells them', () => {
  const stage = ready();
  const placementStrategy = [
    { type: 'spread', field: 'host' },
    { type: 'binpack', field: 'memory' },
  ];
  stage.call('CreateService', {
    cluster: 'main',
    serviceName: 'a',
    taskDefinition: 'agent',
    desiredCount: 0,
    placementStrategy,
  });
  const service = stage.service('a');
  expect(service.placementStrategy).toEqual([
    { type: 'spread', field: 'instanceId' },
    { type: 'binpack', field: 'MEMORY' },
  ]);
  expect(service.availabilityZoneRebalancing).toBe('DISABLED');
});

test.each<[string, object, string]>([
  ['no such cluster', { cluster: 'other' }, 'ClusterNotFoundException: Cluster not found.'],
  ['no such task definition', { taskDefinition: 'other' }, 'ClientException: TaskDefinition not found.'],
  ['no task definition', { taskDefinition: null }, 'TaskDefinition can not be blank'],
  ['a name with a dot', { serviceName: 'my.app' }, 'Invalid service name'],
  ['no count', { desiredCount: null }, 'Desired count is required'],
  ['a count below zero', { desiredCount: -1 }, 'desiredCount must be between'],
  ['awsvpc without a network configuration', { networkConfiguration: null }, 'Network Configuration must be provided'],
  ['bridge with one', { taskDefinition: 'agent', launchType: 'EC2' }, 'Network Configuration is not valid'],
  [
    'a task definition that does not fit',
    { taskDefinition: 'agent', networkConfiguration: null },
    'Task definition does not support launch_type FARGATE',
  ],
  ['a launch type that is none', { launchType: 'LAMBDA' }, "Value 'LAMBDA' at 'launchType'"],
  [
    'launch type and strategy at once',
    { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
    'Specifying both a launch type and capacity provider strategy',
  ],
  [
    'a provider that the cluster has not',
    { launchType: null, capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
    'is not associated with the cluster',
  ],
  ['a platform that is none', { platformVersion: '9.9.9' }, 'PlatformUnknownException'],
  [
    'a container that is none',
    { loadBalancers: [{ ...balancer, containerName: 'x' }] },
    'The container x does not exist',
  ],
  [
    'a port that is not mapped',
    { loadBalancers: [{ ...balancer, containerPort: 81 }] },
    'did not have a container port 81 defined',
  ],
  ['a grace period without load balancer', { healthCheckGracePeriodSeconds: 5 }, 'only valid for services configured'],
  [
    'DAEMON on Fargate',
    { schedulingStrategy: 'DAEMON', desiredCount: null },
    'does not support the FARGATE launch type',
  ],
  [
    'DAEMON with a count',
    { schedulingStrategy: 'DAEMON', launchType: 'EC2' },
    'does not support a desired count for services',
  ],
  [
    'placement constraints on Fargate',
    { placementConstraints: [{ type: 'distinctInstance' }] },
    'Placement constraints are not supported with FARGATE',
  ],
  [
    'a minimum and a maximum of 100',
    { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
    'cannot be 100 as this will block deployments',
  ],
  [
    'rebalancing with a maximum of 100',
    {
      availabilityZoneRebalancing: 'ENABLED',
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    },
    'Availability Zone rebalancing is not supported',
  ],
  [
    'a bake time in a rolling update',
    { deploymentConfiguration: { bakeTimeInMinutes: 5 } },
    'bakeTimeInMinutes is not supported with the ROLLING',
  ],
  ['exec without a task role', { enableExecuteCommand: true }, 'a valid taskRoleArn is not being used'],
  ['a role under awsvpc', { role: 'ecsRole', loadBalancers: [balancer] }, 'You cannot specify an IAM role'],
  [
    'a Cloud Map service that is not there',
    { serviceRegistries: [{ registryArn: 'arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-x' }] },
    'was not found',
  ],
  [
    'Service Connect without any namespace',
    { serviceConnectConfiguration: { enabled: true } },
    'Namespace must be specified',
  ],
  [
    'a namespace that is not there',
    { serviceConnectConfiguration: { enabled: true, namespace: 'other' } },
    'NamespaceNotFoundException',
  ],
  ['17 subnets', { networkConfiguration: { awsvpcConfiguration: { subnets: Array(17).fill('s') } } }, 'maximum of 16'],
  ['a token of 37 characters', { clientToken: 'x'.repeat(37) }, 'clientToken can have 36'],
  ['a duplicate tag', { tags: [{ key: 'a' }, { key: 'a' }] }, 'Duplicate tag keys'],
  [
    'a volume that the task definition does not leave open',
    { volumeConfigurations: [{ name: 'data', managedEBSVolume: { roleArn: 'r' } }] },
    'The volume data does not exist in the task definition',
  ],
])('a service with %s is refused, and nothing is made', (_, more, words) => {
  const stage = ready();
  expect(stage.refusal('CreateService', { ...sound, ...more })).toContain(words);
  expect(stage.call('ListServices', { cluster: 'main' }).serviceArns).toEqual([]);
});

test('a target group without a load balancer is refused until it has one', () => {
  const stage = ready();
  stage.controls.detachTargetGroup(targetGroup);
  const input = { ...sound, loadBalancers: [balancer] };
  expect(stage.refusal('CreateService', input)).toContain('does not have an associated load balancer');
  stage.controls.attachTargetGroup(targetGroup);
  expect(stage.call('CreateService', input).service.loadBalancers).toEqual([balancer]);
});

test('the same request again answers with the same service, another one for its name is refused', () => {
  const stage = ready();
  const first = stage.create({ clientToken: 'once' });
  expect(stage.create({ clientToken: 'once' }).serviceArn).toBe(first.serviceArn);
  expect(stage.create().createdAt).toEqual(first.createdAt);
  expect(stage.refusal('CreateService', { ...sound, desiredCount: 7 })).toContain('was not idempotent');
  expect(stage.refusal('CreateService', { ...sound, serviceName: 'b', clientToken: 'once' })).toContain(
    'not idempotent',
  );
  expect(stage.service().deployments).toHaveLength(1);
});

test('a name is free again only when its former service is INACTIVE', () => {
  const stage = ready();
  stage.create();
  stage.untilDeployed();
  stage.call('DeleteService', { cluster: 'main', service: 'web', force: true });
  expect(stage.refusal('CreateService', sound)).toContain('Unable to Start a service that is still Draining');
  stage.until('web is INACTIVE', () => stage.service().status === 'INACTIVE');
  expect(stage.create().status).toBe('ACTIVE');
});

test('a deleted service drains, leaves the list at once, and can be described for a while', () => {
  const stage = ready();
  stage.create();
  stage.untilDeployed();
  const target = { cluster: 'main', service: 'web' };
  expect(stage.refusal('DeleteService', target)).toContain('while it is scaled above 0');
  expect(stage.call('DeleteService', { ...target, force: true }).service.status).toBe('DRAINING');
  expect(stage.call('ListServices', { cluster: 'main' }).serviceArns).toEqual([]);
  expect(stage.refusal('UpdateService', target)).toBe('ServiceNotActiveException: Service was not ACTIVE.');
  stage.until('web is INACTIVE', () => stage.service().status === 'INACTIVE');
  expect(stage.refusal('DeleteService', target)).toContain('ServiceNotFoundException');
  stage.clock.advance(7_200_000);
  const { services, failures } = stage.call('DescribeServices', { cluster: 'main', services: ['web'] });
  expect(services).toEqual([]);
  expect(failures).toEqual([{ arn: expect.stringMatching(/service\/main\/web$/), reason: 'MISSING' }]);
});

test('services are found by name and by ARN, ten at a time', () => {
  const stage = ready();
  const { serviceArn } = stage.create();
  const describe = (services: (string | undefined)[]) => stage.call('DescribeServices', { cluster: 'main', services });
  expect(describe([serviceArn, 'web', 'other'])).toMatchObject({
    services: [{ serviceName: 'web' }, { serviceName: 'web' }],
    failures: [{ reason: 'MISSING' }],
  });
  expect(describe(['web']).services[0]).not.toHaveProperty('tags');
  const eleven = Array.from({ length: 11 }, (_, index) => `s${index}`);
  expect(stage.refusal('DescribeServices', { cluster: 'main', services: eleven })).toContain('maximum of 10');
});

test('lists have ten services on a page unless told otherwise', () => {
  const stage = ready();
  for (let i = 0; i < 12; i++) stage.create({ serviceName: `s${i}`, desiredCount: 0 });
  const first = stage.call('ListServices', { cluster: 'main' });
  expect(first.serviceArns).toHaveLength(10);
  expect(stage.call('ListServices', { cluster: 'main', nextToken: first.nextToken }).serviceArns).toHaveLength(2);
  expect(stage.call('ListServices', { cluster: 'main', maxResults: 100 }).serviceArns).toHaveLength(12);
  expect(stage.refusal('ListServices', { cluster: 'main', maxResults: 101 })).toContain('maxResults');
});

test.each<[string, object, boolean]>([
  ['a task definition', { taskDefinition: 'web:2' }, true],
  ['the same task definition', { taskDefinition: 'web:1' }, false],
  ['a network configuration', { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-2'] } } }, true],
  ['an equal network configuration', { networkConfiguration: network }, false],
  ['a platform version', { platformVersion: '1.4.0' }, true],
  ['load balancers', { loadBalancers: [balancer] }, true],
  ['a forced deployment', { forceNewDeployment: true }, true],
  ['a count', { desiredCount: 3 }, false],
  ['a deployment configuration', { deploymentConfiguration: { maximumPercent: 150 } }, false],
  ['managed tags', { enableECSManagedTags: true, propagateTags: 'SERVICE' }, false],
  ['rebalancing', { availabilityZoneRebalancing: 'DISABLED' }, false],
])('after an update with %s a deployment starts only where AWS starts one', (_, more, starts) => {
  const stage = ready();
  stage.create();
  stage.register();
  stage.untilDeployed();
  stage.update(more);
  expect(stage.service().deployments).toHaveLength(starts ? 2 : 1);
});

test('an update leaves what it does not name, and clears what it names with an empty list', () => {
  const stage = ready();
  stage.create({ loadBalancers: [balancer], healthCheckGracePeriodSeconds: 30 });
  stage.update({ desiredCount: 3 });
  expect(stage.service()).toMatchObject({
    desiredCount: 3,
    healthCheckGracePeriodSeconds: 30,
    loadBalancers: [balancer],
  });
  stage.update({ loadBalancers: [], healthCheckGracePeriodSeconds: 0 });
  expect(stage.service()).toMatchObject({ loadBalancers: [], healthCheckGracePeriodSeconds: 0 });
});

test('a part of the deployment configuration leaves the rest of it', () => {
  const stage = ready();
  stage.create({ deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } });
  stage.update({ deploymentConfiguration: { maximumPercent: 150 } });
  expect(stage.service().deploymentConfiguration).toMatchObject({
    maximumPercent: 150,
    minimumHealthyPercent: 100,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  });
});

test('a changed capacity provider strategy wants a forced deployment', () => {
  const stage = ready();
  const capacityProviders = ['FARGATE', 'FARGATE_SPOT'];
  stage.call('PutClusterCapacityProviders', {
    cluster: 'main',
    capacityProviders,
    defaultCapacityProviderStrategy: [],
  });
  stage.create();
  const strategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
  const update = { cluster: 'main', service: 'web', capacityProviderStrategy: strategy };
  expect(stage.refusal('UpdateService', update)).toContain('you must force a new deployment');
  stage.update({ capacityProviderStrategy: strategy, forceNewDeployment: true });
  expect(stage.service()).toMatchObject({ capacityProviderStrategy: [{ ...strategy[0], base: 0 }] });
  expect(stage.service()).not.toHaveProperty('launchType');
  stage.update({ capacityProviderStrategy: strategy });
  stage.untilDeployed();
  expect(stage.tasks()[0]).toMatchObject({ launchType: 'FARGATE', capacityProviderName: 'FARGATE_SPOT' });
  stage.update({ capacityProviderStrategy: [], forceNewDeployment: true });
  expect(stage.service()).toMatchObject({ launchType: 'FARGATE' });
});

test("without launch type and strategy the cluster's default strategy holds", () => {
  const stage = ready();
  const defaultCapacityProviderStrategy = [{ capacityProvider: 'FARGATE', weight: 1 }];
  const input = { cluster: 'main', capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy };
  stage.call('PutClusterCapacityProviders', input);
  stage.create({ launchType: undefined });
  expect(stage.service().capacityProviderStrategy).toEqual([{ capacityProvider: 'FARGATE', weight: 1, base: 0 }]);
});

test.each<[string, string, object]>([
  ['CODE_DEPLOY', 'task definition', { taskDefinition: 'web:2' }],
  ['CODE_DEPLOY', 'network parameters', { networkConfiguration: network }],
  ['CODE_DEPLOY', 'load balancers', { loadBalancers: [] }],
  ['EXTERNAL', 'deployment configuration', { deploymentConfiguration: { maximumPercent: 150 } }],
])('with the controller %s the %s cannot be updated', (type, what, more) => {
  const stage = ready();
  stage.register();
  const own = { taskDefinition: undefined, launchType: undefined, networkConfiguration: undefined };
  stage.create({ deploymentController: { type }, ...(type === 'EXTERNAL' ? own : {}) });
  const update = { cluster: 'main', service: 'web', ...more };
  expect(stage.refusal('UpdateService', update)).toContain(`Unable to update ${what} on services with a`);
  expect(stage.update({ desiredCount: 5 }).desiredCount).toBe(5);
});

test('Service Connect, volume and VPC Lattice settings are on the deployment, not on the service', () => {
  const stage = ready();
  stage.call('CreateHttpNamespace', { Name: 'mesh', CreatorRequestId: '1' }, 'servicediscovery');
  stage.clock.advance(600_000);
  const serviceConnectConfiguration = { enabled: true, namespace: 'mesh', services: [{ portName: 'http' }] };
  const vpcLatticeConfigurations = [{ roleArn: 'r', targetGroupArn: 'arn:tg', portName: 'http' }];
  stage.create({ serviceConnectConfiguration, vpcLatticeConfigurations });
  const service = stage.service();
  expect(service).not.toHaveProperty('serviceConnectConfiguration');
  expect(service.deployments[0]).toMatchObject({
    serviceConnectConfiguration,
    vpcLatticeConfigurations,
    serviceConnectResources: [{ discoveryName: 'http', discoveryArn: expect.stringContaining('servicediscovery') }],
  });
  expect(stage.call('ListServicesByNamespace', { namespace: 'mesh' }).serviceArns).toEqual([service.serviceArn]);
  stage.update({ serviceConnectConfiguration: { enabled: false } });
  expect(stage.call('ListServicesByNamespace', { namespace: 'mesh' }).serviceArns).toEqual([]);
  const bad = { enabled: true, namespace: 'mesh', services: [{ portName: 'grpc' }] };
  const update = { cluster: 'main', service: 'web', serviceConnectConfiguration: bad };
  expect(stage.refusal('UpdateService', update)).toContain("portName(s) 'grpc' are not defined");
});

test('a service revision can be described for good, also when no deployment has it any more', () => {
  const stage = ready();
  stage.create();
  const [{ arn }] = stage.service().currentServiceRevisions;
  const describe = (arns: string[]) => stage.call('DescribeServiceRevisions', { serviceRevisionArns: arns });
  expect(describe([arn, 'arn:other'])).toMatchObject({
    serviceRevisions: [{ serviceRevisionArn: arn, launchType: 'FARGATE', platformVersion: '1.4.0' }],
    failures: [{ arn: 'arn:other', reason: 'MISSING' }],
  });
  stage.untilDeployed();
  stage.register(fargateTask('nginx:2'));
  stage.update({ taskDefinition: 'web' });
  expect(stage.service().currentServiceRevisions.map((revision: Loose) => revision.arn)).toContain(arn);
  stage.untilDeployed();
  expect(stage.service().currentServiceRevisions.map((revision: Loose) => revision.arn)).not.toContain(arn);
  expect(describe([arn]).serviceRevisions).toHaveLength(1);
});
