import type { KubeObject } from '../kube/object.ts';
import { type ObjectKey, objectKey, splitKey } from './object-key.ts';
import { slimObject } from './slim-object.ts';
import { type Moment, WriteTracker } from './write-tracker.ts';

/** One change of a store. `old` is what it held before. */
export type StoreChange<T extends KubeObject> =
  | { readonly type: 'added'; readonly key: ObjectKey; readonly object: T }
  | { readonly type: 'updated'; readonly key: ObjectKey; readonly object: T; readonly old: T }
  | { readonly type: 'deleted'; readonly key: ObjectKey; readonly object: T; readonly old: T };

/** What the reflector hands in of a watch. */
export interface StoreEvent<T extends KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: T;
}

type Listener<T extends KubeObject> = (change: StoreChange<T>) => void;

interface Index<T> {
  readonly valuesOf: (object: T) => readonly string[];
  readonly keys: Map<string, Set<ObjectKey>>;
}

/**
 * What we know of one kind, by key, with indexes: fed by a reflector's lists and watches, and by the answers to our own
 * writes, so that who reads after writing sees at least what was written.
 */
export class Store<T extends KubeObject> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #indexes = new Map<string, Index<T>>();
  readonly #listeners = new Set<Listener<T>>();
  readonly #tracker = new WriteTracker<T>();
  readonly #writes = new Map<ObjectKey, Promise<unknown>>();
  #onUndecided: (key: ObjectKey) => void = () => {};
  #onListenerFault: (error: unknown) => void = (error) => {
    throw error;
  };
  #moment: Moment = 0;
  readonly #keep: (object: T, before: T | undefined) => T;

  /**
   * @param keep what is kept of an object, e.g. without large parts that nobody reads. managedFields never are. `before`
   * is what is held of it so far, from which may be taken what cannot have changed; never given for a list, which is the
   * fresh start after whatever may have happened to the API server.
   */
  constructor(keep: (object: T, before: T | undefined) => T = (object) => object) {
    this.#keep = (object, before) => keep(slimObject(object), before);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  /** In the order in which the objects came in. */
  list(): IterableIterator<T> {
    return this.#objects.values();
  }

  keys(): IterableIterator<ObjectKey> {
    return this.#objects.keys();
  }

  /**
   * Keeps, from now on, which objects have which values.
   * @throws Error when there is an index of that name.
   */
  addIndex(name: string, valuesOf: (object: T) => readonly string[]): void {
    if (this.#indexes.has(name)) throw new Error(`the store has an index "${name}" already`);
    const index: Index<T> = { valuesOf, keys: new Map() };
    this.#indexes.set(name, index);
    for (const [key, object] of this.#objects) addTo(index, key, valuesOf(object));
  }

  /** The objects that have this value in the index. @throws Error when there is no such index. */
  byIndex(name: string, value: string): readonly T[] {
    const index = this.#indexes.get(name);
    if (!index) throw new Error(`the store has no index "${name}"`);
    const found: T[] = [];
    for (const key of index.keys.get(value) ?? []) {
      const object = this.#objects.get(key);
      if (object) found.push(object);
    }
    return found;
  }

  /**
   * Tells of every change, within the call that brings it; what is there already is not told.
   * @returns the way to end it.
   */
  onChange(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Sends a write of ours and keeps its answer: once this resolves, the store holds at least what was answered, and
   * older events that are still on their way are not shown. Writes of one key go one after another.
   * @throws what `send` throws; then the store is as it was, and the watch will tell whether the write happened.
   */
  async write(key: ObjectKey, send: () => Promise<T>): Promise<T> {
    const before = this.#writes.get(key);
    const write = (async () => {
      await before?.catch(() => {});
      return this.#write(key, send);
    })();
    this.#writes.set(key, write);
    try {
      return await write;
    } finally {
      if (this.#writes.get(key) === write) this.#writes.delete(key);
    }
  }

  async #write(key: ObjectKey, send: () => Promise<T>): Promise<T> {
    this.#tracker.begin(key, this.#objects.get(key));
    let answer: T;
    try {
      const sent = await send();
      answer = this.#keep(sent, this.#objects.get(key));
    } catch (error) {
      const verdict = this.#tracker.abandon(key, this.#objects.get(key));
      this.#show(key, verdict.visible);
      if (verdict.undecided) this.#onUndecided(key);
      throw error;
    }
    const verdict = this.#tracker.answered(key, answer, ++this.#moment);
    this.#show(key, verdict.visible);
    if (verdict.undecided) this.#onUndecided(key);
    return answer;
  }

  /** Takes one event of the watch. */
  apply(event: StoreEvent<T>): void {
    const key = objectKey(event.object.metadata);
    const held = this.#objects.get(key);
    const kept = { type: event.type, object: this.#keep(event.object, held) };
    const visible = this.#tracker.event(key, kept, held);
    this.#show(key, visible);
  }

  /** Call before the first request of a list or read, and hand the result to `replace` or `settle`. */
  beginRead(): Moment {
    return ++this.#moment;
  }

  /** Replaces everything (within one namespace or of one name, when given) by a complete list. */
  replace(
    objects: readonly T[],
    read: { readonly began: Moment; readonly namespace?: string | undefined; readonly name?: string | undefined },
  ): void {
    const { began, namespace, name } = read;
    const ended = ++this.#moment;
    const listed = new Map(objects.map((object) => [objectKey(object.metadata), this.#keep(object, undefined)]));
    // Keys with a write under way count too: readers may not see anything of them yet.
    const known = new Set([...this.#objects.keys(), ...this.#tracker.keys()]);
    const gone = [...known].filter((key) => {
      const held = splitKey(key);
      const covered = (namespace ?? held.namespace) === held.namespace && (name ?? held.name) === held.name;
      return covered && !listed.has(key);
    });
    const undecided: ObjectKey[] = [];
    for (const key of [...gone, ...listed.keys()]) {
      const visible = this.#objects.get(key);
      const verdict = this.#tracker.listed(key, { object: listed.get(key), visible, began, ended });
      this.#show(key, verdict.visible);
      if (verdict.undecided) undecided.push(key);
    }
    for (const key of undecided) this.#onUndecided(key);
  }

  /**
   * Who is asked when a list and a write of ours crossed so that only a fresh read can tell which is newer: read the
   * key and hand the answer to `settle`. The reflector sets this.
   */
  set onUndecided(ask: (key: ObjectKey) => void) {
    this.#onUndecided = ask;
  }

  /** Who is told when a listener throws; nobody: the error goes to who brought the change. The reflector sets this. */
  set onListenerFault(report: (error: unknown) => void) {
    this.#onListenerFault = report;
  }

  /**
   * The answer to `onUndecided`: the object as a read found it, or undefined when there was none.
   * @returns false when that does not decide (it was deleted as well): only a new list does.
   */
  settle(key: ObjectKey, found: T | undefined, began: Moment): boolean {
    const object = found && this.#keep(found, undefined);
    const visible = this.#objects.get(key);
    const verdict = this.#tracker.settled(key, { object, visible, began, ended: ++this.#moment });
    this.#show(key, verdict.visible);
    return !verdict.undecided;
  }

  /** How many keys are waiting for the watch to show what we wrote, or have a write under way. For diagnosis. */
  get pendingWrites(): number {
    return this.#tracker.size;
  }

  /** Makes an object (or none) what readers see under a key, and tells. */
  #show(key: ObjectKey, object: T | undefined): void {
    const old = this.#objects.get(key);
    if (object === old) return;
    if (!object) {
      if (!old) return;
      this.#objects.delete(key);
      this.#index(key, old, undefined);
      this.#tell({ type: 'deleted', key, object: old, old });
      return;
    }
    if (!old) {
      this.#objects.set(key, object);
      this.#index(key, undefined, object);
      this.#tell({ type: 'added', key, object });
      return;
    }
    if (old.metadata.uid !== object.metadata.uid) {
      // Somebody deleted and recreated it while we were not looking: who depends on the old one must hear of its end.
      this.#show(key, undefined);
      this.#show(key, object);
      return;
    }
    if (old.metadata.resourceVersion === object.metadata.resourceVersion) return;
    this.#objects.set(key, object);
    this.#index(key, old, object);
    this.#tell({ type: 'updated', key, object, old });
  }

  #index(key: ObjectKey, old: T | undefined, object: T | undefined): void {
    for (const index of this.#indexes.values()) {
      const before = old ? index.valuesOf(old) : [];
      const after = object ? index.valuesOf(object) : [];
      for (const value of before) if (!after.includes(value)) removeFrom(index, key, value);
      addTo(index, key, after);
    }
  }

  #tell(change: StoreChange<T>): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        // The others must hear of it all the same.
        this.#onListenerFault(error);
      }
    }
  }
}

function addTo<T>(index: Index<T>, key: ObjectKey, values: readonly string[]): void {
  for (const value of values) {
    const keys = index.keys.get(value);
    if (keys) keys.add(key);
    else index.keys.set(value, new Set([key]));
  }
}

function removeFrom<T>(index: Index<T>, key: ObjectKey, value: string): void {
  const keys = index.keys.get(value);
  keys?.delete(key);
  if (keys?.size === 0) index.keys.delete(value);
}
