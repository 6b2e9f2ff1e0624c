import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { PathElement } from './field-set.ts';
import type { ListType } from './merge-type.ts';

/** A value cannot be merged by its type. */
export class TypedValueError extends Error {
  constructor(path: string, message: string) {
    super(path === '' ? message : `${path}: ${message}`);
    this.name = 'TypedValueError';
  }
}

/** What tells an item of a set or list-map apart. @throws Error in words when nothing does. */
export function itemElement(list: ListType, item: Json): PathElement {
  return list.keys.length > 0 ? keyedElement(list, item) : setElement(item);
}

function keyedElement(list: ListType, item: Json): PathElement {
  if (item === null) throw new Error('associative list with keys may not have a null element');
  if (!isObject(item)) throw new Error('associative list with keys may not have non-map elements');
  const keys: Record<string, Json> = {};
  for (const name of [...list.keys].sort()) {
    const value = Object.hasOwn(item, name) ? item[name] : list.keyDefaults[name];
    if (value !== undefined) keys[name] = value;
  }
  if (Object.keys(keys).length === 0) {
    const names = `["${list.keys.join('" "')}"]`;
    throw new Error(
      `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
    );
  }
  return `k:${JSON.stringify(keys)}`;
}

function setElement(item: Json): PathElement {
  if (isObject(item)) throw new Error("associative list without keys has an element that's a map type");
  if (isList(item)) throw new Error('not supported: associative list with lists as elements');
  if (item === null) throw new Error("associative list without keys has an element that's an explicit null");
  return `v:${JSON.stringify(item)}`;
}

/** The list in a value that a list type stands for; null counts as none. */
export function listIn(value: Json | undefined): readonly Json[] | undefined {
  return isList(value) ? value : undefined;
}

export function mapIn(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}
