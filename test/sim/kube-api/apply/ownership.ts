import { type Json, sameJson } from '../json.ts';
import { type Comparison, compare } from './compare.ts';
import type { FieldSet } from './field-set.ts';
import type { Manager, Managers } from './managed-fields.ts';
import { managerId } from './managed-fields.ts';
import { merge } from './merge.ts';
import type { MergeType } from './merge-type.ts';
import { withNamedFields } from './named-fields.ts';
import { removeItems } from './remove-items.ts';
import { toFieldSet } from './to-field-set.ts';

/** Fields that other managers own and the applied object would change. */
export interface Conflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

/** An apply without force ran into what others own. */
export class ApplyConflicts extends Error {
  readonly conflicts: readonly Conflict[];

  constructor(conflicts: readonly Conflict[]) {
    super('conflicts');
    this.name = 'ApplyConflicts';
    this.conflicts = conflicts;
  }
}

export interface OwnershipInput {
  readonly type: MergeType;
  readonly live: Json;
  readonly managers: Managers;
  /** Who writes, without fields yet. */
  readonly manager: Omit<Manager, 'fields'>;
  /** Fields that this endpoint does not write: they are nobody's through it. */
  readonly reset: FieldSet;
}

/** Who owns what after an update: the writer gets what it changed (merge.Updater.Update). */
export function ownershipAfterUpdate(input: OwnershipInput & { readonly next: Json }): Managers {
  const { type, live, next, managers, manager, reset } = input;
  const id = managerId(manager);
  const changes = withoutReset(compare(type, live, next), reset);
  const after = new Map(taken({ managers, id, changes, force: true }));
  const mine = after.get(id)?.fields;
  const changed = changes.modified.union(changes.added);
  const fields = mine === undefined ? changed : mine.difference(changes.removed).union(changed);
  setOrDelete(after, id, { ...manager, fields: fields.recursiveDifference(reset) });
  return after;
}

/**
 * The live object with the applied one merged in, without what the manager applied before and now leaves out, unless
 * others own it too (merge.Updater.Apply).
 * @returns `value` undefined when nothing changes.
 * @throws ApplyConflicts
 */
export function applied(input: OwnershipInput & { readonly config: Json; readonly force: boolean }): {
  readonly value: Json | undefined;
  readonly managers: Managers;
} {
  const { type, live, config, manager, reset, force } = input;
  const id = managerId(manager);
  const last = input.managers.get(id)?.fields;
  const merged = merge(type, live, config);
  const fields = toFieldSet(type, config).recursiveDifference(reset);
  const managers = new Map(input.managers).set(id, { ...manager, fields });
  const value = last === undefined || last.isEmpty ? merged : pruned({ type, merged, managers, last });
  const changes = withoutReset(compare(type, live, value), reset);
  const after = taken({ managers, id, changes, force });
  return { value: sameJson(live, value) ? undefined : value, managers: after };
}

/** Takes from the other managers what was changed or removed. */
function taken(options: {
  readonly managers: Managers;
  readonly id: string;
  readonly changes: Comparison;
  readonly force: boolean;
}): Managers {
  const { managers, id, changes, force } = options;
  const { removed } = changes;
  const written = changes.modified.union(changes.added);
  const conflicts: Conflict[] = [];
  const after = new Map<string, Manager>();
  for (const [other, manager] of managers) {
    if (other === id) {
      setOrDelete(after, other, manager);
      continue;
    }
    const conflicting = manager.fields.intersection(written);
    if (!conflicting.isEmpty) conflicts.push({ manager, fields: conflicting });
    setOrDelete(after, other, { ...manager, fields: manager.fields.difference(conflicting).difference(removed) });
  }
  if (!force && conflicts.length > 0) throw new ApplyConflicts(conflicts);
  return after;
}

/** Without what the last apply of the manager had, and nobody has now (merge.Updater.prune). */
function pruned(options: {
  readonly type: MergeType;
  readonly merged: Json;
  readonly managers: Managers;
  readonly last: FieldSet;
}): Json {
  const { type, merged, managers, last } = options;
  const lastNamed = withNamedFields(last, type);
  let value = removeItems(type, merged, lastNamed);
  const mergedNamed = withNamedFields(toFieldSet(type, merged), type);

  // What anybody owns comes back.
  let owned = [...managers.values()].reduce<FieldSet | undefined>(
    (all, { fields }) => (all === undefined ? fields : all.union(fields)),
    undefined,
  );
  owned = owned === undefined ? undefined : withNamedFields(owned, type);
  const kept = withNamedFields(toFieldSet(type, value), type);
  value = removeItems(type, merged, mergedNamed.difference(owned === undefined ? kept : kept.union(owned)));

  // What the manager never owned is not its to remove.
  const left = withNamedFields(toFieldSet(type, value), type);
  return removeItems(type, merged, mergedNamed.difference(left).intersection(lastNamed));
}

function withoutReset(changes: Comparison, reset: FieldSet): Comparison {
  if (reset.isEmpty) return changes;
  return {
    removed: changes.removed.recursiveDifference(reset),
    modified: changes.modified.recursiveDifference(reset),
    added: changes.added.recursiveDifference(reset),
  };
}

function setOrDelete(managers: Map<string, Manager>, id: string, manager: Manager): void {
  if (manager.fields.isEmpty) managers.delete(id);
  else managers.set(id, manager);
}
