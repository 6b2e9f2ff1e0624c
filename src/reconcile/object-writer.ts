import type { KubeClient } from '../kube/client.ts';
import type { ResourceType } from '../kube/object.ts';
import { objectKey } from '../runtime/object-key.ts';
import type { Store } from '../runtime/store.ts';
import { FINALIZER } from './annotations.ts';
import type { CommonStatus, EcsObject, OwnSpec } from './types.ts';

/** The operator's field manager. */
export const FIELD_MANAGER = 'ecs-operator';

/** The part of the client that writes go through. */
export type WritingClient = Pick<KubeClient, 'applyStatus' | 'mergePatch'>;

/**
 * The only writes to our objects: status, and our finalizer. Every one carries the UID, so that an object of the same
 * name that came later is never hit; answers go into the store, so that the next reconcile sees what was written.
 */
export class ObjectWriter<Spec extends OwnSpec, Status extends CommonStatus> {
  readonly #client: WritingClient;
  readonly #store: Store<EcsObject<Spec, Status>>;
  readonly #type: ResourceType;

  constructor(options: { client: WritingClient; store: Store<EcsObject<Spec, Status>>; type: ResourceType }) {
    this.#client = options.client;
    this.#store = options.store;
    this.#type = options.type;
  }

  /**
   * Writes the whole status. With `exact` the server refuses when anybody changed the object since: for intents.
   * @throws KubeApiError, KubeRequestError
   */
  writeStatus(
    object: EcsObject<Spec, Status>,
    status: CommonStatus,
    { exact, signal }: { exact: boolean; signal: AbortSignal },
  ): Promise<EcsObject<Spec, Status>> {
    const { name, namespace, uid, resourceVersion } = object.metadata;
    const target = {
      name,
      uid,
      ...(namespace && { namespace }),
      ...(exact ? { resourceVersion } : { lastSeen: resourceVersion }),
    };
    return this.#store.write(objectKey(object.metadata), () =>
      this.#client.applyStatus(this.#type, target, { status, fieldManager: FIELD_MANAGER }, signal),
    );
  }

  /** Puts our finalizer on, against the resourceVersion we know. @throws KubeApiError, KubeRequestError */
  addFinalizer(object: EcsObject<Spec, Status>, signal: AbortSignal): Promise<EcsObject<Spec, Status>> {
    return this.#patchFinalizers(object, [...(object.metadata.finalizers ?? []), FINALIZER], signal);
  }

  /** Takes our finalizer off, against the resourceVersion we know. @throws KubeApiError, KubeRequestError */
  removeFinalizer(object: EcsObject<Spec, Status>, signal: AbortSignal): Promise<EcsObject<Spec, Status>> {
    const rest = (object.metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
    return this.#patchFinalizers(object, rest, signal);
  }

  #patchFinalizers(
    object: EcsObject<Spec, Status>,
    finalizers: readonly string[],
    signal: AbortSignal,
  ): Promise<EcsObject<Spec, Status>> {
    const { name, namespace, uid, resourceVersion } = object.metadata;
    return this.#store.write(objectKey(object.metadata), () =>
      this.#client.mergePatch(
        this.#type,
        { name, ...(namespace && { namespace }) },
        { metadata: { uid, resourceVersion, finalizers } },
        { fieldManager: FIELD_MANAGER },
        signal,
      ),
    );
  }
}

export function hasFinalizer(object: EcsObject): boolean {
  return object.metadata.finalizers?.includes(FINALIZER) ?? false;
}
