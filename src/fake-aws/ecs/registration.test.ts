import { expect, test } from 'vitest';
import { ec2Task, fargateTask, type Loose, Stage } from './testing.ts';

/** A Cloud Map service with these DNS records in a namespace of its own. */
function cloudMapService(stage: Stage, records: string[]): Loose {
  const namespace = { Name: 'shop.local', Vpc: 'vpc-1', CreatorRequestId: '1' };
  stage.call('CreatePrivateDnsNamespace', namespace, 'servicediscovery');
  stage.clock.advance(600_000);
  const [{ Id }] = stage.call('ListNamespaces', {}, 'servicediscovery').Namespaces;
  const DnsConfig = { DnsRecords: records.map((Type) => ({ Type, TTL: 60 })) };
  const input = { Name: 'backend', NamespaceId: Id, DnsConfig, CreatorRequestId: '2' };
  return stage.call('CreateService', input, 'servicediscovery').Service;
}

const instances = (stage: Stage, ServiceId: string): Loose[] =>
  stage.call('ListInstances', { ServiceId }, 'servicediscovery').Instances;

test("a service's tasks appear in Cloud Map with their addresses, and go with them", () => {
  const stage = new Stage();
  stage.register();
  const { Id, Arn } = cloudMapService(stage, ['A']);
  stage.create({ serviceRegistries: [{ registryArn: Arn }] });
  stage.untilDeployed();
  const tasks = stage.tasks();
  expect(
    instances(stage, Id)
      .map((instance) => instance.Id)
      .toSorted(),
  ).toEqual(tasks.map(({ taskArn }) => taskArn?.split('/').at(-1)).toSorted());
  expect(instances(stage, Id)[0].Attributes).toMatchObject({
    AWS_INSTANCE_IPV4: expect.stringMatching(/^10\.0\./),
    ECS_CLUSTER_NAME: 'main',
    ECS_SERVICE_NAME: 'web',
    ECS_TASK_DEFINITION_FAMILY: 'web',
    REGION: 'eu-central-1',
  });
  stage.update({ desiredCount: 1 });
  stage.until('one is left', () => instances(stage, Id).length === 1);
  expect(stage.tasks()).toHaveLength(1);
});

test('the instances of a deleted service go only some time after the service is INACTIVE', () => {
  const stage = new Stage();
  stage.register();
  const { Id, Arn } = cloudMapService(stage, ['A']);
  stage.create({ serviceRegistries: [{ registryArn: Arn }] });
  stage.untilDeployed();
  stage.call('DeleteService', { cluster: 'main', service: 'web', force: true });
  stage.until('web is INACTIVE', () => stage.service().status === 'INACTIVE');
  expect(instances(stage, Id)).toHaveLength(2);
  const early = () => stage.call('DeleteService', { Id }, 'servicediscovery');
  expect(early).toThrow();
  stage.until('they are gone', () => instances(stage, Id).length === 0, 120);
  stage.call('DeleteService', { Id }, 'servicediscovery');
});

test('under bridge a registry wants SRV records with a container and its port, and the port is registered', () => {
  const stage = new Stage();
  stage.register(ec2Task());
  const { Id, Arn } = cloudMapService(stage, ['SRV']);
  const input = { cluster: 'main', serviceName: 'agent', taskDefinition: 'agent', desiredCount: 1 };
  const without = { ...input, serviceRegistries: [{ registryArn: Arn }] };
  expect(stage.refusal('CreateService', without)).toContain("values for 'containerName' and 'containerPort' must be");
  const serviceRegistries = [{ registryArn: Arn, containerName: 'agent', containerPort: 80 }];
  stage.call('CreateService', { ...input, serviceRegistries });
  stage.untilDeployed('agent');
  expect(Number(instances(stage, Id)[0].Attributes.AWS_INSTANCE_PORT)).toBeGreaterThan(32_767);
});

test('A records under bridge are refused', () => {
  const stage = new Stage();
  stage.register(ec2Task());
  const { Arn } = cloudMapService(stage, ['A']);
  const serviceRegistries = [{ registryArn: Arn, containerName: 'agent', containerPort: 80 }];
  const input = { cluster: 'main', serviceName: 'agent', taskDefinition: 'agent', desiredCount: 1, serviceRegistries };
  expect(stage.refusal('CreateService', input)).toContain('requires the awsvpc network mode');
});

test('Service Connect keeps a Cloud Map service for each port, and removes it after the service', () => {
  const stage = new Stage();
  stage.register();
  stage.call('UpdateCluster', { cluster: 'main', serviceConnectDefaults: { namespace: 'mesh' } });
  const services = [{ portName: 'http', discoveryName: 'api', clientAliases: [{ port: 80 }] }];
  stage.create({ serviceConnectConfiguration: { enabled: true, services } });
  stage.untilDeployed();
  const list = (): Loose[] => stage.call('ListServices', {}, 'servicediscovery').Services;
  expect(list()).toMatchObject([{ Name: 'api' }]);
  expect(instances(stage, list()[0].Id)[0].Attributes.AWS_INSTANCE_PORT).toBe('80');
  stage.register(fargateTask('nginx:2'));
  stage.update({ taskDefinition: 'web' });
  stage.untilDeployed();
  expect(list()).toHaveLength(1);
  stage.call('DeleteService', { cluster: 'main', service: 'web', force: true });
  stage.until('it is gone', () => list().length === 0);
});

test('a Cloud Map service that somebody else made outlives the Service Connect that uses it', () => {
  const stage = new Stage();
  stage.register();
  stage.call('UpdateCluster', { cluster: 'main', serviceConnectDefaults: { namespace: 'mesh' } });
  const [{ Id }] = stage.call('ListNamespaces', {}, 'servicediscovery').Namespaces;
  stage.call('CreateService', { Name: 'http', NamespaceId: Id, CreatorRequestId: '1' }, 'servicediscovery');
  stage.create({ serviceConnectConfiguration: { enabled: true, services: [{ portName: 'http' }] } });
  stage.untilDeployed();
  stage.call('DeleteService', { cluster: 'main', service: 'web', force: true });
  stage.clock.advance(600_000);
  expect(stage.service().status).toBe('INACTIVE');
  expect(stage.call('ListServices', {}, 'servicediscovery').Services).toMatchObject([{ Name: 'http' }]);
});
