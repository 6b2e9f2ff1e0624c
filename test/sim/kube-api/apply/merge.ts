import type { Json, JsonDraft } from '../json.ts';
import type { PathElement } from './field-set.ts';
import { itemElement, listIn, mapIn } from './item-element.ts';
import { DEDUCED, deduce, formIn, type ListType, type MapType, type MergeType, memberType } from './merge-type.ts';

/** Puts what is applied over what is there, item by item and member by member (typed.Merge). */
export function merge(type: MergeType, live: Json, applied: Json): Json {
  return mergeAt(type, live, applied) ?? null;
}

function mergeAt(type: MergeType, left: Json | undefined, right: Json | undefined): Json | undefined {
  if (right === undefined || left === right) return left;
  const deduced = deduce(type, right);
  switch (formIn(deduced)) {
    case 'scalar':
      return right;
    case 'list':
      return deduced.list === undefined ? right : mergeLists(deduced.list, left, right);
    case 'map':
      return deduced.map === undefined ? right : mergeMaps(deduced.map, left, right);
  }
}

function mergeMaps(map: MapType, left: Json | undefined, right: Json): Json {
  const before = mapIn(left) ?? {};
  const after = mapIn(right) ?? {};
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  if (map.atomic || names.size === 0) return right;
  const merged: JsonDraft = {};
  for (const name of names) {
    const value = mergeAt(memberType(map, name) ?? DEDUCED, before[name], after[name]);
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}

function mergeLists(list: ListType, left: Json | undefined, right: Json): Json {
  const before = listIn(left) ?? [];
  const after = listIn(right) ?? [];
  if (list.atomic || before.length + after.length === 0) return right;
  return new ListMerge(list, before, after).run();
}

/** The items of both lists: in the order of the applied one, with the live one's own items where they stood. */
class ListMerge {
  readonly #list: ListType;
  readonly #left: readonly Json[];
  readonly #leftElements: readonly PathElement[];
  readonly #rightElements: readonly PathElement[];
  /** An item that the live list names twice is not merged with: null. */
  readonly #leftItems = new Map<PathElement, Json>();
  readonly #rightItems: ReadonlyMap<PathElement, Json>;
  /** Items of both, in the order of the applied list. */
  readonly #shared: PathElement[];
  readonly #merged = new Set<PathElement>();
  readonly #out: Json[] = [];

  constructor(list: ListType, left: readonly Json[], right: readonly Json[]) {
    this.#list = list;
    this.#left = left;
    this.#leftElements = left.map((item) => itemElement(list, item));
    this.#rightElements = right.map((item) => itemElement(list, item));
    for (const [at, element] of this.#leftElements.entries()) {
      this.#leftItems.set(element, this.#leftItems.has(element) ? null : (left[at] ?? null));
    }
    this.#rightItems = new Map(this.#rightElements.map((element, at) => [element, right[at] ?? null]));
    this.#shared = this.#rightElements.filter((element) => this.#leftItems.has(element));
  }

  run(): readonly Json[] {
    let nextShared = this.#shared.shift();
    let l = 0;
    let r = 0;
    while (l < this.#leftElements.length || r < this.#rightElements.length) {
      const leftElement = this.#leftElements[l];
      const rightElement = this.#rightElements[r];
      if (leftElement !== undefined && rightElement !== undefined) {
        if (leftElement === rightElement) {
          this.#take(rightElement);
          l++;
          r++;
          nextShared = this.#shared.shift();
          continue;
        }
        if (this.#rightItems.has(leftElement) && nextShared !== undefined && nextShared !== leftElement) {
          // In both, but its turn comes later.
          l++;
          continue;
        }
      }
      if (leftElement !== undefined) {
        if (!this.#rightItems.has(leftElement)) {
          this.#out.push(this.#left[l] ?? null);
          l++;
          continue;
        }
        if (this.#merged.has(leftElement)) l++;
      }
      if (rightElement !== undefined) {
        this.#take(rightElement);
        r++;
        if (nextShared === rightElement) nextShared = this.#shared.shift();
      }
    }
    return this.#out;
  }

  #take(element: PathElement): void {
    this.#merged.add(element);
    const merged = mergeAt(this.#list.element(), this.#leftItems.get(element), this.#rightItems.get(element));
    if (merged !== undefined) this.#out.push(merged);
  }
}
