import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import { isList, isObject, type Json, sameJson } from '../json.ts';

/**
 * A value and the one that it was before, where both can be told to be the same place: items of atomic lists and sets
 * cannot (apiserver, pkg/cel/common: CorrelatedObject).
 */
export interface Correlated {
  readonly value: Json;
  readonly old: Json;
}

export function correlatedMember(pair: Correlated | undefined, name: string): Correlated | undefined {
  if (pair === undefined || !isObject(pair.value) || !isObject(pair.old)) return undefined;
  const value = Object.hasOwn(pair.value, name) ? pair.value[name] : undefined;
  const old = Object.hasOwn(pair.old, name) ? pair.old[name] : undefined;
  return value === undefined || old === undefined ? undefined : { value, old };
}

export function correlatedItem(
  pair: Correlated | undefined,
  schema: JsonSchema,
  index: number,
): Correlated | undefined {
  if (pair === undefined || schema['x-kubernetes-list-type'] !== 'map') return undefined;
  if (!isList(pair.value) || !isList(pair.old)) return undefined;
  const value = pair.value[index];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const old = pair.old.find((item) => keys.every((key) => sameMember(item, value, key)));
  return value === undefined || old === undefined ? undefined : { value, old };
}

function sameMember(one: Json, other: Json | undefined, name: string): boolean {
  return isObject(one) && isObject(other) && sameJson(one[name], other[name]);
}

export function isUnchanged(pair: Correlated | undefined): boolean {
  return pair !== undefined && sameJson(pair.value, pair.old);
}
