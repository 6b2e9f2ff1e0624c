import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import { badRequest } from '../api-error.ts';
import { FieldSet } from '../apply/field-set.ts';
import { type MergeType, mergeTypeOf } from '../apply/merge-type.ts';
import type { FieldError } from '../field-error.ts';
import { isList, isObject, type Json, type JsonDraft, type JsonObject, textAt } from '../json.ts';
import { OBJECT_META, readObjectMeta, unknownMeta } from '../metadata/object-meta.ts';
import { changedMetaErrors, newMetaErrors } from '../metadata/validate-meta.ts';
import { pruneObject } from '../schema/prune.ts';
import { validateSchema } from '../schema/validate.ts';
import { apiVersionOf, type Decoded, type Resource } from './resource.ts';

/** What is particular to a type that Kubernetes itself brings. */
export interface BuiltinOptions {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Of everything but metadata, apiVersion and kind. */
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly createOnUpdate?: boolean;
  readonly unconditionalUpdate?: boolean;
  readonly nameErrors?: (name: string) => readonly string[];
  readonly prepareCreate?: (object: JsonObject) => JsonObject;
  readonly prepareUpdate?: (object: JsonObject, old: JsonObject) => JsonObject;
  readonly createErrors?: (object: JsonObject) => readonly FieldError[];
  readonly updateErrors?: (object: JsonObject, old: JsonObject) => readonly FieldError[];
}

/** A type of Kubernetes' own, as far as the operator meets it. */
export function builtinResource(options: BuiltinOptions): Resource {
  const { group, version, kind, plural, namespaced } = options;
  const text: JsonSchema = { type: 'string' };
  const schema: JsonSchema = { type: 'object', properties: { apiVersion: text, kind: text, ...options.properties } };
  const mergeType: MergeType = mergeTypeOf({
    ...schema,
    properties: { ...schema.properties, metadata: OBJECT_META },
  });
  const coerce = (body: JsonObject): Decoded => {
    const { value, unknown } = pruneObject(withoutEmpty(body), schema);
    const wrong = validateSchema({ schema, value: { ...value, metadata: {} } })[0];
    if (wrong !== undefined)
      throw badRequest(
        `${kind} in version "${version}" cannot be handled as a ${kind}: ${wrong.field}: ${wrong.detail}`,
      );
    const object = { ...value, kind, apiVersion: apiVersionOf(options), metadata: readObjectMeta(body.metadata) };
    return { object, unknown: [...unknownMeta(body.metadata), ...unknown] };
  };
  const { nameErrors } = options;
  const naming = { namespaced, ...(nameErrors !== undefined && { nameErrors }) };
  return {
    group,
    version,
    kind,
    plural,
    namespaced,
    mergeType,
    status: false,
    scale: undefined,
    createOnUpdate: options.createOnUpdate ?? false,
    unconditionalUpdate: options.unconditionalUpdate ?? false,
    typedItems: false,
    patchTypes: [
      'application/json-patch+json',
      'application/merge-patch+json',
      'application/strategic-merge-patch+json',
    ],
    decode(body) {
      const given = textAt(body, 'kind') ?? kind;
      const givenVersion = textAt(body, 'apiVersion') ?? apiVersionOf(options);
      if (given !== kind || givenVersion !== apiVersionOf(options)) {
        throw badRequest(
          `the object provided is a ${given} of ${givenVersion}, not a ${kind} of ${apiVersionOf(options)}`,
        );
      }
      return coerce(body);
    },
    stored: (object) => coerce(object).object,
    defaulted: (object) => object,
    prepareCreate: options.prepareCreate ?? ((object) => object),
    prepareUpdate: options.prepareUpdate ?? ((object) => object),
    createErrors: (object) => [...newMetaErrors(object, naming), ...(options.createErrors?.(object) ?? [])],
    updateErrors: (object, old) => [
      ...changedMetaErrors(object, old, { namespaced }),
      ...(options.updateErrors?.(object, old) ?? []),
    ],
    resetFields: () => FieldSet.EMPTY,
  };
}

/** Go's structs know no null, and leave out what is empty. */
function withoutEmpty(object: JsonObject): JsonObject {
  const kept: JsonDraft = {};
  for (const [name, value] of Object.entries(object)) {
    if (!isEmpty(value)) kept[name] = isObject(value) ? withoutEmpty(value) : value;
  }
  return kept;
}

function isEmpty(value: Json): boolean {
  return value === null || value === '' || (isList(value) && value.length === 0);
}
