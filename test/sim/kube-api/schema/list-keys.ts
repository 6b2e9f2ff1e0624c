import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import type { FieldError } from '../field-error.ts';
import { isList, isObject, type Json, type JsonDraft } from '../json.ts';
import { memoised } from '../memoised.ts';
import { innerSchemas, memberSchema } from './members.ts';

/** Items that lists of type set or map name twice (apiextensions-apiserver, schema/listtype). */
export function duplicateItems(schema: JsonSchema, value: Json, path = ''): readonly FieldError[] {
  if (!hasKeyedLists(schema)) return [];
  if (isList(value)) return inList(schema, value, path);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const member = memberSchema(schema, name);
    if (member === undefined) return [];
    const isNamed = Object.hasOwn(schema.properties ?? {}, name);
    const step = isNamed ? `${path === '' ? '' : '.'}${name}` : `[${name}]`;
    return duplicateItems(member, inner, `${path}${step}`);
  });
}

function inList(schema: JsonSchema, items: readonly Json[], path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      errors.push(...repeated(items, path));
      break;
    case 'map':
      errors.push(...inListMap(schema, items, path));
      break;
  }
  const { items: itemSchema } = schema;
  if (itemSchema === undefined) return errors;
  return [...errors, ...items.flatMap((item, index) => duplicateItems(itemSchema, item, `${path}[${index}]`))];
}

function inListMap(schema: JsonSchema, items: readonly Json[], path: string): readonly FieldError[] {
  const wrong = items.findIndex((item) => item !== null && !isObject(item));
  if (wrong !== -1) {
    const detail = 'must be an object for an array of list-type map';
    return [{ type: 'FieldValueInvalid', field: `${path}[${wrong}]`, value: items[wrong] ?? null, detail }];
  }
  const names = schema['x-kubernetes-list-map-keys'] ?? [];
  return repeated(
    items.map((item) => keysOf(item, names)),
    path,
  );
}

function keysOf(item: Json, names: readonly string[]): Json {
  const keys: JsonDraft = {};
  for (const name of names) {
    const key = isObject(item) ? item[name] : undefined;
    if (key !== undefined) keys[name] = key;
  }
  return keys;
}

/** Only the first repetition of each is told. */
function repeated(items: readonly Json[], path: string): readonly FieldError[] {
  const times = new Map<string, number>();
  return items.flatMap((value, index): readonly FieldError[] => {
    const text = JSON.stringify(value);
    const before = times.get(text) ?? 0;
    times.set(text, before + 1);
    return before === 1 ? [{ type: 'FieldValueDuplicate', field: `${path}[${index}]`, value, detail: '' }] : [];
  });
}

const hasKeyedLists = memoised((schema: JsonSchema): boolean => {
  const type = schema['x-kubernetes-list-type'];
  return type === 'set' || type === 'map' || innerSchemas(schema).some((inner) => hasKeyedLists(inner));
});
