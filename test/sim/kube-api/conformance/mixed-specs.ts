import * as fc from 'fast-check';
import type { RuleCase } from '../../../integration/crd/cases/rule-case.ts';
import { isList, isObject, type Json, type JsonDraft, type JsonObject } from '../json.ts';

/** Values that rules and schemas tell apart. */
const SCALARS: readonly Json[] = [null, '', 0, '0', 1, '1', 256, '512', 1.5, -1, 'FARGATE', 'a.b', 'web', true, [], {}];

/** Specs of a kind as its rules' cases have them: one mixed with another, and some scalars replaced. */
export function mixedSpecs(cases: readonly RuleCase[]): fc.Arbitrary<JsonObject> {
  const known = cases.flatMap(({ accepted, refused, before }) => [
    ...accepted,
    ...refused,
    ...(before ? [before] : []),
  ]);
  const spec = fc.constantFrom(...known);
  const change = fc.record({ pick: fc.nat(), value: fc.constantFrom(...SCALARS) });
  return fc
    .tuple(spec, fc.option(spec), fc.array(change, { maxLength: 2 }))
    .map(([one, other, changes]) => changes.reduce(withScalar, other === null ? one : mixed(one, other)));
}

function mixed(one: JsonObject, other: JsonObject): JsonObject {
  const all: JsonDraft = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const former = all[name];
    all[name] = isObject(former) && isObject(value) ? mixed(former, value) : value;
  }
  return all;
}

/** With `value` where one of the scalars stood. */
function withScalar(spec: JsonObject, { pick, value }: { readonly pick: number; readonly value: Json }): JsonObject {
  let left = pick % Math.max(1, scalarsIn(spec));
  const replaced = (here: Json): Json => {
    if (isList(here)) return here.map(replaced);
    if (isObject(here)) return replacedIn(here);
    left -= 1;
    return left === -1 ? value : here;
  };
  const replacedIn = (here: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(here).map(([name, inner]) => [name, replaced(inner)]));
  return replacedIn(spec);
}

function scalarsIn(value: Json): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + scalarsIn(inner), 0);
}
