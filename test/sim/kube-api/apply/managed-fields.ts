import { isObject, type JsonObject, listAt, textAt } from '../json.ts';
import { FieldSet } from './field-set.ts';

/** Who owns what: one entry of metadata.managedFields. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly fields: FieldSet;
  /** RFC 3339, whole seconds. */
  readonly time: string | undefined;
}

/** By `managerId`. */
export type Managers = ReadonlyMap<string, Manager>;

/** What makes two writes those of one manager: whoever applies is the same in every version. */
export function managerId(manager: Pick<Manager, 'name' | 'operation' | 'apiVersion' | 'subresource'>): string {
  const { name, operation, apiVersion, subresource } = manager;
  return [name, operation, operation === 'Apply' ? '' : apiVersion, subresource].join('\n');
}

/** Reads metadata.managedFields; undefined when they are not well-formed. */
export function readManagers(object: JsonObject): Managers | undefined {
  const managers = new Map<string, Manager>();
  for (const entry of listAt(object, 'metadata', 'managedFields')) {
    const operation = textAt(entry, 'operation');
    const apiVersion = textAt(entry, 'apiVersion');
    if (!isObject(entry) || (operation !== 'Apply' && operation !== 'Update')) return undefined;
    if (apiVersion === undefined || textAt(entry, 'fieldsType') !== 'FieldsV1') return undefined;
    const { fieldsV1 } = entry;
    const manager: Manager = {
      name: textAt(entry, 'manager') ?? '',
      operation,
      apiVersion,
      subresource: textAt(entry, 'subresource') ?? '',
      fields: isObject(fieldsV1) ? FieldSet.fromJson(fieldsV1) : FieldSet.EMPTY,
      time: textAt(entry, 'time'),
    };
    managers.set(managerId(manager), manager);
  }
  return managers;
}

/** The object with these managers; without any, it has no managedFields. */
export function withManagers(object: JsonObject, managers: Managers): JsonObject {
  const { managedFields: _old, ...metadata } = isObject(object.metadata) ? object.metadata : {};
  if (managers.size === 0) return { ...object, metadata };
  const entries = [...managers.values()].sort(inOrder).map(entryOf);
  return { ...object, metadata: { ...metadata, managedFields: entries } };
}

function entryOf(manager: Manager): JsonObject {
  const { name, operation, apiVersion, subresource, fields, time } = manager;
  return {
    ...(name !== '' && { manager: name }),
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: fields.toJson(),
    ...(subresource !== '' && { subresource }),
  };
}

function inOrder(one: Manager, other: Manager): number {
  return (
    byText(one.operation, other.operation) ||
    byText(one.time ?? '', other.time ?? '') ||
    byText(one.name, other.name) ||
    byText(one.apiVersion, other.apiVersion) ||
    byText(one.subresource, other.subresource)
  );
}

function byText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
