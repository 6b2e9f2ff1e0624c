import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import { isList, isObject, type Json } from '../json.ts';

/** How values of one place are merged: an "atom" of sigs.k8s.io/structured-merge-diff. */
export interface MergeType {
  readonly scalar?: Scalar;
  readonly list?: ListType;
  readonly map?: MapType;
}

type Scalar = 'string' | 'numeric' | 'boolean' | 'untyped';

export interface ListType {
  /** An atomic list is owned as a whole; the others by their items. */
  readonly atomic: boolean;
  /** What tells the items of a list-map apart; none for a set. */
  readonly keys: readonly string[];
  /** What a key is where an item leaves it out. */
  readonly keyDefaults: Readonly<Record<string, Json>>;
  readonly element: () => MergeType;
}

export interface MapType {
  readonly atomic: boolean;
  /** The members that the schema names. */
  readonly fields: ReadonlyMap<string, () => MergeType>;
  /** Of all others; undefined where there may be none. */
  readonly element: (() => MergeType) | undefined;
}

/** Of what no schema speaks of, inside lists: one value. */
const UNTYPED: MergeType = {
  scalar: 'untyped',
  list: { atomic: true, keys: [], keyDefaults: {}, element: () => UNTYPED },
  map: { atomic: true, fields: new Map(), element: () => UNTYPED },
};

/** Of what no schema speaks of: objects are merged by their members. */
export const DEDUCED: MergeType = {
  scalar: 'untyped',
  list: { atomic: true, keys: [], keyDefaults: {}, element: () => UNTYPED },
  map: { atomic: false, fields: new Map(), element: () => DEDUCED },
};

const compiled = new WeakMap<JsonSchema, MergeType>();

/** The merge type of a schema (k8s.io/kube-openapi, pkg/schemaconv). */
export function mergeTypeOf(schema: JsonSchema, keepsUnknown = false): MergeType {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const type = parse(schema, keepsUnknown || schema['x-kubernetes-preserve-unknown-fields'] === true);
  compiled.set(schema, type);
  return type;
}

function parse(schema: JsonSchema, keepsUnknown: boolean): MergeType {
  // In what is published, an int-or-string has no type: it takes anything.
  if (schema.type === undefined || schema['x-kubernetes-int-or-string'] === true) {
    return { scalar: 'untyped', list: listType(schema, keepsUnknown), map: mapType(schema, keepsUnknown) };
  }
  switch (schema.type) {
    case 'object':
      return { map: mapType(schema, keepsUnknown) };
    case 'array':
      return { list: listType(schema, keepsUnknown) };
    case 'integer':
    case 'number':
      return { scalar: 'numeric' };
    case 'boolean':
      return { scalar: 'boolean' };
    case 'string':
      return { scalar: schema.format === undefined || schema.format === 'byte' ? 'string' : 'untyped' };
    default:
      return schema.type satisfies never;
  }
}

function listType(schema: JsonSchema, keepsUnknown: boolean): ListType {
  const kind = schema['x-kubernetes-list-type'];
  const { items } = schema;
  return {
    atomic: kind !== 'map' && kind !== 'set',
    keys: kind === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : [],
    keyDefaults: defaultsOf(items),
    element: items === undefined ? () => UNTYPED : () => mergeTypeOf(items, keepsUnknown),
  };
}

function defaultsOf(items: JsonSchema | undefined): Readonly<Record<string, Json>> {
  const members = Object.entries(items?.properties ?? {});
  return Object.fromEntries(
    members.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

function mapType(schema: JsonSchema, keepsUnknown: boolean): MapType {
  const { properties = {}, additionalProperties } = schema;
  const members = Object.entries(properties);
  return {
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    fields: new Map(members.map(([name, member]) => [name, () => mergeTypeOf(member, keepsUnknown)])),
    element:
      additionalProperties !== undefined
        ? () => mergeTypeOf(additionalProperties, keepsUnknown)
        : keepsUnknown || members.length === 0
          ? () => DEDUCED
          : undefined,
  };
}

/** The type of a member of a map; undefined where the schema knows none. */
export function memberType(map: MapType, name: string): MergeType | undefined {
  return (map.fields.get(name) ?? map.element)?.();
}

/** Which of its forms a type takes for a value: null, and what fits none, leave it open. */
export function deduce(type: MergeType, value: Json | undefined): MergeType {
  switch (formOf(value)) {
    case 'scalar':
      return type.scalar === undefined ? type : { scalar: type.scalar };
    case 'list':
      return type.list === undefined ? type : { list: type.list };
    case 'map':
      return type.map === undefined ? type : { map: type.map };
    case undefined:
      return type;
  }
}

/** The form that decides what is done with a value of a type. */
export function formIn(type: MergeType): 'map' | 'scalar' | 'list' {
  if (type.map !== undefined) return 'map';
  return type.scalar !== undefined ? 'scalar' : 'list';
}

function formOf(value: Json | undefined): 'scalar' | 'list' | 'map' | undefined {
  if (value === undefined || value === null) return undefined;
  if (isList(value)) return 'list';
  return isObject(value) ? 'map' : 'scalar';
}
