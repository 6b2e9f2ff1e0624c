import { isList, isObject, type Json, type JsonObject } from '../../shape/shape.ts';

/** Whether a member says something: absent, null and `""` all mean "not declared". */
export function given(object: JsonObject | undefined, name: string): boolean {
  const value = object?.[name];
  return value !== undefined && value !== null && value !== '';
}

/** A scalar as text (`80` and `"80"` are the same), `""` when it is not declared. */
export function asText(object: JsonObject | undefined, name: string): string {
  const value = object?.[name];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The items of a list, none when it is not declared. */
export function items(object: JsonObject | undefined, name: string): readonly Json[] {
  const value = object?.[name];
  return isList(value) ? value : [];
}

/** The items of a list of objects. */
export function objects(object: JsonObject | undefined, name: string): readonly JsonObject[] {
  return items(object, name).filter((item) => isObject(item));
}

/** A structure, undefined when it is not declared. */
export function inside(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = object?.[name];
  return isObject(value) ? value : undefined;
}
