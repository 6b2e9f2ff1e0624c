import { KubeApiError } from '../../../src/kube/errors.ts';
import type { WritingClient } from '../../../src/reconcile/object-writer.ts';
import type { CommonStatus, EcsObject, OwnSpec } from '../../../src/reconcile/types.ts';
import { Store } from '../../../src/runtime/store.ts';

const REQUEST = { method: 'PATCH', path: '/apis/ecs-operator.dev/v1alpha1/namespaces/shop/…' };

/** Just enough of an API server: it keeps one object, grows its version, and refuses writes on an old one. */
export class KeptObject<Spec extends OwnSpec, Status extends CommonStatus> {
  /** What the operator sees. */
  store = new Store<EcsObject<Spec, Status>>();
  /** Writes of status and finalizers. */
  writes = 0;
  readonly #kind: string;
  readonly #name: string;
  readonly #uid: string;
  readonly #namespace: string | undefined;
  #object: EcsObject<Spec, Status> | undefined;
  #version = 1;

  /** @param options.namespace null for a kind that has none; left out, `shop` */
  constructor({
    kind,
    name,
    uid,
    namespace = 'shop',
  }: { kind: string; name: string; uid: string; namespace?: string | null }) {
    this.#namespace = namespace ?? undefined;
    this.#kind = kind;
    this.#name = name;
    this.#uid = uid;
  }

  /** @throws Error when it is gone. */
  get object(): EcsObject<Spec, Status> {
    if (this.#object === undefined) throw new Error('the object is gone');
    return this.#object;
  }

  get gone(): boolean {
    return this.#object === undefined;
  }

  /** `kubectl apply`: the spec as a whole. */
  apply(spec: Spec): void {
    const generation = (this.#object?.metadata.generation ?? 0) + 1;
    const namespace = this.#namespace === undefined ? {} : { namespace: this.#namespace };
    const metadata = { name: this.#name, ...namespace, uid: this.#uid, ...this.#object?.metadata };
    this.#keep({
      apiVersion: 'ecs-operator.dev/v1alpha1',
      kind: this.#kind,
      ...this.#object,
      metadata: { ...metadata, resourceVersion: '0', generation },
      spec,
    });
  }

  annotate(annotations: Readonly<Record<string, string>>): void {
    this.#keep({ ...this.object, metadata: { ...this.object.metadata, annotations } });
  }

  delete(now: number): void {
    const { metadata } = this.object;
    this.#keep({ ...this.object, metadata: { ...metadata, deletionTimestamp: new Date(now).toISOString() } });
  }

  restore(uid: string, { withStatus }: { withStatus: boolean }): void {
    const { status, ...object } = this.object;
    const kept = withStatus && status !== undefined ? { status } : {};
    this.#keep({ ...object, ...kept, metadata: { ...object.metadata, uid } });
  }

  /** Puts the object into a new store, as the list after a restart does. */
  refill(): void {
    if (this.#object !== undefined) this.store.apply({ type: 'ADDED', object: this.#object });
  }

  client(): WritingClient {
    const write = (
      { uid, resourceVersion }: { uid: string; resourceVersion?: string | undefined },
      change: (object: EcsObject<Spec, Status>) => EcsObject<Spec, Status>,
    ) => {
      const object = this.#object;
      if (object === undefined) throw refusal(404, 'NotFound', 'not found');
      const isOld = resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion;
      if (isOld || uid !== object.metadata.uid) {
        throw refusal(409, 'Conflict', 'the object has been modified');
      }
      this.writes++;
      // biome-ignore lint/suspicious/noExplicitAny: the client answers with whatever type the caller keeps there
      return this.#keep(change(object)) as any;
    };
    return {
      applyStatus: async (_type, target, { status }) =>
        // Safe: what the operator writes is its status.
        write(target, (object) => ({ ...object, status: structuredClone(status) as Status })),
      mergePatch: async (_type, _target, patch) => {
        // Safe: finalizers are all that the operator patches.
        const { metadata } = patch as {
          metadata: { uid: string; resourceVersion: string; finalizers: readonly string[] };
        };
        return write(metadata, (object) => ({
          ...object,
          metadata: { ...object.metadata, finalizers: metadata.finalizers },
        }));
      },
    };
  }

  #keep(object: EcsObject<Spec, Status>): EcsObject<Spec, Status> {
    const kept = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } };
    const { deletionTimestamp, finalizers = [] } = kept.metadata;
    this.#object = deletionTimestamp !== undefined && finalizers.length === 0 ? undefined : kept;
    this.store.apply({ type: this.#object === undefined ? 'DELETED' : 'MODIFIED', object: kept });
    return kept;
  }
}

function refusal(status: number, reason: string, message: string): KubeApiError {
  return new KubeApiError({ status, reason, message, request: REQUEST });
}
