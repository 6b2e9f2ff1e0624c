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
  check(type, value, { path: '', duplicates });
}

/** Values that were found right, duplicates allowed or not: they never change. */
const right = { strict: new WeakMap<MergeType, WeakSet<object>>(), lenient: new WeakMap<MergeType, WeakSet<object>>() };

function isKnown(type: MergeType, value: Json, { duplicates }: Place): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const ofKind = duplicates ? right.lenient : right.strict;
  return ofKind.get(type)?.has(value) ?? false;
}

function note(type: MergeType, value: Json, { duplicates }: Place): void {
  if (typeof value !== 'object' || value === null) return;
  const ofKind = duplicates ? right.lenient : right.strict;
  const known = ofKind.get(type);
  if (known === undefined) ofKind.set(type, new WeakSet([value]));
  else known.add(value);
}

interface Place {
  readonly path: string;
  readonly duplicates: boolean;
}

function check(type: MergeType, value: Json, place: Place): void {
  if (isKnown(type, value, place)) return;
  checkForm(type, value, place);
  note(type, value, place);
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
  if (!isObject(value)) throw new TypedValueError(place.path, `expected map, got ${shown(value)}`);
  for (const [name, inner] of Object.entries(value)) {
    const path = `${place.path}.${name}`;
    const type = memberType(map, name);
    if (type === undefined) throw new TypedValueError(path, 'field not declared in schema');
    check(type, inner, { ...place, path });
  }
}

function checkList(list: ListType, value: Json, place: Place): void {
  if (value === null) return;
  if (!isList(value)) throw new TypedValueError(place.path, `expected list, got ${shown(value)}`);
  const seen = new Set<PathElement>();
  for (const [index, item] of value.entries()) {
    const element = list.atomic ? `i:${index}` : elementOf(list, item, index, place);
    if (seen.has(element) && !place.duplicates) {
      throw new TypedValueError(place.path, `duplicate entries for key ${elementText(element)}`);
    }
    seen.add(element);
    check(list.element(), item, { ...place, path: `${place.path}${elementText(element)}` });
  }
}

function elementOf(list: ListType, item: Json, index: number, place: Place): PathElement {
  try {
    return itemElement(list, item);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TypedValueError(place.path, `element ${index}: ${why}`);
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
  throw new TypedValueError(place.path, `expected ${wanted[scalar]}, got ${shown(value)}`);
}

function shown(value: Json): string {
  return JSON.stringify(value);
}
