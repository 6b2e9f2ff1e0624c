import { describe, expect, it } from 'vitest';
import { A_RECORD as A, testCloudMap } from './testing.ts';

describe('operations', () => {
  it('go from SUBMITTED over PENDING to SUCCESS, and the namespace appears only at the end', () => {
    const { clock, call } = testCloudMap();
    const { OperationId } = call('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-1' });
    const operation = () => call('GetOperation', { OperationId }).Operation;
    expect(operation()).toMatchObject({ Status: 'SUBMITTED', Type: 'CREATE_NAMESPACE', OwnerAccount: '123456789012' });
    clock.advance(1_000);
    expect(operation()?.Status).toBe('PENDING');
    expect(call('ListNamespaces').Namespaces).toEqual([]);
    clock.advance(60_000);
    expect(operation()?.Status).toBe('SUCCESS');
    expect(call('GetNamespace', { Id: operation()?.Targets?.NAMESPACE }).Namespace).toMatchObject({
      Name: 'shop.local',
      Type: 'DNS_PRIVATE',
      ServiceCount: 0,
      Arn: expect.stringMatching(/^arn:aws:servicediscovery:eu-west-1:123456789012:namespace\/ns-[a-z0-9]{16}$/),
      Properties: {
        DnsProperties: { HostedZoneId: expect.stringMatching(/^Z[A-Z0-9]+$/) },
        HttpProperties: { HttpName: 'shop.local' },
      },
    });
  });

  it('are found again by namespace, service, status and type', () => {
    const { call, refusal, namespaceId } = testCloudMap();
    const ns = namespaceId();
    const { OperationId } = call('UpdateHttpNamespace', { Id: ns, Namespace: { Description: 'x' } });
    const ids = (filter: object) => call('ListOperations', { Filters: [filter] }).Operations?.map((o) => o.Id);
    expect(ids({ Name: 'NAMESPACE_ID', Values: [ns] })).toHaveLength(2);
    expect(ids({ Name: 'STATUS', Values: ['SUBMITTED', 'PENDING'], Condition: 'IN' })).toEqual([OperationId]);
    expect(ids({ Name: 'TYPE', Values: ['UPDATE_NAMESPACE'] })).toEqual([OperationId]);
    expect(ids({ Name: 'UPDATE_DATE', Values: ['0', '9999999999'] })).toHaveLength(2);
    expect(refusal('ListOperations', { Filters: [{ Name: 'STATUS', Values: ['A', 'B'] }] }).code).toBe('InvalidInput');
    expect(refusal('GetOperation', { OperationId: 'none' }).code).toBe('OperationNotFound');
  });
});

describe('namespaces', () => {
  it('refuse a name that is taken, and say by whom', () => {
    const { refusal, namespaceId } = testCloudMap();
    const id = namespaceId('CreateHttpNamespace', { Name: 'shop', CreatorRequestId: 'first' });
    expect(refusal('CreateHttpNamespace', { Name: 'shop' })).toMatchObject({
      code: 'NamespaceAlreadyExists',
      NamespaceId: id,
      CreatorRequestId: 'first',
    });
  });

  it('answer the same operation to a retry, and DuplicateRequest to another request meanwhile', () => {
    const { clock, call, refusal } = testCloudMap();
    const input = { Name: 'shop', CreatorRequestId: 'once' };
    const { OperationId } = call('CreateHttpNamespace', input);
    expect(call('CreateHttpNamespace', input).OperationId).toBe(OperationId);
    expect(refusal('CreateHttpNamespace', { ...input, CreatorRequestId: 'twice' })).toMatchObject({
      code: 'DuplicateRequest',
      DuplicateOperationId: OperationId,
    });
    clock.advance(60_000);
    expect(call('ListNamespaces').Namespaces).toHaveLength(1);
  });

  it('of one private name can stand in two VPCs; the second is discovered by another name', () => {
    const { call, refusal, namespaceId, privateNamespace } = testCloudMap();
    privateNamespace();
    const second = namespaceId('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-2' });
    const properties = call('GetNamespace', { Id: second }).Namespace?.Properties;
    expect(properties?.HttpProperties?.HttpName).toMatch(/^shop\.local-./);
    expect(refusal('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-2' }).code).toBe(
      'NamespaceAlreadyExists',
    );
  });

  it('take updates of description and SOA, one at a time, each by the call of its type', () => {
    const { call, refusal, finished, privateNamespace } = testCloudMap();
    const id = privateNamespace();
    const change = { Description: 'new', Properties: { DnsProperties: { SOA: { TTL: 100 } } } };
    const update = call('UpdatePrivateDnsNamespace', { Id: id, Namespace: change });
    expect(refusal('UpdatePrivateDnsNamespace', { Id: id, Namespace: change })).toMatchObject({
      code: 'DuplicateRequest',
      DuplicateOperationId: update.OperationId,
    });
    finished(update);
    const { Namespace } = call('GetNamespace', { Id: id });
    expect(Namespace).toMatchObject({ Description: 'new', Properties: { DnsProperties: { SOA: { TTL: 100 } } } });
    expect(refusal('UpdateHttpNamespace', { Id: id, Namespace: { Description: 'x' } }).code).toBe('InvalidInput');
  });

  it('cannot be deleted while they hold services, and are gone only when the operation has ended', () => {
    const { call, refusal, finished, namespaceId, serviceId } = testCloudMap();
    const id = namespaceId();
    const service = serviceId({ NamespaceId: id });
    expect(refusal('DeleteNamespace', { Id: id }).code).toBe('ResourceInUse');
    call('DeleteService', { Id: service });
    const deletion = call('DeleteNamespace', { Id: id });
    expect(call('GetNamespace', { Id: id }).Namespace?.Id).toBe(id);
    expect(refusal('DeleteNamespace', { Id: id })).toMatchObject({ DuplicateOperationId: deletion.OperationId });
    finished(deletion);
    expect(refusal('GetNamespace', { Id: id }).code).toBe('NamespaceNotFound');
    expect(namespaceId()).not.toBe(id);
  });

  it('are listed by type, name and owner, page by page', () => {
    const { call, refusal, namespaceId, privateNamespace } = testCloudMap();
    for (const Name of ['one', 'two', 'three']) namespaceId('CreateHttpNamespace', { Name });
    privateNamespace();
    const names = (...Filters: object[]) => call('ListNamespaces', { Filters }).Namespaces?.map((n) => n.Name);
    expect(names({ Name: 'TYPE', Values: ['HTTP'] })).toEqual(['one', 'two', 'three']);
    expect(names({ Name: 'NAME', Values: ['t'], Condition: 'BEGINS_WITH' })).toEqual(['two', 'three']);
    expect(names({ Name: 'NAME', Values: ['two'] }, { Name: 'TYPE', Values: ['DNS_PRIVATE'] })).toEqual([]);
    expect(names({ Name: 'RESOURCE_OWNER', Values: ['OTHER_ACCOUNTS'] })).toEqual([]);
    expect(refusal('ListNamespaces', { Filters: [{ Name: 'NAME', Values: ['a', 'b'] }] }).code).toBe('InvalidInput');
    const first = call('ListNamespaces', { MaxResults: 3 });
    const rest = call('ListNamespaces', { MaxResults: 3, NextToken: first.NextToken });
    expect([first, rest].map((page) => page.Namespaces?.length)).toEqual([3, 1]);
    expect(rest.NextToken).toBeUndefined();
  });

  it.each([
    ['CreateHttpNamespace', { Name: 'with space' }, 'a space'],
    ['CreateHttpNamespace', { Name: 'arn:aws:x' }, 'looks like an ARN'],
    ['CreateHttpNamespace', {}, 'no name'],
    ['CreatePublicDnsNamespace', { Name: 'nodot' }, 'one label'],
    ['CreatePrivateDnsNamespace', { Name: 'a.local' }, 'no VPC'],
    ['CreateHttpNamespace', { Name: 'a', Description: 'x'.repeat(1025) }, 'too long'],
    ['CreateHttpNamespace', { Name: 'a', Tags: [{ Key: 'aws:x', Value: 'y' }] }, 'reserved tag'],
  ])('%s refuses %j: %s', (operation, input, _reason) => {
    const { clock, call, refusal } = testCloudMap();
    expect(refusal(operation, input).code).toBe('InvalidInput');
    clock.advance(60_000);
    expect(call('ListNamespaces').Namespaces).toEqual([]);
  });
});

describe('services', () => {
  it('carry what AWS fills in', () => {
    const { call, privateNamespace } = testCloudMap();
    const ns = privateNamespace();
    const { Service } = call('CreateService', {
      Name: 'api',
      NamespaceId: ns,
      DnsConfig: A,
      HealthCheckCustomConfig: {},
    });
    expect(Service).toMatchObject({
      Type: 'DNS_HTTP',
      InstanceCount: 0,
      DnsConfig: { NamespaceId: ns, RoutingPolicy: 'MULTIVALUE', DnsRecords: [{ Type: 'A', TTL: 60 }] },
      HealthCheckCustomConfig: { FailureThreshold: 1 },
    });
    expect(call('GetNamespace', { Id: ns }).Namespace?.ServiceCount).toBe(1);
    expect(call('GetService', { Id: Service?.Arn }).Service).toEqual(Service);
  });

  it('refuse a name that is taken and say by whom; a retry gets the first one', () => {
    const { call, refusal, namespaceId } = testCloudMap();
    const ns = namespaceId();
    const input = { Name: 'api', NamespaceId: ns, CreatorRequestId: 'once' };
    const { Service } = call('CreateService', input);
    expect(call('CreateService', input).Service?.Id).toBe(Service?.Id);
    const taken = { code: 'ServiceAlreadyExists', ServiceId: Service?.Id, CreatorRequestId: 'once' };
    expect(refusal('CreateService', { ...input, CreatorRequestId: 'twice' })).toMatchObject(taken);
    expect(refusal('CreateService', { ...input, Description: 'other' })).toMatchObject(taken);
    expect(call('ListServices').Services).toHaveLength(1);
  });

  it('may differ only by case in an HTTP namespace, not where DNS is asked', () => {
    const { refusal, namespaceId, privateNamespace, serviceId } = testCloudMap();
    const http = namespaceId();
    serviceId({ NamespaceId: http });
    expect(serviceId({ NamespaceId: http, Name: 'API' })).toMatch(/^srv-/);
    const dns = privateNamespace();
    serviceId({ NamespaceId: dns, DnsConfig: A });
    expect(refusal('CreateService', { NamespaceId: dns, Name: 'API', DnsConfig: A }).code).toBe('ServiceAlreadyExists');
  });

  it('lose what an update leaves out, keep the custom health check, and cannot change record types', () => {
    const { call, refusal, finished, privateNamespace, serviceId } = testCloudMap();
    const ns = privateNamespace();
    const id = serviceId({ NamespaceId: ns, DnsConfig: A, HealthCheckCustomConfig: {}, Description: 'old' });
    const service = () => call('GetService', { Id: id }).Service;
    finished(call('UpdateService', { Id: id, Service: { DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 5 }] } } }));
    expect(service()).toMatchObject({ Description: 'old', DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 5 }] } });
    const srv = { DnsRecords: [{ Type: 'SRV', TTL: 5 }] };
    expect(refusal('UpdateService', { Id: id, Service: { DnsConfig: srv } }).code).toBe('InvalidInput');
    finished(call('UpdateService', { Id: id, Service: { Description: 'new' } }));
    expect(service()).toMatchObject({ Description: 'new', HealthCheckCustomConfig: { FailureThreshold: 1 } });
    expect(service()).not.toHaveProperty('DnsConfig');
  });

  it('in an HTTP namespace keep their settings and take a new description', () => {
    const { call, refusal, finished, namespaceId, serviceId } = testCloudMap();
    const check = { Type: 'TCP' };
    const id = serviceId({ NamespaceId: namespaceId(), HealthCheckConfig: check });
    expect(refusal('UpdateService', { Id: id, Service: { HealthCheckConfig: check } }).code).toBe('InvalidInput');
    finished(call('UpdateService', { Id: id, Service: { Description: 'new' } }));
    expect(call('GetService', { Id: id }).Service).toMatchObject({ Description: 'new', HealthCheckConfig: check });
  });

  it.each([
    ['HTTP', { DnsConfig: A }, 'DnsConfig in an HTTP namespace'],
    ['DNS_PRIVATE', { HealthCheckConfig: { Type: 'HTTP' } }, 'Route 53 cannot check what is private'],
    ['HTTP', { HealthCheckConfig: { Type: 'HTTP' }, HealthCheckCustomConfig: {} }, 'both health checks'],
    ['HTTP', { HealthCheckConfig: { Type: 'TCP', ResourcePath: '/' } }, 'a path for TCP'],
    ['HTTP', { HealthCheckConfig: { Type: 'TCP', FailureThreshold: 11 } }, 'threshold above 10'],
    [
      'DNS_PRIVATE',
      {
        DnsConfig: {
          DnsRecords: [
            { Type: 'A', TTL: 1 },
            { Type: 'SRV', TTL: 1 },
          ],
        },
      },
      'A with SRV',
    ],
    ['DNS_PRIVATE', { DnsConfig: { DnsRecords: [] } }, 'no record'],
    ['DNS_PRIVATE', { DnsConfig: { DnsRecords: [{ Type: 'CNAME', TTL: 1 }] } }, 'CNAME without WEIGHTED'],
    ['DNS_PRIVATE', { DnsConfig: { DnsRecords: [{ Type: 'MX', TTL: 1 }] } }, 'no such type'],
    ['DNS_PRIVATE', { DnsConfig: { DnsRecords: [{ Type: 'A', TTL: -1 }] } }, 'negative TTL'],
    ['DNS_PRIVATE', { DnsConfig: A, Type: 'HTTP' }, 'records for API only'],
    ['HTTP', { Name: 'a b' }, 'a space'],
  ])('in a %s namespace refuse %j: %s', (type, input, _reason) => {
    const { call, refusal, namespaceId, privateNamespace } = testCloudMap();
    const ns = type === 'HTTP' ? namespaceId() : privateNamespace();
    expect(refusal('CreateService', { Name: 'api', NamespaceId: ns, ...input }).code).toBe('InvalidInput');
    expect(call('ListServices').Services).toEqual([]);
  });

  it('are listed by namespace', () => {
    const { call, refusal, namespaceId, serviceId } = testCloudMap();
    const [one, two] = [namespaceId(), namespaceId('CreateHttpNamespace', { Name: 'other' })];
    serviceId({ NamespaceId: one });
    const id = serviceId({ NamespaceId: two });
    const listed = call('ListServices', { Filters: [{ Name: 'NAMESPACE_ID', Values: [two] }] }).Services;
    expect(listed?.map((service) => service.Id)).toEqual([id]);
    expect(refusal('CreateService', { Name: 'api', NamespaceId: 'ns-none' }).code).toBe('NamespaceNotFound');
  });

  it('have up to 30 attributes', () => {
    const { call, refusal, namespaceId, serviceId } = testCloudMap();
    const ServiceId = serviceId({ NamespaceId: namespaceId() });
    call('UpdateServiceAttributes', { ServiceId, Attributes: { team: 'a', tier: '1' } });
    call('DeleteServiceAttributes', { ServiceId, Attributes: ['tier'] });
    expect(call('GetServiceAttributes', { ServiceId }).ServiceAttributes?.Attributes).toEqual({ team: 'a' });
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, 'v']));
    expect(refusal('UpdateServiceAttributes', { ServiceId, Attributes: many }).code).toBe(
      'ServiceAttributesLimitExceededException',
    );
  });
});

describe('tags', () => {
  it('are set, replaced, removed and listed, at most 50', () => {
    const { call, refusal, namespaceId } = testCloudMap();
    const id = namespaceId('CreateHttpNamespace', { Name: 'shop', Tags: [{ Key: 'a', Value: '1' }] });
    const ResourceARN = call('GetNamespace', { Id: id }).Namespace?.Arn;
    call('TagResource', {
      ResourceARN,
      Tags: [
        { Key: 'a', Value: '2' },
        { Key: 'b', Value: '' },
      ],
    });
    call('UntagResource', { ResourceARN, TagKeys: ['b', 'none'] });
    expect(call('ListTagsForResource', { ResourceARN }).Tags).toEqual([{ Key: 'a', Value: '2' }]);
    const many = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
    expect(refusal('TagResource', { ResourceARN, Tags: many })).toMatchObject({
      code: 'TooManyTagsException',
      ResourceName: ResourceARN,
    });
    expect(refusal('ListTagsForResource', { ResourceARN: 'arn:aws:x' }).code).toBe('ResourceNotFoundException');
  });
});

describe('what ECS asks for', () => {
  it('registers and removes instances at once, by the ARN of the service', () => {
    const { cloudMap, call, privateNamespace } = testCloudMap();
    const ns = privateNamespace();
    const { Service } = call('CreateService', { Name: 'api', NamespaceId: ns, DnsConfig: A });
    const service = String(Service?.Arn);
    expect(cloudMap.findService(service)).toMatchObject({ name: 'api', recordTypes: ['A'] });
    cloudMap.register({ service, instanceId: 't', attributes: { AWS_INSTANCE_IPV4: '10.0.0.9' } });
    expect(call('GetInstance', { ServiceId: Service?.Id, InstanceId: 't' }).Instance?.Attributes).toEqual({
      AWS_INSTANCE_IPV4: '10.0.0.9',
    });
    cloudMap.deregister({ service, instanceId: 't' });
    expect(call('ListInstances', { ServiceId: Service?.Id }).Instances).toEqual([]);
    expect(cloudMap.findService('arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-none')).toBeUndefined();
  });

  it('finds namespaces by name, id and ARN, and makes HTTP ones and Service Connect services', () => {
    const { cloudMap, call } = testCloudMap();
    const made = cloudMap.ensureHttpNamespace('mesh');
    expect(cloudMap.ensureHttpNamespace('mesh')).toEqual(made);
    for (const key of [made.name, made.id, made.arn]) expect(cloudMap.findNamespace(key)).toEqual(made);
    const service = cloudMap.ensureConnectService({ namespaceArn: made.arn, name: 'api' });
    expect(cloudMap.ensureConnectService({ namespaceArn: made.arn, name: 'api' })).toEqual({ ...service, made: false });
    cloudMap.register({ service: service.arn, instanceId: 't', attributes: {} });
    cloudMap.dropConnectService(service.arn);
    expect(call('ListServices').Services).toEqual([]);
  });
});

it('an operation that Cloud Map does not have is refused by its name', () => {
  const { refusal } = testCloudMap();
  expect(refusal('CreateHttpNamespaces')).toEqual({
    code: 'UnknownOperationException',
    message: expect.stringContaining('CreateHttpNamespaces'),
  });
});
