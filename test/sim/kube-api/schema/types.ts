import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import type { FieldError } from '../field-error.ts';
import { isList, type Json } from '../json.ts';

/** Whether a value is of another type than its schema says. */
export function typeError(schema: JsonSchema, value: Json, name: string): FieldError | undefined {
  const types = schema['x-kubernetes-int-or-string']
    ? ['integer', 'string']
    : schema.type === undefined
      ? []
      : [schema.type];
  if (types.length === 0 && schema.format === undefined) return undefined;
  if (value === null) {
    return types.length === 0 || schema.nullable ? undefined : wrong(name, types.join(','), 'null');
  }
  const found = typeOf(value);
  const fits = types.some((type) => type === found) || (found === 'integer' && types.some((type) => type === 'number'));
  if (fits) return undefined;
  const isNumber = found === 'integer' || found === 'number';
  // Go compares the format first, where it is one of numbers.
  if (schema.format !== undefined && found !== 'string' && found !== 'array') {
    return wrong(name, schema.format, isNumber ? (found === 'integer' ? 'int64' : 'double') : '');
  }
  return wrong(name, types.join(','), found);
}

function typeOf(value: Exclude<Json, null>): 'integer' | 'number' | 'string' | 'boolean' | 'array' | 'object' {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number';
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    default:
      return isList(value) ? 'array' : 'object';
  }
}

function wrong(name: string, wanted: string, found: string): FieldError {
  const field = name === '' ? '<nil>' : name;
  const detail = `${name} in body must be of type ${wanted}: ${JSON.stringify(found)}`;
  return { type: 'FieldValueTypeInvalid', field, value: found, detail };
}
