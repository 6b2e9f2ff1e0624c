import { isList, isObject, type Json } from '../json.ts';
import { type FieldSet, FieldSetBuilder, memberElement, type PathElement } from './field-set.ts';
import { itemElement } from './item-element.ts';
import { deduce, formIn, type ListType, type MapType, type MergeType, memberType } from './merge-type.ts';

/** The fields of a value: its leaves, items of lists, and members that the schema does not name. */
export function toFieldSet(type: MergeType, value: Json): FieldSet {
  const set = new FieldSetBuilder();
  visit(type, value, [], set);
  return set.build();
}

function visit(type: MergeType, value: Json, path: readonly PathElement[], set: FieldSetBuilder): void {
  const deduced = deduce(type, value);
  const form = formIn(deduced);
  if (form === 'scalar') set.insert(path);
  else if (form === 'list' && deduced.list !== undefined) visitList(deduced.list, value, path, set);
  else if (deduced.map !== undefined) visitMap(deduced.map, value, path, set);
}

function visitList(list: ListType, value: Json, path: readonly PathElement[], set: FieldSetBuilder): void {
  if (list.atomic) {
    set.insert(path);
    return;
  }
  if (!isList(value)) return;
  const elements = value.map((item) => itemElement(list, item));
  for (const [index, element] of elements.entries()) {
    const own = [...path, element];
    // An item that is there twice is owned as such, without what is inside.
    if (elements.indexOf(element) === elements.lastIndexOf(element))
      visit(list.element(), value[index] ?? null, own, set);
    set.insert(own);
  }
}

function visitMap(map: MapType, value: Json, path: readonly PathElement[], set: FieldSetBuilder): void {
  if (map.atomic) {
    set.insert(path);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    const type = memberType(map, name);
    if (type === undefined) continue;
    const own = [...path, memberElement(name)];
    visit(type, inner, own, set);
    const isEmpty = inner === null || (isObject(inner) && Object.keys(inner).length === 0);
    if (isEmpty || !map.fields.has(name)) set.insert(own);
  }
}
