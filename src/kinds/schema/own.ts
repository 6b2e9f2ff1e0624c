import type { Json } from '../../shape/shape.ts';
import type { JsonSchema } from './json-schema.ts';

declare const typed: unique symbol;

/** A piece of our own schema with the TypeScript type of the values it admits, so that the two cannot drift apart. */
export interface Own<T> {
  readonly schema: JsonSchema;
  /** Stands for the type alone; never there at run time. */
  readonly [typed]?: T;
}

/** The TypeScript type of what a piece of schema admits. */
export type Infer<S> = S extends Own<infer T> ? T : never;

interface TextBounds<V extends string> {
  /** Characters. */
  readonly max: number;
  readonly min?: number;
  readonly pattern?: string;
  /** The only values there are. */
  readonly values?: readonly V[];
  /** Filled in by the API server. */
  readonly default?: V;
}

/** A string; bounded, since the cost of CEL rules is reckoned from its longest value. */
export function text<const V extends string = string>(description: string, bounds: TextBounds<V>): Own<V> {
  const { max, min, pattern, values } = bounds;
  return {
    schema: {
      type: 'string',
      description,
      ...(values === undefined ? { maxLength: max } : { enum: values }),
      ...(min === undefined ? {} : { minLength: min }),
      ...(pattern === undefined ? {} : { pattern }),
      ...(bounds.default === undefined ? {} : { default: bounds.default }),
    },
  };
}

/** One of a few words. */
export function oneOf<const V extends string>(description: string, values: readonly V[]): Own<V> {
  return text(description, { max: Math.max(...values.map((value) => value.length)), values });
}

/** An instant, RFC 3339, that we write. */
export function time(description: string): Own<string> {
  return { schema: { type: 'string', format: 'date-time', description } };
}

const RFC_3339 = '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$';

/** An instant, RFC 3339, that people write. With `format: date-time` the API server would take a list for it [tried]. */
export function givenTime(description: string): Own<string> {
  return { schema: { type: 'string', pattern: RFC_3339, maxLength: 64, description } };
}

/** A whole number, `min` and `max` included. */
export function whole(description: string, bounds: { readonly min?: number; readonly max?: number } = {}): Own<number> {
  return {
    schema: {
      type: 'integer',
      format: 'int64',
      description,
      ...(bounds.min === undefined ? {} : { minimum: bounds.min }),
      ...(bounds.max === undefined ? {} : { maximum: bounds.max }),
    },
  };
}

export function yesNo(description: string): Own<boolean> {
  return { schema: { type: 'boolean', description } };
}

interface ListBounds {
  readonly max: number;
  /** The member that tells the items apart; without it the list is one value that is replaced as a whole. */
  readonly key?: string;
}

export function list<T>(description: string, of: Own<T>, { max, key }: ListBounds): Own<readonly T[]> {
  return {
    schema: {
      type: 'array',
      description,
      maxItems: max,
      items: of.schema,
      ...(key === undefined
        ? { 'x-kubernetes-list-type': 'atomic' }
        : { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] }),
    },
  };
}

export function map<T>(
  description: string,
  of: Own<T>,
  { max }: { readonly max: number },
): Own<Readonly<Record<string, T>>> {
  return { schema: { type: 'object', description, maxProperties: max, additionalProperties: of.schema } };
}

type Members = Readonly<Record<string, Own<unknown>>>;
type ObjectOf<M extends Members, R extends keyof M> = { readonly [K in R]: Infer<M[K]> } & {
  readonly [K in Exclude<keyof M, R>]?: Infer<M[K]>;
};

interface ObjectBounds<R> {
  readonly required?: readonly R[];
  /** Replaced as a whole, by whoever writes it. */
  readonly atomic?: true;
  readonly default?: Json;
}

export function object<const M extends Members, const R extends keyof M & string = never>(
  description: string,
  members: M,
  bounds: ObjectBounds<R> = {},
): Own<ObjectOf<M, R>> {
  const { required = [], atomic } = bounds;
  return {
    schema: {
      type: 'object',
      description,
      ...(required.length === 0 ? {} : { required }),
      properties: Object.fromEntries(Object.entries(members).map(([name, member]) => [name, member.schema])),
      ...(atomic === undefined ? {} : { 'x-kubernetes-map-type': 'atomic' }),
      ...(bounds.default === undefined ? {} : { default: bounds.default }),
    },
  };
}

/** The JSON schemas of some members, e.g. to stand in a kind's spec or status. */
export function schemasOf(members: Members): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, member.schema]));
}

/** The type of an object with these members, all of them optional. */
export type InferMembers<M extends Members> = ObjectOf<M, never>;

/** A schema for each member of an interface, none missing and none too many: for `satisfies`. */
export type OwnOf<T> = { readonly [K in keyof T]-?: Own<NonNullable<T[K]>> };
