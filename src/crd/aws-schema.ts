import { BOUNDS, DEFAULT_BOUNDS } from '../kinds/schema/bounds.ts';
import type { JsonSchema } from '../kinds/schema/json-schema.ts';
import type { AwsPart, Bounds } from '../kinds/schema/kind-schema.ts';
import type { List, MapOf, Member, Scalar, Shape, Structure } from '../shape/shape.ts';
import { cutDescription, type Descriptions } from './descriptions.ts';

/** A placeholder in place of one of AWS's words. */
const LONGEST_MISTAKE = 128;

/** More than these are too many for a description. */
const MOST_VALUES = 12;

/** A member that is accepted whatever it holds, and never read. */
const ignored: JsonSchema = {
  description: 'Printed by AWS; ignored.',
  nullable: true,
  'x-kubernetes-preserve-unknown-fields': true,
};

/**
 * The properties that AWS's part puts under `spec`, by name.
 * @throws when AWS's request has a member that carries one of our names: it has to be offered under another.
 */
export function awsProperties(
  aws: AwsPart,
  descriptions: Descriptions,
  ours: ReadonlySet<string>,
): Record<string, JsonSchema> {
  const walker = new Walker(aws, descriptions);
  const properties = walker.root();
  for (const name of Object.keys(properties)) {
    if (ours.has(name)) {
      throw new Error(
        `AWS's ${aws.shape.name} has a member "${name}" now, which is a name of ours: offer it as "${renamed(name)}" (AwsPart.renamed)`,
      );
    }
  }
  return properties;
}

function renamed(name: string): string {
  return `aws${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

class Walker {
  readonly #aws: AwsPart;
  readonly #descriptions: Descriptions;

  constructor(aws: AwsPart, descriptions: Descriptions) {
    this.#aws = aws;
    this.#descriptions = descriptions;
  }

  root(): Record<string, JsonSchema> {
    const { shape, interfaces, boundsName = shape.name, extra = {}, renamed: names = {} } = this.#aws;
    const properties: Record<string, JsonSchema> = {};
    for (const [name, member] of Object.entries(shape.members)) {
      const own = names[name] ?? name;
      properties[own] = this.#member({ structure: boundsName, name, member, interfaces, path: name });
    }
    for (const [name, schema] of Object.entries(extra)) {
      if (!name.includes('.')) properties[name] ??= { ...schema, nullable: true };
    }
    return properties;
  }

  #member(input: {
    structure: string;
    name: string;
    member: Member;
    interfaces: readonly string[];
    path: string;
  }): JsonSchema {
    const { structure, name, member, interfaces, path } = input;
    if (member.outputOnly) return ignored;
    const bounds = BOUNDS[`${structure}.${name}`] ?? {};
    const text = interfaces
      .map((one) => this.#descriptions.describe(one, member.awsName))
      .find((found) => found !== undefined);
    const parts = [cutDescription(text ?? ''), knownValues(member.shape), bounds.note ?? ''];
    const description = parts.filter((part) => part !== '').join(' ');
    return {
      ...(description === '' ? {} : { description }),
      ...this.#shape(member.shape, bounds, path),
      ...(bounds.numberOnly ? {} : { nullable: true }),
    };
  }

  #shape(shape: Shape, bounds: Bounds, path: string): JsonSchema {
    switch (shape.type) {
      case 'structure':
        return this.#structure(shape, path);
      case 'list':
        return this.#list(shape, bounds, path);
      case 'map':
        return mapSchema(shape, bounds);
      case 'document':
        return { 'x-kubernetes-preserve-unknown-fields': true };
      default:
        return scalarSchema(shape, bounds);
    }
  }

  #structure(shape: Structure, path: string): JsonSchema {
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    for (const [name, member] of Object.entries(shape.members)) {
      const at = `${path}.${name}`;
      properties[name] = this.#member({ structure: shape.name, name, member, interfaces: [shape.name], path: at });
      if (member.required && BOUNDS[`${shape.name}.${name}`]?.optional !== true) required.push(name);
    }
    for (const [name, schema] of Object.entries(this.#aws.extra ?? {})) {
      const inner = name.slice(path.length + 1);
      if (name.startsWith(`${path}.`) && !inner.includes('.')) properties[inner] ??= { ...schema, nullable: true };
    }
    return { type: 'object', ...(required.length === 0 ? {} : { required: required.sort() }), properties };
  }

  #list(shape: List, bounds: Bounds, path: string): JsonSchema {
    const of = this.#shape(shape.of, { ...bounds, max: bounds.itemMax ?? DEFAULT_BOUNDS.item }, `${path}[]`);
    const { key } = shape;
    return {
      type: 'array',
      maxItems: bounds.max ?? DEFAULT_BOUNDS.list,
      items: key === undefined ? of : withKey(of, key),
      ...(key === undefined
        ? { 'x-kubernetes-list-type': 'atomic' }
        : { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] }),
    };
  }
}

/** An enum of AWS's that may grow is told, not enforced: a value that AWS adds tomorrow must not be refused today. */
function knownValues(shape: Shape): string {
  const of = shape.type === 'list' ? shape.of : shape;
  if (of.type !== 'string' || of.values === undefined) return '';
  if (of.closed === true) return `One of ${of.values.join(', ')}.`;
  const shown = of.values.slice(0, MOST_VALUES);
  return `Known values: ${shown.join(', ')}${shown.length < of.values.length ? ', …' : ''}.`;
}

/** The key of a list's items has to be there. */
function withKey(item: JsonSchema, key: string): JsonSchema {
  const { nullable: _, ...schema } = item.properties?.[key] ?? {};
  const required = [...new Set([...(item.required ?? []), key])].sort();
  return { ...item, required, properties: { ...item.properties, [key]: schema } };
}

function mapSchema(shape: MapOf, bounds: Bounds): JsonSchema {
  if (shape.of.type !== 'string') throw new Error(`a map of ${shape.of.type} is new in AWS's requests: say its schema`);
  return {
    type: 'object',
    maxProperties: bounds.max ?? DEFAULT_BOUNDS.map,
    additionalProperties: { type: 'string', maxLength: bounds.itemMax ?? DEFAULT_BOUNDS.item, nullable: true },
  };
}

function scalarSchema(shape: Scalar, bounds: Bounds): JsonSchema {
  switch (shape.type) {
    case 'boolean':
      return { type: 'boolean' };
    case 'double':
      return { type: 'number', ...range(bounds) };
    case 'integer':
      if (bounds.numberOnly) return { type: 'integer', format: 'int64', ...range(bounds) };
      // A string in place of a number is a number, or nothing (`""`, as skeletons have it).
      return { ...intOrString(), pattern: '^(-?[0-9]+)?$', ...range(bounds) };
    case 'timestamp':
      return { type: 'string', format: 'date-time' };
    case 'string':
      return stringSchema(shape, bounds);
    default:
      shape.type satisfies never;
      throw new Error(`unknown type ${String(shape.type)}`);
  }
}

/**
 * A string that is one of a few. Not `enum`, which would refuse null; and long enough that it is the pattern which
 * speaks, not "too long".
 */
export function onlyValues(values: readonly string[]): JsonSchema {
  return { maxLength: LONGEST_MISTAKE, pattern: `^(${values.join('|')})$` };
}

function intOrString(): JsonSchema {
  return { 'x-kubernetes-int-or-string': true, maxLength: DEFAULT_BOUNDS.number };
}

function range(bounds: Bounds): JsonSchema {
  if (bounds.range === undefined) return {};
  const [minimum, maximum] = bounds.range;
  return { minimum, maximum };
}

function stringSchema(shape: Scalar, bounds: Bounds): JsonSchema {
  if (bounds.numberToo) return intOrString();
  const { values = [] } = shape;
  // `""` means "not declared" in what people write.
  if (shape.closed === true && values.length > 0) return { type: 'string', ...onlyValues([...values, '']) };
  return { type: 'string', maxLength: bounds.max ?? DEFAULT_BOUNDS.string };
}
