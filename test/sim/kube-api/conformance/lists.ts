import { beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../json.ts';
import type { ConformanceTarget } from './target.ts';
import { type Answer, type Collection, expectCode, SERVICES, versionOf, Wire } from './wire.ts';

const SPEC = { spec: { taskDefinition: 'web:1' } };

/** Lists, whole and page by page. */
export function lists(target: () => ConformanceTarget): void {
  describe('listing objects', () => {
    let wire: Wire;
    let services: Collection;
    let namespace: string;
    beforeAll(async () => {
      wire = new Wire(target());
      namespace = await wire.namespace();
      services = wire.collection(SERVICES, namespace);
      for (const name of ['c', 'a', 'e', 'b', 'd']) {
        await services.made(name, SPEC, { labels: { half: name < 'c' ? 'first' : 'second', [name]: '' } });
      }
    });

    it('all of a namespace come in the order of their names, and say what they are', async () => {
      const { body } = await services.list();
      expect(namesOf({ code: 200, body })).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(body).toMatchObject({ kind: 'EcsServiceList', apiVersion: 'ecs-operator.dev/v1alpha1' });
      expect(listAt(body, 'items')[0]).toEqual(await services.live('a'));
      expect(at(body, 'metadata', 'resourceVersion')).toMatch(/^\d+$/);
    });

    it('an empty collection, also of a namespace that is not there, is an empty list', async () => {
      const { code, body } = await wire.collection(SERVICES, 'no-such-namespace').list();
      expect(code).toBe(200);
      expect(body.items).toEqual([]);
    });

    it('page by page each object comes once, as it was when the first page was read', async () => {
      const first = await services.list({ limit: 2 });
      expect(namesOf(first)).toEqual(['a', 'b']);
      const version = at(first.body, 'metadata', 'resourceVersion');
      await services.made('bb', SPEC);
      await services.delete('d');
      expectCode(await services.patch('e', { spec: { desiredCount: 7 } }), 200);
      const second = await services.list({ limit: 2, continue: tokenOf(first) });
      expect(namesOf(second)).toEqual(['c', 'd']);
      expect(at(second.body, 'metadata', 'resourceVersion')).toBe(version);
      const third = await services.list({ limit: 2, continue: tokenOf(second) });
      expect(namesOf(third)).toEqual(['e']);
      expect(at(listAt(third.body, 'items')[0], 'spec', 'desiredCount')).toBeUndefined();
      expect(tokenOf(third)).toBe('');
      expect(namesOf(await services.list())).toEqual(['a', 'b', 'bb', 'c', 'e']);
      await services.delete('bb');
      await services.made('d', SPEC, { labels: { half: 'second', d: '' } });
    });

    it('a first page says how many are left, unless a selector hides that', async () => {
      expect(at((await services.list({ limit: 2 })).body, 'metadata', 'remainingItemCount')).toBe(3);
      const selected = await services.list({ limit: 1, labelSelector: 'half=second' });
      expect(at(selected.body, 'metadata', 'remainingItemCount')).toBeUndefined();
    });

    it.each([
      ['half=first', ['a', 'b']],
      ['half==first', ['a', 'b']],
      ['half!=first', ['c', 'd', 'e']],
      ['half in (first, second),a', ['a']],
      ['half notin (first)', ['c', 'd', 'e']],
      ['!a', ['b', 'c', 'd', 'e']],
      ['missing', []],
    ])('labels select: %s', async (labelSelector, wanted) => {
      expect(namesOf(await services.list({ labelSelector }))).toEqual(wanted);
    });

    it('name and namespace select', async () => {
      expect(namesOf(await services.list({ fieldSelector: 'metadata.name=c' }))).toEqual(['c']);
      expect(
        namesOf(await services.list({ fieldSelector: `metadata.namespace=${namespace},metadata.name!=c` })),
      ).toEqual(['a', 'b', 'd', 'e']);
      expect((await services.list({ fieldSelector: 'spec.desiredCount=1' })).code).toBe(400);
    });

    it('across namespaces, too', async () => {
      const other = wire.collection(SERVICES, await wire.namespace());
      await other.made('a', SPEC, { labels: { across: namespace } });
      expectCode(await services.patch('a', { metadata: { labels: { across: namespace } } }), 200);
      const everywhere = await wire.collection(SERVICES).list({ labelSelector: `across=${namespace}` });
      expect(namesOf(everywhere)).toEqual(['a', 'a']);
      expectCode(await services.patch('a', { metadata: { labels: { across: null } } }), 200);
    });

    it('a version that is no version, or of the future, is refused', async () => {
      expect(await services.list({ resourceVersion: 'abc' })).toMatchObject({ code: 400 });
      const future = await services.list({ resourceVersion: '999999999' });
      expect(future).toMatchObject({
        code: 504,
        body: { reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 } },
      });
      expect((await services.list({ continue: 'nonsense' })).code).toBe(400);
      const live = await services.live('a');
      expect((await services.list({ resourceVersion: versionOf(live) })).code).toBe(200);
    });
  });
}

function namesOf({ body }: Answer): readonly (string | undefined)[] {
  return listAt(body, 'items').map((item) => textAt(item, 'metadata', 'name'));
}

function tokenOf({ body }: Answer): string {
  return textAt(body, 'metadata', 'continue') ?? '';
}
