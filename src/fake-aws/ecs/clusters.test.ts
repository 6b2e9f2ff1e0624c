import { expect, test } from 'vitest';
import { type Loose, Stage } from './testing.ts';

const described = (stage: Stage, name: string, include: string[] = []): Loose =>
  stage.call('DescribeClusters', { clusters: [name], include }).clusters[0];

test('details come only when they are asked for', () => {
  const stage = new Stage();
  const tags = [{ key: 'a', value: 'b' }];
  const configuration = { executeCommandConfiguration: { logging: 'DEFAULT' } };
  stage.call('CreateCluster', { clusterName: 'own', tags, configuration });
  expect(described(stage, 'own')).toMatchObject({ status: 'ACTIVE', tags: [], settings: [], statistics: [] });
  expect(described(stage, 'own')).not.toHaveProperty('configuration');
  const full = described(stage, 'own', ['TAGS', 'SETTINGS', 'CONFIGURATIONS', 'STATISTICS']);
  expect(full).toMatchObject({ tags, configuration, settings: [{ name: 'containerInsights', value: 'disabled' }] });
  expect(full.statistics).toContainEqual({ name: 'activeServiceCount', value: '0' });
});

test('a cluster that is there already is answered as it stands', () => {
  const stage = new Stage();
  stage.call('CreateCluster', { clusterName: 'own', tags: [{ key: 'a', value: 'b' }] });
  const again = stage.call('CreateCluster', { clusterName: 'own', tags: [{ key: 'a', value: 'other' }] });
  expect(again.cluster.tags).toEqual([{ key: 'a', value: 'b' }]);
});

test('settings are merged by name, and values that AWS has not are refused', () => {
  const stage = new Stage();
  const setting = (value: string) => ({ cluster: 'main', settings: [{ name: 'containerInsights', value }] });
  stage.call('UpdateClusterSettings', setting('enhanced'));
  expect(described(stage, 'main', ['SETTINGS']).settings).toEqual([{ name: 'containerInsights', value: 'enhanced' }]);
  stage.call('UpdateCluster', { cluster: 'main' });
  expect(described(stage, 'main', ['SETTINGS']).settings).toEqual([{ name: 'containerInsights', value: 'enhanced' }]);
  expect(stage.refusal('UpdateClusterSettings', setting('loud'))).toContain("Invalid value 'loud'");
});

test('the Service Connect default is a namespace; a new name makes one, an unknown ARN is refused, "" takes it away', () => {
  const stage = new Stage();
  const defaults = (namespace: string) => ({ cluster: 'main', serviceConnectDefaults: { namespace } });
  stage.call('UpdateCluster', defaults('mesh'));
  const { namespace } = described(stage, 'main').serviceConnectDefaults;
  expect(namespace).toMatch(/^arn:aws:servicediscovery:.*:namespace\/ns-/);
  const made = stage.call('ListNamespaces', {}, 'servicediscovery').Namespaces;
  expect(made).toMatchObject([{ Name: 'mesh', Type: 'HTTP', Arn: namespace }]);
  expect(stage.refusal('UpdateCluster', defaults(`${namespace}x`))).toContain('NamespaceNotFoundException');
  stage.call('UpdateCluster', defaults(''));
  expect(described(stage, 'main')).not.toHaveProperty('serviceConnectDefaults');
});

test('unknown clusters are failures, not errors', () => {
  const { clusters, failures } = new Stage().call('DescribeClusters', { clusters: ['main', 'other'] });
  expect(clusters).toHaveLength(1);
  expect(failures).toEqual([{ arn: expect.stringMatching(/cluster\/other$/), reason: 'MISSING' }]);
});

test('a cluster is not deleted while something lives in it, and is INACTIVE for a while afterwards', () => {
  const stage = new Stage();
  stage.register();
  stage.create();
  const refusal = () => stage.refusal('DeleteCluster', { cluster: 'main' });
  expect(refusal()).toContain('ClusterContainsServicesException');
  stage.untilDeployed();
  stage.call('DeleteService', { cluster: 'main', service: 'web', force: true });
  expect(refusal()).toContain('ClusterContainsServicesException');
  stage.until('the service is INACTIVE', () => stage.service().status === 'INACTIVE');
  expect(refusal()).toContain('ClusterContainsTasksException');
  stage.clock.advance(60_000);
  stage.controls.addContainerInstances({ cluster: 'main', count: 1 });
  expect(refusal()).toContain('ClusterContainsContainerInstancesException');
  stage.controls.removeContainerInstances({ cluster: 'main' });
  expect(stage.call('DeleteCluster', { cluster: 'main' }).cluster.status).toBe('INACTIVE');
  expect(described(stage, 'main').status).toBe('INACTIVE');
  expect(stage.call('ListClusters').clusterArns).toEqual([]);
  expect(stage.refusal('ListServices', { cluster: 'main' })).toContain('The referenced cluster was inactive');
  expect(stage.refusal('DeleteCluster', { cluster: 'main' })).toContain('ClusterNotFoundException');
  stage.clock.advance(7_200_000);
  expect(stage.call('DescribeClusters', { clusters: ['main'] }).failures).toHaveLength(1);
});

test('a name can be used again at once after its cluster was deleted', () => {
  const stage = new Stage();
  stage.call('DeleteCluster', { cluster: 'main' });
  expect(stage.call('CreateCluster', { clusterName: 'main' }).cluster.status).toBe('ACTIVE');
});

test('accounts and regions do not see each other', () => {
  const stage = new Stage();
  const elsewhere = { service: 'ecs', operation: 'ListClusters', input: {} } as const;
  const { accountId, defaultRegion: region } = stage.fake;
  expect(stage.fake.handle({ ...elsewhere, accountId, region: 'us-east-1' })).toMatchObject({ clusterArns: [] });
  expect(stage.fake.handle({ ...elsewhere, accountId: '210987654321', region })).toMatchObject({ clusterArns: [] });
  expect(stage.fake.handle({ ...elsewhere, accountId, region })).toMatchObject({ clusterArns: [expect.any(String)] });
});

const group = {
  autoScalingGroupArn: 'arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:0:autoScalingGroupName/a',
};

test('a capacity provider is made, attached over time, and not removed while it is used', () => {
  const stage = new Stage();
  stage.call('CreateCapacityProvider', { name: 'own', autoScalingGroupProvider: group });
  const put = (capacityProviders: string[], strategy: object[] = []) => ({
    cluster: 'main',
    capacityProviders,
    defaultCapacityProviderStrategy: strategy,
  });
  expect(stage.refusal('PutClusterCapacityProviders', put(['other']))).toContain("'other' was not found");
  expect(stage.refusal('PutClusterCapacityProviders', put([], [{ capacityProvider: 'own' }]))).toContain(
    'not associated',
  );
  stage.call('PutClusterCapacityProviders', put(['own'], [{ capacityProvider: 'own', weight: 1 }]));
  expect(described(stage, 'main')).toMatchObject({
    attachmentsStatus: 'UPDATE_IN_PROGRESS',
    capacityProviders: ['own'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'own', weight: 1, base: 0 }],
  });
  expect(stage.refusal('PutClusterCapacityProviders', put([]))).toContain('UpdateInProgressException');
  stage.until('it is attached', () => described(stage, 'main').attachmentsStatus === 'UPDATE_COMPLETE');
  expect(stage.refusal('DeleteCapacityProvider', { capacityProvider: 'own' })).toContain('ResourceInUseException');
  stage.register();
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['s'] } };
  stage.create({ launchType: undefined, networkConfiguration });
  expect(stage.refusal('PutClusterCapacityProviders', put([]))).toContain('in use and cannot be removed');
  stage.call('DeleteService', { cluster: 'main', service: 'web', force: true });
  stage.until('the service is INACTIVE', () => stage.service().status === 'INACTIVE');
  stage.call('PutClusterCapacityProviders', put([]));
  stage.call('DeleteCapacityProvider', { capacityProvider: 'own' });
  const state = () => stage.call('DescribeCapacityProviders', { capacityProviders: ['own'] }).capacityProviders[0];
  stage.until('it is gone', () => state().updateStatus === 'DELETE_COMPLETE');
  expect(state().status).toBe('INACTIVE');
});

test('FARGATE and FARGATE_SPOT are there, cannot be changed, and do not mix with Auto Scaling groups', () => {
  const stage = new Stage();
  const names = stage.call('DescribeCapacityProviders').capacityProviders.map(({ name }: Loose) => name);
  expect(names).toEqual(['FARGATE', 'FARGATE_SPOT']);
  expect(stage.refusal('DeleteCapacityProvider', { capacityProvider: 'FARGATE' })).toContain('managed by AWS');
  expect(stage.refusal('CreateCapacityProvider', { name: 'fargate-own', autoScalingGroupProvider: group })).toContain(
    'cannot begin with',
  );
  stage.call('CreateCapacityProvider', { name: 'own', autoScalingGroupProvider: group });
  const mixed = {
    cluster: 'main',
    capacityProviders: ['own', 'FARGATE'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'own', weight: 1 }, { capacityProvider: 'FARGATE' }],
  };
  expect(stage.refusal('PutClusterCapacityProviders', mixed)).toContain('cannot contain both');
});

test('a capacity provider update leaves what it does not name', () => {
  const stage = new Stage();
  const managedScaling = { status: 'ENABLED', targetCapacity: 80 };
  stage.call('CreateCapacityProvider', { name: 'own', autoScalingGroupProvider: { ...group, managedScaling } });
  const change = { managedScaling: { targetCapacity: 90 } };
  stage.call('UpdateCapacityProvider', { name: 'own', autoScalingGroupProvider: change });
  const again = { name: 'own', autoScalingGroupProvider: change };
  expect(stage.refusal('UpdateCapacityProvider', again)).toContain('UpdateInProgressException');
  const [provider] = stage.call('DescribeCapacityProviders', { capacityProviders: ['own'] }).capacityProviders;
  expect(provider.autoScalingGroupProvider).toMatchObject({
    ...group,
    managedScaling: { status: 'ENABLED', targetCapacity: 90, instanceWarmupPeriod: 300 },
  });
});
