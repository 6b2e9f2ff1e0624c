import type { Clock } from '../../../../src/runtime/clock.ts';
import { type JsonObject, listAt, textAt, withMemberAt } from '../json.ts';
import type { Deletion } from '../registry/deletion.ts';
import { isTerminating, NAMESPACES } from '../registry/namespaces.ts';
import { type Resource, resourceId } from '../registry/resource.ts';
import type { Storage, StorageEvent } from '../storage.ts';

export interface NamespaceLifecycleOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly deletion: Deletion;
  readonly delayMs: number;
  /** All namespaced types, in the order in which a namespace is emptied of them: Kubernetes promises none. */
  readonly types: () => readonly Resource[];
}

/** Empties namespaces that are being deleted and then lets them go, as Kubernetes' namespace controller does. */
export class NamespaceLifecycle {
  readonly #options: NamespaceLifecycleOptions;

  constructor(options: NamespaceLifecycleOptions) {
    this.#options = options;
    options.storage.listen((event) => this.#see(event));
  }

  #see(event: StorageEvent): void {
    const { clock, delayMs } = this.#options;
    if (event.resource === resourceId(NAMESPACES)) {
      if (event.type !== 'DELETED' && isTerminating(event.object)) clock.after(delayMs, () => this.#sync(event.name));
    } else if (event.type === 'DELETED' && this.#isEnding(event.namespace)) {
      clock.after(delayMs, () => this.#sync(event.namespace));
    }
  }

  #isEnding(name: string): boolean {
    const namespace = this.#namespace(name);
    return namespace !== undefined && isTerminating(namespace);
  }

  #sync(name: string): void {
    const { storage, deletion, types } = this.#options;
    const namespace = this.#namespace(name);
    if (namespace === undefined || !isTerminating(namespace)) return;
    let left = 0;
    for (const resource of types()) {
      const objects = storage.list(resourceId(resource), { namespace: name });
      const waiting = objects.filter((object) => textAt(object, 'metadata', 'deletionTimestamp') === undefined);
      if (waiting.length > 0) deletion.deleteAll(resource, name);
      left += storage.list(resourceId(resource), { namespace: name }).length;
    }
    const live = this.#namespace(name);
    if (left > 0 || live === undefined) return;
    const finalizers = listAt(live, 'spec', 'finalizers').filter((finalizer) => finalizer !== 'kubernetes');
    const place = { resource: resourceId(NAMESPACES), namespace: '', name };
    if (finalizers.length === 0 && listAt(live, 'metadata', 'finalizers').length === 0) storage.remove(place);
    else if (finalizers.length < listAt(live, 'spec', 'finalizers').length) {
      storage.put(place, withMemberAt(live, ['spec', 'finalizers'], finalizers));
    }
  }

  #namespace(name: string): JsonObject | undefined {
    return this.#options.storage.get({ resource: resourceId(NAMESPACES), namespace: '', name });
  }
}
