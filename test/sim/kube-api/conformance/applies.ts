import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at, type JsonObject } from '../json.ts';
import type { ConformanceTarget } from './target.ts';
import { type Collection, expectCode, generationOf, ownersOf, SERVICES, TASKS, versionOf, Wire } from './wire.ts';

/** Server-side apply of specs: who owns what, and what goes. */
export function applies(target: () => ConformanceTarget): void {
  describe('server-side apply', () => {
    let services: Collection;
    let tasks: Collection;
    let name: string;
    beforeAll(async () => {
      const wire = new Wire(target());
      const namespace = await wire.namespace();
      services = wire.collection(SERVICES, namespace);
      tasks = wire.collection(TASKS, namespace);
    });
    beforeEach(() => {
      name = target().uniqueName('applied');
    });

    const apply = async (spec: JsonObject, manager = 'a', force = false): Promise<JsonObject> => {
      const answer = await services.apply(name, { spec }, { fieldManager: manager, force });
      if (answer.code !== 200 && answer.code !== 201) throw new Error(JSON.stringify(answer));
      return answer.body;
    };

    it('creates, changes, and does nothing when nothing is new', async () => {
      const made = expectCode(
        await services.apply(name, { spec: { taskDefinition: 'web:1' } }, { fieldManager: 'a' }),
        201,
      );
      expect(generationOf(made)).toBe(1);
      expect(await apply({ taskDefinition: 'web:1' })).toEqual(made);
      const changed = await apply({ taskDefinition: 'web:2' });
      expect(changed.spec).toEqual({ taskDefinition: 'web:2' });
      expect(generationOf(changed)).toBe(2);
      expect(ownersOf(changed)).toEqual({ 'a/Apply': { 'f:spec': { 'f:taskDefinition': {} } } });
    });

    it('what an earlier apply of the same manager set and this one leaves out goes', async () => {
      await apply({
        taskDefinition: 'web:1',
        desiredCount: 2,
        tags: [
          { key: 'a', value: '1' },
          { key: 'b', value: '2' },
        ],
      });
      const less = await apply({ taskDefinition: 'web:1', tags: [{ key: 'b', value: '2' }] });
      expect(less.spec).toEqual({ taskDefinition: 'web:1', tags: [{ key: 'b', value: '2' }] });
    });

    it('what others own stays when it is left out', async () => {
      await apply({ taskDefinition: 'web:1', desiredCount: 2 });
      expectCode(await services.patch(name, { spec: { desiredCount: 5 } }), 200);
      const left = await apply({ taskDefinition: 'web:1' });
      expect(left.spec).toEqual({ taskDefinition: 'web:1', desiredCount: 5 });
      await apply({ desiredCount: 5 }, 'b');
      const shared = await apply({ taskDefinition: 'web:1', desiredCount: 5 });
      expect(Object.keys(ownersOf(shared)).sort()).toEqual(['a/Apply', 'b/Apply', 'patcher/Update']);
      expect((await apply({ taskDefinition: 'web:1' })).spec).toMatchObject({ desiredCount: 5 });
    });

    it('a value that another manager applied is a conflict, unless it is the same or forced', async () => {
      await apply({ taskDefinition: 'web:1', tags: [{ key: 'a', value: '1' }] });
      const other = { taskDefinition: 'web:2', tags: [{ key: 'a', value: '2' }] };
      const refused = await services.apply(name, { spec: other }, { fieldManager: 'b' });
      expect(refused).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
      expect(at(refused.body, 'details', 'causes')).toEqual([
        { reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.spec.taskDefinition' },
        { reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.spec.tags[key="a"].value' },
      ]);
      const one = await services.apply(name, { spec: { taskDefinition: 'web:3' } }, { fieldManager: 'b' });
      expect(one.body.message).toBe('Apply failed with 1 conflict: conflict with "a": .spec.taskDefinition');
      expect(Object.keys(ownersOf(await apply({ taskDefinition: 'web:1' }, 'b'))).sort()).toEqual([
        'a/Apply',
        'b/Apply',
      ]);
      const forced = await apply(other, 'b', true);
      expect(forced.spec).toEqual(other);
      expect(ownersOf(forced)).toEqual({
        'a/Apply': { 'f:spec': { 'f:tags': { 'k:{"key":"a"}': { '.': {}, 'f:key': {} } } } },
        'b/Apply': {
          'f:spec': {
            'f:tags': { 'k:{"key":"a"}': { '.': {}, 'f:key': {}, 'f:value': {} } },
            'f:taskDefinition': {},
          },
        },
      });
    });

    it('items of a list by key are merged in the order of the applied one; those of an atomic list are replaced', async () => {
      const container = (of: string, more: JsonObject = {}) => ({ name: of, image: `${of}:1`, memory: 64, ...more });
      const run = async (containerDefinitions: JsonObject[], manager: string) => {
        const answer = await tasks.apply(
          name,
          { spec: { containerDefinitions } },
          { fieldManager: manager, force: true },
        );
        if (answer.code !== 200 && answer.code !== 201) throw new Error(JSON.stringify(answer));
        return at(answer.body, 'spec', 'containerDefinitions');
      };
      await run([container('a', { command: ['x', 'y'] }), container('b')], 'a');
      const both = await run([container('c'), container('b', { cpu: 10 }), container('a', { command: ['z'] })], 'b');
      expect(both).toEqual([container('c'), container('b', { cpu: 10 }), container('a', { command: ['z'] })]);
      expect(await run([container('b')], 'b')).toEqual([container('b'), container('a')]);
      expect(await run([container('b')], 'a')).toEqual([container('b')]);
    });

    it('an object that is emptied becomes null where that is allowed; a list of items by key goes', async () => {
      await apply({
        taskDefinition: 'web:1',
        tags: [{ key: 'a', value: '1' }],
        networkConfiguration: { awsvpcConfiguration: { subnets: ['s'] } },
      });
      const emptied = await apply({ taskDefinition: 'web:1', tags: [], networkConfiguration: {} });
      expect(emptied.spec).toEqual({ taskDefinition: 'web:1', networkConfiguration: null });
    });

    it('what was created or patched can be taken over, and then taken away', async () => {
      await services.made(name, { spec: { taskDefinition: 'web:1', desiredCount: 3 } });
      const refused = await services.apply(name, { spec: { taskDefinition: 'web:2' } }, { fieldManager: 'a' });
      expect(refused.code).toBe(409);
      expect(refused.body.message).toMatch(/conflict with "creator" using ecs-operator.dev\/v1alpha1/);
      const taken = await apply({ taskDefinition: 'web:2', desiredCount: 3 }, 'a', true);
      expect(ownersOf(taken)).toEqual({
        'a/Apply': { 'f:spec': { 'f:desiredCount': {}, 'f:taskDefinition': {} } },
        'creator/Update': { 'f:spec': { '.': {}, 'f:desiredCount': {} } },
      });
    });

    it('labels and finalizers are applied item by item', async () => {
      const metadata = { labels: { a: '1', b: '2' }, finalizers: ['test.dev/a', 'test.dev/b'] };
      const spec = { taskDefinition: 'web:1' };
      expectCode(await services.apply(name, { spec }, { fieldManager: 'a', metadata }), 201);
      expectCode(await services.patch(name, { metadata: { labels: { c: '3' } } }), 200);
      const less = { labels: { a: '1' }, finalizers: ['test.dev/b'] };
      const left = expectCode(await services.apply(name, { spec }, { fieldManager: 'a', metadata: less }), 200);
      expect(at(left, 'metadata', 'labels')).toEqual({ a: '1', c: '3' });
      expect(at(left, 'metadata', 'finalizers')).toEqual(['test.dev/b']);
      const none = expectCode(await services.apply(name, { spec }, { fieldManager: 'a' }), 200);
      expect(at(none, 'metadata', 'finalizers')).toBeUndefined();
    });

    it('needs a manager, the right name and kind, known fields, and no item twice', async () => {
      const spec = { taskDefinition: 'web:1' };
      const noManager = await services.apply(name, { spec }, { fieldManager: '' });
      expect(noManager).toMatchObject({ code: 422, body: { details: { causes: [{ field: 'fieldManager' }] } } });
      const otherName = await services.apply(name, { spec }, { metadata: { name: 'other' } });
      expect(otherName).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
      const otherKind = await services.apply(name, { spec, kind: 'EcsTask' });
      expect(otherKind).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
      const unknown = await services.apply(name, { spec: { ...spec, bogus: 1 } });
      expect(unknown.code).toBe(500);
      expect(unknown.body.message).toContain('.spec.bogus: field not declared in schema');
      const twice = await services.apply(name, { spec: { ...spec, tags: [{ key: 'a' }, { key: 'a' }] } });
      expect(twice.code).toBe(500);
      expect(twice.body.message).toContain('.spec.tags: duplicate entries for key [key="a"]');
      const wrongType = await services.apply(name, { spec: { ...spec, tags: 'a' } });
      expect(wrongType.code).toBe(500);
      const managed = await services.apply(name, { spec }, { metadata: { managedFields: [] } });
      expect(managed).toMatchObject({ code: 400, body: { message: 'metadata.managedFields must be nil' } });
      expect((await services.get(name)).code).toBe(404);
    });

    it('with a version it hits only that version; with a uid never another object', async () => {
      const made = await apply({ taskDefinition: 'web:1' });
      const stale = await services.apply(
        name,
        { spec: { taskDefinition: 'web:2' } },
        { fieldManager: 'a', metadata: { resourceVersion: '1' } },
      );
      expect(stale).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
      const fresh = { resourceVersion: versionOf(made) };
      expectCode(
        await services.apply(name, { spec: { taskDefinition: 'web:2' } }, { fieldManager: 'a', metadata: fresh }),
        200,
      );
      const otherUid = await services.apply(
        name,
        { spec: { taskDefinition: 'web:2' } },
        { fieldManager: 'a', metadata: { uid: 'other' } },
      );
      expect(otherUid).toMatchObject({ code: 422, body: { reason: 'Invalid' } });
      const none = await services.apply(
        `${name}-none`,
        { spec: { taskDefinition: 'web:1' } },
        { metadata: { uid: 'other' } },
      );
      expect(none).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
    });

    it('the eleventh manager that updates makes the oldest ones one', async () => {
      await services.made(name, { spec: { taskDefinition: 'web:0' } });
      for (let i = 1; i <= 11; i++) {
        const labels = { [`l${i}`]: String(i) };
        expectCode(await services.patch(name, { metadata: { labels } }, { fieldManager: `m${i}` }), 200);
      }
      const managers = Object.keys(ownersOf(await services.live(name)));
      expect(managers).toHaveLength(10);
      expect(managers).toContain('ancient-changes/Update');
    });
  });
}
