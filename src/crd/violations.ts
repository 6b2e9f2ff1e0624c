import type { KindSchema, Rule } from '../kinds/schema/kind-schema.ts';
import { isObject, type Json, type JsonObject } from '../shape/shape.ts';

/** A rule that an object breaks. */
export interface Violation {
  readonly id: string;
  /** From the object's root, e.g. `spec.tags`. */
  readonly path: string;
  readonly message: string;
}

/**
 * The rules of a kind that an object breaks, by the predicates that say the same as the CEL in its CRD; in the order
 * of the rules. For where no API server is: the simulator.
 * @param old the object before an update; rules about a change are not asked without it.
 */
export function violations(kind: KindSchema, object: JsonObject, old?: JsonObject): readonly Violation[] {
  return kind.rules
    .filter((rule) => !holds(rule, object, old))
    .map(({ id, at, fieldPath = '', message }) => ({ id, path: `${at}${fieldPath}`, message }));
}

/** Whether a rule is about a change: the API server asks it on updates only. */
export function isTransition(rule: Rule): boolean {
  return rule.cel.includes('oldSelf');
}

function holds(rule: Rule, object: JsonObject, old: JsonObject | undefined): boolean {
  const self = valueAt(object, rule.at);
  // What is absent or null has no rules to keep.
  if (!isObject(self)) return true;
  if (!isTransition(rule)) return rule.holds(self, undefined);
  const before = old === undefined ? undefined : valueAt(old, rule.at);
  return !isObject(before) || rule.holds(self, before);
}

function valueAt(object: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = object;
  for (const name of path === '' ? [] : path.split('.')) value = isObject(value) ? value[name] : undefined;
  return value;
}
