import { type Clock, kubeTime } from '../../../../src/runtime/clock.ts';
import { at, type JsonObject, listAt, objectAt, textAt, withMemberAt } from '../json.ts';
import { CRD_FINALIZER, CRDS, hasCondition, withCondition } from '../registry/crds.ts';
import type { Deletion } from '../registry/deletion.ts';
import { type Resource, resourceId } from '../registry/resource.ts';
import type { Storage, StorageEvent } from '../storage.ts';

export interface CrdLifecycleOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly deletion: Deletion;
  /** How long the API server's own controllers take to notice; milliseconds. */
  readonly delayMs: number;
  /** The type that a CRD serves, once it does. */
  readonly served: (crd: JsonObject) => Resource | undefined;
}

/**
 * What happens to a CRD after it was stored: its names are accepted and it is served; when it is deleted, its objects
 * go first (apiextensions-apiserver, controller/{status,establish,finalizer}).
 */
export class CrdLifecycle {
  readonly #options: CrdLifecycleOptions;

  constructor(options: CrdLifecycleOptions) {
    this.#options = options;
    options.storage.listen((event) => this.#see(event));
  }

  #see(event: StorageEvent): void {
    const { storage, clock, delayMs } = this.#options;
    if (event.resource === resourceId(CRDS)) {
      if (event.type !== 'DELETED') clock.after(delayMs, () => this.#sync(event.name));
      return;
    }
    if (event.type !== 'DELETED') return;
    const crd = storage.get({ resource: resourceId(CRDS), namespace: '', name: event.resource });
    if (crd !== undefined && isTerminating(crd)) clock.after(delayMs, () => this.#sync(event.resource));
  }

  #sync(name: string): void {
    const crd = this.#options.storage.get({ resource: resourceId(CRDS), namespace: '', name });
    if (crd === undefined) return;
    if (isTerminating(crd)) this.#finalize(crd, name);
    else if (!hasCondition(crd, 'Established')) this.#put(name, established(crd, kubeTime(this.#options.clock.now())));
  }

  #finalize(crd: JsonObject, name: string): void {
    if (!listAt(crd, 'metadata', 'finalizers').includes(CRD_FINALIZER)) return;
    const { storage, deletion, clock, served } = this.#options;
    const time = kubeTime(clock.now());
    const resource = served(crd);
    if (resource !== undefined && storage.list(name).length > 0) {
      const message = 'CustomResource deletion is in progress';
      const condition = { type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress', message };
      if (reasonOf(crd) !== condition.reason) this.#put(name, withCondition(crd, condition, time));
      deletion.deleteAll(resource, undefined);
      if (storage.list(name).length > 0) return;
    }
    const rest = listAt(crd, 'metadata', 'finalizers').filter((finalizer) => finalizer !== CRD_FINALIZER);
    if (rest.length === 0) {
      storage.remove({ resource: resourceId(CRDS), namespace: '', name });
      return;
    }
    const message = 'removed all instances';
    const condition = { type: 'Terminating', status: 'False', reason: 'InstanceDeletionCompleted', message };
    const live = storage.get({ resource: resourceId(CRDS), namespace: '', name }) ?? crd;
    this.#put(name, withMemberAt(withCondition(live, condition, time), ['metadata', 'finalizers'], rest));
  }

  #put(name: string, crd: JsonObject): void {
    this.#options.storage.put({ resource: resourceId(CRDS), namespace: '', name }, crd);
  }
}

function isTerminating(crd: JsonObject): boolean {
  return at(crd, 'metadata', 'deletionTimestamp') !== undefined;
}

function reasonOf(crd: JsonObject): string | undefined {
  const terminating = listAt(crd, 'status', 'conditions').find((one) => at(one, 'type') === 'Terminating');
  return textAt(terminating, 'reason');
}

/** A CRD whose names were accepted, and which is served from now on. */
export function established(crd: JsonObject, time: string): JsonObject {
  const names = objectAt(crd, 'spec', 'names') ?? {};
  const accepted = { ...crd, status: { ...objectAt(crd, 'status'), acceptedNames: names } };
  const conditions = [
    { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
    {
      type: 'Established',
      status: 'True',
      reason: 'InitialNamesAccepted',
      message: 'the initial names have been accepted',
    },
  ];
  return conditions.reduce((so_far, condition) => withCondition(so_far, condition, time), accepted as JsonObject);
}
