import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import { FieldSet, memberElement, type PathElement } from './field-set.ts';
import { itemElement } from './item-element.ts';
import { deduce, formIn, type ListType, type MapType, type MergeType, memberType } from './merge-type.ts';

/** The fields of one place: whether the place itself is one, and those below. */
interface Fields {
  readonly self: boolean;
  readonly below: FieldSet;
}

const LEAF: Fields = { self: true, below: FieldSet.EMPTY };
const NONE: Fields = { self: false, below: FieldSet.EMPTY };

/** The fields of a value: its leaves, items of lists, and members that the schema does not name. */
export function toFieldSet(type: MergeType, value: Json): FieldSet {
  return fieldsOf(type, value, 0).below;
}

const known = new WeakMap<MergeType, WeakMap<object, Fields>>();

/** Down to which depth fields are remembered: the parts of an object, as spec and status, often stay what they were. */
const REMEMBERED_DEPTH = 1;

function fieldsOf(type: MergeType, value: Json, depth: number): Fields {
  if (depth > REMEMBERED_DEPTH || typeof value !== 'object' || value === null) return visit(type, value, depth);
  let ofType = known.get(type);
  if (ofType === undefined) {
    ofType = new WeakMap();
    known.set(type, ofType);
  }
  let fields = ofType.get(value);
  if (fields === undefined) {
    fields = visit(type, value, depth);
    ofType.set(value, fields);
  }
  return fields;
}

function visit(type: MergeType, value: Json, depth: number): Fields {
  const deduced = deduce(type, value);
  switch (formIn(deduced)) {
    case 'scalar':
      return LEAF;
    case 'list':
      if (deduced.list?.atomic) return LEAF;
      return deduced.list !== undefined && isList(value) ? inList(deduced.list, value, depth) : NONE;
    case 'map':
      if (deduced.map?.atomic) return LEAF;
      return deduced.map !== undefined && isObject(value) ? inMap(deduced.map, value, depth) : NONE;
  }
}

function inList(list: ListType, items: readonly Json[], depth: number): Fields {
  const elements = items.map((item) => itemElement(list, item));
  const children = new Map<PathElement, FieldSet>();
  for (const [index, element] of elements.entries()) {
    // An item that is there twice is owned as such, without what is inside.
    if (elements.indexOf(element) !== elements.lastIndexOf(element)) continue;
    const { below } = fieldsOf(list.element(), items[index] ?? null, depth + 1);
    if (!below.isEmpty) children.set(element, below);
  }
  return { self: false, below: FieldSet.make(new Set(elements), children) };
}

function inMap(map: MapType, object: JsonObject, depth: number): Fields {
  const members = new Set<PathElement>();
  const children = new Map<PathElement, FieldSet>();
  for (const [name, inner] of Object.entries(object)) {
    const type = memberType(map, name);
    if (type === undefined) continue;
    const element = memberElement(name);
    const { self, below } = fieldsOf(type, inner, depth + 1);
    if (!below.isEmpty) children.set(element, below);
    const isEmpty = inner === null || (isObject(inner) && Object.keys(inner).length === 0);
    if (self || isEmpty || !map.fields.has(name)) members.add(element);
  }
  return { self: false, below: FieldSet.make(members, children) };
}
