import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at, type JsonObject } from '../json.ts';
import type { ConformanceTarget } from './target.ts';
import { CLUSTERS, type Collection, expectCode, generationOf, ownersOf, SERVICES, versionOf, Wire } from './wire.ts';

const READY = {
  type: 'Ready',
  status: 'True',
  reason: 'Done',
  message: '',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
};
const STALLED = { ...READY, type: 'Stalled', status: 'False' };

/** Status and scale: what the operator writes, and how it is kept apart from the spec. */
export function statuses(target: () => ConformanceTarget): void {
  describe('the subresources', () => {
    let wire: Wire;
    let services: Collection;
    let namespace: string;
    let name: string;
    beforeAll(async () => {
      wire = new Wire(target());
      namespace = await wire.namespace();
      services = wire.collection(SERVICES, namespace);
    });
    beforeEach(async () => {
      name = target().uniqueName('status');
      await services.made(name, { spec: { taskDefinition: 'web:1', desiredCount: 2 } });
    });

    const applyStatus = (status: JsonObject, metadata: JsonObject = {}, manager = 'ecs-operator') =>
      services.apply(name, { status }, { subresource: 'status', fieldManager: manager, force: true, metadata });

    it('a status is written without touching generation, spec or labels', async () => {
      const patch = { metadata: { labels: { a: 'b' } }, spec: { desiredCount: 9 }, status: { name: 'web' } };
      const written = expectCode(await services.patch(name, patch, { subresource: 'status' }), 200);
      expect(written).toMatchObject({ spec: { desiredCount: 2 }, status: { name: 'web' } });
      expect(at(written, 'metadata', 'labels')).toBeUndefined();
      expect(generationOf(written)).toBe(1);
      expect(expectCode(await services.get(name, 'status'), 200)).toEqual(written);
    });

    it('and the object itself without touching the status', async () => {
      const before = expectCode(await applyStatus({ name: 'web' }), 200);
      const patched = expectCode(await services.patch(name, { status: { name: 'forged' } }), 200);
      expect(patched).toEqual(before);
      const put = expectCode(
        await services.put(name, { ...before, status: {}, spec: { taskDefinition: 'web:2' } }),
        200,
      );
      expect(put).toMatchObject({ status: { name: 'web' }, spec: { taskDefinition: 'web:2' } });
      const applied = await services.apply(
        name,
        { spec: { taskDefinition: 'web:2' }, status: { name: 'forged' } },
        { force: true },
      );
      expect(expectCode(applied, 200).status).toEqual({ name: 'web' });
    });

    it('an applied status is owned as a whole through the subresource, replaced as a whole, and the same again is no write', async () => {
      const first = expectCode(
        await applyStatus({ observedGeneration: 1, name: 'web', conditions: [READY, STALLED] }),
        200,
      );
      expect(ownersOf(first)['ecs-operator/Apply/status']).toEqual({ 'f:status': {} });
      expect(
        expectCode(await applyStatus({ observedGeneration: 1, name: 'web', conditions: [READY, STALLED] }), 200),
      ).toEqual(first);
      const second = expectCode(await applyStatus({ observedGeneration: 2, conditions: [READY] }), 200);
      expect(second.status).toEqual({ observedGeneration: 2, conditions: [READY] });
      const reordered = expectCode(await applyStatus({ observedGeneration: 2, conditions: [STALLED, READY] }), 200);
      expect(at(reordered, 'status', 'conditions')).toEqual([STALLED, READY]);
    });

    it('an applied status with the version that is stored is written; with an older one, or none of it there, refused', async () => {
      const first = expectCode(await applyStatus({ name: 'a' }), 200);
      const fresh = { resourceVersion: versionOf(first) };
      expectCode(await applyStatus({ name: 'b' }, fresh), 200);
      expect(await applyStatus({ name: 'c' }, fresh)).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
      const missing = await services.apply('missing', { status: {} }, { subresource: 'status' });
      expect(missing).toMatchObject({ code: 404, body: { reason: 'NotFound' } });
    });

    it('the uid that comes with an applied status is not looked at', async () => {
      expect((await applyStatus({ name: 'a' }, { uid: 'of-another-object' })).code).toBe(200);
    });

    it('members of another manager are conflicts without force, and go over with it', async () => {
      expectCode(await applyStatus({ name: 'a' }, {}, 'other'), 200);
      const refused = await services.apply(name, { status: { name: 'b' } }, { subresource: 'status' });
      expect(refused).toMatchObject({ code: 409 });
      expect(refused.body.message).toContain('conflict with "other" with subresource "status": .status');
      const taken = expectCode(await applyStatus({ name: 'b' }), 200);
      expect(Object.keys(ownersOf(taken)).sort()).toEqual(['creator/Update', 'ecs-operator/Apply/status']);
    });

    it('a status that is emptied is empty', async () => {
      expectCode(await applyStatus({ name: 'a' }), 200);
      expect(expectCode(await applyStatus({}), 200).status).toEqual({});
    });

    it('a status is checked by its schema, an unchanged part of it is not', async () => {
      const wrong = await applyStatus({ conditions: [{ type: 'Ready', status: 'Perhaps' }] });
      expect(wrong).toMatchObject({ code: 422, body: { reason: 'Invalid' } });
      const fields = (at(wrong.body, 'details', 'causes') as readonly JsonObject[]).map(({ field }) => field);
      expect(fields.sort()).toEqual([
        '<nil>',
        'status.conditions[0].lastTransitionTime',
        'status.conditions[0].message',
        'status.conditions[0].reason',
        'status.conditions[0].status',
      ]);
    });

    it('the scale shows and sets the count, and who sets it owns it', async () => {
      expectCode(await applyStatus({ runningCount: 1, selector: 'a=b' }), 200);
      const scale = expectCode(await services.get(name, 'scale'), 200);
      expect(scale).toMatchObject({
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name, namespace },
        spec: { replicas: 2 },
        status: { replicas: 1, selector: 'a=b' },
      });
      const scaled = expectCode(
        await services.patch(name, { spec: { replicas: 4 } }, { subresource: 'scale', fieldManager: 'hpa' }),
        200,
      );
      expect(scaled.spec).toEqual({ replicas: 4 });
      const put = await services.put(
        name,
        { ...scaled, spec: { replicas: 5 } },
        { subresource: 'scale', fieldManager: 'hpa' },
      );
      expectCode(put, 200);
      const live = await services.live(name);
      expect(live).toMatchObject({ spec: { desiredCount: 5 } });
      expect(generationOf(live)).toBe(3);
      expect(ownersOf(live)).toMatchObject({
        'creator/Update': { 'f:spec': { '.': {}, 'f:taskDefinition': {} } },
        'hpa/Update/scale': { 'f:spec': { 'f:desiredCount': {} } },
      });
      const stale = await services.put(name, { ...scaled, spec: { replicas: 6 } }, { subresource: 'scale' });
      expect(stale).toMatchObject({ code: 409 });
    });

    it('an object without a count has no scale to read, but one to write', async () => {
      const other = target().uniqueName('scale');
      await services.made(other, { spec: { taskDefinition: 'web:1' } });
      expect((await services.get(other, 'scale')).code).toBe(500);
      expect((await services.patch(other, { spec: { replicas: 3 } }, { subresource: 'scale' })).code).toBe(200);
      expect((await services.live(other)).spec).toMatchObject({ desiredCount: 3 });
    });

    it('a type without a scale has none', async () => {
      const clusters = wire.collection(CLUSTERS, namespace);
      await clusters.made(name, {});
      expect(await clusters.get(name, 'scale')).toMatchObject({ code: 404, body: { reason: 'NotFound' } });
    });
  });
}
