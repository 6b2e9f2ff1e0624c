import { beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/runtime/random.ts';
import { VirtualClock } from '../../../../src/runtime/virtual-clock.ts';
import { inMemoryTarget } from '../conformance/in-memory-target.ts';
import { CLUSTERS, type Collection, type ResourceName, SERVICES, uidOf, Wire } from '../conformance/wire.ts';
import { at, type Json, type JsonObject, listAt } from '../json.ts';

/**
 * Real clusters have a garbage collector apart from the API server, which the conformance suite has none of: so what
 * the simulated one does is told here, after the Kubernetes documentation "Garbage Collection".
 */
describe('the garbage collector', () => {
  let clock: VirtualClock;
  let wire: Wire;
  let clusters: Collection;
  let services: Collection;

  beforeEach(async () => {
    clock = new VirtualClock();
    wire = new Wire(inMemoryTarget({ clock, random: seededRandom(1), namespaces: ['shop', 'other'] }));
    clusters = wire.collection(CLUSTERS, 'shop');
    services = wire.collection(SERVICES, 'shop');
  });

  const owner = (object: JsonObject, type: ResourceName = CLUSTERS, rest: JsonObject = {}): JsonObject => {
    const { apiVersion, kind } = type;
    return { apiVersion, kind, name: at(object, 'metadata', 'name') ?? '', uid: uidOf(object), ...rest };
  };
  const owned = (name: string, ownerReferences: readonly Json[], metadata: JsonObject = {}) =>
    services.made(name, { spec: { taskDefinition: 'web:1' } }, { ownerReferences, ...metadata });
  const collected = () => clock.advanceAsync(1_000);
  const codeOf = async (collection: Collection, name: string) => (await collection.get(name)).code;

  it('deletes what has lost its only owner, and what that owned', async () => {
    const cluster = await clusters.made('main', { spec: {} });
    const service = await owned('web', [owner(cluster)]);
    await owned('sidecar', [owner(service, SERVICES)]);
    await owned('free', []);
    await clusters.delete('main');
    await collected();
    expect([await codeOf(services, 'web'), await codeOf(services, 'sidecar')]).toEqual([404, 404]);
    expect(await codeOf(services, 'free')).toBe(200);
  });

  it('keeps what another owner still has, without the reference to the one that has gone', async () => {
    const [one, two] = [await clusters.made('one', { spec: {} }), await clusters.made('two', { spec: {} })];
    await owned('web', [owner(one), owner(two)]);
    await clusters.delete('one');
    await collected();
    expect(listAt(await services.live('web'), 'metadata', 'ownerReferences')).toEqual([owner(two)]);
  });

  it('deletes what names an owner that never was, or another object of its name', async () => {
    const cluster = await clusters.made('main', { spec: {} });
    await owned('orphan', [{ ...owner(cluster), uid: 'of-an-earlier-life' }]);
    await owned('mistaken', [{ ...owner(cluster), kind: 'EcsService' }]);
    await collected();
    expect([await codeOf(services, 'orphan'), await codeOf(services, 'mistaken')]).toEqual([404, 404]);
  });

  it('takes an owner in another namespace to be absent', async () => {
    const elsewhere = await wire.collection(CLUSTERS, 'other').made('main', { spec: {} });
    await owned('web', [owner(elsewhere)]);
    await collected();
    expect(await codeOf(services, 'web')).toBe(404);
  });

  it('waits for the finalizers of what it deletes', async () => {
    const cluster = await clusters.made('main', { spec: {} });
    await owned('web', [owner(cluster)], { finalizers: ['test.dev/a'] });
    await clusters.delete('main');
    await collected();
    expect(at(await services.live('web'), 'metadata', 'deletionTimestamp')).toBeDefined();
  });

  it('lets an owner that is deleted in the foreground wait for the dependents that block it', async () => {
    const cluster = await clusters.made('main', { spec: {} });
    await owned('web', [owner(cluster, CLUSTERS, { blockOwnerDeletion: true })], { finalizers: ['test.dev/a'] });
    await clusters.delete('main', { propagationPolicy: 'Foreground' });
    await collected();
    expect(await codeOf(clusters, 'main')).toBe(200);
    await services.patch('web', { metadata: { finalizers: null } });
    await collected();
    expect([await codeOf(services, 'web'), await codeOf(clusters, 'main')]).toEqual([404, 404]);
  });

  it('leaves the dependents of an owner that is deleted as Orphan, without the reference', async () => {
    const cluster = await clusters.made('main', { spec: {} });
    await owned('web', [owner(cluster)]);
    await clusters.delete('main', { propagationPolicy: 'Orphan' });
    await collected();
    expect(await codeOf(clusters, 'main')).toBe(404);
    expect(listAt(await services.live('web'), 'metadata', 'ownerReferences')).toEqual([]);
  });
});
