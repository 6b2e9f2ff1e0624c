import * as ecs from '@aws-sdk/client-ecs';
import * as cloudMap from '@aws-sdk/client-servicediscovery';
import { NormalizedSchema } from '@smithy/core/schema';

/** Turns the epoch seconds of one value into Dates, in place; a leaf is an instant itself. */
type Conversion = 'instant' | { readonly list: Conversion } | ReadonlyMap<string, Conversion>;

const conversions = new Map<string, Conversion | undefined>();

/**
 * AWS JSON carries instants as numbers: turns those of a request's input into Dates, as the SDK's own objects hold them.
 * Changes `input` in place. The SDK's schemas say which members are instants.
 */
export function reviveTimestamps(service: string, operation: string, input: object): void {
  const key = `${service}.${operation}`;
  if (!conversions.has(key)) conversions.set(key, conversionOf(requestSchema(service, operation), 0));
  const conversion = conversions.get(key);
  if (conversion) revive(input, conversion);
}

function requestSchema(service: string, operation: string): NormalizedSchema | undefined {
  const name = `${operation}Request$`;
  const schemas: Readonly<Record<string, unknown>> = service === 'ecs' ? ecs : cloudMap;
  const schema = schemas[name];
  // A static schema is a tuple whose first item is its kind (3: structure); nothing else is exported under such a name.
  return Array.isArray(schema) ? NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]) : undefined;
}

function conversionOf(schema: NormalizedSchema | undefined, depth: number): Conversion | undefined {
  // Schemas may refer to themselves; no instant of a request lies deeper than this.
  if (!schema || depth > 8) return undefined;
  if (schema.isTimestampSchema()) return 'instant';
  if (schema.isListSchema()) {
    const list = conversionOf(schema.getValueSchema(), depth + 1);
    return list && { list };
  }
  if (!schema.isStructSchema()) return undefined;
  const members = new Map<string, Conversion>();
  for (const [name, member] of schema.structIterator()) {
    const conversion = conversionOf(member, depth + 1);
    if (conversion) members.set(name, conversion);
  }
  return members.size > 0 ? members : undefined;
}

function revive(value: unknown, conversion: Conversion): unknown {
  if (conversion === 'instant') return typeof value === 'number' ? new Date(value * 1000) : value;
  if ('list' in conversion) return Array.isArray(value) ? value.map((item) => revive(item, conversion.list)) : value;
  if (typeof value !== 'object' || value === null) return value;
  for (const [name, member] of conversion) {
    if (name in value) Reflect.set(value, name, revive(Reflect.get(value, name), member));
  }
  return value;
}
