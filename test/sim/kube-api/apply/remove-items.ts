import { isList, isObject, type Json, type JsonDraft } from '../json.ts';
import { type FieldSet, memberElement } from './field-set.ts';
import { itemElement } from './item-element.ts';
import { DEDUCED, deduce, formIn, type ListType, type MapType, type MergeType, memberType } from './merge-type.ts';

/**
 * Takes fields out of a value (typed.RemoveItems). A list or map of which nothing is left becomes null, as does
 * whatever is atomic and has a field below it in the set.
 */
export function removeItems(type: MergeType, value: Json, fields: FieldSet): Json {
  if (fields.isEmpty) return value;
  const deduced = deduce(type, value);
  switch (formIn(deduced)) {
    case 'scalar':
      return value;
    case 'list':
      return deduced.list === undefined ? null : fromList(deduced.list, value, fields);
    case 'map':
      return deduced.map === undefined ? null : fromMap(deduced.map, value, fields);
  }
}

function fromList(list: ListType, value: Json, fields: FieldSet): Json {
  if (!isList(value) || list.atomic) return null;
  const kept = value.flatMap((item) => {
    const element = itemElement(list, item);
    if (fields.members.has(element)) return [];
    return [removeItems(list.element(), item, fields.below(element))];
  });
  return kept.length === 0 ? null : kept;
}

function fromMap(map: MapType, value: Json, fields: FieldSet): Json {
  if (!isObject(value) || map.atomic) return null;
  const kept: JsonDraft = {};
  for (const [name, inner] of Object.entries(value)) {
    const element = memberElement(name);
    if (fields.members.has(element)) continue;
    kept[name] = removeItems(memberType(map, name) ?? DEDUCED, inner, fields.below(element));
  }
  return Object.keys(kept).length === 0 ? null : kept;
}
