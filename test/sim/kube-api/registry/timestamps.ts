import { isObject, type Json, type JsonObject, listAt, objectAt, sameJson, withMember, withMemberAt } from '../json.ts';

/**
 * Whether an update changes nothing but the times in managedFields: then it is none
 * (k8s.io/apiserver, endpoints/handlers/fieldmanager/equality.go).
 */
export function onlyTimesDiffer(next: JsonObject, old: JsonObject): boolean {
  const fields = listAt(next, 'metadata', 'managedFields');
  const before = listAt(old, 'metadata', 'managedFields');
  if (fields.length !== before.length || fields.length === 0) return false;
  if (sameJson(fields, before)) return false;
  if (!sameJson(fields.map(withoutTime), before.map(withoutTime))) return false;
  return sameJson(withoutManagedFields(next), withoutManagedFields(old));
}

function withoutTime(entry: Json): Json {
  return isObject(entry) ? withMember(entry, 'time', undefined) : entry;
}

function withoutManagedFields(object: JsonObject): JsonObject {
  if (objectAt(object, 'metadata') === undefined) return object;
  return withMemberAt(object, ['metadata', 'managedFields'], undefined);
}
