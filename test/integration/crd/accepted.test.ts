import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CustomResourceDefinition } from '../../../src/crd/definition.ts';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { readCrdTexts } from '../../../src/crd/texts.ts';
import { violations } from '../../../src/crd/violations.ts';
import type { JsonSchema } from '../../../src/kinds/schema/json-schema.ts';
import type { KindSchema } from '../../../src/kinds/schema/kind-schema.ts';
import { isObject, type Json, type JsonObject } from '../../../src/shape/shape.ts';
import { sharedControlPlane, uniqueName, uniqueNamespace } from '../../harness/control-plane.ts';
import { KindApi, VERBS } from './api.ts';
import { acceptedFixtures } from './fixtures.ts';

const cluster = sharedControlPlane();
let namespace: string;
beforeAll(async () => {
  namespace = await uniqueNamespace(cluster);
});

const fixtures = acceptedFixtures().map((fixture) => [fixture.file, fixture] as const);

describe('what a release of v1alpha1 accepted', () => {
  it('has something of every kind', () => {
    const missing = KIND_SCHEMAS.filter((kind) => !fixtures.some(([, fixture]) => fixture.kind === kind));
    expect(missing.map((kind) => kind.kind)).toEqual([]);
  });

  it.each(fixtures)('%s is accepted, and nothing in it is changed', async (_file, { kind, object }) => {
    const api = new KindApi({ cluster, kind, namespace });
    const { spec = {}, metadata } = object;
    const name = isObject(metadata) && metadata.name === 'apps.example.com' ? 'apps.example.com' : uniqueName();
    for (const verb of VERBS) expect(await api.tryNew(verb, spec, name)).toMatchObject({ accepted: true });
    expect(await api.make(name, spec)).toMatchObject({ accepted: true });
    expect((await api.get(name)).spec).toEqual(spec);
    expect(violations(kind, api.object(name, spec))).toEqual([]);
    await api.remove(name);
  });
});

describe('taking things out of an object again', () => {
  it.each(fixtures)(
    '%s: whatever is emptied, set to null or taken out, no type is in the way',
    async (_file, fixture) => {
      const { kind, object } = fixture;
      const { spec = {} } = object;
      const api = new KindApi({ cluster, kind, namespace });
      const name = isPublicZone(object) ? 'apps.example.com' : uniqueName();
      expect(await api.make(name, spec)).toMatchObject({ accepted: true });
      const messages = new Set(kind.rules.map((rule) => rule.message));
      for (const [what, less] of lessened(spec, specSchema(kind))) {
        for (const answer of await Promise.all([
          api.apply(name, less, { dryRun: true }),
          api.mergePatch(name, spec, less),
        ])) {
          const byType = answer.causes.filter((cause) => ![...messages].some((message) => cause.endsWith(message)));
          expect(
            byType.filter((cause) => !isExpected(cause)),
            what,
          ).toEqual([]);
        }
      }
      await api.remove(name);
    },
  );
});

function specSchema(kind: KindSchema): JsonSchema | undefined {
  const crd: CustomResourceDefinition = parse(readCrdTexts()[`${kind.plural}.yaml`] ?? '');
  return crd.spec.versions[0].schema.openAPIV3Schema.properties?.spec;
}

function isPublicZone(object: JsonObject): boolean {
  return isObject(object.metadata) && object.metadata.name === 'apps.example.com';
}

/** What has to be there, and the one number that Kubernetes itself wants as a number. */
function isExpected(cause: string): boolean {
  return (
    /Required value$|some validation rules were not checked/.test(cause) ||
    /^\.?spec\.desiredCount: .*(must be of type integer|accessor error)/.test(cause) ||
    // A spec of which nothing is left.
    /^spec: .*must be of type object: "null"$/.test(cause)
  );
}

/** The spec with each member that may be left out in turn emptied, null and gone. */
function* lessened(
  spec: JsonObject,
  schema: JsonSchema | undefined,
  path = '',
): Generator<readonly [what: string, spec: JsonObject]> {
  for (const [name, value] of Object.entries(spec)) {
    if (schema?.required?.includes(name)) continue;
    const inner = schema?.properties?.[name];
    const at = `${path}${name}`;
    const { [name]: _, ...without } = spec;
    yield [`${at} is gone`, without];
    yield [`${at} is null`, { ...spec, [name]: null }];
    if (isObject(value)) {
      yield [`${at} is {}`, { ...spec, [name]: {} }];
      for (const [what, less] of lessened(value, inner, `${at}.`)) yield [what, { ...spec, [name]: less }];
    } else if (Array.isArray(value)) {
      yield [`${at} is []`, { ...spec, [name]: [] }];
      for (const [what, less] of lessenedItems(value, inner?.items, at)) yield [what, { ...spec, [name]: less }];
    }
  }
}

function* lessenedItems(
  list: readonly Json[],
  schema: JsonSchema | undefined,
  at: string,
): Generator<readonly [what: string, list: readonly Json[]]> {
  const [first, ...rest] = list;
  if (!isObject(first)) return;
  for (const [what, less] of lessened(first, schema, `${at}[0].`)) yield [what, [less, ...rest]];
}
