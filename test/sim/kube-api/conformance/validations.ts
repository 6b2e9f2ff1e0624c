import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at, type JsonObject, listAt, textAt } from '../json.ts';
import type { ConformanceTarget } from './target.ts';
import { ACCOUNTS, type Collection, causes, expectCode, SERVICES, TASKS, Wire } from './wire.ts';

const SPEC = { taskDefinition: 'web:1' };
const NOT_CHECKED =
  'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

/** What the schema and the CEL rules refuse, and in which words. */
export function validations(target: () => ConformanceTarget): void {
  describe('what a schema refuses', () => {
    let wire: Wire;
    let services: Collection;
    let tasks: Collection;
    let accounts: Collection;
    let name: string;
    beforeAll(async () => {
      wire = new Wire(target());
      const namespace = await wire.namespace();
      services = wire.collection(SERVICES, namespace);
      tasks = wire.collection(TASKS, namespace);
      accounts = wire.collection(ACCOUNTS);
    });
    beforeEach(() => {
      name = target().uniqueName('checked');
    });

    const refusedSpec = async (spec: JsonObject, of = services): Promise<readonly string[]> =>
      causes(await of.create(of.object(name, { spec }), { dryRun: 'All' }));

    it.each<readonly [string, JsonObject, readonly string[]]>([
      [
        'a string for a list',
        { tags: 'x' },
        ['FieldValueTypeInvalid spec.tags Invalid value: "string": spec.tags in body must be of type array: "string"'],
      ],
      [
        'a number for a string',
        { launchType: 3 },
        [
          'FieldValueTypeInvalid spec.launchType Invalid value: "integer": spec.launchType in body must be of type string: "integer"',
        ],
      ],
      [
        'a string for a boolean',
        { enableECSManagedTags: 'true' },
        [
          'FieldValueTypeInvalid spec.enableECSManagedTags Invalid value: "string": spec.enableECSManagedTags in body must be of type boolean: "string"',
        ],
      ],
      [
        'a list for an object',
        { networkConfiguration: [] },
        [
          'FieldValueTypeInvalid spec.networkConfiguration Invalid value: "array": spec.networkConfiguration in body must be of type object: "array"',
        ],
      ],
      [
        'a boolean for a whole number or string',
        { healthCheckGracePeriodSeconds: true },
        [
          'FieldValueTypeInvalid spec.healthCheckGracePeriodSeconds Invalid value: "boolean": spec.healthCheckGracePeriodSeconds in body must be of type integer,string: "boolean"',
        ],
      ],
      [
        'an object for a whole number',
        { desiredCount: {} },
        [
          'FieldValueInvalid .spec.desiredCount Invalid value: 0: .spec.desiredCount accessor error: map[] is of the type map[string]interface {}, expected int64',
          'FieldValueTypeInvalid spec.desiredCount Invalid value: "object": spec.desiredCount in body must be of type integer: "object"',
        ],
      ],
      [
        'a list for a whole number',
        { desiredCount: [1, 'a', null] },
        [
          'FieldValueInvalid .spec.desiredCount Invalid value: 0: .spec.desiredCount accessor error: [1 a <nil>] is of the type []interface {}, expected int64',
          'FieldValueTypeInvalid spec.desiredCount Invalid value: "array": spec.desiredCount in body must be of type integer: "array"',
        ],
      ],
      [
        'a list for a time',
        { restartedAt: ['2026-01-02T03:04:05Z'] },
        [
          'FieldValueTypeInvalid spec.restartedAt Invalid value: "array": spec.restartedAt in body must be of type string: "array"',
        ],
      ],
      [
        'a string that does not match its pattern',
        { launchType: 'MOON' },
        [
          `FieldValueInvalid spec.launchType Invalid value: "MOON": spec.launchType in body should match '^(EC2|EXTERNAL|FARGATE|MANAGED_INSTANCES|)$'`,
        ],
      ],
      [
        'an item that lacks a required member',
        { tags: [{ value: 'x' }] },
        ['FieldValueRequired spec.tags[0].key Required value'],
      ],
      [
        'null in a list',
        { tags: [null] },
        [
          'FieldValueTypeInvalid spec.tags[0] Invalid value: "null": spec.tags[0] in body must be of type object: "null"',
        ],
      ],
      [
        'two items of one key',
        { tags: [{ key: 'a' }, { key: 'a', value: 'x' }] },
        ['FieldValueDuplicate spec.tags[1] Duplicate value: {"key":"a"}'],
      ],
    ])('%s', async (_what, spec, wanted) => {
      const blocking = wanted.some((cause) => !/^FieldValue(Invalid|Duplicate) /.test(cause));
      const all = blocking ? [...wanted, `FieldValueInvalid <nil> ${NOT_CHECKED}`] : wanted;
      expect(await refusedSpec({ ...SPEC, ...spec })).toEqual(all.toSorted());
    });

    it('too long, too many, too small, too large', async () => {
      const long = 'x'.repeat(5_000);
      const seen = await refusedSpec({ ...SPEC, platformVersion: long, serviceRegistries: Array(200).fill({}) });
      expect(seen.map((cause) => cause.split(': ').slice(0, 2).join(': '))).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^FieldValueTooLong spec.platformVersion Too long/),
          expect.stringMatching(/^FieldValueTooMany spec.serviceRegistries Too many: 200/),
        ]),
      );
      const task = {
        family: 'x',
        containerDefinitions: [{ name: 'a', image: 'a', portMappings: [{ containerPort: -1 }] }],
      };
      expect(await refusedSpec(task, tasks)).toContainEqual(expect.stringContaining('containerPort'));
    });

    it('an int-or-string takes both, within its bounds', async () => {
      for (const cpu of [256, '256']) {
        const spec = { cpu, memory: 512, containerDefinitions: [{ name: 'a', image: 'a' }] };
        expect((await tasks.create(tasks.object(name, { spec }), { dryRun: 'All' })).code, String(cpu)).toBe(201);
      }
      const wrong = { cpu: 256, memory: '1'.repeat(17), containerDefinitions: [{ name: 'a', image: 'a' }] };
      const seen = await refusedSpec(wrong, tasks);
      expect(seen).toContainEqual(
        expect.stringMatching(/^FieldValueTooLong spec.memory Too long: may not be more than 16 bytes/),
      );
    });

    it('a missing required member of the whole', async () => {
      expect(causes(await accounts.create(accounts.object(name)))).toEqual([
        `FieldValueInvalid <nil> ${NOT_CHECKED}`,
        'FieldValueRequired spec Required value',
      ]);
      const { body } = await accounts.create(accounts.object(name, { spec: {} }));
      expect(body).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: { name, group: 'ecs-operator.dev', kind: 'AwsAccount' },
      });
      expect(body.message).toMatch(
        /^AwsAccount.ecs-operator.dev ".*" is invalid: \[spec.region: Required value, <nil>: /,
      );
    });

    it('a CEL rule is told at its place, with its words', async () => {
      const seen = await services.create(services.object(name, { spec: {} }), { dryRun: 'All' });
      const [only] = listAt(seen.body, 'details', 'causes');
      expect(at(only, 'field')).toBe('spec');
      expect(textAt(only, 'message')).toMatch(/^Invalid value: "object": say what to run/);
      const tags = [{ key: 'ecs-operator.dev/x' }];
      expect(await refusedSpec({ ...SPEC, tags })).toEqual([
        expect.stringMatching(
          /^FieldValueInvalid spec.tags Invalid value: "array": tags under "ecs-operator.dev\/" belong/,
        ),
      ]);
    });

    it('names, labels, annotations, finalizers and owners are checked', async () => {
      const metadata = {
        name: 'Not_Valid',
        labels: { 'a b': 'x y', 'a/b/c': '', '/x': '' },
        annotations: { '!': 'x' },
        finalizers: ['a b'],
        ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }],
      };
      const answer = await services.create(services.object(name, { spec: SPEC }, metadata));
      const fields = new Set(listAt(answer.body, 'details', 'causes').map((cause) => textAt(cause, 'field')));
      expect([...fields].sort()).toEqual([
        'metadata.annotations',
        'metadata.finalizers',
        'metadata.labels',
        'metadata.name',
        'metadata.ownerReferences.apiVersion',
        'metadata.ownerReferences.kind',
        'metadata.ownerReferences.name',
        'metadata.ownerReferences.uid',
      ]);
      const longName = 'x'.repeat(254);
      expect(causes(await services.create(services.object(longName, { spec: SPEC })))).toContainEqual(
        `FieldValueInvalid metadata.name Invalid value: "${longName}": must be no more than 253 characters`,
      );
      const wrongTypes = services.object(name, { spec: SPEC }, { labels: { a: 1 } });
      expect(await services.create(wrongTypes)).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
    });

    it('what was there before is not held against an update that leaves it', async () => {
      // Old objects may break rules that came later: here a rule about changes, which a creation does not ask.
      await services.made(name, { spec: { ...SPEC, launchType: 'EC2' } });
      expectCode(await services.patch(name, { metadata: { labels: { a: 'b' } } }), 200);
      const changed = await services.patch(name, { spec: { launchType: 'FARGATE' } });
      expect(causes(changed)).toContainEqual(
        expect.stringMatching(/^FieldValueInvalid spec.launchType .*cannot change/),
      );
    });
  });
}
