import { describe, expect, test } from 'vitest';
import type { CloudMapNamespaceSpec } from '../../../src/kinds/cloud-map-namespace/schema.ts';
import type { Loose } from '../reconcile/one-object.ts';
import { CloudMapWorld, oneNamespace, readyNamespace } from './scenes.ts';

const HTTP: CloudMapNamespaceSpec = { type: 'HTTP' };
const PRIVATE: CloudMapNamespaceSpec = { type: 'DNS_PRIVATE', name: 'shop.local', vpc: 'vpc-1' };

describe('deletion', () => {
  test.each([HTTP, PRIVATE])('asks once and lets go when AWS has done it ($type)', async (spec) => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace(spec, world);
    namespace.delete();
    await namespace.reconcile();
    expect(namespace.wrote()).toEqual(['DeleteNamespace']);
    expect(namespace.status.operation).toMatchObject({ type: 'DELETE_NAMESPACE' });
    expect(namespace.condition('Ready')).toMatchObject({ status: 'False', reason: 'Deleting' });
    namespace.restart();
    namespace.forget();
    await namespace.reconcile();
    expect(namespace.reads).toEqual(['GetOperation']);
    await namespace.converge();
    expect(namespace.gone).toBe(true);
    expect(namespace.wrote()).toEqual([]);
    expect(world.namespaces()).toEqual([]);
  });

  test('waits while services are in it, with AWS’s words', async () => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace(HTTP, world);
    const { Service } = world.call('CreateService', { Name: 'api', NamespaceId: namespace.status.id });
    namespace.delete();
    await namespace.reconcile();
    expect(namespace.condition('Ready')?.message).toContain('contains services');
    world.call('DeleteService', { Id: Service.Id });
    await namespace.converge();
    expect(namespace.gone).toBe(true);
  });

  test.each([HTTP, PRIVATE])('in the middle of the creation leaves nothing behind ($type)', async (spec) => {
    for (const known of [true, false]) {
      const world = new CloudMapWorld();
      const namespace = oneNamespace(world);
      if (!known) namespace.fault = (operation) => (operation.startsWith('Create') ? 'after' : undefined);
      namespace.apply(spec);
      await namespace.reconcile();
      namespace.fault = undefined;
      namespace.delete();
      await namespace.converge();
      world.clock.advance(600_000);
      expect(namespace.gone).toBe(true);
      expect(world.namespaces()).toEqual([]);
    }
  });

  test('whose answer was lost is asked again, and ends', async () => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace(PRIVATE, world);
    namespace.fault = (operation) => (operation === 'DeleteNamespace' ? 'after' : undefined);
    namespace.delete();
    await namespace.reconcile();
    namespace.fault = undefined;
    await namespace.converge();
    expect(namespace.gone).toBe(true);
    expect(world.namespaces()).toEqual([]);
  });

  test('that AWS could not do says why, and is tried again later', async () => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace(HTTP, world);
    namespace.answer = (operation, answer: Loose) => {
      if (operation === 'GetOperation')
        return { Operation: { ...answer.Operation, Status: 'FAIL', ErrorCode: 'ACCESS_DENIED' } };
      if (operation === 'DeleteNamespace') return { OperationId: answer.OperationId };
      return answer;
    };
    namespace.delete();
    await namespace.reconcile();
    await namespace.reconcile();
    expect(namespace.condition('Stalled')).toMatchObject({ reason: 'DeletionFailed' });
    expect(namespace.condition('Stalled')?.message).toContain('ACCESS_DENIED');
    namespace.answer = undefined;
    world.clock.advance(11 * 60_000);
    await namespace.converge();
    expect(namespace.gone).toBe(true);
  });

  test('leaves what is not ours, and what is kept by policy', async () => {
    const world = new CloudMapWorld();
    world.namespace();
    const foreign = oneNamespace(world);
    foreign.apply(HTTP);
    await foreign.converge();
    foreign.delete();
    await foreign.converge();
    expect(foreign.gone).toBe(true);
    const kept = await readyNamespace({ ...HTTP, name: 'kept', policy: { deletion: 'Retain' } }, world);
    kept.delete();
    await kept.converge();
    expect(kept.gone).toBe(true);
    expect(world.namespaces()).toHaveLength(2);
  });

  test('needs no spec that is still right', async () => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace(HTTP, world);
    // Safe: what a CRD of another release let through.
    namespace.apply({ ...HTTP, nonsense: 1 } as CloudMapNamespaceSpec);
    namespace.delete();
    await namespace.converge();
    expect(namespace.gone).toBe(true);
  });
});
