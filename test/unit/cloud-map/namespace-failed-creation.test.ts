import { describe, expect, test } from 'vitest';
import type { CloudMapNamespaceSpec } from '../../../src/kinds/cloud-map-namespace/schema.ts';
import { CloudMapWorld, oneNamespace, readyNamespace } from './scenes.ts';

const PRIVATE: CloudMapNamespaceSpec = { type: 'DNS_PRIVATE', name: 'shop.local', vpc: 'vpc-1' };

describe('a creation that failed', () => {
  async function stalled(world: CloudMapWorld, spec: CloudMapNamespaceSpec, message = 'The VPC does not exist') {
    const namespace = oneNamespace(world);
    world.failCreations(message);
    namespace.apply(spec);
    await namespace.reconcile();
    await namespace.reconcile();
    return namespace;
  }

  test('says why in AWS’s words, and rests', async () => {
    const namespace = await stalled(new CloudMapWorld(), PRIVATE);
    expect(namespace.condition('Stalled')?.message).toContain('CANNOT_CREATE_HOSTED_ZONE: The VPC does not exist');
    namespace.restart();
    await namespace.reconcile();
    expect(namespace.wrote()).toEqual(['CreatePrivateDnsNamespace']);
  });

  test.each([
    { why: 'the spec changes', spec: { ...PRIVATE, vpc: 'vpc-2' }, wait: 0 },
    { why: 'the spec changes in what is not part of the request', spec: { ...PRIVATE, policy: {} }, wait: 0 },
    { why: 'ten minutes have passed', spec: undefined, wait: 10 * 60_000 },
  ])('is tried again with another token when $why', async ({ spec, wait }) => {
    const world = new CloudMapWorld();
    const namespace = await stalled(world, PRIVATE);
    world.failCreations(undefined);
    if (spec !== undefined) namespace.apply(spec);
    world.clock.advance(wait);
    await namespace.reconcile();
    expect(namespace.wrote()).toEqual(['CreatePrivateDnsNamespace', 'CreatePrivateDnsNamespace']);
    const [first, second] = namespace.writes.map(({ input }) => input.CreatorRequestId);
    expect(second).not.toBe(first);
    await namespace.converge();
    expect(namespace.condition('Ready')).toMatchObject({ status: 'True' });
  });

  const TAKEN = 'The VPC is already associated with another private hosted zone that has an overlapping name space';

  test('since the VPC has such a zone adopts the one of that name, when told to', async () => {
    const world = new CloudMapWorld();
    const id = world.namespace('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-9' });
    const namespace = await stalled(world, { ...PRIVATE, policy: { adoption: 'Adopt' } }, TAKEN);
    await namespace.converge();
    expect(namespace.status).toMatchObject({ id, adopted: true });
    expect(namespace.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('since the VPC has ours already, as after a restore, finds it by its tags', async () => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace(PRIVATE, world);
    const { id } = namespace.status;
    world.namespace('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-9' });
    world.failCreations(TAKEN);
    namespace.restore('uid-2');
    await namespace.converge();
    expect(namespace.status.id).toBe(id);
    expect(namespace.events.map(({ reason }) => reason)).toContain('TakenOver');
    expect(namespace.condition('Ready')).toMatchObject({ status: 'True' });
    expect(namespace.status.operation).toBeUndefined();
  });

  test('takes none of several namespaces of one name, and says how to point at one', async () => {
    const world = new CloudMapWorld();
    for (const Vpc of ['vpc-8', 'vpc-9']) world.namespace('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc });
    const namespace = await stalled(world, { ...PRIVATE, policy: { adoption: 'Adopt' } }, TAKEN);
    await namespace.converge();
    expect(namespace.condition('Stalled')).toMatchObject({ reason: 'AmbiguousAdoption' });
    const [, second] = world.namespaces();
    const tags =
      /put the tags (.*) on the one/.exec(namespace.condition('Stalled')?.message ?? '')?.[1]?.split(', ') ?? [];
    const Tags = tags.map((tag) => ({ Key: tag.split('=')[0], Value: tag.split('=')[1] }));
    world.call('TagResource', { ResourceARN: second.Arn, Tags });
    await namespace.converge();
    expect(namespace.status.id).toBe(second.Id);
    expect(namespace.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('for another reason adopts none: the one of that name may be of another VPC', async () => {
    const world = new CloudMapWorld();
    world.namespace('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-9' });
    const namespace = await stalled(world, { ...PRIVATE, policy: { adoption: 'Adopt' } });
    await namespace.converge(60);
    expect(namespace.condition('Stalled')).toMatchObject({ reason: 'CreationFailed' });
    expect(world.tags(world.namespaces()[0].Arn)).toEqual({});
  });

  test('takes nobody’s namespace over when adoption is not asked for', async () => {
    const world = new CloudMapWorld();
    world.namespace('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-9' });
    const namespace = await stalled(world, PRIVATE, TAKEN);
    await namespace.converge();
    expect(namespace.condition('Stalled')).toMatchObject({ reason: 'CreationFailed' });
    expect(namespace.status.arn).toBeUndefined();
  });
});
