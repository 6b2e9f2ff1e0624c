import { FieldSet, memberName, type PathElement } from './field-set.ts';
import type { MergeType } from './merge-type.ts';
import { memberType } from './merge-type.ts';

const known = new WeakMap<MergeType, WeakMap<FieldSet, FieldSet>>();

/**
 * The set with the members that the schema names and that lead to fields of it: a set of `a.b.c` then holds `a` too
 * where `a` is a named member (fieldpath.Set.EnsureNamedFieldsAreMembers).
 */
export function withNamedFields(set: FieldSet, type: MergeType | undefined): FieldSet {
  if (set.children.size === 0 || type === undefined) return set;
  let ofType = known.get(type);
  if (ofType === undefined) {
    ofType = new WeakMap();
    known.set(type, ofType);
  }
  let named = ofType.get(set);
  if (named === undefined) {
    named = compute(set, type);
    ofType.set(set, named);
  }
  return named;
}

function compute(set: FieldSet, type: MergeType): FieldSet {
  const members = new Set(set.members);
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of set.children) {
    const name = memberName(element);
    if (name !== undefined && type.map?.fields.has(name)) members.add(element);
    children.set(element, withNamedFields(child, below(type, name)));
  }
  return FieldSet.make(members, children);
}

function below(type: MergeType, name: string | undefined): MergeType | undefined {
  if (name === undefined) return type.list?.element();
  return type.map === undefined ? undefined : memberType(type.map, name);
}
