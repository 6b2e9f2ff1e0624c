import { isList, isObject, type Json, type JsonDraft, type JsonObject } from './json.ts';

/**
 * RFC 7396 as the API server does it (evanphx/json-patch v4, merge.go): members of the patch replace those of the
 * target, null takes them out. Unlike the RFC it takes nulls out of the items of lists too, unless the list replaces
 * an object.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(target)) return withoutNulls(patch);
  return isObject(patch) ? mergeObjects(target, patch) : patch;
}

function mergeObjects(target: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonDraft = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

function withoutNulls(value: Json): Json {
  if (isList(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const rest: JsonDraft = {};
  for (const [name, member] of Object.entries(value)) if (member !== null) rest[name] = withoutNulls(member);
  return rest;
}
