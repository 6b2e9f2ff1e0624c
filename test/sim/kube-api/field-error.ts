import { isObject, type Json, type JsonObject } from './json.ts';

/** What is wrong with one member (k8s.io/apimachinery, pkg/util/validation/field). */
export interface FieldError {
  readonly type: FieldErrorType;
  /** e.g. `spec.tags[0].key`; `<nil>` where Kubernetes names none. */
  readonly field: string;
  /** What stands there, where the message shows it. */
  readonly value?: Json;
  readonly detail: string;
}

export type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueTypeInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany';

const WORDS: Readonly<Record<FieldErrorType, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
};

function body({ type, value, detail }: FieldError): string {
  const shown = value === undefined ? '' : `: ${JSON.stringify(sorted(value))}`;
  return `${WORDS[type]}${shown}${detail === '' ? '' : `: ${detail}`}`;
}

/** As Go writes a map: by its keys. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

/** `spec.x: Invalid value: …`. */
export function fieldErrorText(error: FieldError): string {
  return `${error.field}: ${body(error)}`;
}

/** The error as a cause in a Status. */
export function causeOf(error: FieldError): JsonObject {
  return { reason: error.type, message: body(error), field: error.field };
}

export function invalidValue(field: string, value: Json, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, value, detail };
}

export function requiredValue(field: string, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field, detail };
}

export function forbiddenValue(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, detail };
}
