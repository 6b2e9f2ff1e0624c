import { isList, isObject, type Json, type Shape } from './shape.ts';

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
  return rename(value, shape, (_name, awsName) => awsName);
}

function rename(value: Json, shape: Shape, pick: (name: string, awsName: string) => string): Json {
  if (shape.type === 'list' && isList(value)) return value.map((item) => rename(item, shape.of, pick));
  if (shape.type === 'map' && isObject(value)) return mapValues(value, (item) => rename(item, shape.of, pick));
  if (shape.type !== 'structure' || !isObject(value)) return value;
  const renamed: Record<string, Json> = {};
  for (const [name, item] of Object.entries(value)) {
    const member = shape.members[name];
    if (member === undefined) renamed[name] = item;
    else renamed[pick(name, member.awsName)] = rename(item, member.shape, pick);
  }
  return renamed;
}

function mapValues(value: Readonly<Record<string, Json>>, change: (item: Json) => Json): Json {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}
