import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import type { FieldError } from '../field-error.ts';
import { isList, isObject, type Json, sameJson } from '../json.ts';
import { type Correlated, correlatedItem, correlatedMember, isUnchanged } from './correlate.ts';
import { memberSchema } from './members.ts';
import { formatError, numberErrors, stringErrors } from './scalars.ts';
import { typeError } from './types.ts';

/**
 * What a value breaks of its schema (k8s.io/kube-openapi, pkg/validation). What was there before and has not changed
 * is not held against an update (CRDValidationRatcheting).
 * @param path where the value stands, for the errors.
 * @param old the value before an update.
 */
export function validateSchema(options: {
  readonly schema: JsonSchema;
  readonly value: Json;
  readonly path?: string;
  readonly old?: Json | undefined;
}): readonly FieldError[] {
  const { schema, value, path = '', old } = options;
  const errors: FieldError[] = [];
  visit({ schema, value, name: '', before: old === undefined ? undefined : { value, old } }, errors);
  if (path === '') return errors;
  return errors.map((error) => ({ ...error, field: error.field === '<nil>' ? path : `${path}.${error.field}` }));
}

interface Node {
  readonly schema: JsonSchema;
  readonly value: Json;
  /** From where the validation began, e.g. `spec.tags[0]`; empty there. */
  readonly name: string;
  readonly before: Correlated | undefined;
}

function visit(node: Node, errors: FieldError[]): void {
  const { schema, value, name, before } = node;
  if (isUnchanged(before)) return;
  const wrongType = typeError(schema, value, name);
  if (wrongType !== undefined) errors.push(wrongType);
  if (value !== null) {
    if (typeof value === 'string')
      errors.push(...stringErrors(schema, value, name), ...formatError(schema, value, name));
    else if (typeof value === 'number') errors.push(...numberErrors(schema, value, name));
    else if (isList(value)) visitItems(node, value, errors);
  }
  enumErrors(node, errors);
  if (isObject(value)) visitMembers(node, value, errors);
}

function enumErrors({ schema, value, name }: Node, errors: FieldError[]): void {
  if (schema.enum === undefined || schema.enum.some((allowed) => sameJson(allowed, value))) return;
  const values = schema.enum.map((allowed) => (typeof allowed === 'string' ? allowed : JSON.stringify(allowed)));
  const detail = `supported values: ${values.map((one) => JSON.stringify(one)).join(', ')}`;
  errors.push({ type: 'FieldValueNotSupported', field: fieldOf(name), value, detail });
}

function visitItems({ schema, name, before }: Node, items: readonly Json[], errors: FieldError[]): void {
  const { items: itemSchema, minItems, maxItems } = schema;
  if (itemSchema !== undefined) {
    for (const [index, value] of items.entries()) {
      const inner = correlatedItem(before, schema, index);
      visit({ schema: itemSchema, value, name: `${name}[${index}]`, before: inner }, errors);
    }
  }
  const field = fieldOf(name);
  const size = items.length;
  if (minItems !== undefined && size < minItems) {
    const detail = `${name} in body should have at least ${minItems} items`;
    errors.push({ type: 'FieldValueInvalid', field, value: size, detail });
  }
  if (maxItems !== undefined && size > maxItems) {
    errors.push({ type: 'FieldValueTooMany', field, value: size, detail: atMost(maxItems) });
  }
}

function visitMembers({ schema, name, before }: Node, object: { readonly [key: string]: Json }, errors: FieldError[]) {
  const { maxProperties, required = [] } = schema;
  const size = Object.keys(object).length;
  if (maxProperties !== undefined && size > maxProperties) {
    errors.push({ type: 'FieldValueTooMany', field: fieldOf(name), value: size, detail: atMost(maxProperties) });
  }
  for (const [key, value] of Object.entries(object)) {
    const member = memberSchema(schema, key);
    if (member === undefined) continue;
    const isTypeMeta = name === '' && (key === 'apiVersion' || key === 'kind');
    const inner = isTypeMeta ? undefined : correlatedMember(before, key);
    visit({ schema: member, value, name: name === '' ? key : `${name}.${key}`, before: inner }, errors);
  }
  for (const key of required) {
    if (Object.hasOwn(object, key)) continue;
    errors.push({ type: 'FieldValueRequired', field: name === '' ? key : `${name}.${key}`, detail: '' });
  }
}

function fieldOf(name: string): string {
  return name === '' ? '<nil>' : name;
}

function atMost(count: number): string {
  return `must have at most ${count} ${count === 1 ? 'item' : 'items'}`;
}
