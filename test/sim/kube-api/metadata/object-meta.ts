import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import { badRequest } from '../api-error.ts';
import { isList, isObject, type Json, type JsonDraft, type JsonObject } from '../json.ts';

const TEXT: JsonSchema = { type: 'string' };
const TIME: JsonSchema = { type: 'string', format: 'date-time' };
const TEXTS: JsonSchema = { type: 'object', additionalProperties: TEXT };
const NUMBER: JsonSchema = { type: 'integer', format: 'int64' };

/** Kubernetes' ObjectMeta, for server-side apply. */
export const OBJECT_META: JsonSchema = {
  type: 'object',
  properties: {
    annotations: TEXTS,
    creationTimestamp: TIME,
    deletionGracePeriodSeconds: NUMBER,
    deletionTimestamp: TIME,
    finalizers: { type: 'array', items: TEXT, 'x-kubernetes-list-type': 'set' },
    generateName: TEXT,
    generation: NUMBER,
    labels: TEXTS,
    managedFields: {
      type: 'array',
      items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      'x-kubernetes-list-type': 'atomic',
    },
    name: TEXT,
    namespace: TEXT,
    ownerReferences: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      items: {
        type: 'object',
        'x-kubernetes-map-type': 'atomic',
        properties: {
          apiVersion: TEXT,
          blockOwnerDeletion: { type: 'boolean' },
          controller: { type: 'boolean' },
          kind: TEXT,
          name: TEXT,
          uid: TEXT,
        },
      },
    },
    resourceVersion: TEXT,
    selfLink: TEXT,
    uid: TEXT,
  },
};

/**
 * Metadata as Kubernetes reads it: what it does not know is dropped, and so is what is empty.
 * @throws ApiError (BadRequest) when a member is of another type.
 */
export function readObjectMeta(metadata: Json | undefined): JsonObject {
  if (metadata === undefined || metadata === null) return {};
  if (!isObject(metadata)) throw wrongType(metadata, 'metadata');
  const kept: JsonDraft = {};
  for (const [name, schema] of Object.entries(OBJECT_META.properties ?? {})) {
    const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
    if (value === undefined || value === null || value === '' || (value === 0 && name === 'generation')) continue;
    checkType(value, schema, `metadata.${name}`);
    if (!isEmpty(value)) kept[name] = value;
  }
  return kept;
}

/** The paths of members that are none of ObjectMeta. */
export function unknownMeta(metadata: Json | undefined): readonly string[] {
  if (!isObject(metadata)) return [];
  return Object.keys(metadata)
    .filter((name) => !Object.hasOwn(OBJECT_META.properties ?? {}, name))
    .map((name) => `metadata.${name}`);
}

function checkType(value: Json, schema: JsonSchema, path: string): void {
  const { type, additionalProperties, items } = schema;
  if (type === 'array') {
    if (!isList(value)) throw wrongType(value, path);
    for (const item of value) if (items !== undefined) checkType(item, items, path);
    return;
  }
  if (type === 'object') {
    if (!isObject(value)) throw wrongType(value, path);
    for (const inner of Object.values(value)) if (additionalProperties) checkType(inner, additionalProperties, path);
    return;
  }
  const fits = type === 'string' ? 'string' : type === 'boolean' ? 'boolean' : 'number';
  if (typeof value !== fits) throw wrongType(value, path);
}

function wrongType(value: Json, path: string): Error {
  const found = isList(value) ? 'array' : value === null ? 'null' : typeof value;
  return badRequest(`json: cannot unmarshal ${found} into Go struct field ObjectMeta.${path}`);
}

/** An empty list or map; a list of managedFields with one empty entry asks to forget them all. */
function isEmpty(value: Json): boolean {
  if (isList(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
