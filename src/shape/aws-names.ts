import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  type Member,
  memberOf,
  type Shape,
  type Structure,
} from './shape.ts';

/**
 * AWS's name of a member in our specs, by the one rule for every kind: the leading capitals become small, but for the
 * last one where a small letter follows it. `DnsConfig` → `dnsConfig`, `TTL` → `ttl`, `SOARecord` → `soaRecord`;
 * names that start small (all of ECS's) stay as they are.
 */
export function lowerCamel(awsName: string): string {
  return awsName.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (capitals) => capitals.toLowerCase());
}

/** A value in our names as AWS's request wants it. What the shape does not know is passed on as it is. */
export function toAws(value: Json, shape: Shape): Json {
  if (shape.type === 'list' && isList(value)) return value.map((item) => toAws(item, shape.of));
  if (!isObject(value)) return value;
  if (shape.type === 'map') return mapEntries(value, (key, item) => [key, toAws(item, shape.of)]);
  if (shape.type !== 'structure') return value;
  return mapEntries(value, (name, item) => {
    const member = memberOf(shape, name);
    return member === undefined ? [name, item] : [member.awsName, toAws(item, member.shape)];
  });
}

function mapEntries(value: JsonObject, change: (key: string, item: Json) => [string, Json]): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => change(key, item)));
}

/**
 * What AWS answered, seen as the request that would make it: our names, without what the request does not have
 * (ARNs, counts, events, members that a later SDK release brings). Takes the SDK's objects as they are.
 */
export function fromAws(answer: unknown, shape: Structure): JsonObject {
  const value = project(answer, shape);
  return isObject(value) ? value : {};
}

function project(answer: unknown, shape: Shape): Json | undefined {
  if (answer === undefined || answer === null) return undefined;
  switch (shape.type) {
    case 'list':
      return Array.isArray(answer) ? present(answer.map((item) => project(item, shape.of))) : undefined;
    case 'map':
      return typeof answer === 'object' ? projectEntries(answer, shape.of) : undefined;
    case 'structure': {
      if (typeof answer !== 'object') return undefined;
      const members: Record<string, Json> = {};
      for (const [name, member] of requestedMembers(shape)) {
        const value = Object.hasOwn(answer, member.awsName)
          ? project(Reflect.get(answer, member.awsName), member.shape)
          : undefined;
        if (value !== undefined) members[name] = value;
      }
      return members;
    }
    default:
      return plain(answer);
  }
}

const requested = new WeakMap<Structure, readonly [string, Member][]>();

/** What a request can have, by our names. */
function requestedMembers(shape: Structure): readonly [string, Member][] {
  let members = requested.get(shape);
  if (members === undefined) {
    members = Object.entries(shape.members).filter(([, member]) => !member.outputOnly);
    requested.set(shape, members);
  }
  return members;
}

function projectEntries(answer: object, of: Shape): JsonObject {
  return Object.fromEntries(
    Object.entries(answer).flatMap(([name, item]): [string, Json][] => {
      const value = project(item, of);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Any value of the SDK as JSON: dates as ISO texts, undefined left out. */
function plain(answer: unknown): Json | undefined {
  if (answer === undefined || answer === null) return answer;
  if (typeof answer === 'string' || typeof answer === 'number' || typeof answer === 'boolean') return answer;
  if (answer instanceof Date) return answer.toISOString();
  if (Array.isArray(answer)) return present(answer.map(plain));
  if (typeof answer !== 'object') return undefined;
  const entries = Object.entries(answer).map(([key, item]) => ({ key, value: plain(item) }));
  return Object.fromEntries(entries.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])));
}

function present(items: readonly (Json | undefined)[]): readonly Json[] {
  return items.filter((item) => item !== undefined);
}
