import { NormalizedSchema } from '@smithy/core/schema';
import { commandOf } from './commands/index.ts';
import { OPERATIONS, type Operation } from './operations.ts';

/** Where an answer is not as AWS's model has it. */
interface Misshapen {
  /** E.g. `.services[0].desiredCount`. */
  readonly path: string;
  readonly found: string;
  readonly wanted: string;
}

type Check = (value: unknown) => Misshapen | undefined;

const checks = new Map<Operation, Check>();

/**
 * What of an answer is of another type than the SDK's schema says; undefined when all is as it should be. The SDK
 * itself hands on whatever came [tried with 3.1162]. Members that the schema does not know, and values that an
 * enum does not list, are AWS's of tomorrow and right.
 */
export function misshapen(operation: Operation, output: object): Misshapen | undefined {
  let check = checks.get(operation);
  if (check === undefined) {
    check = checkOf(outputSchema(operation));
    checks.set(operation, check);
  }
  return check(output);
}

function outputSchema(operation: Operation): NormalizedSchema {
  const { service, name } = OPERATIONS[operation];
  const Command = commandOf(service, name);
  // Safe: nothing is sent, so the input is never looked at.
  const schema: unknown = Reflect.get(new Command({} as never), 'schema');
  // An operation's schema ends in those of its input and its output.
  const output: unknown = Array.isArray(schema) ? schema[5] : undefined;
  if (output === undefined) throw new TypeError(`the SDK has no schema of the output of ${operation}`);
  // Safe: that is what the SDK itself reads there.
  return NormalizedSchema.of(output as Parameters<typeof NormalizedSchema.of>[0]);
}

/** By the SDK's own schema object: structures stand in many places, and some contain themselves. */
const known = new Map<unknown, Check>();

function checkOf(schema: NormalizedSchema): Check {
  if (schema.isStructSchema()) {
    const key = schema.getSchema();
    let check = known.get(key);
    if (check === undefined) {
      check = structCheck(schema);
      known.set(key, check);
    }
    return check;
  }
  if (schema.isListSchema()) return listCheck(schema);
  if (schema.isMapSchema()) return mapCheck(schema);
  // In this order: to the SDK, a document is everything at once.
  if (schema.isDocumentSchema()) return () => undefined;
  if (schema.isTimestampSchema()) return isA('a time', isTime);
  if (schema.isStringSchema()) return isA('a text', (value) => typeof value === 'string');
  if (schema.isBooleanSchema()) return isA('true or false', (value) => typeof value === 'boolean');
  if (schema.isNumericSchema()) return isA('a number', (value) => Number.isFinite(value));
  return () => undefined;
}

function isA(wanted: string, fits: (value: unknown) => boolean): Check {
  return (value) => (fits(value) ? undefined : { path: '', found: nameOf(value), wanted });
}

function isTime(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function structCheck(schema: NormalizedSchema): Check {
  const isObject = isA('an object', isPlain);
  // Built when the first such structure is seen: one of its members may lead back here.
  let members: ReadonlyMap<string, Check> | undefined;
  return (value) => {
    if (!isPlain(value)) return isObject(value);
    members ??= new Map([...schema.structIterator()].map(([name, member]) => [name, checkOf(member)]));
    for (const name of Object.keys(value)) {
      const part = value[name];
      const fault = part === undefined ? undefined : members.get(name)?.(part);
      if (fault !== undefined) return { ...fault, path: `.${name}${fault.path}` };
    }
    return undefined;
  };
}

function listCheck(schema: NormalizedSchema): Check {
  const isList = isA('a list', Array.isArray);
  const check = checkOf(schema.getValueSchema());
  return (value) => {
    if (!Array.isArray(value)) return isList(value);
    for (const [index, item] of value.entries()) {
      const fault = check(item);
      if (fault !== undefined) return { ...fault, path: `[${index}]${fault.path}` };
    }
    return undefined;
  };
}

function mapCheck(schema: NormalizedSchema): Check {
  const isMap = isA('an object', isPlain);
  const check = checkOf(schema.getValueSchema());
  return (value) => {
    if (!isPlain(value)) return isMap(value);
    for (const name of Object.keys(value)) {
      const fault = check(value[name]);
      // The name is a person's own text, which need not be shown.
      if (fault !== undefined) return { ...fault, path: `.*${fault.path}` };
    }
    return undefined;
  };
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The type alone: a value may be sensitive. */
function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return isTime(value) ? 'a time' : 'no time';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'number':
      return Number.isFinite(value) ? 'a number' : 'no number';
    case 'boolean':
      return 'true or false';
    default:
      return 'an object';
  }
}
