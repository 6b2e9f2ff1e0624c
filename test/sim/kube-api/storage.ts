import { Remembered } from '../remembered.ts';
import { conflict, expired, type Qualified } from './api-error.ts';
import { type JsonObject, objectAt, textAt } from './json.ts';

/** One change of one object. */
export interface StorageEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  /** e.g. `ecsservices.ecs-operator.dev`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** As it is after the change; a deleted one as it was, with the deletion's resourceVersion. */
  readonly object: JsonObject;
  readonly previous: JsonObject | undefined;
}

/** Objects with the resourceVersion that a write gave them. */
const versions = new Remembered<JsonObject>();

/** What has to be true of the stored object for a write to happen. */
export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

interface Place {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * All objects under one revision that grows with each change, as in etcd, and the history of the changes until it is
 * compacted. Objects are never changed, only replaced.
 */
export class Storage {
  readonly #objects = new Map<string, Map<string, JsonObject>>();
  readonly #history = new Map<string, StorageEvent[]>();
  /** Per resource, from which revision on its history is known; for those that began anew. */
  readonly #floors = new Map<string, number>();
  readonly #listeners = new Set<(event: StorageEvent) => void>();
  readonly #progress = new Map<string, number>();
  #revision = 0;
  #compacted = 0;

  get revision(): number {
    return this.#revision;
  }

  /** The oldest revision from which history is still known. */
  get compacted(): number {
    return this.#compacted;
  }

  get({ resource, namespace, name }: Place): JsonObject | undefined {
    return this.#objects.get(resource)?.get(keyOf(namespace, name));
  }

  /** Creates or replaces an object. @returns it with its new resourceVersion. */
  put(place: Place, object: JsonObject): JsonObject {
    const { resource, namespace, name } = place;
    const previous = this.get(place);
    const stored = this.#versioned(object);
    let objects = this.#objects.get(resource);
    if (objects === undefined) {
      objects = new Map();
      this.#objects.set(resource, objects);
    }
    objects.set(keyOf(namespace, name), stored);
    this.#tell({ ...place, type: previous === undefined ? 'ADDED' : 'MODIFIED', object: stored, previous });
    return stored;
  }

  /** Removes an object that is there. */
  remove(place: Place): void {
    const previous = this.get(place);
    if (previous === undefined) return;
    this.#objects.get(place.resource)?.delete(keyOf(place.namespace, place.name));
    this.#tell({ ...place, type: 'DELETED', object: this.#versioned(previous), previous });
  }

  /**
   * The objects of a resource, in the order of their keys.
   * @param options.revision as they were then; now when left out.
   */
  list(
    resource: string,
    options: { readonly namespace?: string | undefined; readonly revision?: number | undefined } = {},
  ): readonly JsonObject[] {
    const { namespace, revision } = options;
    const objects = this.#at(resource, revision);
    const prefix = namespace === undefined ? '' : keyOf(namespace, '');
    return [...objects]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
  }

  #at(resource: string, revision: number | undefined): ReadonlyMap<string, JsonObject> {
    const now = this.#objects.get(resource) ?? new Map<string, JsonObject>();
    if (revision === undefined || revision >= this.#revision) return now;
    const then = new Map(now);
    for (const event of (this.#history.get(resource) ?? []).toReversed()) {
      if (event.revision <= revision) break;
      const key = keyOf(event.namespace, event.name);
      if (event.previous === undefined) then.delete(key);
      else then.set(key, event.previous);
    }
    return then;
  }

  /** The changes after a revision. @throws ApiError (Expired) when they are forgotten. */
  eventsAfter(resource: string, revision: number): readonly StorageEvent[] {
    const floor = Math.max(this.#compacted, this.#floors.get(resource) ?? 0);
    if (revision < floor) throw expired(`too old resource version: ${revision} (${floor})`);
    return (this.#history.get(resource) ?? []).filter((event) => event.revision > revision);
  }

  /** A resource is served anew: watches cannot be resumed from before. */
  forget(resource: string): void {
    this.#floors.set(resource, this.#revision);
    this.#history.delete(resource);
  }

  /** Up to which revision the watch cache of a resource has come: that of its last change or consistent read. */
  progressOf(resource: string): number {
    return this.#progress.get(resource) ?? 0;
  }

  /** A consistent read brings the watch cache up to now. */
  noteRead(resource: string): void {
    this.#progress.set(resource, this.#revision);
  }

  /** Forgets the history up to now. */
  compact(): void {
    this.#compacted = this.#revision;
    this.#history.clear();
  }

  /** Hears of every change, within the write that makes it. */
  listen(listener: (event: StorageEvent) => void): void {
    this.#listeners.add(listener);
  }

  #versioned(object: JsonObject): JsonObject {
    const revision = ++this.#revision;
    return versions.of([object, revision], () => {
      const metadata = { ...objectAt(object, 'metadata'), resourceVersion: String(revision) };
      return { ...object, metadata };
    });
  }

  #tell(change: Omit<StorageEvent, 'revision'>): void {
    const event = { ...change, revision: this.#revision };
    this.#progress.set(event.resource, event.revision);
    const history = this.#history.get(event.resource);
    if (history === undefined) this.#history.set(event.resource, [event]);
    else history.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** @throws ApiError (Conflict) when the object is not the one that is meant. */
export function checkPreconditions(
  object: JsonObject,
  { uid, resourceVersion }: Preconditions,
  about: { readonly resource: Qualified; readonly name: string },
): void {
  const metadata = objectAt(object, 'metadata') ?? {};
  const live = { uid: textAt(metadata, 'uid') ?? '', resourceVersion: textAt(metadata, 'resourceVersion') ?? '' };
  if (uid !== undefined && uid !== live.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.uid}`;
    throw conflict(about.resource, about.name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== live.resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${live.resourceVersion}`;
    throw conflict(about.resource, about.name, why);
  }
}
