import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import type { FieldError } from '../field-error.ts';

/** The first bound that a string breaks. */
export function stringErrors(schema: JsonSchema, value: string, name: string): readonly FieldError[] {
  const { minLength, maxLength, pattern } = schema;
  const field = name === '' ? '<nil>' : name;
  if (maxLength !== undefined && longerThan(value, maxLength)) {
    return [{ type: 'FieldValueTooLong', field, detail: `may not be more than ${maxLength} bytes` }];
  }
  const invalid = (detail: string): readonly FieldError[] => [{ type: 'FieldValueInvalid', field, value, detail }];
  if (minLength !== undefined && [...value].length < minLength) {
    return invalid(`${name} in body should be at least ${minLength} chars long`);
  }
  if (pattern !== undefined && !expression(pattern).test(value)) {
    return invalid(`${name} in body should match '${pattern}'`);
  }
  return [];
}

/** Counted in characters, not in UTF-16 units. */
function longerThan(value: string, limit: number): boolean {
  return value.length > limit && [...value].length > limit;
}

export function numberErrors(schema: JsonSchema, value: number, name: string): readonly FieldError[] {
  const { minimum, maximum } = schema;
  const field = name === '' ? '<nil>' : name;
  const errors: FieldError[] = [];
  const invalid = (detail: string) => errors.push({ type: 'FieldValueInvalid', field, value, detail });
  if (minimum !== undefined && value < minimum)
    invalid(`${name} in body should be greater than or equal to ${minimum}`);
  if (maximum !== undefined && value > maximum) invalid(`${name} in body should be less than or equal to ${maximum}`);
  return errors;
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Of the formats that Kubernetes knows, our CRDs use date-time. */
export function formatError(schema: JsonSchema, value: string, name: string): readonly FieldError[] {
  if (schema.format !== 'date-time' || schema.type !== 'string') return [];
  if (DATE_TIME.test(value) && !Number.isNaN(Date.parse(value))) return [];
  const detail = `${name} in body must be of type date-time: ${JSON.stringify(value)}`;
  return [{ type: 'FieldValueTypeInvalid', field: name === '' ? '<nil>' : name, value, detail }];
}

const expressions = new Map<string, RegExp>();

function expression(pattern: string): RegExp {
  let known = expressions.get(pattern);
  if (known === undefined) {
    known = new RegExp(pattern, 'u');
    expressions.set(pattern, known);
  }
  return known;
}
