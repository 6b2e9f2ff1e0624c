import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import type { FieldError } from '../field-error.ts';
import { isList, type Json } from '../json.ts';

/** What Kubernetes knows of the formats in our CRDs; of the others, as int64, it takes no notice. */
const TEXT_FORMATS = new Set(['date-time']);

/** Whether a value is of another type than its schema says. */
export function typeError(schema: JsonSchema, value: Json, name: string): FieldError | undefined {
  const types = schema['x-kubernetes-int-or-string']
    ? ['integer', 'string']
    : schema.type === undefined
      ? []
      : [schema.type];
  const format = TEXT_FORMATS.has(schema.format ?? '') ? schema.format : undefined;
  if (types.length === 0 && format === undefined) return undefined;
  if (value === null) {
    return types.length === 0 || schema.nullable ? undefined : wrong(name, types.join(','), 'null');
  }
  const found = typeOf(value);
  if (format !== undefined) {
    // Go compares the format instead of the type, and takes a list for a text.
    if (found === 'string' || found === 'array') return undefined;
    return wrong(name, format, found === 'integer' ? 'int64' : found === 'number' ? 'float64' : '');
  }
  const fits = types.some((type) => type === found) || (found === 'integer' && types.some((type) => type === 'number'));
  return fits ? undefined : wrong(name, types.join(','), found);
}

function typeOf(value: Exclude<Json, null>): 'integer' | 'number' | 'string' | 'boolean' | 'array' | 'object' {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number';
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
