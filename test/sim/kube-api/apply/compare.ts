import { type Json, sameJson } from '../json.ts';
import { type FieldSet, FieldSetBuilder, memberElement, type PathElement } from './field-set.ts';
import { itemElement, listIn, mapIn } from './item-element.ts';
import { DEDUCED, deduce, formIn, type ListType, type MapType, type MergeType, memberType } from './merge-type.ts';

/** What two values differ in; no field is in more than one of the three. */
export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

interface Collected {
  readonly removed: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
  readonly added: FieldSetBuilder;
}

/** One place in both values; undefined where there is none. Null is a value. */
interface Pair {
  readonly type: MergeType;
  readonly left: Json | undefined;
  readonly right: Json | undefined;
  readonly path: readonly PathElement[];
}

/** Compares two values of one type (typed.Compare). */
export function compare(type: MergeType, left: Json, right: Json): Comparison {
  const into = { removed: new FieldSetBuilder(), modified: new FieldSetBuilder(), added: new FieldSetBuilder() };
  visit({ type, left, right, path: [] }, into);
  return { removed: into.removed.build(), modified: into.modified.build(), added: into.added.build() };
}

function visit(pair: Pair, into: Collected): void {
  // Nothing differs below.
  if (pair.left === pair.right) return;
  const { type, left, right, path } = pair;
  const leftType = deduce(type, left);
  const rightType = deduce(type, right);
  let isLeaf: boolean;
  if (right === undefined) isLeaf = descend({ ...pair, type: leftType }, into);
  else {
    // An int-or-string, say, may have changed its form: then both are looked at.
    if (left !== undefined && formIn(leftType) !== formIn(rightType)) descend({ ...pair, type: leftType }, into);
    isLeaf = descend({ ...pair, type: rightType }, into);
  }
  if (isLeaf) return;
  if (left === undefined) into.added.insert(path);
  else if (right === undefined) into.removed.insert(path);
}

/** @returns whether it was compared as a whole. */
function descend(pair: Pair, into: Collected): boolean {
  switch (formIn(pair.type)) {
    case 'scalar':
      leaf(pair, into);
      return true;
    case 'list':
      return pair.type.list === undefined || visitList(pair.type.list, pair, into);
    case 'map':
      return pair.type.map === undefined || visitMap(pair.type.map, pair, into);
  }
}

function leaf({ left, right, path }: Pair, into: Collected): void {
  if (left === undefined) into.added.insert(path);
  else if (right === undefined) into.removed.insert(path);
  else if (!sameJson(left, right)) into.modified.insert(path);
}

function visitMap(map: MapType, pair: Pair, into: Collected): boolean {
  const left = mapIn(pair.left) ?? {};
  const right = mapIn(pair.right) ?? {};
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  if (map.atomic || names.size === 0) {
    leaf(pair, into);
    return true;
  }
  for (const name of names) {
    const type = memberType(map, name) ?? DEDUCED;
    visit({ type, left: left[name], right: right[name], path: [...pair.path, memberElement(name)] }, into);
  }
  return false;
}

function visitList(list: ListType, pair: Pair, into: Collected): boolean {
  const left = listIn(pair.left) ?? [];
  const right = listIn(pair.right) ?? [];
  if (list.atomic || left.length + right.length === 0) {
    leaf(pair, into);
    return true;
  }
  const before = byElement(list, left);
  const after = byElement(list, right);
  for (const element of new Set([...before.keys(), ...after.keys()])) {
    const path = [...pair.path, element];
    visitItems({ list, path, left: before.get(element) ?? [], right: after.get(element) ?? [] }, into);
  }
  return false;
}

interface Items {
  readonly list: ListType;
  readonly path: readonly PathElement[];
  readonly left: readonly Json[];
  readonly right: readonly Json[];
}

/** Items that stand in a list more than once are compared as a whole. */
function visitItems({ list, path, left, right }: Items, into: Collected): void {
  const type = list.element();
  if (left.length <= 1 && right.length <= 1) visit({ type, left: left[0], right: right[0], path }, into);
  else if (left.length >= 2 && right.length >= 2) {
    if (!sameJson(left, right)) into.modified.insert(path);
  } else if (left.length >= 2) {
    if (right[0] !== undefined) visit({ type, left: undefined, right: right[0], path }, into);
    into.removed.insert(path);
  } else {
    if (left[0] !== undefined) visit({ type, left: left[0], right: undefined, path }, into);
    into.added.insert(path);
  }
}

function byElement(list: ListType, items: readonly Json[]): ReadonlyMap<PathElement, readonly Json[]> {
  return Map.groupBy(items, (item) => itemElement(list, item));
}
