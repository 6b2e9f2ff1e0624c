import { isObject, type Json, type JsonObject } from '../json.ts';

/**
 * A step into a value, as managedFields write it: `f:name` (member), `k:{"name":"x"}` (item of a list by its keys),
 * `v:"x"` (item of a set) or `i:0`.
 */
export type PathElement = string;

export function memberElement(name: string): PathElement {
  return `f:${name}`;
}

/** The member's name; undefined for items of lists. */
export function memberName(element: PathElement): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined;
}

/**
 * A set of fields, as a tree: immutable. Port of fieldpath.Set of sigs.k8s.io/structured-merge-diff v6. A member owns
 * the field itself; children lead to fields below it, without owning it.
 */
export class FieldSet {
  static readonly EMPTY = new FieldSet(new Set(), new Map());
  readonly #members: ReadonlySet<PathElement>;
  readonly #children: ReadonlyMap<PathElement, FieldSet>;
  #json: JsonObject | undefined;

  private constructor(members: ReadonlySet<PathElement>, children: ReadonlyMap<PathElement, FieldSet>) {
    this.#members = members;
    this.#children = children;
  }

  static of(...paths: readonly (readonly PathElement[])[]): FieldSet {
    const builder = new FieldSetBuilder();
    for (const path of paths) builder.insert(path);
    return builder.build();
  }

  /** @internal For the builder. */
  static make(members: ReadonlySet<PathElement>, children: ReadonlyMap<PathElement, FieldSet>): FieldSet {
    if (members.size === 0 && children.size === 0) return FieldSet.EMPTY;
    return new FieldSet(members, children);
  }

  get isEmpty(): boolean {
    // Empty children are never kept.
    return this.#members.size === 0 && this.#children.size === 0;
  }

  get members(): ReadonlySet<PathElement> {
    return this.#members;
  }

  get children(): ReadonlyMap<PathElement, FieldSet> {
    return this.#children;
  }

  /** What the set holds below an element. */
  below(element: PathElement): FieldSet {
    return this.#children.get(element) ?? FieldSet.EMPTY;
  }

  has(path: readonly PathElement[]): boolean {
    const [first, ...rest] = path;
    if (first === undefined) return false;
    return rest.length === 0 ? this.#members.has(first) : this.below(first).has(rest);
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty || this === other) return this;
    if (this.isEmpty) return other;
    const children = new Map(this.#children);
    for (const [element, child] of other.#children) {
      const mine = children.get(element);
      children.set(element, mine === undefined ? child : mine.union(child));
    }
    return FieldSet.make(new Set([...this.#members, ...other.#members]), children);
  }

  intersection(other: FieldSet): FieldSet {
    if (this === other) return this;
    if (this.isEmpty || other.isEmpty) return FieldSet.EMPTY;
    return this.#combine(
      kept(this.#members, (element) => other.#members.has(element)),
      (element, child) => child.intersection(other.below(element)),
    );
  }

  /** Without the other's fields; what stands below one of those stays. */
  difference(other: FieldSet): FieldSet {
    if (this === other) return FieldSet.EMPTY;
    if (this.isEmpty || other.isEmpty) return this;
    return this.#combine(
      kept(this.#members, (element) => !other.#members.has(element)),
      (element, child) => child.difference(other.below(element)),
    );
  }

  /** Without the other's fields and all that stands below them. */
  recursiveDifference(other: FieldSet): FieldSet {
    if (this.isEmpty || other.isEmpty) return this;
    return this.#combine(
      kept(this.#members, (element) => !other.#members.has(element)),
      (element, child) =>
        other.#members.has(element) ? FieldSet.EMPTY : child.recursiveDifference(other.below(element)),
    );
  }

  equals(other: FieldSet): boolean {
    if (this === other) return true;
    if (this.#members.size !== other.#members.size || this.#children.size !== other.#children.size) return false;
    for (const element of this.#members) if (!other.#members.has(element)) return false;
    for (const [element, child] of this.#children) {
      const theirs = other.#children.get(element);
      if (theirs === undefined || !child.equals(theirs)) return false;
    }
    return true;
  }

  /** Every field, parents before what is below them. */
  *paths(prefix: readonly PathElement[] = []): Generator<readonly PathElement[]> {
    for (const element of this.#members) yield [...prefix, element];
    for (const [element, child] of this.#children) yield* child.paths([...prefix, element]);
  }

  /** As it stands in managedFields under `fieldsV1`. */
  toJson(): JsonObject {
    if (this.#json === undefined) {
      this.#json = this.#toJson(false);
      // The next write to the object reads it.
      decoded.set(this.#json, this);
    }
    return this.#json;
  }

  #toJson(self: boolean): JsonObject {
    const elements = [...new Set([...this.#members, ...this.#children.keys()])].sort();
    const json: Record<string, Json> = self ? { '.': {} } : {};
    for (const element of elements) {
      const child = this.#children.get(element);
      json[element] = child === undefined ? {} : child.#toJson(this.#members.has(element));
    }
    return json;
  }

  static fromJson(json: JsonObject): FieldSet {
    let set = decoded.get(json);
    if (set === undefined) {
      set = FieldSet.#fromJson(json);
      decoded.set(json, set);
    }
    return set;
  }

  static #fromJson(json: JsonObject): FieldSet {
    const members = new Set<PathElement>();
    const children = new Map<PathElement, FieldSet>();
    for (const [element, below] of Object.entries(json)) {
      if (element === '.') continue;
      const inner = isObject(below) ? below : {};
      const child = FieldSet.#fromJson(inner);
      if (Object.hasOwn(inner, '.') || child.isEmpty) members.add(element);
      if (!child.isEmpty) children.set(element, child);
    }
    return FieldSet.make(members, children);
  }

  #combine(members: ReadonlySet<PathElement>, change: (element: PathElement, child: FieldSet) => FieldSet): FieldSet {
    const children = new Map<PathElement, FieldSet>();
    for (const [element, child] of this.#children) {
      const changed = change(element, child);
      if (!changed.isEmpty) children.set(element, changed);
    }
    return FieldSet.make(members, children);
  }
}

function kept(members: ReadonlySet<PathElement>, holds: (element: PathElement) => boolean): ReadonlySet<PathElement> {
  return new Set([...members].filter(holds));
}

/** The managedFields of stored objects are read again with each write, and never change. */
const decoded = new WeakMap<JsonObject, FieldSet>();

/** Collects fields, then makes the set. */
export class FieldSetBuilder {
  readonly #members = new Set<PathElement>();
  readonly #children = new Map<PathElement, FieldSetBuilder>();

  /** The empty path, the whole object, is owned by nobody. */
  insert(path: readonly PathElement[], from = 0): void {
    const first = path[from];
    if (first === undefined) return;
    if (from === path.length - 1) {
      this.#members.add(first);
      return;
    }
    let child = this.#children.get(first);
    if (child === undefined) {
      child = new FieldSetBuilder();
      this.#children.set(first, child);
    }
    child.insert(path, from + 1);
  }

  build(): FieldSet {
    return FieldSet.make(
      this.#members,
      new Map([...this.#children].map(([element, child]) => [element, child.build()])),
    );
  }
}

/** `.spec.tags[key="a"].value`, as conflicts name a field. */
export function pathText(path: readonly PathElement[]): string {
  return path.map(elementText).join('');
}

export function elementText(element: PathElement): string {
  const content = element.slice(2);
  switch (element[0]) {
    case 'k': {
      const keys = Object.entries(JSON.parse(content) as JsonObject);
      return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    }
    case 'v':
      return `[=${content}]`;
    case 'i':
      return `[${content}]`;
    default:
      return `.${content}`;
  }
}
