import { describe, expect, it } from 'vitest';
import { A_RECORD as A, testCloudMap } from './testing.ts';

function testInstances() {
  const test = testCloudMap();
  const { call } = test;
  return {
    ...test,
    register: (ServiceId: string, InstanceId: string, Attributes: object = { AWS_INSTANCE_IPV4: '10.0.0.1' }) =>
      call('RegisterInstance', { ServiceId, InstanceId, Attributes }),
    /** Ids of the instances of the service api in shop, as a client finds them. */
    discovered: (input: object = {}) =>
      call('DiscoverInstances', { NamespaceName: 'shop', ServiceName: 'api', ...input })
        .Instances?.map((instance) => instance.InstanceId)
        .toSorted(),
  };
}

describe('instances', () => {
  it('are registered and deregistered by operations, and keep their service from being deleted', () => {
    const { call, refusal, finished, namespaceId, serviceId, register } = testInstances();
    const id = serviceId({ NamespaceId: namespaceId() });
    const registration = register(id, 'i-1');
    expect(refusal('RegisterInstance', { ServiceId: id, InstanceId: 'i-1', Attributes: {} })).toMatchObject({
      code: 'DuplicateRequest',
      DuplicateOperationId: registration.OperationId,
    });
    expect(finished(registration)).toEqual({ INSTANCE: 'i-1', SERVICE: id });
    expect(call('GetService', { Id: id }).Service?.InstanceCount).toBe(1);
    expect(refusal('DeleteService', { Id: id }).code).toBe('ResourceInUse');
    finished(call('DeregisterInstance', { ServiceId: id, InstanceId: 'i-1' }));
    expect(refusal('DeregisterInstance', { ServiceId: id, InstanceId: 'i-1' }).code).toBe('InstanceNotFound');
    expect(call('DeleteService', { Id: id })).toEqual({});
  });

  it('are discovered by names, attributes and health, and every change moves the revision', () => {
    const { clock, call, refusal, finished, namespaceId, serviceId, register, discovered } = testInstances();
    const id = serviceId({ NamespaceId: namespaceId(), HealthCheckCustomConfig: {} });
    const revision = () =>
      Number(call('DiscoverInstancesRevision', { NamespaceName: 'shop', ServiceName: 'api' }).InstancesRevision);
    const before = revision();
    finished(register(id, 'a', { AWS_INSTANCE_IPV4: '10.0.0.1', color: 'blue' }));
    finished(register(id, 'b', { AWS_INSTANCE_IPV4: '10.0.0.2', color: 'green', AWS_INIT_HEALTH_STATUS: 'UNHEALTHY' }));
    expect(revision()).toBeGreaterThan(before);
    expect(discovered()).toEqual(['a']);
    expect(discovered({ HealthStatus: 'ALL' })).toEqual(['a', 'b']);
    expect(discovered({ HealthStatus: 'ALL', QueryParameters: { color: 'green' } })).toEqual(['b']);
    expect(discovered({ HealthStatus: 'ALL', OptionalParameters: { color: 'red' } })).toEqual(['a', 'b']);
    call('UpdateInstanceCustomHealthStatus', { ServiceId: id, InstanceId: 'a', Status: 'UNHEALTHY' });
    expect(discovered()).toEqual(['a']);
    clock.advance(30_000);
    expect(discovered(), 'none is healthy, so all are given').toEqual(['a', 'b']);
    expect(call('GetInstancesHealthStatus', { ServiceId: id }).Status).toEqual({ a: 'UNHEALTHY', b: 'UNHEALTHY' });
    expect(refusal('DiscoverInstances', { NamespaceName: 'x', ServiceName: 'api' }).code).toBe('NamespaceNotFound');
    expect(refusal('DiscoverInstances', { NamespaceName: 'shop', ServiceName: 'x' }).code).toBe('ServiceNotFound');
  });

  it('are at most 1,000 per service', () => {
    const { cloudMap, call, refusal, namespaceId, serviceId, discovered } = testInstances();
    const id = serviceId({ NamespaceId: namespaceId() });
    for (let i = 0; i < 1_000; i++) cloudMap.register({ service: id, instanceId: `t-${i}`, attributes: {} });
    expect(refusal('RegisterInstance', { ServiceId: id, InstanceId: 'more', Attributes: {} }).code).toBe(
      'ResourceLimitExceeded',
    );
    expect(call('ListInstances', { ServiceId: id }).Instances).toHaveLength(100);
    expect(discovered({ MaxResults: 1_000 })).toHaveLength(1_000);
  });

  it.each([
    ['HTTP', {}, { AWS_UNHEARD_OF: 'x' }, 'reserved prefix'],
    ['HTTP', {}, { AWS_INSTANCE_IPV4: '300.0.0.1' }, 'no address'],
    ['HTTP', {}, { AWS_INIT_HEALTH_STATUS: 'HEALTHY' }, 'no custom health check'],
    ['HTTP', {}, { AWS_EC2_INSTANCE_ID: 'i-1', AWS_INSTANCE_PORT: '1' }, 'more than the EC2 id'],
    ['DNS', { DnsConfig: A }, {}, 'A wants an IPv4 address'],
    [
      'DNS',
      { DnsConfig: { DnsRecords: [{ Type: 'SRV', TTL: 1 }] } },
      { AWS_INSTANCE_IPV4: '10.0.0.1' },
      'SRV wants a port',
    ],
    ['DNS', { DnsConfig: A }, { AWS_ALIAS_DNS_NAME: 'lb.example.com' }, 'alias wants WEIGHTED'],
  ])('of a service in %s with %j are refused with %j: %s', (type, service, Attributes, _reason) => {
    const { refusal, namespaceId, privateNamespace, serviceId } = testCloudMap();
    const ServiceId = serviceId({ NamespaceId: type === 'HTTP' ? namespaceId() : privateNamespace(), ...service });
    expect(refusal('RegisterInstance', { ServiceId, InstanceId: 'i', Attributes }).code).toBe('InvalidInput');
  });
});
