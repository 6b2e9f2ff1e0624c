import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import type { Rule } from '../../../../src/kinds/schema/kind-schema.ts';
import { badRequest } from '../api-error.ts';
import { FieldSet } from '../apply/field-set.ts';
import { type MergeType, mergeTypeOf } from '../apply/merge-type.ts';
import { type FieldError, invalidValue } from '../field-error.ts';
import {
  at,
  isList,
  isObject,
  type Json,
  type JsonDraft,
  type JsonObject,
  objectAt,
  sameJson,
  textAt,
  withMember,
} from '../json.ts';
import { OBJECT_META, readObjectMeta, unknownMeta } from '../metadata/object-meta.ts';
import { changedMetaErrors, newMetaErrors } from '../metadata/validate-meta.ts';
import { duplicateItems } from '../schema/list-keys.ts';
import { dropNulls, pruneObject, withDefaults } from '../schema/prune.ts';
import { type BoundRule, bindRules, brokenRules } from '../schema/rules.ts';
import { validateSchema } from '../schema/validate.ts';
import { apiVersionOf, type Decoded, type Resource, type ScalePaths, type Subresource } from './resource.ts';

/** What a CustomResourceDefinition says about one of its versions. */
export interface CustomResourceOptions {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly schema: JsonSchema;
  readonly status: boolean;
  readonly scale: ScalePaths | undefined;
  /** The kind's CEL rules, with the predicates that say the same. */
  readonly rules: readonly Rule[];
}

/** After these the API server does not ask the CEL rules any more. */
const BLOCKING: readonly FieldError['type'][] = [
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
];
const MAX_REPLICAS = 2 ** 31 - 1;

/** The type that a CRD defines (apiextensions-apiserver, registry/customresource). */
export class CustomResource implements Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly mergeType: MergeType;
  readonly status: boolean;
  readonly scale: ScalePaths | undefined;
  readonly createOnUpdate = false;
  readonly unconditionalUpdate = false;
  readonly typedItems = true;
  readonly patchTypes = ['application/json-patch+json', 'application/merge-patch+json'];
  readonly #schema: JsonSchema;
  /** Values of members that nothing has to be taken out of. */
  readonly #clean = new Map<string, WeakSet<JsonObject>>();
  readonly #rules: readonly BoundRule[];

  constructor(options: CustomResourceOptions) {
    this.group = options.group;
    this.version = options.version;
    this.kind = options.kind;
    this.plural = options.plural;
    this.namespaced = options.namespaced;
    this.status = options.status;
    this.scale = options.scale;
    this.#schema = options.schema;
    this.#rules = bindRules(options.schema, options.rules);
    this.mergeType = publishedType(options.schema);
  }

  decode(body: JsonObject): Decoded {
    if (textAt(body, 'kind') === undefined || body.kind === '') {
      throw badRequest(
        `the object provided is unrecognized (must be of type ${this.kind}): Object 'Kind' is missing in '${JSON.stringify(body)}'`,
      );
    }
    const given = textAt(body, 'apiVersion') ?? '';
    if (given !== apiVersionOf(this)) {
      const expected = apiVersionOf(this);
      throw badRequest(`the API version in the data (${given}) does not match the expected API version (${expected})`);
    }
    return this.#coerce(body);
  }

  #coerce(body: JsonObject): Decoded {
    const metadata = readObjectMeta(body.metadata);
    // A kind that is not ours is refused later, by validation; nothing is pruned for it.
    if (body.kind !== this.kind) return { object: { ...body, metadata }, unknown: [] };
    const { object, unknown } = this.#pruned(body);
    return { object: { ...object, metadata }, unknown: [...unknownMeta(body.metadata), ...unknown] };
  }

  /** Part by part, since most writes leave the spec or the status as it was stored. */
  #pruned(body: JsonObject): Decoded {
    const object: JsonDraft = {};
    const unknown: string[] = [];
    for (const [name, value] of Object.entries(body)) {
      if (isObject(value) && this.#clean.get(name)?.has(value)) object[name] = value;
      else {
        const part = pruneObject({ [name]: value }, this.#schema);
        unknown.push(...part.unknown);
        Object.assign(object, dropNulls(part.value, this.#schema));
      }
    }
    const defaulted = withDefaults(object, this.#schema);
    for (const [name, value] of Object.entries(defaulted)) if (isObject(value)) this.#noteClean(name, value);
    return { object: defaulted, unknown: unknown.sort() };
  }

  #noteClean(name: string, value: JsonObject): void {
    const known = this.#clean.get(name);
    if (known === undefined) this.#clean.set(name, new WeakSet([value]));
    else known.add(value);
  }

  stored(object: JsonObject): JsonObject {
    return this.#coerce(object).object;
  }

  defaulted(object: JsonObject): JsonObject {
    return withDefaults(object, this.#schema);
  }

  prepareCreate(object: JsonObject): JsonObject {
    const bare = this.status ? withMember(object, 'status', undefined) : object;
    return { ...bare, metadata: { ...objectAt(bare, 'metadata'), generation: 1 } };
  }

  prepareUpdate(object: JsonObject, old: JsonObject, subresource: Subresource | undefined): JsonObject {
    return subresource === 'status' ? statusOnly(object, old) : this.#withoutStatus(object, old);
  }

  #withoutStatus(object: JsonObject, old: JsonObject): JsonObject {
    const next = this.status ? withMember(object, 'status', old.status) : object;
    const changed = !sameJson(withoutMetadata(next), withoutMetadata(old));
    if (!changed) return next;
    const generation = at(old, 'metadata', 'generation');
    const grown = (typeof generation === 'number' ? generation : 0) + 1;
    return { ...next, metadata: { ...objectAt(next, 'metadata'), generation: grown } };
  }

  createErrors(object: JsonObject): readonly FieldError[] {
    const typeErrors = this.#typeErrors(object);
    if (typeErrors.length > 0) return this.#withRules(typeErrors, object, undefined);
    const errors = [
      ...newMetaErrors(object, { namespaced: this.namespaced }),
      ...validateSchema({ schema: this.#schema, value: object }),
      ...this.#scaleErrors(object, 'spec'),
      ...this.#scaleErrors(object, 'status'),
      ...duplicateItems(this.#schema, object),
    ];
    return this.#withRules(errors, object, undefined);
  }

  updateErrors(object: JsonObject, old: JsonObject, subresource: Subresource | undefined): readonly FieldError[] {
    const wasUnique = duplicateItems(this.#schema, old).length === 0;
    const errors = [
      ...changedMetaErrors(object, old, { namespaced: this.namespaced }),
      ...this.#typeErrors(object),
      ...(subresource === 'status' ? this.#statusErrors(object, old) : this.#objectErrors(object, old)),
      ...this.#scaleErrors(object, 'status'),
      ...(wasUnique ? duplicateItems(this.#schema, object) : []),
    ];
    return this.#withRules(errors, object, old);
  }

  #objectErrors(object: JsonObject, old: JsonObject): readonly FieldError[] {
    return [...validateSchema({ schema: this.#schema, value: object, old }), ...this.#scaleErrors(object, 'spec')];
  }

  #statusErrors(object: JsonObject, old: JsonObject): readonly FieldError[] {
    const schema = this.#schema.properties?.status;
    const { status } = object;
    if (schema === undefined || status === undefined) return [];
    return validateSchema({ schema, value: status, path: 'status', old: old.status });
  }

  #typeErrors(object: JsonObject): readonly FieldError[] {
    const errors: FieldError[] = [];
    const kind = textAt(object, 'kind') ?? '';
    const version = textAt(object, 'apiVersion') ?? '';
    if (kind !== this.kind) errors.push(invalidValue('kind', kind, `must be ${this.kind}`));
    if (version !== apiVersionOf(this)) {
      errors.push(invalidValue('apiVersion', version, `must be ${apiVersionOf(this)}`));
    }
    return errors;
  }

  #withRules(errors: readonly FieldError[], object: JsonObject, old: JsonObject | undefined): readonly FieldError[] {
    if (errors.some(({ type }) => BLOCKING.includes(type))) {
      const why =
        'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
      return [...errors, invalidValue('<nil>', null, why)];
    }
    // Of another kind: its rules are not ours.
    if (object.kind !== this.kind) return errors;
    return [...errors, ...brokenRules(this.#rules, object, old)];
  }

  #scaleErrors(object: JsonObject, part: 'spec' | 'status'): readonly FieldError[] {
    if (this.scale === undefined) return [];
    const field = `.${this.scale[part].join('.')}`;
    const errors = replicaErrors(at(object, ...this.scale[part]), field);
    if (part === 'spec' || this.scale.selector === undefined) return errors;
    const selector = at(object, ...this.scale.selector);
    if (selector === undefined || typeof selector === 'string') return errors;
    const path = `.${this.scale.selector.join('.')}`;
    return [...errors, invalidValue(path, '', accessorError(path, selector, 'string'))];
  }

  resetFields(subresource: Subresource | undefined): FieldSet {
    if (subresource === 'status') return FieldSet.of(['f:spec']);
    return this.status && subresource === undefined ? FieldSet.of(['f:status']) : FieldSet.EMPTY;
  }
}

/** An update of status keeps everything else, but for who owns what. */
function statusOnly(object: JsonObject, old: JsonObject): JsonObject {
  const managedFields = at(object, 'metadata', 'managedFields');
  const metadata = withMember(objectAt(old, 'metadata') ?? {}, 'managedFields', managedFields);
  return withMember({ ...old, metadata }, 'status', object.status);
}

function replicaErrors(value: Json | undefined, field: string): readonly FieldError[] {
  if (value === undefined) return [];
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return [invalidValue(field, 0, accessorError(field, value, 'int64'))];
  }
  if (value < 0) return [invalidValue(field, value, 'should be a non-negative integer')];
  if (value > MAX_REPLICAS) return [invalidValue(field, value, `should be less than or equal to ${MAX_REPLICAS}`)];
  return [];
}

function accessorError(path: string, value: Json, wanted: string): string {
  const found =
    value === null
      ? '<nil>'
      : Array.isArray(value)
        ? '[]interface {}'
        : isObject(value)
          ? 'map[string]interface {}'
          : typeof value === 'number'
            ? 'float64'
            : typeof value === 'boolean'
              ? 'bool'
              : 'string';
  return `${path} accessor error: ${goText(value)} is of the type ${found}, expected ${wanted}`;
}

/** As Go prints a value. */
function goText(value: Json): string {
  if (value === null) return '<nil>';
  if (isList(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const members = Object.keys(value).sort();
  return `map[${members.map((name) => `${name}:${goText(value[name] ?? null)}`).join(' ')}]`;
}

function withoutMetadata(object: JsonObject): JsonObject {
  return withMember(object, 'metadata', undefined);
}

const types = new WeakMap<JsonSchema, MergeType>();

/** For server-side apply the published schema counts, where every object has metadata. */
function publishedType(schema: JsonSchema): MergeType {
  let type = types.get(schema);
  if (type === undefined) {
    const text: JsonSchema = { type: 'string' };
    const properties = { ...schema.properties, apiVersion: text, kind: text, metadata: OBJECT_META };
    type = mergeTypeOf({ ...schema, properties });
    types.set(schema, type);
  }
  return type;
}
