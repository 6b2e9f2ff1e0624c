import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../json.ts';
import type { ConformanceTarget } from './target.ts';
import type { WatchReader } from './watch-reader.ts';
import { type Collection, expectCode, SERVICES, versionOf, Wire } from './wire.ts';

const SPEC = { spec: { taskDefinition: 'web:1' } };

/** Watches: order, history, selection, and how they end. */
export function watching(target: () => ConformanceTarget): void {
  describe('watching objects', () => {
    let wire: Wire;
    const open: WatchReader[] = [];
    beforeAll(() => {
      wire = new Wire(target());
    });
    afterEach(() => {
      for (const reader of open.splice(0)) reader.close();
    });

    const services = async (): Promise<Collection> => wire.collection(SERVICES, await wire.namespace());
    const watch = async (of: Collection, query: Readonly<Record<string, string | number | boolean>>) => {
      const reader = await of.watch(query);
      open.push(reader);
      return reader;
    };
    const listed = async (of: Collection): Promise<string> =>
      String(at((await of.list()).body, 'metadata', 'resourceVersion'));

    it('every change comes once, in order, as it was answered', async () => {
      const all = await services();
      const reader = await watch(all, { resourceVersion: await listed(all) });
      const made = await all.made('a', SPEC);
      const patched = expectCode(await all.patch('a', { spec: { desiredCount: 1 } }), 200);
      const status = expectCode(await all.apply('a', { status: { name: 'x' } }, { subresource: 'status' }), 200);
      await all.delete('a');
      const events = await reader.count(4);
      expect(reader.told).toEqual(['ADDED a', 'MODIFIED a', 'MODIFIED a', 'DELETED a']);
      expect(events.slice(0, 3).map(({ object }) => object)).toEqual([made, patched, status]);
      const last = events[3]?.object ?? {};
      expect(last).toMatchObject({ spec: patched.spec, status: { name: 'x' } });
      expect(Number(versionOf(last))).toBeGreaterThan(Number(versionOf(status)));
    });

    it('what changes nothing is not told', async () => {
      const all = await services();
      const made = await all.made('a', SPEC);
      const reader = await watch(all, { resourceVersion: versionOf(made) });
      expectCode(await all.put('a', made), 200);
      expectCode(await all.patch('a', {}), 200);
      await all.made('b', SPEC);
      await reader.count(1);
      expect(reader.told).toEqual(['ADDED b']);
    });

    it('a deletion in two phases is a change, then an end that still shows the finalizer', async () => {
      const all = await services();
      const made = await all.made('a', SPEC, { finalizers: ['test.dev/a'] });
      const reader = await watch(all, { resourceVersion: versionOf(made) });
      const marked = expectCode(await all.delete('a'), 200);
      const released = expectCode(await all.patch('a', { metadata: { finalizers: null } }), 200);
      const [changed, ended] = await reader.count(2);
      expect(reader.told).toEqual(['MODIFIED a', 'DELETED a']);
      expect(changed?.object).toEqual(marked);
      expect(at(ended?.object, 'metadata', 'finalizers')).toEqual(['test.dev/a']);
      expect(versionOf(released)).toBe(versionOf(marked));
      expect(Number(versionOf(ended?.object ?? {}))).toBeGreaterThan(Number(versionOf(marked)));
    });

    it('it can be resumed from any version that was seen', async () => {
      const all = await services();
      const start = await listed(all);
      const first = await all.made('a', SPEC);
      await all.made('b', SPEC);
      await all.delete('a');
      const fromStart = await watch(all, { resourceVersion: start });
      await fromStart.count(3);
      expect(fromStart.told).toEqual(['ADDED a', 'ADDED b', 'DELETED a']);
      const fromFirst = await watch(all, { resourceVersion: versionOf(first) });
      await fromFirst.count(2);
      expect(fromFirst.told).toEqual(['ADDED b', 'DELETED a']);
    });

    it('without a version, or from 0, it begins with what is there', async () => {
      const all = await services();
      await all.made('b', SPEC);
      await all.made('a', SPEC);
      for (const query of [{}, { resourceVersion: '0' }]) {
        const reader = await watch(all, query);
        await reader.count(2);
        expect([...reader.told].sort()).toEqual(['ADDED a', 'ADDED b']);
      }
    });

    it('one namespace is watched, or all', async () => {
      const [one, other] = [await services(), await services()];
      const start = await listed(one);
      const narrow = await watch(one, { resourceVersion: start });
      const wide = await watch(wire.collection(SERVICES), {
        resourceVersion: start,
        fieldSelector: 'metadata.name=mine',
      });
      await other.made('mine', SPEC);
      await one.made('mine', SPEC);
      await narrow.count(1);
      await wide.count(2);
      expect(narrow.told).toEqual(['ADDED mine']);
      expect(wide.told).toEqual(['ADDED mine', 'ADDED mine']);
    });

    it('an object that enters or leaves a selection is added or deleted', async () => {
      const all = await services();
      await all.made('a', SPEC);
      const reader = await watch(all, { resourceVersion: await listed(all), labelSelector: 'in=yes' });
      const entered = expectCode(await all.patch('a', { metadata: { labels: { in: 'yes' } } }), 200);
      expectCode(await all.patch('a', { spec: { desiredCount: 1 } }), 200);
      const left = expectCode(await all.patch('a', { metadata: { labels: { in: 'no' } } }), 200);
      expectCode(await all.patch('a', { spec: { desiredCount: 2 } }), 200);
      const events = await reader.count(3);
      expect(reader.told).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
      expect(events[0]?.object).toEqual(entered);
      expect(at(events[2]?.object, 'metadata', 'labels')).toEqual({ in: 'yes' });
      expect(versionOf(events[2]?.object ?? {})).toBe(versionOf(left));
    });

    it('it ends after the time that was asked for; a bookmark says how far it has come, past what it does not show', async () => {
      const [all, others] = [await services(), await services()];
      const reader = await watch(all, {
        resourceVersion: await listed(all),
        timeoutSeconds: 5,
        allowWatchBookmarks: true,
      });
      const elsewhere = await others.made('a', SPEC);
      await reader.end();
      expect(reader.changes).toEqual([]);
      const bookmark = reader.events.at(-1);
      expect(bookmark).toEqual({
        type: 'BOOKMARK',
        object: {
          kind: 'EcsService',
          apiVersion: 'ecs-operator.dev/v1alpha1',
          metadata: { resourceVersion: expect.stringMatching(/^[0-9]+$/) },
        },
      });
      const from = versionOf(bookmark?.object ?? {});
      expect(Number(from)).toBeGreaterThanOrEqual(Number(versionOf(elsewhere)));
      await all.made('b', SPEC);
      const next = await watch(all, { resourceVersion: from });
      await next.count(1);
      expect(next.told).toEqual(['ADDED b']);
    });

    it('a version that is no version is refused', async () => {
      const all = await services();
      expect((await watch(all, { resourceVersion: 'abc' })).code).toBe(500);
    });
  });
}
