import { beforeAll, describe, expect, it } from 'vitest';
import { at, objectAt } from '../json.ts';
import type { ConformanceTarget } from './target.ts';
import {
  CLUSTERS,
  type Collection,
  expectCode,
  generationOf,
  ownersOf,
  SERVICES,
  uidOf,
  versionOf,
  Wire,
} from './wire.ts';

const SPEC = { spec: { taskDefinition: 'web:1', desiredCount: 2 } };

/** Creation, reading, update and merge patch. */
export function writes(target: () => ConformanceTarget): void {
  describe('creating and changing objects', () => {
    let wire: Wire;
    let services: Collection;
    let namespace: string;
    beforeAll(async () => {
      wire = new Wire(target());
      namespace = await wire.namespace();
      services = wire.collection(SERVICES, namespace);
    });

    it('a new object gets a uid, a version, generation 1 and an owner of its fields', async () => {
      const made = await services.made('new', SPEC, { labels: { a: 'b' }, generation: 7, uid: 'ignored' });
      expect(uidOf(made)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(versionOf(made)).toMatch(/^\d+$/);
      expect(generationOf(made)).toBe(1);
      expect(at(made, 'metadata', 'creationTimestamp')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(ownersOf(made)).toEqual({
        'creator/Update': {
          'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
          'f:spec': { '.': {}, 'f:desiredCount': {}, 'f:taskDefinition': {} },
        },
      });
      expect(await services.live('new')).toEqual(made);
    });

    it('what the schema does not know is dropped, also in metadata, and status cannot be set at birth', async () => {
      const made = await services.made(
        'pruned',
        {
          spec: { taskDefinition: 'web:1', bogus: 1, networkConfiguration: { bogus: 2 } },
          status: { name: 'x' },
          more: 1,
        },
        { bogus: 1, finalizers: [], labels: {} },
      );
      expect(made.spec).toEqual({ taskDefinition: 'web:1', networkConfiguration: {} });
      expect(Object.keys(made).sort()).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
      expect(objectAt(made, 'metadata')).not.toHaveProperty('bogus');
      expect(objectAt(made, 'metadata')).not.toHaveProperty('labels');
    });

    it('null stays where the schema allows it', async () => {
      const made = await services.made('nulls', { spec: { taskDefinition: 'web:1', launchType: null, tags: null } });
      expect(made.spec).toEqual({ taskDefinition: 'web:1', launchType: null, tags: null });
    });

    it('a default is filled in, also in place of null', async () => {
      const clusters = wire.collection(CLUSTERS, namespace);
      expect((await clusters.made('defaulted', {})).spec).toEqual({});
      expect((await clusters.made('null-spec', { spec: null })).spec).toEqual({});
      const applied = expectCode(await clusters.apply('applied', {}), 201);
      expect(applied.spec).toEqual({});
    });

    it('a name that is taken, a namespace that is not there, and a missing object are told apart', async () => {
      await services.made('taken', SPEC);
      expect(await services.create(services.object('taken', SPEC))).toMatchObject({
        code: 409,
        body: { reason: 'AlreadyExists', details: { name: 'taken', group: 'ecs-operator.dev', kind: 'ecsservices' } },
      });
      const nowhere = wire.collection(SERVICES, 'no-such-namespace');
      expect(await nowhere.create(nowhere.object('x', SPEC))).toMatchObject({
        code: 404,
        body: { reason: 'NotFound', details: { name: 'no-such-namespace', kind: 'namespaces' } },
      });
      for (const answer of [
        await services.get('missing'),
        await services.put('missing', services.object('missing', SPEC, { resourceVersion: '1' })),
        await services.patch('missing', {}),
        await services.delete('missing'),
      ]) {
        expect(answer).toMatchObject({
          code: 404,
          body: {
            kind: 'Status',
            status: 'Failure',
            reason: 'NotFound',
            message: 'ecsservices.ecs-operator.dev "missing" not found',
            details: { name: 'missing', group: 'ecs-operator.dev', kind: 'ecsservices' },
            code: 404,
          },
        });
      }
    });

    it('a type that is not served is a page that is not found', async () => {
      expect((await wire.send('GET', `/apis/ecs-operator.dev/v1alpha1/namespaces/${namespace}/nopes`)).code).toBe(404);
      expect((await wire.send('GET', '/apis/ecs-operator.dev/v9/ecsservices')).code).toBe(404);
      expect((await services.get('x', 'nothing')).code).toBe(404);
    });

    it('a body for another namespace, of another kind or with a version is refused', async () => {
      const elsewhere = services.object('x', SPEC, { namespace: 'default' });
      expect(await services.create(elsewhere)).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
      const otherKind = { ...services.object('x', SPEC), kind: 'EcsTask' };
      expect(await services.create(otherKind)).toMatchObject({ code: 422, body: { reason: 'Invalid' } });
      const { kind: _none, ...withoutKind } = services.object('x', SPEC);
      expect(await services.create(withoutKind)).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
      expect((await services.create(services.object('x', SPEC, { resourceVersion: '1' }))).code).toBe(500);
    });

    it('generateName makes a name', async () => {
      const { name: _none, ...metadata } = objectAt(services.object(''), 'metadata') ?? {};
      const body = { ...services.object('x', SPEC), metadata: { ...metadata, generateName: 'made-' } };
      const made = expectCode(await services.create(body), 201);
      expect(at(made, 'metadata', 'name')).toMatch(/^made-[a-z0-9]{5}$/);
    });

    it('a dry run answers and keeps nothing', async () => {
      expect((await services.create(services.object('dry', SPEC), { dryRun: 'All' })).code).toBe(201);
      expect((await services.apply('dry', SPEC, { dryRun: 'All' })).code).toBe(201);
      expect((await services.get('dry')).code).toBe(404);
      const made = await services.made('wet', SPEC);
      expect((await services.patch('wet', { spec: { desiredCount: 5 } }, { dryRun: 'All' })).code).toBe(200);
      expect(await services.live('wet')).toEqual(made);
    });

    it('unknown members are refused where that is asked for', async () => {
      const bogus = services.object('strict', { spec: { taskDefinition: 'web:1', bogus: 1 } });
      const refused = await services.create(bogus, { fieldValidation: 'Strict' });
      expect(refused).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
      expect(refused.body.message).toContain('unknown field "spec.bogus"');
      expect((await services.create(bogus, { fieldValidation: 'Ignore' })).code).toBe(201);
    });

    it('an update needs the version that is stored, and the same uid', async () => {
      const made = await services.made('versioned', SPEC);
      const changed = { ...made, spec: { taskDefinition: 'web:2' } };
      const next = expectCode(await services.put('versioned', changed), 200);
      expect(generationOf(next)).toBe(2);
      expect(versionOf(next)).not.toBe(versionOf(made));
      expect(await services.put('versioned', changed)).toMatchObject({
        code: 409,
        body: {
          reason: 'Conflict',
          message:
            'Operation cannot be fulfilled on ecsservices.ecs-operator.dev "versioned": the object has been modified; please apply your changes to the latest version and try again',
          details: { name: 'versioned', group: 'ecs-operator.dev', kind: 'ecsservices' },
        },
      });
      const without = services.object('versioned', SPEC);
      expect(await services.put('versioned', without)).toMatchObject({
        code: 422,
        body: { details: { causes: [{ field: 'metadata.resourceVersion' }] } },
      });
      const otherUid = { ...next, metadata: { ...objectAt(next, 'metadata'), uid: 'another' } };
      expect(await services.put('versioned', otherUid)).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
      const otherName = { ...next, metadata: { ...objectAt(next, 'metadata'), name: 'other' } };
      expect(await services.put('versioned', otherName)).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
    });

    it('an update that changes nothing is none: the version stays', async () => {
      const made = await services.made('same', SPEC);
      expect(expectCode(await services.put('same', made), 200)).toEqual(made);
      expect(expectCode(await services.patch('same', {}), 200)).toEqual(made);
      expect(expectCode(await services.patch('same', { spec: { desiredCount: 2 } }), 200)).toEqual(made);
    });

    it('an update of the spec alone lets the generation grow; labels do not', async () => {
      await services.made('generations', SPEC);
      const labelled = expectCode(await services.patch('generations', { metadata: { labels: { a: 'b' } } }), 200);
      expect(generationOf(labelled)).toBe(1);
      const changed = expectCode(await services.patch('generations', { spec: { desiredCount: 3 } }), 200);
      expect(generationOf(changed)).toBe(2);
      const back = expectCode(await services.patch('generations', { spec: { desiredCount: 2 } }), 200);
      expect(generationOf(back)).toBe(3);
      const forged = expectCode(await services.patch('generations', { metadata: { generation: 99 } }), 200);
      expect(generationOf(forged)).toBe(3);
    });

    it('a merge patch replaces lists, merges objects and takes out what is null', async () => {
      const tags = [{ key: 'a', value: '1' }];
      await services.made(
        'merged',
        { spec: { taskDefinition: 'web:1', tags, desiredCount: 2 } },
        { labels: { a: '1' } },
      );
      const patch = {
        metadata: { labels: { b: '2' }, annotations: { c: '3' } },
        spec: { tags: [{ key: 'b', value: '2' }], desiredCount: null },
      };
      const patched = expectCode(await services.patch('merged', patch), 200);
      expect(patched.spec).toEqual({ taskDefinition: 'web:1', tags: [{ key: 'b', value: '2' }] });
      expect(at(patched, 'metadata', 'labels')).toEqual({ a: '1', b: '2' });
      expect(ownersOf(patched)).toEqual({
        'creator/Update': {
          'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
          'f:spec': { '.': {}, 'f:tags': {}, 'f:taskDefinition': {} },
        },
        'patcher/Update': {
          'f:metadata': { 'f:annotations': { '.': {}, 'f:c': {} }, 'f:labels': { 'f:b': {} } },
          'f:spec': {
            'f:tags': { 'k:{"key":"b"}': { '.': {}, 'f:key': {}, 'f:value': {} } },
          },
        },
      });
    });

    it('a patch with a uid or version hits only that object in that state', async () => {
      const made = await services.made('guarded', SPEC);
      const wrongUid = await services.patch('guarded', { metadata: { uid: 'other', labels: { a: 'b' } } });
      expect(wrongUid).toMatchObject({ code: 422, body: { reason: 'Invalid', details: { kind: 'EcsService' } } });
      const stale = await services.patch('guarded', { metadata: { resourceVersion: '1', labels: { a: 'b' } } });
      expect(stale).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
      const right = { metadata: { uid: uidOf(made), resourceVersion: versionOf(made), finalizers: ['test.dev/hold'] } };
      const held = expectCode(await services.patch('guarded', right), 200);
      expect(at(held, 'metadata', 'finalizers')).toEqual(['test.dev/hold']);
      expect(await services.patch('guarded', right)).toMatchObject({ code: 409 });
      expectCode(await services.patch('guarded', { metadata: { finalizers: null } }), 200);
    });

    it('a patch of an unknown kind is not understood', async () => {
      await services.made('media', SPEC);
      const answer = await wire.send('PATCH', `${services.path}/media`, {
        body: {},
        contentType: 'application/x-nothing',
      });
      expect(answer).toMatchObject({ code: 415, body: { reason: 'UnsupportedMediaType' } });
    });

    it('who sends no field manager is named after their client', async () => {
      const { code, body } = await wire.send('POST', services.path, { body: services.object('unnamed', SPEC) });
      expect(code).toBe(201);
      expect(Object.keys(ownersOf(body))).toEqual(['conformance/Update']);
    });
  });
}
