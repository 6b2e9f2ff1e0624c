import { parse } from 'yaml';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { readCrdTexts } from '../../../src/crd/texts.ts';
import type { JsonObject } from './json.ts';
import type { Predicates } from './schema/rules.ts';

let parsed: readonly JsonObject[] | undefined;

/** The generated CRDs of crds/, read once: schemas are compiled per object. */
export function operatorCrds(): readonly JsonObject[] {
  // Safe: a CRD's YAML is a JSON object.
  parsed ??= Object.values(readCrdTexts()).map((text) => parse(text) as JsonObject);
  return parsed;
}

/** Each of our CEL rules with the TypeScript that says the same. */
export const OPERATOR_PREDICATES: Predicates = new Map(
  KIND_SCHEMAS.flatMap(({ rules }) => rules.map((rule) => [rule.cel, rule.holds] as const)),
);
