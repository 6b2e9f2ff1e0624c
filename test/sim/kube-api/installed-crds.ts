import { parse } from 'yaml';
import { GROUP } from '../../../src/crd/definition.ts';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { readCrdTexts } from '../../../src/crd/texts.ts';
import type { JsonObject } from './json.ts';
import type { RulesByType } from './registry/resources.ts';

let parsed: readonly JsonObject[] | undefined;

/** The generated CRDs of crds/, read once: schemas are compiled per object. */
export function operatorCrds(): readonly JsonObject[] {
  // Safe: a CRD's YAML is a JSON object.
  parsed ??= Object.values(readCrdTexts()).map((text) => parse(text) as JsonObject);
  return parsed;
}

/** The CEL rules of our kinds with the TypeScript that says the same. */
export const OPERATOR_RULES: RulesByType = new Map(
  KIND_SCHEMAS.map(({ plural, rules }) => [`${plural}.${GROUP}`, rules] as const),
);
