import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import { isList, isObject, type Json, type JsonDraft, type JsonObject } from '../json.ts';
import { memoised } from '../memoised.ts';
import { innerSchemas, memberSchema } from './members.ts';

/** What pruning left of a value, and the paths of what went. */
export interface Pruned {
  readonly value: JsonObject;
  readonly unknown: readonly string[];
}

const OF_EVERY_OBJECT = new Set(['apiVersion', 'kind', 'metadata']);

/** Takes out members that the schema does not know (apiextensions-apiserver, schema/pruning). */
export function pruneObject(object: JsonObject, schema: JsonSchema): Pruned {
  const unknown: string[] = [];
  const value = pruneMap(object, schema, { path: '', isRoot: true, unknown });
  return { value, unknown: unknown.sort() };
}

interface Place {
  readonly path: string;
  readonly isRoot: boolean;
  readonly unknown: string[];
}

function prune(value: Json, schema: JsonSchema, place: Place): Json {
  if (isObject(value)) return pruneMap(value, schema, place);
  if (!isList(value)) return value;
  const { items = {} } = schema;
  return value.map((item, index) => prune(item, items, { ...place, path: `${place.path}[${index}]` }));
}

function pruneMap(map: JsonObject, schema: JsonSchema, place: Place): JsonObject {
  const { properties = {}, additionalProperties } = schema;
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const kept: JsonDraft = {};
  for (const [name, inner] of Object.entries(map)) {
    const path = place.path === '' ? name : `${place.path}.${name}`;
    if (place.isRoot && OF_EVERY_OBJECT.has(name)) {
      kept[name] = inner;
      continue;
    }
    const member = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (member !== undefined) kept[name] = prune(inner, member, { ...place, path, isRoot: false });
    else if (keepsUnknown) kept[name] = inner;
    else place.unknown.push(path);
  }
  return kept;
}

/** Takes out members that are null although they may not be, unless they have a default. */
export function dropNulls(value: JsonObject, schema: JsonSchema): JsonObject {
  return dropNullsIn(value, schema) as JsonObject; // Safe: a map stays a map.
}

function dropNullsIn(value: Json, schema: JsonSchema | undefined): Json {
  if (schema === undefined) return value;
  if (isList(value)) return value.map((item) => dropNullsIn(item, schema.items));
  if (!isObject(value)) return value;
  const kept: JsonDraft = {};
  for (const [name, inner] of Object.entries(value)) {
    const member = memberSchema(schema, name);
    if (inner === null && member !== undefined && !member.nullable && member.default === undefined) continue;
    kept[name] = dropNullsIn(inner, member);
  }
  return kept;
}

/** Fills in defaults, also where null stands that may not (apiextensions-apiserver, schema/defaulting). */
export function withDefaults(object: JsonObject, schema: JsonSchema): JsonObject {
  return hasDefaults(schema) ? (withDefaultsIn(object, schema) as JsonObject) : object; // Safe: a map stays a map.
}

function withDefaultsIn(value: Json, schema: JsonSchema | undefined): Json {
  if (schema === undefined || !hasDefaults(schema)) return value;
  if (isList(value)) {
    const { items } = schema;
    return value.map((item) =>
      withDefaultsIn(item === null && !items?.nullable ? (items?.default ?? null) : item, items),
    );
  }
  if (!isObject(value)) return value;
  const filled: JsonDraft = { ...value };
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if (member.default === undefined) continue;
    if (!Object.hasOwn(filled, name) || (filled[name] === null && !member.nullable)) filled[name] = member.default;
  }
  for (const [name, inner] of Object.entries(filled)) filled[name] = withDefaultsIn(inner, memberSchema(schema, name));
  return filled;
}

/** Most schemas have none, and then there is nothing to walk. */
const hasDefaults = memoised((schema: JsonSchema): boolean =>
  innerSchemas(schema).some((inner) => inner.default !== undefined || hasDefaults(inner)),
);
