import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at, type Json, type JsonObject, listAt, textAt } from '../json.ts';
import type { DisposableTarget } from './target.ts';
import { WIDGET_CRD_NAME, WIDGETS, widgetCrd } from './widgets.ts';
import {
  type Collection,
  causes,
  expectCode,
  generationOf,
  ownersOf,
  type ResourceName,
  SERVICES,
  uidOf,
  versionOf,
  Wire,
} from './wire.ts';

const CRDS: ResourceName = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
};

/** CRDs that come, change and go, with a type that has every kind of list and map; and history that is forgotten. */
export function definitions(target: () => DisposableTarget): void {
  describe('types that come and go', () => {
    let wire: Wire;
    let crds: Collection;
    let namespace: string;
    beforeAll(async () => {
      wire = new Wire(target());
      crds = wire.collection(CRDS);
      namespace = await wire.namespace();
    });

    const widgets = (): Collection => wire.collection(WIDGETS, namespace);
    const condition = (crd: JsonObject, type: string): Json | undefined =>
      at(
        listAt(crd, 'status', 'conditions').find((one) => at(one, 'type') === type),
        'status',
      );
    const install = async (): Promise<JsonObject> => {
      expectCode(await crds.create(widgetCrd()), 201);
      await target().until('the type is served', async () =>
        (await widgets().list()).code === 200 ? true : undefined,
      );
      return crds.live(WIDGET_CRD_NAME);
    };

    it('a type is not found before its CRD is there, and served once that is established', async () => {
      expect((await widgets().list()).code).toBe(404);
      expect((await crds.get(WIDGET_CRD_NAME)).code).toBe(404);
      const crd = await install();
      expect(condition(crd, 'Established')).toBe('True');
      expect(condition(crd, 'NamesAccepted')).toBe('True');
      expect(at(crd, 'status', 'acceptedNames', 'kind')).toBe('Widget');
      expect(generationOf(crd)).toBe(1);
      expect((await crds.create(widgetCrd())).code).toBe(409);
      expect((await crds.create({ ...widgetCrd(), metadata: { name: 'wrong.test.dev' } })).code).toBe(422);
    });

    it('its objects go first when it is deleted, finalizers respected; nothing new is made; then watches end', async () => {
      const all = widgets();
      await all.made('free', {});
      const held = await all.made('held', {}, { finalizers: ['test.dev/a'] });
      const reader = await all.watch({ resourceVersion: versionOf(held) });
      const crd = await crds.live(WIDGET_CRD_NAME);
      const wrong = await crds.delete(WIDGET_CRD_NAME, { preconditions: { uid: 'other' } });
      expect(wrong).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
      const ending = expectCode(await crds.delete(WIDGET_CRD_NAME, { preconditions: { uid: uidOf(crd) } }), 200);
      expect(at(ending, 'metadata', 'deletionTimestamp')).toBeDefined();
      expect(condition(ending, 'Terminating')).toBe('True');
      await target().until('its objects are marked', async () =>
        at((await all.get('held')).body, 'metadata', 'deletionTimestamp') === undefined ? undefined : true,
      );
      expect((await all.get('free')).code).toBe(404);
      const late = await all.create(all.object('late'));
      expect(late).toMatchObject({ code: 403, body: { reason: 'Forbidden', details: { kind: 'widgets' } } });
      expect(at(late.body, 'details', 'causes')).toBeUndefined();
      expectCode(await all.patch('held', { metadata: { finalizers: null } }), 200);
      await target().until('the CRD is gone', async () =>
        (await crds.get(WIDGET_CRD_NAME)).code === 404 ? true : undefined,
      );
      await target().until('the type is gone', async () => ((await all.list()).code === 404 ? true : undefined));
      await reader.end();
      expect([...reader.told].sort()).toEqual(['DELETED free', 'DELETED held', 'MODIFIED held']);
    });

    describe('and while one is there', () => {
      let all: Collection;
      let name: string;
      beforeAll(install);
      beforeEach(() => {
        all = widgets();
        name = target().uniqueName('widget');
      });
      afterAll(async () => {
        await crds.delete(WIDGET_CRD_NAME);
      });

      const apply = async (spec: JsonObject, manager = 'a', force = false): Promise<JsonObject> => {
        const answer = await all.apply(name, { spec }, { fieldManager: manager, force });
        if (answer.code > 201) throw new Error(JSON.stringify(answer));
        return answer.body;
      };

      it('watches from an earlier life of the type are too old', async () => {
        const reader = await all.watch({ resourceVersion: '1' });
        await reader.count(1);
        expect(reader.changes[0]).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
      });

      it('defaults are filled in where their object is', async () => {
        expect((await all.made(`${name}-a`, {})).spec).toBeUndefined();
        expect((await all.made(`${name}-b`, { spec: {} })).spec).toEqual({ size: 1 });
        const made = await all.made(`${name}-c`, { spec: { size: null, nested: {}, ports: [{ port: 80 }] } });
        expect(made.spec).toEqual({ size: 1, nested: { on: true }, ports: [{ port: 80, protocol: 'TCP' }] });
      });

      it('null is dropped where it may not be, and what a member keeps is kept', async () => {
        const spec = { mode: null, zones: null, any: { known: null, other: { deep: null, list: [null] } } };
        expect((await all.made(name, { spec })).spec).toEqual({
          size: 1,
          any: { other: { deep: null, list: [null] } },
        });
      });

      it.each<readonly [string, JsonObject, readonly string[]]>([
        [
          'an unknown value of an enum',
          { mode: 'wild' },
          ['FieldValueNotSupported spec.mode Unsupported value: "wild": supported values: "fast", "slow"'],
        ],
        [
          'an item twice in a set',
          { zones: ['a', 'b', 'a', 'a'] },
          ['FieldValueDuplicate spec.zones[2] Duplicate value: "a"'],
        ],
        [
          'an item twice by two keys',
          { ports: [{ port: 1 }, { port: 1 }] },
          ['FieldValueDuplicate spec.ports[1] Duplicate value: {"port":1,"protocol":"TCP"}'],
        ],
        [
          'a number that is no whole one',
          { size: 1.5 },
          [
            'FieldValueTypeInvalid spec.size Invalid value: "number": spec.size in body must be of type integer: "number"',
          ],
        ],
        [
          'a number out of bounds',
          { ports: [{ port: 0 }] },
          [
            'FieldValueInvalid spec.ports[0].port Invalid value: 0: spec.ports[0].port in body should be greater than or equal to 1',
          ],
        ],
        [
          'too many members',
          { labels: { a: '', b: '', c: '', d: '' } },
          ['FieldValueTooMany spec.labels Too many: 4: must have at most 3 items'],
        ],
        [
          'a list for a number or string',
          { amount: [] },
          [
            'FieldValueTypeInvalid spec.amount Invalid value: "array": spec.amount in body must be of type integer,string: "array"',
          ],
        ],
      ])('%s is refused', async (_what, spec, wanted) => {
        const seen = causes(await all.create(all.object(name, { spec })));
        expect(seen.filter((cause) => !cause.startsWith('FieldValueInvalid <nil>'))).toEqual(wanted);
      });

      it('a set is owned and merged by its items', async () => {
        await apply({ zones: ['a', 'b'] }, 'a');
        const both = await apply({ zones: ['c', 'b'] }, 'b');
        expect(at(both, 'spec', 'zones')).toEqual(['a', 'c', 'b']);
        expect(ownersOf(both)).toMatchObject({
          'a/Apply': { 'f:spec': { 'f:zones': { 'v:"a"': {}, 'v:"b"': {} } } },
          'b/Apply': { 'f:spec': { 'f:zones': { 'v:"b"': {}, 'v:"c"': {} } } },
        });
        expect(at(await apply({ zones: [] }, 'a'), 'spec', 'zones')).toEqual(['c', 'b']);
        expect(at(await apply({}, 'b'), 'spec', 'zones')).toBeUndefined();
      });

      it('items by two keys, maps, atomic maps and what is kept are merged as their schemas say', async () => {
        const spec = {
          ports: [
            { port: 80, note: 'a' },
            { port: 80, protocol: 'UDP' },
          ],
          labels: { a: '1' },
          point: { x: 1, y: 2 },
          any: { known: 'k', free: { a: 1, list: [1, 2] } },
          args: ['x'],
        };
        const first = await apply(spec, 'a');
        expect(ownersOf(first)['a/Apply']).toEqual({
          'f:spec': {
            'f:any': { 'f:free': { '.': {}, 'f:a': {}, 'f:list': {} }, 'f:known': {} },
            'f:args': {},
            'f:labels': { 'f:a': {} },
            'f:point': {},
            'f:ports': {
              'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:note': {}, 'f:port': {} },
              'k:{"port":80,"protocol":"UDP"}': { '.': {}, 'f:port': {}, 'f:protocol': {} },
            },
          },
        });
        const second = await apply({ labels: { b: '2' }, any: { free: { b: 2 } }, ports: [{ port: 81 }] }, 'b');
        expect(second.spec).toMatchObject({
          labels: { a: '1', b: '2' },
          any: { known: 'k', free: { a: 1, b: 2, list: [1, 2] } },
        });
        const refused = await all.apply(name, { spec: { point: { x: 1 } } }, { fieldManager: 'b' });
        expect(at(refused.body, 'details', 'causes')).toEqual([
          { reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.spec.point' },
        ]);
        const forced = await apply({ point: { x: 1 } }, 'b', true);
        expect(forced.spec).toMatchObject({ point: { x: 1 }, labels: { a: '1' }, any: { free: { a: 1 } } });
        expect(at(forced, 'spec', 'labels')).toEqual({ a: '1' });
        const left = await apply({}, 'a');
        expect(left.spec).toEqual({ size: 1, point: { x: 1 } });
      });

      it('a value may change its form', async () => {
        await apply({ amount: 1 });
        expect(at(await apply({ amount: '1' }), 'spec', 'amount')).toBe('1');
        await apply({ any: { free: { a: 1 } } });
        expect(at(await apply({ any: { free: 'text' } }), 'spec', 'any', 'free')).toBe('text');
      });

      it('a status that is granular is merged and emptied member by member', async () => {
        await all.made(name, {});
        const status = (value: JsonObject, manager = 'op') =>
          all.apply(name, { status: value }, { subresource: 'status', fieldManager: manager });
        expectCode(await status({ phase: 'a', conditions: [{ type: 'X' }, { type: 'Y' }] }), 200);
        expectCode(await status({ ready: true }, 'other'), 200);
        const less = expectCode(await status({ conditions: [{ type: 'Y', status: 'True' }] }), 200);
        expect(less.status).toEqual({ ready: true, conditions: [{ type: 'Y', status: 'True' }] });
        const gone = expectCode(await status({}), 200);
        expect(gone.status).toEqual({ ready: true });
        const last = await status({}, 'other');
        expect(causes(last)).toContainEqual(expect.stringMatching(/^FieldValueTypeInvalid status /));
      });

      it('a rule about a change is asked when both are there, and what was broken before stays where it is', async () => {
        await all.made(name, { spec: { fixed: 'a' } });
        expect(causes(await all.patch(name, { spec: { fixed: 'b' } }))).toEqual([
          'FieldValueInvalid spec.fixed Invalid value: "string": fixed cannot be changed',
        ]);
        expectCode(await all.patch(name, { spec: { fixed: null } }), 200);
        expectCode(await all.patch(name, { spec: { fixed: 'b' } }), 200);
      });

      it('a schema that is tightened later is not held against what is there, and ends the watches', async () => {
        const made = await all.made(name, { spec: { labels: { a: '', b: '', c: '' }, zones: ['x'] } });
        const reader = await all.watch({ resourceVersion: versionOf(made) });
        const live = await crds.live(WIDGET_CRD_NAME);
        const tighter = JSON.parse(
          JSON.stringify(live).replaceAll('"maxProperties":3', '"maxProperties":1'),
        ) as JsonObject;
        const changed = expectCode(await crds.put(WIDGET_CRD_NAME, tighter), 200);
        expect(generationOf(changed)).toBe(2);
        await reader.end();
        await target().until('the new schema holds', async () => {
          const answer = await all.create(all.object(`${name}-new`, { spec: { labels: { a: '', b: '' } } }), {
            dryRun: 'All',
          });
          return answer.code === 422 ? true : undefined;
        });
        expectCode(await all.patch(name, { spec: { zones: ['y'] } }), 200);
        expectCode(await all.patch(name, { metadata: { labels: { a: 'b' } } }), 200);
        const worse = await all.patch(name, { spec: { labels: { a: 'changed' } } });
        expect(causes(worse)).toContainEqual(expect.stringMatching(/^FieldValueTooMany spec.labels /));
      });
    });
  });

  describe('history that is forgotten', () => {
    it('watches and pages from before get 410; lists and new watches go on', async () => {
      const wire = new Wire(target());
      const services = wire.collection(SERVICES, await wire.namespace());
      const first = await services.made('a', SPEC);
      await services.made('b', SPEC);
      const page = await services.list({ limit: 1 });
      const token = textAt(page.body, 'metadata', 'continue') ?? '';
      await services.made('c', SPEC);
      await target().compact();
      const old = await services.list({ limit: 1, continue: token });
      expect(old).toMatchObject({ code: 410, body: { reason: 'Expired' } });
      const rest = await services.list({ limit: 5, continue: textAt(old.body, 'metadata', 'continue') ?? '' });
      expect(listAt(rest.body, 'items').map((item) => at(item, 'metadata', 'name'))).toEqual(['b', 'c']);
      const reader = await services.watch({ resourceVersion: versionOf(first) });
      expect(reader.code).toBe(200);
      await reader.count(1);
      await reader.end();
      expect(reader.told.length).toBe(1);
      expect(reader.changes[0]).toMatchObject({
        type: 'ERROR',
        object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 },
      });
      const now = await services.list();
      const next = await services.watch({ resourceVersion: String(at(now.body, 'metadata', 'resourceVersion')) });
      await services.made('d', SPEC);
      await next.count(1);
      expect(next.told).toEqual(['ADDED d']);
      next.close();
    });
  });
}

const SPEC = { spec: { taskDefinition: 'web:1' } };
