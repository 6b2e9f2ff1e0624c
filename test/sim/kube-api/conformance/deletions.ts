import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../json.ts';
import type { ConformanceTarget } from './target.ts';
import { type Collection, causes, expectCode, generationOf, SERVICES, uidOf, versionOf, Wire } from './wire.ts';

const SPEC = { spec: { taskDefinition: 'web:1' } };
const HELD = { finalizers: ['test.dev/a', 'test.dev/b'] };

/** Deletion in one phase and in two, preconditions, finalizers. */
export function deletions(target: () => ConformanceTarget): void {
  describe('deleting objects', () => {
    let services: Collection;
    let name: string;
    beforeAll(async () => {
      const wire = new Wire(target());
      services = wire.collection(SERVICES, await wire.namespace());
    });
    beforeEach(() => {
      name = target().uniqueName('gone');
    });

    it('an object without finalizers is gone at once', async () => {
      const made = await services.made(name, SPEC);
      expect(await services.delete(name)).toEqual({
        code: 200,
        body: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Success',
          details: { name, group: 'ecs-operator.dev', kind: 'ecsservices', uid: uidOf(made) },
        },
      });
      expect((await services.get(name)).code).toBe(404);
      expect((await services.delete(name)).code).toBe(404);
    });

    it('an object with finalizers is marked, once, and goes with the last of them', async () => {
      const made = await services.made(name, SPEC, HELD);
      const marked = expectCode(await services.delete(name), 200);
      expect(at(marked, 'metadata', 'deletionTimestamp')).toMatch(/Z$/);
      expect(at(marked, 'metadata', 'deletionGracePeriodSeconds')).toBe(0);
      expect(generationOf(marked)).toBe(2);
      expect(versionOf(marked)).not.toBe(versionOf(made));
      expect(expectCode(await services.delete(name), 200)).toEqual(marked);
      const half = expectCode(await services.patch(name, { metadata: { finalizers: ['test.dev/b'] } }), 200);
      expect(versionOf(half)).not.toBe(versionOf(marked));
      const last = expectCode(await services.patch(name, { metadata: { finalizers: [] } }), 200);
      expect(at(last, 'metadata', 'finalizers')).toBeUndefined();
      expect(versionOf(last)).toBe(versionOf(half));
      expect((await services.get(name)).code).toBe(404);
    });

    it('a name is taken until the last finalizer has gone, and a refusal says so', async () => {
      await services.made(name, SPEC, HELD);
      await services.delete(name);
      const refused = await services.create(services.object(name, SPEC));
      expect(refused).toMatchObject({ code: 409, body: { reason: 'AlreadyExists' } });
      expect(refused.body.message).toBe(
        `object is being deleted: ecsservices.ecs-operator.dev "${name}" already exists`,
      );
      expectCode(await services.patch(name, { metadata: { finalizers: null } }), 200);
      expectCode(await services.create(services.object(name, SPEC)), 201);
    });

    it('while it is being deleted, spec and status can change, but no finalizer comes and no mark goes', async () => {
      await services.made(name, SPEC, HELD);
      const marked = expectCode(await services.delete(name), 200);
      const changed = expectCode(await services.patch(name, { spec: { desiredCount: 1 } }), 200);
      expect(generationOf(changed)).toBe(3);
      const status = await services.apply(name, { status: { name: 'x' } }, { subresource: 'status' });
      expect(expectCode(status, 200)).toMatchObject({ status: { name: 'x' } });
      const added = await services.patch(name, { metadata: { finalizers: [...HELD.finalizers, 'test.dev/c'] } });
      expect(causes(added)).toEqual([
        'FieldValueForbidden metadata.finalizers Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"test.dev/c"}',
      ]);
      const unmarked = expectCode(await services.patch(name, { metadata: { deletionTimestamp: null } }), 200);
      expect(at(unmarked, 'metadata', 'deletionTimestamp')).toBe(at(marked, 'metadata', 'deletionTimestamp'));
      const moved = { metadata: { deletionTimestamp: '2020-01-01T00:00:00Z' } };
      expect(at(expectCode(await services.patch(name, moved), 200), 'metadata', 'deletionTimestamp')).toBe(
        at(marked, 'metadata', 'deletionTimestamp'),
      );
      expectCode(await services.patch(name, { metadata: { finalizers: null } }), 200);
    });

    it('nobody marks an object by an update', async () => {
      await services.made(name, SPEC);
      const patched = await services.patch(name, { metadata: { deletionTimestamp: '2020-01-01T00:00:00Z' } });
      expect(causes(patched)).toEqual([
        'FieldValueInvalid metadata.deletionTimestamp Invalid value: "2020-01-01T00:00:00Z": field is immutable',
      ]);
    });

    it('a deletion can be meant for one uid and one version', async () => {
      const made = await services.made(name, SPEC);
      const conflict = {
        code: 409,
        body: { reason: 'Conflict', details: { name, group: 'ecs-operator.dev', kind: 'EcsService' } },
      };
      expect(await services.delete(name, { preconditions: { uid: 'other' } })).toMatchObject(conflict);
      expect(await services.delete(name, { preconditions: { resourceVersion: '1' } })).toMatchObject(conflict);
      const right = { uid: uidOf(made), resourceVersion: versionOf(made) };
      expect((await services.delete(name, { preconditions: right })).code).toBe(200);
    });

    it('the policies Foreground and Orphan put the finalizer of the garbage collector on', async () => {
      for (const [policy, finalizer] of [
        ['Foreground', 'foregroundDeletion'],
        ['Orphan', 'orphan'],
      ] as const) {
        const one = `${name}-${finalizer.toLowerCase()}`;
        await services.made(one, SPEC);
        const marked = expectCode(await services.delete(one, { propagationPolicy: policy }), 200);
        expect(at(marked, 'metadata', 'finalizers')).toEqual([finalizer]);
        expect(at(marked, 'metadata', 'deletionTimestamp')).toBeDefined();
      }
      const wrong = await services.delete(name, { propagationPolicy: 'Sideways' });
      expect([404, 422]).toContain(wrong.code);
    });

    it('an object that comes back under the name is another one', async () => {
      const first = await services.made(name, SPEC);
      await services.delete(name);
      const second = await services.made(name, SPEC);
      expect(uidOf(second)).not.toBe(uidOf(first));
      expect(generationOf(second)).toBe(1);
      const stale = await services.put(name, first);
      expect(stale).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
      const mark = { metadata: { uid: uidOf(first), resourceVersion: versionOf(first), finalizers: ['test.dev/a'] } };
      expect(await services.patch(name, mark)).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
    });

    it('a dry run deletes nothing', async () => {
      await services.made(name, SPEC);
      expect((await services.delete(name, { dryRun: ['All'] })).code).toBe(200);
      expect((await services.get(name)).code).toBe(200);
    });

    it('a whole collection can be deleted, finalizers respected', async () => {
      const wire = new Wire(target());
      const all = wire.collection(SERVICES, await wire.namespace());
      await all.made('a', SPEC);
      await all.made('b', SPEC, HELD);
      expect((await wire.send('DELETE', all.path)).code).toBe(200);
      expect((await all.get('a')).code).toBe(404);
      expect(at(await all.live('b'), 'metadata', 'deletionTimestamp')).toBeDefined();
      expectCode(await all.patch('b', { metadata: { finalizers: null } }), 200);
    });
  });
}
