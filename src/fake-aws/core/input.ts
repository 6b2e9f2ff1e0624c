import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from './aws-error.ts';

/** A schema as the SDK exports it, e.g. `CreateServiceRequest$`. */
export type SdkSchema = Parameters<typeof NormalizedSchema.of>[0];

/** How a service words its refusals of a malformed input. */
export interface InputRules {
  /** The code for a member that is required and missing, e.g. `InvalidParameterException`. */
  readonly invalidCode: string;
}

/** Turns a raw value into a clean one: checked, copied, without nulls, frozen. `path` is where the value stands. */
type Check = (value: unknown, path: string) => unknown;

interface MemberCheck {
  readonly check: Check;
  readonly required: boolean;
}

/**
 * Checks inputs against the SDK's own schemas, because the SDK's client checks nothing: neither that a required member
 * is there, nor a type, nor that a name is one of AWS's. AWS ignores unknown JSON members; here they are refused, so
 * that a misspelt one cannot pass for declared.
 */
export class InputChecker {
  readonly #rules: InputRules;
  readonly #structures = new Map<unknown, ReadonlyMap<string, MemberCheck>>();

  constructor(rules: InputRules) {
    this.#rules = rules;
  }

  /**
   * @returns a deep copy of the input, frozen, with null and undefined members left out (AWS reads null as absent).
   * @throws AwsError SerializationException for a wrong type or an unknown member, else with the service's own code.
   */
  check(schema: SdkSchema, input: unknown): unknown {
    return this.#checkOf(NormalizedSchema.of(schema))(input ?? {}, '');
  }

  #checkOf(schema: NormalizedSchema): Check {
    // A structure holds the checks of its members, and is made on first use: schemas may contain themselves.
    if (schema.isStructSchema()) return (value, path) => this.#structure(schema, value, path);
    if (schema.isListSchema()) {
      const item = this.#checkOf(schema.getValueSchema());
      return (value, path) => {
        if (!Array.isArray(value)) throw wrongType(value, 'List', path);
        return Object.freeze(value.map((entry, index) => item(present(entry, path), `${path}[${index}]`)));
      };
    }
    if (schema.isMapSchema()) {
      const item = this.#checkOf(schema.getValueSchema());
      return (value, path) => {
        if (!isRecord(value)) throw wrongType(value, 'Map', path);
        const entries = Object.entries(value).filter(([, entry]) => entry !== null && entry !== undefined);
        return Object.freeze(Object.fromEntries(entries.map(([key, entry]) => [key, item(entry, `${path}.${key}`)])));
      };
    }
    return scalarCheck(schema);
  }

  #structure(schema: NormalizedSchema, value: unknown, path: string): unknown {
    if (!isRecord(value)) throw wrongType(value, 'Structure', path);
    const members = this.#membersOf(schema);
    const clean: Record<string, unknown> = {};
    for (const [name, raw] of Object.entries(value)) {
      const member = members.get(name);
      const at = path === '' ? name : `${path}.${name}`;
      if (!member) {
        const known = [...members.keys()].join(', ');
        throw serialization(`Unknown parameter in input: "${at}", must be one of: ${known}`);
      }
      if (raw !== null && raw !== undefined) clean[name] = member.check(raw, at);
    }
    for (const [name, { required }] of members) {
      if (required && clean[name] === undefined) throw this.#missing(path === '' ? name : `${path}.${name}`);
    }
    return Object.freeze(clean);
  }

  #membersOf(schema: NormalizedSchema): ReadonlyMap<string, MemberCheck> {
    const raw = schema.getSchema();
    const known = this.#structures.get(raw);
    if (known) return known;
    // A static structure schema is a tuple: its required members come first, and its seventh entry says how many.
    const count = Array.isArray(raw) && typeof raw[6] === 'number' ? raw[6] : 0;
    const members = new Map<string, MemberCheck>();
    this.#structures.set(raw, members);
    for (const [name, member] of schema.structIterator()) {
      members.set(name, { check: this.#checkOf(member), required: members.size < count });
    }
    return members;
  }

  #missing(path: string): AwsError {
    return new AwsError({
      code: this.#rules.invalidCode,
      message: `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`,
    });
  }
}

function scalarCheck(schema: NormalizedSchema): Check {
  if (schema.isStringSchema()) return (value, path) => expectType(typeof value === 'string', value, 'String', path);
  if (schema.isBooleanSchema()) return (value, path) => expectType(typeof value === 'boolean', value, 'Boolean', path);
  if (schema.isNumericSchema()) {
    // The schemas do not tell integers from doubles; ECS's only two doubles are percentages of a traffic shift.
    const double = /^(canaryPercent|stepPercent)$/.test(schema.getMemberName());
    return (value, path) => {
      const fits = typeof value === 'number' && Number.isFinite(value) && (double || Number.isInteger(value));
      return expectType(fits, value, double ? 'Double' : 'Integer', path);
    };
  }
  if (schema.isTimestampSchema()) return (value, path) => expectType(value instanceof Date, value, 'Timestamp', path);
  // What is left is a document: any JSON.
  return (value) => Object.freeze(structuredClone(value));
}

function expectType(fits: boolean, value: unknown, wanted: string, path: string): unknown {
  if (!fits) throw wrongType(value, wanted, path);
  return value;
}

function present(value: unknown, path: string): unknown {
  if (value === null || value === undefined) throw serialization(`Lists must not contain null ("${path}")`);
  return value;
}

function wrongType(value: unknown, wanted: string, path: string): AwsError {
  return serialization(`${kindOf(value)} cannot be converted to ${wanted} ("${path}")`);
}

function kindOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  if (typeof value === 'number') return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
  if (typeof value === 'string') return 'STRING_VALUE';
  return Array.isArray(value) ? 'START_ARRAY' : 'START_OBJECT';
}

function serialization(message: string): AwsError {
  return new AwsError({ code: 'SerializationException', message });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
