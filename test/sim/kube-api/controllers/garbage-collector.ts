import type { Clock } from '../../../../src/runtime/clock.ts';
import { at, type Json, type JsonObject, listAt, textAt, withMemberAt } from '../json.ts';
import type { Deletion } from '../registry/deletion.ts';
import { type Resource, resourceId } from '../registry/resource.ts';
import type { Storage, StorageEvent } from '../storage.ts';

export interface GarbageCollectorOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly deletion: Deletion;
  readonly delayMs: number;
  readonly types: () => readonly Resource[];
}

interface Found {
  readonly resource: Resource;
  readonly object: JsonObject;
}

/**
 * Deletes what has lost all its owners, and carries out the policies Foreground and Orphan, as Kubernetes' garbage
 * collector does. Owners are told by their UID; one in another namespace counts as absent.
 */
export class GarbageCollector {
  readonly #options: GarbageCollectorOptions;

  constructor(options: GarbageCollectorOptions) {
    this.#options = options;
    options.storage.listen((event) => this.#see(event));
  }

  #see(event: StorageEvent): void {
    const { clock, delayMs } = this.#options;
    const uid = uidOf(event.object);
    if (event.type === 'DELETED') {
      // Its dependents may be garbage now, and its owners may wait for it.
      clock.after(delayMs, () => {
        for (const dependent of this.#dependentsOf(uid)) this.#collect(dependent);
        for (const owner of ownersOf(event.object)) this.#finish(textAt(owner, 'uid') ?? '');
      });
      return;
    }
    const isGoing = textAt(event.object, 'metadata', 'deletionTimestamp') !== undefined;
    if (isGoing && policyFinalizer(event.object) !== undefined) clock.after(delayMs, () => this.#finish(uid));
    else if (ownersOf(event.object).length > 0 && event.type === 'ADDED') {
      clock.after(delayMs, () => {
        const found = this.#find(uid);
        if (found !== undefined) this.#collect(found);
      });
    }
  }

  /** Deletes an object without owners that are there; else takes absent ones out of its references. */
  #collect({ resource, object }: Found): void {
    const live = this.#find(uidOf(object))?.object;
    if (live === undefined || textAt(live, 'metadata', 'deletionTimestamp') !== undefined) return;
    const owners = ownersOf(live);
    const present = owners.filter((owner) => this.#isPresent(owner, live));
    if (present.length === owners.length) return;
    if (present.length > 0) this.#put(resource, withMemberAt(live, ['metadata', 'ownerReferences'], present));
    else this.#delete(resource, live);
  }

  /** What a deletion with the policy Foreground or Orphan waits for. */
  #finish(uid: string): void {
    const owner = this.#find(uid);
    if (owner === undefined || textAt(owner.object, 'metadata', 'deletionTimestamp') === undefined) return;
    const policy = policyFinalizer(owner.object);
    if (policy === undefined) return;
    const dependents = this.#dependentsOf(uid);
    if (policy === 'orphan') for (const dependent of dependents) this.#disown(dependent, uid);
    else {
      const blocking = dependents.filter(({ object }) => blocks(object, uid));
      for (const { resource, object } of dependents) this.#delete(resource, object);
      if (blocking.some(({ object }) => this.#find(uidOf(object)) !== undefined)) return;
    }
    this.#letGo(owner, policy);
  }

  #letGo({ resource, object }: Found, policy: string): void {
    const live = this.#find(uidOf(object))?.object;
    if (live === undefined) return;
    const finalizers = listAt(live, 'metadata', 'finalizers').filter((finalizer) => finalizer !== policy);
    if (finalizers.length === 0) this.#options.storage.remove(placeOf(resource, live));
    else this.#put(resource, withMemberAt(live, ['metadata', 'finalizers'], finalizers));
  }

  #disown({ resource, object }: Found, uid: string): void {
    const owners = ownersOf(object).filter((owner) => textAt(owner, 'uid') !== uid);
    const path = ['metadata', 'ownerReferences'];
    this.#put(resource, withMemberAt(object, path, owners.length === 0 ? undefined : owners));
  }

  #delete(resource: Resource, object: JsonObject): void {
    if (this.#find(uidOf(object)) === undefined) return;
    const { namespace, name } = placeOf(resource, object);
    const options = { propagationPolicy: 'Background', uid: uidOf(object), dryRun: false } as const;
    this.#options.deletion.delete({ resource, namespace, name }, options);
  }

  #isPresent(owner: Json, dependent: JsonObject): boolean {
    const found = this.#find(textAt(owner, 'uid') ?? '');
    if (found === undefined || found.resource.kind !== textAt(owner, 'kind')) return false;
    if (!found.resource.namespaced) return true;
    return textAt(found.object, 'metadata', 'namespace') === textAt(dependent, 'metadata', 'namespace');
  }

  #find(uid: string): Found | undefined {
    return this.#all().find(({ object }) => uidOf(object) === uid);
  }

  #dependentsOf(uid: string): readonly Found[] {
    return this.#all().filter(({ object }) => ownersOf(object).some((owner) => textAt(owner, 'uid') === uid));
  }

  #all(): readonly Found[] {
    const { storage, types } = this.#options;
    return types().flatMap((resource) => storage.list(resourceId(resource)).map((object) => ({ resource, object })));
  }

  #put(resource: Resource, object: JsonObject): void {
    this.#options.storage.put(placeOf(resource, object), object);
  }
}

function ownersOf(object: JsonObject): readonly Json[] {
  return listAt(object, 'metadata', 'ownerReferences');
}

function blocks(object: JsonObject, uid: string): boolean {
  return ownersOf(object).some((owner) => textAt(owner, 'uid') === uid && at(owner, 'blockOwnerDeletion') === true);
}

function policyFinalizer(object: JsonObject): 'orphan' | 'foregroundDeletion' | undefined {
  const finalizers = listAt(object, 'metadata', 'finalizers');
  if (finalizers.includes('orphan')) return 'orphan';
  return finalizers.includes('foregroundDeletion') ? 'foregroundDeletion' : undefined;
}

function uidOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'uid') ?? '';
}

function placeOf(resource: Resource, object: JsonObject) {
  const namespace = textAt(object, 'metadata', 'namespace') ?? '';
  return { resource: resourceId(resource), namespace, name: textAt(object, 'metadata', 'name') ?? '' };
}
