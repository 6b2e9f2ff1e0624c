import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { violations } from '../../../src/crd/violations.ts';
import type { KindSchema } from '../../../src/kinds/schema/kind-schema.ts';
import { isObject, type Json, type JsonObject } from '../../../src/shape/shape.ts';
import { sharedControlPlane, uniqueName, uniqueNamespace } from '../../harness/control-plane.ts';
import { type Answer, KindApi } from './api.ts';
import { RULE_CASES } from './cases/index.ts';

const cluster = sharedControlPlane();
let namespace: string;
beforeAll(async () => {
  namespace = await uniqueNamespace(cluster);
});

const RUNS = 150;

/** Values that rules distinguish, or that are as good as nothing. */
const SCALARS: readonly Json[] = [
  null,
  '',
  0,
  '0',
  1,
  '1',
  80,
  '80',
  256,
  '512',
  100,
  'FARGATE',
  'awsvpc',
  'a.b',
  'web',
  true,
  false,
];

describe.each(KIND_SCHEMAS.map((kind) => [kind.kind, kind] as const))('%s', (name, kind) => {
  const specs = specArbitrary(name);
  const api = () => new KindApi({ cluster, kind, namespace });

  it('the rules in CEL and in TypeScript say the same of new objects', async () => {
    await fc.assert(
      fc.asyncProperty(specs, fc.constantFrom('web', 'my.app', 'x'.repeat(70)), async (spec, prefix) => {
        const unique = uniqueName(prefix);
        const answer = await api().tryNew('create', spec, unique);
        expectAgreement(kind, answer, messages(kind, api().object(unique, spec)));
      }),
      { numRuns: RUNS },
    );
  });

  it('and of changes', async () => {
    await fc.assert(
      fc.asyncProperty(specs, fc.array(specs, { minLength: 1, maxLength: 4 }), async (before, changes) => {
        const unique = uniqueName();
        const made = await api().make(unique, before);
        if (!made.accepted) return;
        for (const spec of changes) {
          const old = api().object(unique, before);
          expectAgreement(kind, await api().put(unique, spec), messages(kind, api().object(unique, spec), old));
        }
        await api().remove(unique);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Where the schema itself refuses, the API server asks no rule that stands above. */
function expectAgreement(kind: KindSchema, answer: Answer, expected: readonly string[]): void {
  if (answer.accepted) {
    expect(expected).toEqual([]);
    return;
  }
  const rules = kind.rules.map((rule) => rule.message);
  const broken = answer.causes.map((cause) => rules.find((message) => cause.endsWith(message)));
  const byRule = broken.filter((message) => message !== undefined);
  if (byRule.length === broken.length) expect(sorted(byRule)).toEqual(sorted(expected));
  // A schema-level refusal beside it may be an unknown member of a mixed spec, never silence.
  else expect(answer.message).not.toBe('');
}

function messages(kind: KindSchema, object: JsonObject, old?: JsonObject): readonly string[] {
  return violations(kind, object, old).map((violation) => violation.message);
}

const sorted = (list: readonly string[]) => [...new Set(list)].sort();

/** Specs mixed from those of the cases: members of one put over another, and some scalar replaced. */
function specArbitrary(kind: string): fc.Arbitrary<JsonObject> {
  const known = (RULE_CASES[kind] ?? []).flatMap((one) => [
    ...one.accepted,
    ...one.refused,
    ...(one.before === undefined ? [] : [one.before]),
  ]);
  const spec = fc.constantFrom(...known);
  const change = fc.record({ pick: fc.nat(), value: fc.constantFrom(...SCALARS) });
  return fc
    .tuple(spec, fc.option(spec), fc.array(change, { maxLength: 2 }))
    .map(([one, other, changes]) => changes.reduce(replaceScalar, other === null ? one : merge(one, other)));
}

function merge(one: JsonObject, other: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const former = merged[name];
    merged[name] = isObject(former) && isObject(value) ? merge(former, value) : value;
  }
  return merged;
}

/** Puts `value` in place of the scalar that `pick` falls on. */
function replaceScalar(spec: JsonObject, { pick, value }: { readonly pick: number; readonly value: Json }): JsonObject {
  let left = pick % Math.max(1, countScalars(spec));
  const replaced = (here: Json): Json => {
    if (Array.isArray(here)) return here.map(replaced);
    if (isObject(here)) return Object.fromEntries(Object.entries(here).map(([name, inner]) => [name, replaced(inner)]));
    left -= 1;
    return left === -1 ? value : here;
  };
  const result = replaced(spec);
  return isObject(result) ? result : spec;
}

function countScalars(value: Json): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item: Json) => sum + countScalars(item), 0);
  if (isObject(value)) return Object.values(value).reduce((sum: number, item) => sum + countScalars(item), 0);
  return 1;
}
