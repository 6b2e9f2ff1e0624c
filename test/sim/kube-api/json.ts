import { isList, isObject, type Json, type JsonObject } from '../../../src/shape/shape.ts';
import { memoised } from './memoised.ts';

export { isList, isObject, type Json, type JsonObject };

/** An object that is being built; finished ones are never changed, so they can be shared. */
export type JsonDraft = Record<string, Json>;

/** Deep equality; the order of members means nothing. */
export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  if (one === null || other === null || one === undefined || other === undefined) return false;
  if (isList(one)) {
    if (!isList(other) || one.length !== other.length) return false;
    return one.every((item, at) => sameJson(item, other[at]));
  }
  if (isList(other) || !isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.hasOwn(other, name) && sameJson(one[name], other[name]));
}

/** What stands at a path of member names; undefined as soon as one is missing. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let here = value;
  for (const name of path) here = isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  return here;
}

export function objectAt(value: Json | undefined, ...path: readonly string[]): JsonObject | undefined {
  const found = at(value, ...path);
  return isObject(found) ? found : undefined;
}

export function listAt(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = at(value, ...path);
  return isList(found) ? found : [];
}

export function textAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** A copy with one member replaced, or taken out by undefined. */
export function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value === undefined) {
    if (!Object.hasOwn(object, name)) return object;
    const { [name]: _out, ...rest } = object;
    return rest;
  }
  return object[name] === value ? object : { ...object, [name]: value };
}

/** The same one level deeper; the parent is made when it is missing, and goes when nothing is left of it. */
export function withMemberAt(object: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [first = '', ...rest] = path;
  if (rest.length === 0) return withMember(object, first, value);
  const inner = withMemberAt(objectAt(object, first) ?? {}, rest, value);
  return withMember(object, first, inner);
}

const texts = new WeakMap<JsonObject, string>();

/** The object as JSON text, made once: a stored object is read, answered and watched many times. */
export function jsonText(object: JsonObject): string {
  const known = texts.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(object);
  texts.set(object, text);
  return text;
}

/** The object as the bytes of its JSON text, made once as well. They must not be changed. */
export const jsonBytes = memoised((object: JsonObject): Uint8Array => Buffer.from(jsonText(object)));
