import { placeOf } from '../../../../src/crd/rule-place.ts';
import type { JsonSchema, JsonSchemaRule } from '../../../../src/kinds/schema/json-schema.ts';
import type { Rule } from '../../../../src/kinds/schema/kind-schema.ts';
import { type FieldError, invalidValue } from '../field-error.ts';
import { at, isObject, type JsonObject } from '../json.ts';
import { type Correlated, correlatedMember, isUnchanged } from './correlate.ts';

/** A CEL rule of a CRD and the TypeScript that says the same. */
export interface BoundRule {
  /** Where it stands in the CRD, from the object's root. */
  readonly path: readonly string[];
  /** What the predicate is asked about: the same place, or a structure around it. */
  readonly subject: readonly string[];
  readonly stands: JsonSchemaRule;
  /** Of the member it stands on; empty for an int-or-string. */
  readonly type: string;
  readonly isTransition: boolean;
  readonly holds: Rule['holds'];
}

/**
 * Finds the predicate of each CEL rule in a schema.
 * @param known the rules of the kind, as src/kinds/ states them.
 * @throws Error when one has none: the type cannot be simulated.
 */
export function bindRules(schema: JsonSchema, known: readonly Rule[]): readonly BoundRule[] {
  const places = known.map((rule) => ({ rule, place: placeOf(rule) }));
  return standing(schema, []).map(({ path, stands, type }) => {
    const found = places.find(({ place }) => place.at === path.join('.') && place.cel === stands.rule);
    if (found === undefined) {
      throw new Error(`no TypeScript predicate says what this rule on ${path.join('.')} says: ${stands.rule}`);
    }
    const { rule } = found;
    const subject = rule.at === '' ? [] : rule.at.split('.');
    return { path, subject, stands, type, isTransition: stands.rule.includes('oldSelf'), holds: rule.holds };
  });
}

interface Standing {
  readonly path: readonly string[];
  readonly stands: JsonSchemaRule;
  readonly type: string;
}

/** All rules of a schema. Those inside lists have a path that no known rule has. */
function standing(schema: JsonSchema, path: readonly string[]): readonly Standing[] {
  const type = schema['x-kubernetes-int-or-string'] ? '' : (schema.type ?? '');
  const here = (schema['x-kubernetes-validations'] ?? []).map((stands) => ({ path, stands, type }));
  const { properties = {}, items, additionalProperties } = schema;
  return [
    ...here,
    ...Object.entries(properties).flatMap(([name, member]) => standing(member, [...path, name])),
    ...(items === undefined ? [] : standing(items, [...path, '[]'])),
    ...(additionalProperties === undefined ? [] : standing(additionalProperties, [...path, '*'])),
  ];
}

/** The rules that an object breaks (apiextensions-apiserver, schema/cel). */
export function brokenRules(
  rules: readonly BoundRule[],
  object: JsonObject,
  old: JsonObject | undefined,
): readonly FieldError[] {
  return rules
    .filter((rule) => isBroken(rule, object, old))
    .map(({ path, stands, type }) => {
      const field = `${path.join('.')}${stands.fieldPath ?? ''}`.replace(/^\./, '');
      return invalidValue(field === '' ? '<nil>' : field, type, stands.message);
    });
}

function isBroken(rule: BoundRule, object: JsonObject, old: JsonObject | undefined): boolean {
  const value = at(object, ...rule.path);
  // Nothing to ask: the very same value stood there before, e.g. the spec in an update of the status.
  if (!rule.isTransition && value === at(old, ...rule.path)) return false;
  // What is absent or null has no rules to keep.
  if (value === undefined || value === null) return false;
  const subject = at(object, ...rule.subject);
  if (!isObject(subject)) return false;
  if (!rule.isTransition) return !rule.holds(subject, undefined) && !isOldStory(rule, object, old);
  const before = at(old, ...rule.path);
  const oldSubject = at(old, ...rule.subject);
  if (before === undefined || before === null || !isObject(oldSubject)) return false;
  return !rule.holds(subject, oldSubject);
}

/** What was broken before and has not changed since is not held against an update. */
function isOldStory({ path }: BoundRule, object: JsonObject, old: JsonObject | undefined): boolean {
  let pair: Correlated | undefined = old === undefined ? undefined : { value: object, old };
  // The place itself decides where it was there before, else the structure around it.
  for (const name of path) {
    const inner = correlatedMember(pair, name);
    if (inner === undefined) break;
    pair = inner;
  }
  return isUnchanged(pair);
}
