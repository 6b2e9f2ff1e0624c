import { describe, expect, test } from 'vitest';
import type { CloudMapServiceSpec } from '../../../src/kinds/cloud-map-service/schema.ts';
import type { Loose } from '../reconcile/one-object.ts';
import { CloudMapWorld, oneService, readyService } from './scenes.ts';

type Spec = Partial<CloudMapServiceSpec>;

const A60: Spec = { dnsConfig: { dnsRecords: [{ type: 'A', ttl: 60 }] } };

function instance(world: CloudMapWorld, service: string | undefined, id = 'one') {
  world.call('RegisterInstance', { ServiceId: service, InstanceId: id, Attributes: { AWS_INSTANCE_IPV4: '10.0.0.1' } });
  world.clock.advance(10_000);
}

describe('deletion', () => {
  test('is one call, and lets go at once', async () => {
    const { service, world } = await readyService(A60);
    service.delete();
    await service.reconcile();
    expect(service.wrote()).toEqual(['DeleteService']);
    expect(service.gone).toBe(true);
    expect(world.services()).toEqual([]);
  });

  test('waits for the instances, says how many there are, and makes no call in vain', async () => {
    const { service, world } = await readyService(A60);
    for (const id of ['one', 'two']) instance(world, service.status.id, id);
    service.delete();
    await service.reconcile();
    expect(service.condition('Ready')).toMatchObject({ reason: 'InstancesRegistered' });
    expect(service.condition('Ready')?.message).toContain('2 instances are still registered');
    world.call('DeregisterInstance', { ServiceId: service.status.id, InstanceId: 'one' });
    world.clock.advance(10_000);
    await service.reconcile();
    expect(service.condition('Ready')?.message).toContain('1 instance is still registered');
    world.call('DeregisterInstance', { ServiceId: service.status.id, InstanceId: 'two' });
    world.clock.advance(10_000);
    await service.converge();
    expect(service.gone).toBe(true);
    expect(service.wrote()).toEqual(['DeleteService']);
  });

  test('goes on when AWS still says that it is in use', async () => {
    const { service, world } = await readyService(A60);
    instance(world, service.status.id);
    service.answer = (operation, answer: Loose) =>
      operation === 'GetService' ? { Service: { ...answer.Service, InstanceCount: 0 } } : answer;
    service.delete();
    await service.reconcile();
    expect(service.condition('Ready')?.message).toContain('registered instances');
    world.call('DeregisterInstance', { ServiceId: service.status.id, InstanceId: 'one' });
    world.clock.advance(10_000);
    await service.converge();
    expect(service.gone).toBe(true);
  });

  test.each(['before', 'after'] as const)(
    'after a creation whose answer was lost %s its effect leaves nothing',
    async (when) => {
      const world = new CloudMapWorld();
      const service = oneService(world);
      service.fault = (operation) => (operation === 'CreateService' ? when : undefined);
      service.apply({ namespaceId: world.namespace() });
      await service.reconcile();
      service.fault = undefined;
      service.delete();
      await service.converge();
      expect(service.gone).toBe(true);
      expect(world.services()).toEqual([]);
    },
  );

  test('of what is gone already, namespace and all, hangs nowhere', async () => {
    const { service, world, namespaceId } = await readyService(A60);
    world.call('DeleteService', { Id: service.status.id });
    world.call('DeleteNamespace', { Id: namespaceId });
    world.clock.advance(60_000);
    service.delete();
    await service.converge();
    expect(service.gone).toBe(true);
    expect(service.wrote()).toEqual([]);
  });
});
