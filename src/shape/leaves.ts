import type { MemberName } from './overlay.ts';
import { appendSegment, isWithin, type Path, parsePath, type Segment } from './path.ts';
import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  type List,
  type Member,
  memberOf,
  type Shape,
  type Structure,
} from './shape.ts';

const known = new WeakMap<JsonObject, { readonly shape: Structure; readonly paths: readonly string[] }>();

/**
 * The paths of what a normalised spec declares, sorted. A leaf is a scalar, an entry of a map, a list without a key
 * (it is one value), an empty object or list, and an item of a keyed list that is nothing but a pair (`tags[key=team]`).
 *
 * @param value must not change any more: its paths are kept for as long as it lives.
 */
export function declaredPaths(value: JsonObject, shape: Structure): readonly string[] {
  const kept = known.get(value);
  if (kept?.shape === shape) return kept.paths;
  const paths = [...leavesOf(value, shape, '', true)].sort();
  known.set(value, { shape, paths });
  return paths;
}

function* leavesOf(value: Json, shape: Shape, path: string, root = false): Generator<string> {
  if (isObject(value) && (root || Object.keys(value).length > 0)) {
    if (shape.type === 'structure') {
      for (const [name, item] of Object.entries(value)) {
        const inner = appendSegment(path, { type: 'member', name });
        yield* leavesOf(item, memberOf(shape, name)?.shape ?? { type: 'document' }, inner);
      }
      return;
    }
    if (shape.type === 'map') {
      for (const key of Object.keys(value)) yield appendSegment(path, { type: 'entry', key });
      return;
    }
  }
  const keyed = shape.type === 'list' ? keyedItems(value, shape) : undefined;
  if (keyed === undefined || shape.type !== 'list' || keyed.items.length === 0) {
    yield path;
    return;
  }
  for (const { id, item } of keyed.items) {
    const inner = appendSegment(path, { type: 'item', key: keyed.key, value: id });
    const { [keyed.key]: _key, ...rest } = item;
    if (isPair(shape) || Object.keys(rest).length === 0) yield inner;
    else yield* leavesOf(rest, shape.of, inner);
  }
}

interface KeyedItems {
  readonly key: string;
  readonly items: readonly { readonly id: string; readonly item: JsonObject }[];
}

/** The items of a keyed list by their key; undefined when the list cannot be told apart by it (then it is atomic). */
export function keyedItems(value: Json, shape: List): KeyedItems | undefined {
  const { key } = shape;
  if (key === undefined || !isList(value)) return undefined;
  const items: { id: string; item: JsonObject }[] = [];
  const seen = new Set<string>();
  for (const item of value) {
    const id = isObject(item) ? item[key] : undefined;
    if (!isObject(item) || typeof id !== 'string' || seen.has(id)) return undefined;
    seen.add(id);
    items.push({ id, item });
  }
  return { key, items };
}

/** Whether the items are a key and its value and nothing else: tags, a cluster's settings. */
export function isPair(shape: List): boolean {
  return shape.of.type === 'structure' && Object.keys(shape.of.members).length === 2 && 'value' in shape.of.members;
}

/** What stands at a path; undefined when nothing does. */
export function valueAt(value: Json, path: string | Path): Json | undefined {
  const segments = typeof path === 'string' ? parsePath(path) : path;
  let at: Json | undefined = value;
  for (const segment of segments) {
    at = step(at, segment);
    if (at === undefined) return undefined;
  }
  return at;
}

function step(value: Json | undefined, segment: Segment): Json | undefined {
  switch (segment.type) {
    case 'member':
      return isObject(value) ? own(value, segment.name) : undefined;
    case 'entry':
      return isObject(value) ? own(value, segment.key) : undefined;
    case 'item':
      if (!isList(value)) return undefined;
      return value.find((item) => isObject(item) && item[segment.key] === segment.value);
    default:
      return segment satisfies never;
  }
}

function own(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

const DOCUMENT: Shape = { type: 'document' };

/** What the shape says about the place that a path leads to. */
export interface Place {
  readonly shape: Shape;
  /** The last member on the way, and its name as rules have it: `PortMapping.hostPort`. */
  readonly member: Member | undefined;
  readonly memberName: MemberName | undefined;
  /** The path leads to an item that is nothing but a pair. */
  readonly pair: boolean;
  /** Something on the way to it, or inside of it, is sensitive. */
  readonly sensitive: boolean;
}

/** What the shape says about a path. A place that the shape does not know holds any JSON. */
export function placeAt(shape: Structure, path: string): Place {
  let at: Shape = shape;
  let member: Member | undefined;
  let memberName: MemberName | undefined;
  let sensitive = false;
  let pair = false;
  for (const segment of parsePath(path)) {
    pair = at.type === 'list' && segment.type === 'item' && isPair(at);
    if (at.type === 'structure' && segment.type === 'member') {
      memberName = `${at.name}.${segment.name}`;
      member = memberOf(at, segment.name);
      sensitive ||= member?.sensitive ?? false;
      at = member?.shape ?? DOCUMENT;
    } else if (at.type === 'list' || at.type === 'map') at = at.of;
    else at = DOCUMENT;
  }
  return { shape: at, member, memberName, pair, sensitive: sensitive || isSensitiveInside(at) };
}

/** The value of a declared leaf: what stands at the path, but of a pair its value (`''` when it has none). */
export function leafValue(value: Json, path: string, place: Pick<Place, 'pair'>): Json | undefined {
  const at = valueAt(value, path);
  return place.pair && isObject(at) ? (at.value ?? '') : at;
}

/** Shapes are made once, and this is asked about each declared leaf. */
const sensitiveInside = new WeakMap<Shape, boolean>();

function isSensitiveInside(shape: Shape): boolean {
  let is = sensitiveInside.get(shape);
  if (is === undefined) {
    is = holdsSensitive(shape, new Set());
    sensitiveInside.set(shape, is);
  }
  return is;
}

function holdsSensitive(shape: Shape, seen: Set<Shape>): boolean {
  if (seen.has(shape)) return false;
  seen.add(shape);
  if (shape.type === 'list' || shape.type === 'map') return holdsSensitive(shape.of, seen);
  if (shape.type !== 'structure') return false;
  return Object.values(shape.members).some((member) => member.sensitive || holdsSensitive(member.shape, seen));
}

/** Both, each path once, sorted. */
export function unionPaths(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])].sort();
}

/**
 * What was declared earlier and is not now: to be cleared, once. A path below which something is declared now was not
 * given up (`healthCheck: {}` became `healthCheck.interval`).
 */
export function unsetPaths(previously: readonly string[], now: readonly string[]): readonly string[] {
  return [...new Set(previously)].filter((path) => !now.some((declared) => isWithin(declared, path))).sort();
}

/** The member of the spec that a path lies in, e.g. `networkConfiguration`. */
export function topMember(path: string): string {
  const [first] = parsePath(path);
  return first?.type === 'member' ? first.name : '';
}
