import { NormalizedSchema } from '@smithy/core/schema';
import { lowerCamel } from './aws-names.ts';
import type { MemberName, Overlay } from './overlay.ts';
import type { Member, Scalar, Shape, Structure } from './shape.ts';

/** A schema as the SDK exports it, e.g. `CreateServiceRequest$`. */
export type SdkSchema = Parameters<typeof NormalizedSchema.of>[0];

/**
 * The shape of a request: structure, names, sensitive and required from the SDK's runtime schema, the rest from the
 * overlay. A structure that contains itself gives a shape that contains itself.
 *
 * @throws TypeError when the schema is not one of a structure, or uses a type that none of our requests has (blob).
 */
export function shapeFromSdk(schema: SdkSchema, overlay: Overlay): Structure {
  return new Walker(overlay).structure(NormalizedSchema.of(schema));
}

/**
 * The shape of a request with what AWS prints beside it as output-only members: they come along when people paste what
 * a describe call printed.
 *
 * @param described the structure in which AWS prints the same thing, e.g. `Service$` for `CreateServiceRequest$`
 * @param ours names that our own part of the spec uses, whatever AWS prints under them
 */
export function withDescribed(shape: Structure, described: SdkSchema, ours: readonly string[] = []): Structure {
  return describedStructure(shape, NormalizedSchema.of(described), { ours, path: new Set() });
}

interface DescribedContext {
  readonly ours: readonly string[];
  /** The described structures that we are in: one that contains itself ends the walk. */
  readonly path: ReadonlySet<unknown>;
}

/** @returns the very same structure when the description has nothing that it lacks. */
function describedStructure(
  shape: Structure,
  described: NormalizedSchema,
  { ours, path }: DescribedContext,
): Structure {
  const key = described.getSchema();
  if (path.has(key)) return shape;
  const inside: DescribedContext = { ours: [], path: new Set([...path, key]) };
  const members: Record<string, Member> = { ...shape.members };
  let added = false;
  for (const [awsName, schema] of described.structIterator()) {
    const name = lowerCamel(awsName);
    const member = members[name];
    if (member === undefined) {
      if (ours.includes(name)) continue;
      members[name] = outputOnlyMember(awsName);
      added = true;
    } else if (member.shape.type === 'structure' && schema.isStructSchema()) {
      const inner = describedStructure(member.shape, schema, inside);
      added ||= inner !== member.shape;
      members[name] = { ...member, shape: inner };
    }
  }
  return added ? { ...shape, members } : shape;
}

/**
 * One shape for requests that make the same kind of thing (the three kinds of Cloud Map namespace): every member that
 * any of them has, required where all of them require it.
 */
export function mergeStructures(name: string, structures: readonly Structure[]): Structure {
  const members: Record<string, Member> = {};
  for (const structure of structures) {
    for (const [memberName, member] of Object.entries(structure.members)) {
      const required = structures.every((other) => other.members[memberName]?.required === true);
      members[memberName] ??= { ...member, required };
    }
  }
  return { type: 'structure', name, members };
}

class Walker {
  readonly #overlay: Overlay;
  // By the SDK's own schema object, so that equal names of two services cannot meet.
  readonly #structures = new Map<unknown, Structure>();

  constructor(overlay: Overlay) {
    this.#overlay = overlay;
  }

  structure(schema: NormalizedSchema): Structure {
    if (!schema.isStructSchema()) throw new TypeError(`${schema.getName(true)} is not the schema of a structure`);
    const key = schema.getSchema();
    const known = this.#structures.get(key);
    if (known !== undefined) return known;
    const name = schema.getName() ?? '';
    const members: Record<string, Member> = {};
    const structure: Structure = { type: 'structure', name, members };
    // Before its members are walked: one of them may lead back here.
    this.#structures.set(key, structure);
    const required = requiredCount(key);
    let position = 0;
    for (const [awsName, member] of schema.structIterator()) {
      const ourName = lowerCamel(awsName);
      members[ourName] = this.#member(`${name}.${ourName}`, awsName, member, position < required);
      position += 1;
    }
    return structure;
  }

  #member(name: MemberName, awsName: string, schema: NormalizedSchema, required: boolean): Member {
    const extra = this.#overlay.members[name];
    return {
      shape: this.#shape(name, schema),
      awsName,
      required: extra?.required ?? required,
      sensitive: isSensitive(schema),
      outputOnly: extra?.outputOnly ?? schema.isIdempotencyToken(),
      emptyIsValue: extra?.emptyIsValue ?? false,
      presenceMatters: extra?.presenceMatters ?? false,
      ...(extra?.awsDefault === undefined ? {} : { awsDefault: extra.awsDefault }),
      ...(extra?.whenMissing === undefined ? {} : { whenMissing: extra.whenMissing }),
    };
  }

  #shape(name: MemberName, schema: NormalizedSchema): Shape {
    const extra = this.#overlay.members[name];
    if (schema.isListSchema()) {
      return {
        type: 'list',
        of: this.#shape(name, schema.getValueSchema()),
        unordered: extra?.unordered ?? extra?.key !== undefined,
        ...(extra?.key === undefined ? {} : { key: extra.key }),
      };
    }
    if (schema.isMapSchema()) return { type: 'map', of: this.#shape(name, schema.getValueSchema()) };
    if (schema.isStructSchema()) return this.structure(schema);
    if (schema.isDocumentSchema()) return { type: 'document' };
    if (schema.isBooleanSchema()) return { type: 'boolean' };
    if (schema.isNumericSchema()) return { type: extra?.double === true ? 'double' : 'integer' };
    if (schema.isTimestampSchema()) return { type: 'timestamp' };
    if (schema.isStringSchema()) return this.#string(name);
    throw new TypeError(`${name} has a type that no request of ours had so far; teach src/shape/sdk.ts about it`);
  }

  #string(name: MemberName): Scalar {
    const values = this.#overlay.enums[name];
    const { moreValues = [], closed = false } = this.#overlay.members[name] ?? {};
    return values === undefined ? { type: 'string' } : { type: 'string', values: [...values, ...moreValues], closed };
  }
}

/** The SDK lists required members first, and their number after names and types. */
function requiredCount(schema: unknown): number {
  const count: unknown = Array.isArray(schema) ? schema[6] : undefined;
  return typeof count === 'number' ? count : 0;
}

/** The trait stands on the member, or on what it holds (a list of sensitive strings). */
function isSensitive(schema: NormalizedSchema): boolean {
  if (schema.getMergedTraits().sensitive) return true;
  return (schema.isListSchema() || schema.isMapSchema()) && isSensitive(schema.getValueSchema());
}

function outputOnlyMember(awsName: string): Member {
  return {
    // What is inside is nobody's business: it is dropped.
    shape: { type: 'document' },
    awsName,
    required: false,
    sensitive: false,
    outputOnly: true,
    emptyIsValue: false,
    presenceMatters: false,
  };
}
