import { describe, expect, test } from 'vitest';
import { cloudMapService } from '../../../src/kinds/cloud-map-service/index.ts';
import type { CloudMapServiceSpec } from '../../../src/kinds/cloud-map-service/schema.ts';
import { type Loose, OneObject } from '../reconcile/one-object.ts';
import { CloudMapWorld, oneService, readyNamespace, readyService } from './scenes.ts';

type Spec = Partial<CloudMapServiceSpec>;

const A60: Spec = { dnsConfig: { dnsRecords: [{ type: 'A', ttl: 60 }] } };
const A10: Spec = { dnsConfig: { dnsRecords: [{ type: 'A', ttl: 10 }] } };
const CUSTOM: Spec = { healthCheckCustomConfig: {} };
const CHECK: Spec = { healthCheckConfig: { type: 'HTTP', resourcePath: '/health', failureThreshold: 3 } };

function publicNamespace(world: CloudMapWorld): string {
  return world.namespace('CreatePublicDnsNamespace', { Name: 'shop.example.com' });
}

describe('creation', () => {
  test('is one call, in the namespace that it refers to', async () => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace({ type: 'DNS_PRIVATE', name: 'shop.local', vpc: 'vpc-1' }, world);
    const service = new OneObject({
      kind: cloudMapService,
      around: world.around({ objects: [namespace.kept.object] }),
      name: 'orders',
    });
    service.apply({ ...A60, ...CUSTOM, namespaceRef: { name: 'shop' }, tags: [{ key: 'team', value: 'a' }] });
    await service.converge();
    expect([service.wrote(), service.reads]).toEqual([['CreateService'], []]);
    expect(service.condition('Ready')).toMatchObject({ status: 'True' });
    const [live] = world.services();
    expect(live).toMatchObject({ Name: 'orders', HealthCheckCustomConfig: { FailureThreshold: 1 } });
    expect(world.service(live.Id).NamespaceId).toBe(namespace.status.id);
    expect(service.status).toMatchObject({
      id: live.Id,
      arn: live.Arn,
      namespaceId: namespace.status.id,
      instanceCount: 0,
    });
    expect(world.tags(live.Arn)).toMatchObject({ team: 'a', 'ecs-operator.dev/kind': 'CloudMapService' });
  });

  test('waits for the namespace that it refers to', async () => {
    const service = oneService(new CloudMapWorld());
    service.apply({ ...A60, namespaceRef: { name: 'shop' } });
    await service.converge();
    expect(service.condition('Ready')).toMatchObject({ status: 'False', reason: 'RefNotFound' });
    expect([service.wrote(), service.reads]).toEqual([[], []]);
  });

  test.each(['before', 'after'] as const)('whose answer was lost %s its effect makes no second one', async (when) => {
    const world = new CloudMapWorld();
    const namespaceId = world.namespace();
    const service = oneService(world);
    service.fault = (operation) => (operation === 'CreateService' ? when : undefined);
    service.apply({ namespaceId });
    await service.reconcile();
    service.fault = undefined;
    service.restart();
    await service.converge();
    expect(service.condition('Ready')).toMatchObject({ status: 'True' });
    expect(world.services()).toHaveLength(1);
    expect(new Set(service.writes.map(({ input }) => input.CreatorRequestId)).size).toBe(1);
  });

  test('takes what get-service prints, its type and the old place of the namespace included', async () => {
    const { service, world } = await readyService({});
    const printed = world.namespace('CreatePrivateDnsNamespace', { Name: 'other.local', Vpc: 'vpc-1' });
    const pasted = oneService(world, { name: 'pasted', uid: 'uid-2' });
    pasted.apply({
      namespaceId: printed,
      type: 'DNS_HTTP',
      dnsConfig: { namespaceId: printed, routingPolicy: 'MULTIVALUE', dnsRecords: [{ type: 'A', ttl: '60' }] },
      healthCheckCustomConfig: { failureThreshold: 5 },
    });
    await pasted.converge();
    expect(pasted.condition('Ready')).toMatchObject({ status: 'True' });
    world.clock.advance(600_000);
    await pasted.converge();
    expect(pasted.wrote()).toEqual(['CreateService']);
    expect(service.gone).toBe(false);
  });

  test('of a name that differs only by case where AWS takes it for the same says so', async () => {
    const { world, namespaceId } = await readyService(A60);
    const other = oneService(world, { name: 'other', uid: 'uid-2' });
    other.apply({ ...A60, namespaceId, name: 'ORDERS' });
    await other.converge();
    expect(other.condition('Stalled')).toMatchObject({ reason: 'NameTaken' });
    expect(other.condition('Stalled')?.message).toContain('orders');
  });
});

test('an unchanged service costs two reads a resync and no write on either side', async () => {
  const { service, world } = await readyService({ ...A60, ...CUSTOM, description: '', tags: [{ key: 'a' }] });
  for (let hours = 0; hours < 5; hours++) {
    world.clock.advance(3_600_000);
    await service.converge();
  }
  expect(service.wrote()).toEqual([]);
  expect(service.kept.writes).toBe(0);
  expect(service.reads).toEqual(Array.from({ length: 5 }, () => ['GetService', 'ListTagsForResource']).flat());
});

describe('a change', () => {
  test.each([
    { what: 'of the time to live', from: A60, to: A10, live: { DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 10 }] } } },
    {
      what: 'of the description keeps records',
      from: { ...A60, description: 'a' },
      to: { ...A60, description: 'b' },
      live: { Description: 'b', DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 60 }] } },
    },
    {
      what: 'that takes the description out',
      from: { ...A60, description: 'a' },
      to: A60,
      live: { Description: undefined },
    },
    { what: 'that takes the records out', from: A60, to: {}, live: { DnsConfig: undefined } },
    {
      what: 'that adds a health check',
      from: A60,
      to: { ...A60, ...CHECK },
      live: { HealthCheckConfig: { Type: 'HTTP', ResourcePath: '/health', FailureThreshold: 3 } },
    },
    {
      what: 'that takes the health check out',
      from: { ...A60, ...CHECK },
      to: A60,
      live: { HealthCheckConfig: undefined },
    },
    {
      what: 'that takes a part of the health check out',
      from: { ...A60, ...CHECK },
      to: { ...A60, healthCheckConfig: { type: 'HTTP' } },
      live: { HealthCheckConfig: { Type: 'HTTP', ResourcePath: '/', FailureThreshold: 1 } },
    },
  ] satisfies { what: string; from: Spec; to: Spec; live: object }[])(
    '$what is one update, waited for, and then left alone',
    async ({ from, to, live }) => {
      const world = new CloudMapWorld();
      const { service, apply } = await readyService(from, world, publicNamespace(world));
      apply(to);
      await service.reconcile();
      expect(service.wrote()).toEqual(['UpdateService']);
      expect(service.condition('Ready')).toMatchObject({ status: 'False', reason: 'Updating' });
      expect(service.status.operation).toMatchObject({ type: 'UPDATE_SERVICE' });
      service.restart();
      await service.converge();
      expect(service.wrote()).toEqual(['UpdateService']);
      const seen = world.service(service.status.id);
      for (const [member, value] of Object.entries(live)) {
        if (value === undefined) expect(seen[member]).toBeUndefined();
        else expect(seen[member]).toMatchObject(value);
      }
      expect(service.condition('Ready')).toMatchObject({ status: 'True' });
      expect(service.status.operation).toBeUndefined();
      service.forget();
      world.clock.advance(3_600_000);
      await service.converge();
      expect([service.wrote(), service.kept.writes]).toEqual([[], 0]);
    },
  );

  test('loses nothing that was never declared', async () => {
    const world = new CloudMapWorld();
    const { service, apply } = await readyService(A60, world, publicNamespace(world));
    const HealthCheckConfig = { Type: 'TCP', FailureThreshold: 2 };
    world.call('UpdateService', {
      Id: service.status.id,
      Service: { Description: 'theirs', DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 60 }] }, HealthCheckConfig },
    });
    world.clock.advance(60_000);
    apply(A10);
    await service.converge();
    expect(world.service(service.status.id)).toMatchObject({
      Description: 'theirs',
      HealthCheckConfig,
      DnsConfig: { DnsRecords: [{ TTL: 10 }] },
    });
  });

  test('leaves what policy says to report, in the same update that changes something else', async () => {
    const world = new CloudMapWorld();
    const policy = { driftByField: { dnsConfig: 'Report' } } as const;
    const { service, apply } = await readyService({ ...A60, policy }, world);
    world.call('UpdateService', {
      Id: service.status.id,
      Service: { DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 30 }] } },
    });
    world.clock.advance(60_000);
    apply({ ...A60, policy, description: 'new' });
    await service.converge();
    expect(world.service(service.status.id)).toMatchObject({
      Description: 'new',
      DnsConfig: { DnsRecords: [{ TTL: 30 }] },
    });
    expect(service.condition('Drifted')).toMatchObject({ status: 'True' });
  });

  test('is not seen in a threshold that AWS sets to 1 whatever was asked', async () => {
    const { service, world } = await readyService({
      ...A60,
      healthCheckCustomConfig: { failureThreshold: 5 },
      policy: { drift: 'Report' },
    });
    world.clock.advance(3_600_000);
    await service.converge();
    expect(service.condition('Ready')).toMatchObject({ status: 'True' });
    expect(service.kept.writes).toBe(0);
  });

  test('behind our back is put back', async () => {
    const { service, world } = await readyService({ ...A60, tags: [{ key: 'team', value: 'a' }] });
    world.call('UpdateService', {
      Id: service.status.id,
      Service: { DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 1 }] } },
    });
    world.call('TagResource', { ResourceARN: service.status.arn, Tags: [{ Key: 'team', Value: 'b' }] });
    world.clock.advance(60_000);
    await service.converge();
    expect(service.wrote()).toEqual(['UpdateService', 'TagResource']);
    expect(world.service(service.status.id).DnsConfig.DnsRecords).toEqual([{ Type: 'A', TTL: 60 }]);
  });

  test('of the description reaches a service with a health check in an HTTP namespace', async () => {
    const world = new CloudMapWorld();
    const { service, apply } = await readyService(CHECK, world, world.namespace());
    apply({ ...CHECK, description: 'new' });
    await service.converge();
    expect(service.condition('Ready')).toMatchObject({ status: 'True' });
    expect(world.service(service.status.id)).toMatchObject({ Description: 'new', HealthCheckConfig: { Type: 'HTTP' } });
  });

  test.each<{ what: string; from: Spec; to: Spec }>([
    { what: 'the name', from: A60, to: { ...A60, name: 'other' } },
    { what: 'the namespace', from: A60, to: { ...A60, namespaceId: 'ns-other' } },
    { what: 'the custom health check, added', from: A60, to: { ...A60, ...CUSTOM } },
    { what: 'the custom health check, removed', from: { ...A60, ...CUSTOM }, to: A60 },
    { what: 'the routing policy', from: A60, to: { dnsConfig: { ...A60.dnsConfig, routingPolicy: 'WEIGHTED' } } },
    { what: 'the type', from: A60, to: { type: 'HTTP' } },
  ])('of what stays for good is refused where the CRD let it through: $what', async ({ from, to }) => {
    const { service, apply } = await readyService(from);
    apply(to);
    await service.converge();
    expect(service.condition('Stalled')).toMatchObject({ reason: 'ImmutableField' });
    expect(service.wrote()).toEqual([]);
    apply(from);
    await service.converge();
    expect(service.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('that AWS refuses is told in its words', async () => {
    const { service, apply } = await readyService(A60);
    apply({ dnsConfig: { dnsRecords: [{ type: 'SRV', ttl: 60 }] } });
    await service.converge();
    expect(service.condition('Stalled')).toMatchObject({ reason: 'Refused' });
    expect(service.condition('Stalled')?.message).toContain('record types');
  });

  test('whose operation failed is told in AWS’s words and rests until the spec changes', async () => {
    const { service, apply } = await readyService(A60);
    service.answer = (operation, answer: Loose) => {
      if (operation === 'GetService') {
        return { Service: { ...answer.Service, DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 60 }] } } };
      }
      if (operation !== 'GetOperation') return answer;
      return { Operation: { ...answer.Operation, Status: 'FAIL', ErrorCode: 'ACCESS_DENIED' } };
    };
    apply(A10);
    await service.converge();
    expect(service.condition('Stalled')).toMatchObject({ reason: 'UpdateFailed' });
    service.restart();
    await service.converge();
    expect(service.wrote()).toEqual(['UpdateService']);
    apply(A60);
    await service.converge();
    expect(service.condition('Ready')).toMatchObject({ status: 'True' });
    expect(service.status.operation).toBeUndefined();
  });
});

describe('whose a service is', () => {
  test('that stood there before: left alone, or adopted at once by what the refused creation names', async () => {
    const world = new CloudMapWorld();
    const namespaceId = world.namespace();
    const { Service: theirs } = world.call('CreateService', {
      Name: 'orders',
      NamespaceId: namespaceId,
      Description: 'theirs',
    });
    const left = oneService(world);
    left.apply({ namespaceId });
    await left.converge();
    expect(left.condition('Stalled')).toMatchObject({ reason: 'NotOwned' });
    expect(world.tags(theirs.Arn)).toEqual({});
    world.clock.advance(600_000);
    await left.converge();
    expect(left.wrote()).toEqual(['CreateService']);

    const adopted = oneService(world, { uid: 'uid-2' });
    adopted.apply({ namespaceId, description: 'ours', policy: { adoption: 'Adopt' } });
    await adopted.converge();
    expect(adopted.condition('Ready')).toMatchObject({ status: 'True' });
    expect(adopted.reads).not.toContain('ListServices');
    expect(adopted.status).toMatchObject({ id: theirs.Id, adopted: true });
    expect(world.service(theirs.Id).Description).toBe('ours');
    adopted.delete();
    await adopted.converge();
    expect(adopted.gone).toBe(true);
    expect(world.services()).toHaveLength(1);
  });

  test('after a restore is told by its tags, and nothing is made', async () => {
    const { service, world } = await readyService({ ...A60, description: 'a' });
    const { id } = service.status;
    service.restore('uid-2');
    await service.converge();
    expect(service.status.id).toBe(id);
    expect(service.wrote()).toEqual(['CreateService', 'TagResource']);
    expect(service.events.map(({ reason }) => reason)).toContain('TakenOver');
    expect(world.services()).toHaveLength(1);
  });

  test('of another installation is left alone, and said to be theirs', async () => {
    const world = new CloudMapWorld();
    const namespaceId = world.namespace();
    const Tags = [{ Key: 'ecs-operator.dev/installation', Value: 'two' }];
    world.call('CreateService', { Name: 'orders', NamespaceId: namespaceId, Tags });
    const service = oneService(world);
    service.apply({ namespaceId, policy: { adoption: 'Adopt' } });
    await service.converge();
    expect(service.condition('Stalled')).toMatchObject({ reason: 'OwnedByOtherInstallation' });
  });
});

test('what somebody deleted is made anew', async () => {
  const { service, world } = await readyService(A60);
  const { id } = service.status;
  world.call('DeleteService', { Id: id });
  await service.converge();
  expect(service.wrote()).toEqual(['CreateService']);
  expect(service.status.incarnation).toBe(1);
  expect(service.status.id).not.toBe(id);
  expect(service.condition('Ready')).toMatchObject({ status: 'True' });
});
