import { type ApiError, applyConflict, badRequest, unforeseen } from '../api-error.ts';
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt, withMemberAt } from '../json.ts';
import { checkTyped } from './check-typed.ts';
import { FieldSet, pathText } from './field-set.ts';
import { TypedValueError } from './item-element.ts';
import { type Manager, type Managers, managerId, readManagers, withManagers } from './managed-fields.ts';
import type { MergeType } from './merge-type.ts';
import { ApplyConflicts, applied, type Conflict, ownershipAfterUpdate } from './ownership.ts';
import { capUpdateManagers } from './update-managers.ts';

/** Who writes, through which endpoint. */
export interface Writer {
  readonly manager: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly type: MergeType;
  /** What this endpoint does not write. */
  readonly reset: FieldSet;
  /** Now, RFC 3339 in whole seconds. */
  readonly time: string;
}

const META = ['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation'];
/** What nobody owns. */
const NEVER_OWNED = FieldSet.of(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[...META, 'managedFields', 'resourceVersion'].map((name) => ['f:metadata', `f:${name}`]),
);
const BEFORE_FIRST_APPLY = 'before-first-apply';

/**
 * The new object of a create, update or patch with its managedFields
 * (k8s.io/apimachinery, pkg/util/managedfields: FieldManager.UpdateNoErrors).
 * @param live as stored; only apiVersion and kind for a creation.
 */
export function trackUpdate(live: JsonObject, next: JsonObject, writer: Writer): JsonObject {
  const managers = managersForUpdate(live, next, writer.subresource !== '');
  const bare = withoutManagedFields(next);
  const isCreation = textAt(live, 'metadata', 'uid') === undefined;
  // Who never began to track does not begin with an update.
  if (managers.size === 0 && !isCreation) return bare;
  try {
    return withManagers(bare, updated({ live, next: bare, managers, manager: writer.manager, writer }));
  } catch (error) {
    // Then nobody is tracked, as in Kubernetes.
    if (error instanceof TypedValueError) return bare;
    throw error;
  }
}

/** Whoever sends managedFields along may change them, except through a subresource. */
function managersForUpdate(live: JsonObject, next: JsonObject, isSubresource: boolean): Managers {
  const stored = () => readManagers(live) ?? new Map<string, Manager>();
  if (isSubresource) return stored();
  if (isReset(next)) return new Map();
  const sent = readManagers(next);
  return sent === undefined || sent.size === 0 ? stored() : sent;
}

function isReset(object: JsonObject): boolean {
  const sent = objectAt(object, 'metadata')?.managedFields;
  if (sent === undefined || sent === null) return false;
  const entries = listAt(object, 'metadata', 'managedFields');
  return entries.length === 0 || (entries.length === 1 && isObject(entries[0]) && Object.keys(entries[0]).length === 0);
}

function updated(options: {
  readonly live: JsonObject;
  readonly next: JsonObject;
  readonly managers: Managers;
  readonly manager: string;
  readonly writer: Writer;
}): Managers {
  const { live, next, managers, writer } = options;
  const { type, reset, apiVersion, subresource, time } = writer;
  const bareLive = withoutManagedFields(live);
  checkTyped(type, next, true);
  checkTyped(type, bareLive, true);
  const manager = { name: options.manager, operation: 'Update', apiVersion, subresource, time } as const;
  // Only what this write changes; then it is added to what the manager had.
  const current = { ...manager, name: 'current-operation' };
  const after = new Map(ownershipAfterUpdate({ type, live: bareLive, next, managers, manager: current, reset }));
  const changed = after.get(managerId(current))?.fields.difference(NEVER_OWNED) ?? FieldSet.EMPTY;
  after.delete(managerId(current));
  if (!changed.isEmpty) {
    const id = managerId(manager);
    after.set(id, { ...manager, fields: changed.union(after.get(id)?.fields ?? FieldSet.EMPTY) });
  }
  return capUpdateManagers(after);
}

/**
 * The live object with a configuration applied.
 * @param live as stored; only apiVersion and kind when there is none yet.
 * @throws ApiError
 */
export function apply(live: JsonObject, config: JsonObject, writer: Writer & { readonly force: boolean }): JsonObject {
  checkKind(config, writer);
  if (isSet(objectAt(config, 'metadata')?.managedFields)) throw badRequest('metadata.managedFields must be nil');
  const bare = withoutManagedFields(live);
  const managers = startedManagers(live, bare, writer);
  typedOrRefused(writer, config, 'patch', false);
  typedOrRefused(writer, bare, 'live', true);
  const { type, reset, apiVersion, subresource, time, force } = writer;
  const manager = { name: writer.manager, operation: 'Apply', apiVersion, subresource } as const;
  const id = managerId(manager);
  try {
    const previous = managers.get(id)?.time;
    const result = applied({
      type,
      live: bare,
      config,
      managers,
      manager: { ...manager, time: previous },
      reset,
      force,
    });
    const after = new Map(result.managers);
    const mine = after.get(id);
    if (mine !== undefined) {
      const fields = mine.fields.difference(NEVER_OWNED);
      if (fields.isEmpty) after.delete(id);
      else after.set(id, { ...mine, fields, time: result.value === undefined ? previous : time });
    }
    return withManagers(asObject(result.value, bare), after);
  } catch (error) {
    if (error instanceof ApplyConflicts) throw conflictError(error.conflicts);
    throw error;
  }
}

/** The first apply on what was never tracked: all that is there belongs to somebody of before. */
function startedManagers(live: JsonObject, bare: JsonObject, writer: Writer): Managers {
  const managers = readManagers(live);
  if (managers === undefined) throw unforeseen('failed to decode managed fields');
  if (managers.size > 0) return managers;
  const { apiVersion, kind } = writer;
  const nothing = { apiVersion, kind };
  return updated({ live: nothing, next: bare, managers, manager: BEFORE_FIRST_APPLY, writer });
}

function checkKind(config: JsonObject, { apiVersion, kind }: Writer): void {
  if (config.apiVersion === apiVersion && config.kind === kind) return;
  const [version, group = ''] = (textAt(config, 'apiVersion') ?? '').split('/').reverse();
  throw badRequest(`invalid object type: ${group}/${version}, Kind=${textAt(config, 'kind') ?? ''}`);
}

function typedOrRefused(writer: Writer, object: JsonObject, which: string, duplicates: boolean): void {
  try {
    checkTyped(writer.type, object, duplicates);
  } catch (error) {
    if (!(error instanceof TypedValueError)) throw error;
    const { namespace = '', name = '' } = names(object);
    const what = `(${namespace}/${name}; ${writer.apiVersion}, Kind=${writer.kind})`;
    throw unforeseen(`failed to create typed ${which} object ${what}: ${error.message}`);
  }
}

function names(object: JsonObject): { readonly name?: string; readonly namespace?: string } {
  const name = textAt(object, 'metadata', 'name');
  const namespace = textAt(object, 'metadata', 'namespace');
  return { ...(name !== undefined && { name }), ...(namespace !== undefined && { namespace }) };
}

function conflictError(conflicts: readonly Conflict[]): ApiError {
  const all = conflicts.flatMap(({ manager, fields }) =>
    [...fields.paths()].map((path) => ({ who: managerText(manager), field: pathText(path) })),
  );
  const causes = all.map(({ who, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${who}`,
    field,
  }));
  const [only] = all;
  if (all.length === 1 && only !== undefined) {
    return applyConflict(`Apply failed with 1 conflict: conflict with ${only.who}: ${only.field}`, causes);
  }
  const groups = [...Map.groupBy(all, ({ who }) => who)].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = groups.flatMap(([who, fields]) => [
    `conflicts with ${who}:`,
    ...fields.map(({ field }) => `- ${field}`),
  ]);
  return applyConflict(`Apply failed with ${all.length} conflicts: ${lines.join('\n')}`, causes);
}

function managerText({ name, subresource, operation, apiVersion }: Manager): string {
  const through = subresource === '' ? '' : ` with subresource "${subresource}"`;
  return `"${name}"${through}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}

function withoutManagedFields(object: JsonObject): JsonObject {
  return objectAt(object, 'metadata')?.managedFields === undefined
    ? object
    : withMemberAt(object, ['metadata', 'managedFields'], undefined);
}

function asObject(value: Json | undefined, otherwise: JsonObject): JsonObject {
  return isObject(value) ? value : otherwise;
}

function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

/** The client's name before the slash, as Kubernetes takes it where no field manager is given. */
export function managerOr(userAgent: string, fieldManager: string | undefined): string {
  if (fieldManager !== undefined && fieldManager !== '') return fieldManager;
  const prefix = (userAgent.split('/')[0] ?? '').slice(0, 128);
  return prefix === '' ? 'unknown' : prefix;
}
