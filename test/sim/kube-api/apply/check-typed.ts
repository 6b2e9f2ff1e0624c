import { isList, isObject, type Json } from '../json.ts';
import { elementText, type PathElement } from './field-set.ts';
import { itemElement, TypedValueError } from './item-element.ts';
import { deduce, formIn, type ListType, type MapType, type MergeType, memberType } from './merge-type.ts';

/**
 * Whether a value can be merged by its type.
 * @param duplicates whether a set or list-map may name an item twice, as stored objects may.
 * @throws TypedValueError that says where not.
 */
export function checkTyped(type: MergeType, value: Json, duplicates: boolean): void {
  check(type, value, { parent: undefined, step: undefined, depth: 0, duplicates });
}

/** Values that were found right, perhaps with duplicates: they never change. */
const right = new WeakMap<MergeType, WeakSet<object>>();
/** Down to which depth that is remembered: the parts of an object, as spec and status, often stay what they were. */
const REMEMBERED_DEPTH = 1;

function isKnown(type: MergeType, value: Json): boolean {
  return typeof value === 'object' && value !== null && (right.get(type)?.has(value) ?? false);
}

function note(type: MergeType, value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  const known = right.get(type);
  if (known === undefined) right.set(type, new WeakSet([value]));
  else known.add(value);
}

/** Where a value stands. Its path is put together only when something is wrong there. */
interface Place {
  readonly parent: Place | undefined;
  /** A member's name, or an item's element. */
  readonly step: { readonly member: string } | { readonly element: PathElement } | undefined;
  readonly depth: number;
  readonly duplicates: boolean;
}

function pathOf({ parent, step }: Place): string {
  if (parent === undefined || step === undefined) return '';
  return pathOf(parent) + ('member' in step ? `.${step.member}` : elementText(step.element));
}

function inside(parent: Place, step: Place['step']): Place {
  return { parent, step, depth: parent.depth + 1, duplicates: parent.duplicates };
}

function check(type: MergeType, value: Json, place: Place): void {
  const isRemembered = place.depth <= REMEMBERED_DEPTH;
  if (isRemembered && place.duplicates && isKnown(type, value)) return;
  checkForm(type, value, place);
  if (isRemembered) note(type, value);
}

function checkForm(type: MergeType, value: Json, place: Place): void {
  const deduced = deduce(type, value);
  switch (formIn(deduced)) {
    case 'map':
      if (deduced.map !== undefined) checkMap(deduced.map, value, place);
      return;
    case 'list':
      if (deduced.list !== undefined) checkList(deduced.list, value, place);
      return;
    case 'scalar':
      checkScalar(deduced.scalar, value, place);
  }
}

function checkMap(map: MapType, value: Json, place: Place): void {
  if (value === null) return;
  if (!isObject(value)) throw new TypedValueError(pathOf(place), `expected map, got ${shown(value)}`);
  for (const [name, inner] of Object.entries(value)) {
    const type = memberType(map, name);
    const within = inside(place, { member: name });
    if (type === undefined) throw new TypedValueError(pathOf(within), 'field not declared in schema');
    check(type, inner, within);
  }
}

function checkList(list: ListType, value: Json, place: Place): void {
  if (value === null) return;
  if (!isList(value)) throw new TypedValueError(pathOf(place), `expected list, got ${shown(value)}`);
  const seen = new Set<PathElement>();
  for (const [index, item] of value.entries()) {
    const element = list.atomic ? `i:${index}` : elementOf(list, item, index, place);
    if (seen.has(element) && !place.duplicates) {
      throw new TypedValueError(pathOf(place), `duplicate entries for key ${elementText(element)}`);
    }
    seen.add(element);
    check(list.element(), item, inside(place, { element }));
  }
}

function elementOf(list: ListType, item: Json, index: number, place: Place): PathElement {
  try {
    return itemElement(list, item);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TypedValueError(pathOf(place), `element ${index}: ${why}`);
  }
}

function checkScalar(scalar: MergeType['scalar'], value: Json, place: Place): void {
  if (value === null) return;
  const fits = {
    string: ['string'],
    numeric: ['number'],
    boolean: ['boolean'],
    untyped: ['string', 'number', 'boolean'],
  };
  if (scalar === undefined || fits[scalar].includes(typeof value)) return;
  const wanted = { string: 'string', numeric: 'numeric (int or float)', boolean: 'boolean', untyped: 'any scalar' };
  throw new TypedValueError(pathOf(place), `expected ${wanted[scalar]}, got ${shown(value)}`);
}

function shown(value: Json): string {
  return JSON.stringify(value);
}
