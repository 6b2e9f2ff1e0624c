import type { CanonicalRules } from './canonical.ts';
import { placeAt, valueAt } from './leaves.ts';
import { formatPath, type Path, parsePath } from './path.ts';
import { isList, isObject, type Json, type JsonObject, type Structure } from './shape.ts';

export interface UnsetInput {
  /** By `unsetPaths`. Tags are left out: those go by UntagResource. */
  readonly unset: readonly string[];
  /** What the spec declares now, normalised. */
  readonly declared: JsonObject;
  readonly shape: Structure;
  readonly rules: CanonicalRules;
}

/**
 * The members of an update request that clear what the spec no longer declares: a list becomes `[]`, everything else
 * AWS's default, beside what is still declared in the same member (AWS replaces a member as a whole). A leaf that has no
 * default is left out of its member. Merge it over the declared request.
 */
export function unsetRequest({ unset, declared, shape, rules }: UnsetInput): JsonObject {
  let request: JsonObject = {};
  for (const path of unset.map(parsePath)) {
    const [top] = path;
    if (top?.type !== 'member' || top.name === 'tags') continue;
    const before = request[top.name] ?? declared[top.name];
    const whole = declared[top.name] === undefined ? cleared([top], shape, rules, declared) : undefined;
    if (whole !== undefined) request = { ...request, [top.name]: whole };
    else {
      const start: JsonObject = before === undefined ? {} : { [top.name]: before };
      request = { ...request, ...withCleared(start, path, { shape, rules, declared }) };
    }
  }
  return request;
}

type Context = Pick<UnsetInput, 'shape' | 'rules' | 'declared'>;

function withCleared(request: JsonObject, path: Path, context: Context): JsonObject {
  // Items and entries go with the list or map that they no longer stand in.
  const end = path.findIndex((segment) => segment.type !== 'member');
  const at = end === -1 ? path : path.slice(0, end);
  const pair = end === -1 ? undefined : clearedPair(path, end, context);
  if (pair !== undefined) {
    const items = valueAt(request, at);
    return put(request, at, [...(isList(items) ? items : []), pair]);
  }
  if (end !== -1 && valueAt(request, at) !== undefined) return request;
  const value = cleared(at, context.shape, context.rules, context.declared);
  return value === undefined ? request : put(request, at, value);
}

/** A cluster's setting goes back to its default under its name. */
function clearedPair(path: Path, end: number, { shape, rules, declared }: Context): Json | undefined {
  const segment = path[end];
  const place = placeAt(shape, formatPath(path));
  if (segment?.type !== 'item' || !place.pair || place.shape.type !== 'structure') return undefined;
  const value = rules.cleared[`${place.shape.name}.value`]?.(declared, segment.value);
  return value === undefined ? undefined : { [segment.key]: segment.value, value };
}

/** What a member is set to when it is no longer declared. */
function cleared(path: Path, shape: Structure, rules: CanonicalRules, declared: JsonObject): Json | undefined {
  const { member, memberName } = placeAt(shape, formatPath(path));
  if (member === undefined || memberName === undefined) return undefined;
  const last = path.at(-1);
  const rule = rules.cleared[memberName]?.(declared, last?.type === 'member' ? last.name : '');
  if (rule !== undefined) return rule;
  if (member.awsDefault !== undefined) return member.awsDefault;
  if (member.shape.type === 'list') return [];
  return member.shape.type === 'map' ? {} : undefined;
}

function put(target: JsonObject, path: Path, value: Json): JsonObject {
  const [first, ...rest] = path;
  if (first?.type !== 'member') return target;
  const inside = target[first.name];
  return { ...target, [first.name]: rest.length === 0 ? value : put(isObject(inside) ? inside : {}, rest, value) };
}
