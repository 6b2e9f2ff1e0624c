import type { JsonSchema, JsonSchemaRule } from '../../../../src/kinds/schema/json-schema.ts';
import type { Rule } from '../../../../src/kinds/schema/kind-schema.ts';
import { type FieldError, invalidValue } from '../field-error.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { type Correlated, correlatedItem, correlatedMember, isUnchanged } from './correlate.ts';
import { memberSchema } from './prune.ts';

/** The TypeScript that says the same as a rule in CEL, by the rule's text. */
export type Predicates = ReadonlyMap<string, Rule['holds']>;

/** The rules of a schema for which no predicate is known: whoever installs it cannot be served. */
export function unknownRules(schema: JsonSchema, predicates: Predicates): readonly string[] {
  const here = (schema['x-kubernetes-validations'] ?? []).map(({ rule }) => rule);
  const { properties = {}, items, additionalProperties } = schema;
  const inner = [...Object.values(properties), items, additionalProperties].filter((one) => one !== undefined);
  return [...here.filter((rule) => !predicates.has(rule)), ...inner.flatMap((one) => unknownRules(one, predicates))];
}

interface Node {
  readonly schema: JsonSchema;
  readonly value: Json;
  readonly old: Json | undefined;
  readonly path: string;
  /** What decides whether a broken rule is an old story: this place, or the nearest above that has a past. */
  readonly before: Correlated | undefined;
  readonly nearest: Correlated | undefined;
}

/** The rules that an object breaks (apiextensions-apiserver, schema/cel). */
export function brokenRules(options: {
  readonly schema: JsonSchema;
  readonly predicates: Predicates;
  readonly object: JsonObject;
  readonly old?: JsonObject | undefined;
}): readonly FieldError[] {
  const { schema, predicates, object, old } = options;
  const before = old === undefined ? undefined : { value: object, old };
  const errors: FieldError[] = [];
  visit({ schema, value: object, old, path: '', before, nearest: before }, predicates, errors);
  return errors;
}

function visit(node: Node, predicates: Predicates, errors: FieldError[]): void {
  const { schema, value, old, path } = node;
  if (value === null || !hasRules(schema)) return;
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    if (isObject(value) && !holds(rule, value, node, predicates)) {
      const field = `${path}${rule.fieldPath ?? ''}`.replace(/^\./, '');
      errors.push(invalidValue(field === '' ? '<nil>' : field, schema.type ?? '', rule.message));
    }
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    for (const [index, inner] of value.entries()) {
      const before = correlatedItem(node.before, schema, index);
      const next = { schema: items, value: inner, old: before?.old, path: `${path}[${index}]` };
      visit({ ...next, before, nearest: node.before ?? node.nearest }, predicates, errors);
    }
  } else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      const member = memberSchema(schema, name);
      if (member === undefined) continue;
      const before = correlatedMember(node.before, name);
      const oldInner = isObject(old) ? old[name] : undefined;
      const next = { schema: member, value: inner, old: oldInner, path: path === '' ? name : `${path}.${name}` };
      visit({ ...next, before, nearest: node.before ?? node.nearest }, predicates, errors);
    }
  }
}

function holds(rule: JsonSchemaRule, value: JsonObject, node: Node, predicates: Predicates): boolean {
  const predicate = predicates.get(rule.rule);
  if (predicate === undefined) throw new Error(`no predicate says what the CEL rule says: ${rule.rule}`);
  if (!rule.rule.includes('oldSelf')) {
    return predicate(value, undefined) || isUnchanged(node.before ?? node.nearest);
  }
  return !isObject(node.old) || predicate(value, node.old);
}

const withRules = new WeakMap<JsonSchema, boolean>();

function hasRules(schema: JsonSchema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const { properties = {}, items, additionalProperties } = schema;
  const inner = [...Object.values(properties), items, additionalProperties].filter((one) => one !== undefined);
  const found = schema['x-kubernetes-validations'] !== undefined || inner.some(hasRules);
  withRules.set(schema, found);
  return found;
}
