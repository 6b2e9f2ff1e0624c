import { beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../json.ts';
import type { ConformanceTarget } from './target.ts';
import { expectCode, type ResourceName, SERVICES, Wire } from './wire.ts';

const NAMESPACES: ResourceName = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces' };
const SPEC = { spec: { taskDefinition: 'web:1' } };

/** Namespaces from beginning to end. */
export function namespaces(target: () => ConformanceTarget): void {
  describe('namespaces', () => {
    let wire: Wire;
    beforeAll(() => {
      wire = new Wire(target());
    });

    it('a new one is active, bears its name as a label, and lists without saying what it is', async () => {
      const name = await wire.namespace();
      const all = wire.collection(NAMESPACES);
      const live = await all.live(name);
      expect(live).toMatchObject({
        kind: 'Namespace',
        apiVersion: 'v1',
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
      expect(at(live, 'metadata', 'labels')).toEqual({ 'kubernetes.io/metadata.name': name });
      expect(at(live, 'metadata', 'generation')).toBeUndefined();
      const item = listAt((await all.list()).body, 'items').find((one) => at(one, 'metadata', 'name') === name);
      expect(item).not.toHaveProperty('kind');
      const labelled = expectCode(
        await all.patch(name, { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } }),
        200,
      );
      expect(at(labelled, 'metadata', 'labels')).toEqual({ a: 'b', 'kubernetes.io/metadata.name': name });
      expect((await all.delete(name)).code).toBe(200);
    });

    it('kube-system and default are there and stay', async () => {
      const all = wire.collection(NAMESPACES);
      expect(textAt(await all.live('kube-system'), 'metadata', 'uid')).toMatch(/-/);
      for (const name of ['kube-system', 'default']) {
        expect(await all.delete(name)).toMatchObject({ code: 403, body: { reason: 'Forbidden' } });
      }
    });

    it('one that is deleted takes nothing new, empties itself, waits for finalizers, and then goes', async () => {
      const name = await wire.namespace();
      const all = wire.collection(NAMESPACES);
      const services = wire.collection(SERVICES, name);
      await services.made('free', SPEC);
      await services.made('held', SPEC, { finalizers: ['test.dev/a'] });
      const ending = expectCode(await all.delete(name), 200);
      expect(ending).toMatchObject({ status: { phase: 'Terminating' } });
      expect(at(ending, 'metadata', 'deletionTimestamp')).toMatch(/Z$/);
      for (const refused of [
        await services.create(services.object('late', SPEC)),
        await services.apply('late', SPEC),
      ]) {
        expect(refused).toMatchObject({
          code: 403,
          body: {
            reason: 'Forbidden',
            message: `ecsservices.ecs-operator.dev "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
            details: {
              name: 'late',
              group: 'ecs-operator.dev',
              kind: 'ecsservices',
              causes: [
                {
                  reason: 'NamespaceTerminating',
                  message: `namespace ${name} is being terminated`,
                  field: 'metadata.namespace',
                },
              ],
            },
          },
        });
      }
      await target().until('what is free is gone', async () =>
        (await services.get('free')).code === 404 ? true : undefined,
      );
      await target().until('what is held is marked', async () => {
        const held = await services.live('held');
        return at(held, 'metadata', 'deletionTimestamp') === undefined ? undefined : true;
      });
      expect((await all.get(name)).code).toBe(200);
      expectCode(await services.apply('held', { status: { name: 'x' } }, { subresource: 'status' }), 200);
      expectCode(await services.patch('held', { metadata: { finalizers: null } }), 200);
      await target().until('the namespace is gone', async () =>
        (await all.get(name)).code === 404 ? true : undefined,
      );
      expect((await services.create(services.object('late', SPEC))).code).toBe(404);
      expectCode(await all.create(all.object(name)), 201);
      expect((await services.create(services.object('again', SPEC))).code).toBe(201);
    });
  });
}
