import { isPair, keyedItems } from './leaves.ts';
import type { MemberName } from './overlay.ts';
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

/** What AWS does to a value that no table of members can say. Pure. */
export interface CanonicalRules {
  /**
   * A member in the one spelling that AWS prints; undefined when it says what AWS does anyway (a default that depends
   * on other members). Called with the value already canonical.
   */
  readonly rewrite: Readonly<Record<MemberName, (value: Json, context: RewriteContext) => Json | undefined>>;
  /** Members that AWS prints otherwise than they were written, in a way that needs both sides to see. */
  readonly same: Readonly<Record<MemberName, (declared: string, live: string, names: Names) => Sameness>>;
}

export interface RewriteContext {
  readonly root: JsonObject;
  /** The structure that the member stands in. */
  readonly parent: JsonObject;
}

/** `unknown`: a name against an id, which only AWS can tell. */
export type Sameness = 'same' | 'different' | 'unknown';

/** Names by ARN, for what AWS prints as an ARN with an id in it (a Cloud Map namespace). */
export type Names = ReadonlyMap<string, string>;

interface Form {
  readonly shape: Structure;
  readonly rules: CanonicalRules;
  readonly form: JsonObject;
}

/** One look at a resource asks for the same form several times: to hash it, to compare it, to say what left the spec. */
const forms = new WeakMap<JsonObject, Form>();

/**
 * The one form of everything that means the same: members sorted, lists whose order says nothing sorted, AWS's defaults
 * and empty values left out, spellings as AWS prints them. Two normalised specs mean the same to AWS when their
 * canonical forms are equal. Not to be sent: it is for comparing and hashing.
 *
 * @param value must not change any more: its form is kept for as long as it lives.
 */
export function canonical(value: JsonObject, shape: Structure, rules: CanonicalRules): JsonObject {
  const known = forms.get(value);
  if (known?.shape === shape && known.rules === rules) return known.form;
  const form = structure(value, shape, rules, value);
  forms.set(value, { shape, rules, form });
  return form;
}

function structure(value: JsonObject, shape: Structure, rules: CanonicalRules, root: JsonObject): JsonObject {
  const members: Record<string, Json> = {};
  for (const name of Object.keys(value).sort()) {
    const member = memberOf(shape, name);
    const raw = value[name];
    if (raw === undefined || raw === null || member?.outputOnly === true) continue;
    const plain = member === undefined ? sortedDocument(raw) : any(raw, member.shape, rules, root);
    const rewrite = rules.rewrite[`${shape.name}.${name}`];
    const item = rewrite === undefined ? plain : rewrite(plain, { root, parent: value });
    if (item === undefined || saysNothing(item, member)) continue;
    members[name] = item;
  }
  return members;
}

function any(value: Json, shape: Shape, rules: CanonicalRules, root: JsonObject): Json {
  if (shape.type === 'structure' && isObject(value)) return structure(value, shape, rules, root);
  if (shape.type === 'list' && isList(value)) return list(value, shape, rules, root);
  return sortedDocument(value);
}

function list(value: readonly Json[], shape: List, rules: CanonicalRules, root: JsonObject): Json {
  const items = value.map((item) => any(item, shape.of, rules, root));
  const keyed = keyedItems(items, shape);
  if (keyed !== undefined) {
    // A pair whose value went as AWS's default is as good as none.
    const said = keyed.items.filter(({ item }, i) => !isPair(shape) || 'value' in item || !hasValue(value[i]));
    return said.sort((a, b) => compareText(a.id, b.id)).map(({ item }) => item);
  }
  if (!shape.unordered) return items;
  return items
    .map((item) => ({ item, order: orderOf(item) }))
    .sort((a, b) => compareText(a.order, b.order))
    .map(({ item }) => item);
}

function hasValue(item: Json | undefined): boolean {
  return isObject(item) && 'value' in item;
}

/** By name where items have one: of two variables with one name the last wins, so those keep their order. */
function orderOf(item: Json): string {
  const name = isObject(item) ? item.name : undefined;
  return typeof name === 'string' ? name : stableJson(item);
}

/** Whether leaving the member out would mean the same. */
function saysNothing(value: Json, member: Member | undefined): boolean {
  if (member === undefined) return false;
  if (member.awsDefault !== undefined && equalJson(value, member.awsDefault)) return true;
  if (isList(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0 && !member.presenceMatters;
}

function sortedDocument(value: Json): Json {
  if (isList(value)) return value.map(sortedDocument);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortedDocument(item)]));
}

/** JSON with the members of objects sorted: equal texts for equal values. */
export function stableJson(value: Json): string {
  return JSON.stringify(sortedDocument(value));
}

/** Whether two values are equal as JSON; the order of members is nothing. */
export function equalJson(a: Json, b: Json): boolean {
  return a === b || stableJson(a) === stableJson(b);
}

/** By code units, the same on every machine (localeCompare is not). */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
