import { type Clock, kubeTime } from '../../../../src/runtime/clock.ts';
import { conflict, forbidden, invalid, notFound, type Qualified } from '../api-error.ts';
import { invalidValue } from '../field-error.ts';
import { at, isObject, type Json, type JsonObject, listAt, objectAt, textAt, withMember } from '../json.ts';
import { texts } from '../metadata/validate-meta.ts';
import { checkPreconditions, type Preconditions, type Storage } from '../storage.ts';
import { CRD_FINALIZER, CRDS, withCondition } from './crds.ts';
import { NAMESPACES } from './namespaces.ts';
import type { Target } from './registry.ts';
import { byKind, byPlural, type Resource, resourceId } from './resource.ts';

/** What a DELETE's body asks for. */
export interface DeletionOptions extends Preconditions {
  readonly propagationPolicy: 'Background' | 'Foreground' | 'Orphan' | undefined;
  readonly dryRun: boolean;
}

/** Reads the body of a DELETE. @throws ApiError (Invalid) on a policy that does not exist. */
export function deletionOptions(body: Json | undefined, dryRun: boolean): DeletionOptions {
  const policy = textAt(body, 'propagationPolicy');
  if (policy !== undefined && policy !== 'Background' && policy !== 'Foreground' && policy !== 'Orphan') {
    const error = invalidValue('propagationPolicy', policy, 'must be Foreground, Background or Orphan');
    throw invalid({ group: 'meta.k8s.io', name: 'DeleteOptions' }, '', [error]);
  }
  const uid = textAt(body, 'preconditions', 'uid');
  const resourceVersion = textAt(body, 'preconditions', 'resourceVersion');
  return { propagationPolicy: policy, uid, resourceVersion, dryRun: dryRun || listAt(body, 'dryRun').includes('All') };
}

const IMMORTAL = ['default', 'kube-system', 'kube-public'];

/** Deletions: at once, or in two phases when finalizers are there (k8s.io/apiserver, registry/store.go). */
export class Deletion {
  readonly #storage: Storage;
  readonly #clock: Clock;

  constructor(options: { readonly storage: Storage; readonly clock: Clock }) {
    this.#storage = options.storage;
    this.#clock = options.clock;
  }

  /** @returns the marked object, or a Status when it is gone. @throws ApiError */
  delete(target: Target, options: DeletionOptions): JsonObject {
    const { resource, name } = target;
    if (resource === NAMESPACES && IMMORTAL.includes(name)) {
      throw forbidden({ resource: byPlural(resource), name, why: 'this namespace may not be deleted' });
    }
    const object = this.#storage.get(placeOf(target));
    if (object === undefined) throw notFound(byPlural(resource), name);
    if (resource === CRDS) return this.#deleteCrd(target, object, options);
    if (resource === NAMESPACES) return this.#deleteNamespace(target, object, options);
    checkDeletion(object, options, { resource: byKind(resource), name });
    return this.#deleteObject(target, object, options);
  }

  /** Every object of a type in a namespace. */
  deleteAll(resource: Resource, namespace: string | undefined): void {
    for (const object of this.#storage.list(resourceId(resource), { namespace })) {
      const target = { resource, namespace: textAt(object, 'metadata', 'namespace') ?? '', name: nameOf(object) };
      this.delete(target, { propagationPolicy: undefined, dryRun: false });
    }
  }

  #deleteObject(target: Target, object: JsonObject, options: DeletionOptions): JsonObject {
    const metadata = objectAt(object, 'metadata') ?? {};
    const finalizers = withPolicy(texts(metadata, 'finalizers'), options.propagationPolicy);
    if (finalizers.length === 0) {
      if (!options.dryRun) this.#storage.remove(placeOf(target));
      return success(byPlural(target.resource), object);
    }
    const marked = this.#marked({ ...object, metadata: { ...metadata, finalizers } });
    return this.#put(target, object, marked, options);
  }

  /** Marks an object as being deleted; its generation grows with that. */
  #marked(object: JsonObject): JsonObject {
    const metadata = objectAt(object, 'metadata') ?? {};
    if (metadata.deletionTimestamp !== undefined) return object;
    const { generation } = metadata;
    const grown = typeof generation === 'number' && generation > 0 ? { generation: generation + 1 } : {};
    const deletionTimestamp = kubeTime(this.#clock.now());
    return { ...object, metadata: { ...metadata, ...grown, deletionTimestamp, deletionGracePeriodSeconds: 0 } };
  }

  /** Its content goes first (k8s.io/kubernetes, pkg/registry/core/namespace/storage). */
  #deleteNamespace(target: Target, namespace: JsonObject, options: DeletionOptions): JsonObject {
    checkPreconditions(namespace, options, { resource: byPlural(NAMESPACES), name: target.name });
    const metadata = objectAt(namespace, 'metadata') ?? {};
    if (metadata.deletionTimestamp === undefined) {
      const deletionTimestamp = kubeTime(this.#clock.now());
      const status = { ...objectAt(namespace, 'status'), phase: 'Terminating' };
      return this.#put(
        target,
        namespace,
        { ...namespace, metadata: { ...metadata, deletionTimestamp }, status },
        options,
      );
    }
    if (listAt(namespace, 'spec', 'finalizers').length > 0) return namespace;
    return this.#deleteObject(target, namespace, options);
  }

  /** apiextensions-apiserver, registry/customresourcedefinition: a CRD's objects go first. */
  #deleteCrd(target: Target, crd: JsonObject, options: DeletionOptions): JsonObject {
    const { name } = target;
    checkPreconditions(crd, options, { resource: byPlural(CRDS), name });
    const metadata = objectAt(crd, 'metadata') ?? {};
    if (metadata.deletionTimestamp !== undefined) return this.#deleteObject(target, crd, options);
    const finalizers = [...new Set([...texts(metadata, 'finalizers'), CRD_FINALIZER])];
    const time = kubeTime(this.#clock.now());
    const marked = withCondition(
      { ...crd, metadata: { ...metadata, finalizers, deletionTimestamp: time } },
      {
        type: 'Terminating',
        status: 'True',
        reason: 'InstanceDeletionPending',
        message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
      },
      time,
    );
    return this.#put(target, crd, marked, options);
  }

  #put(target: Target, old: JsonObject, next: JsonObject, { dryRun }: DeletionOptions): JsonObject {
    if (dryRun || next === old || JSON.stringify(next) === JSON.stringify(old)) return next;
    return this.#storage.put(placeOf(target), next);
  }
}

/** Worded otherwise than the preconditions of other writes. */
function checkDeletion(
  object: JsonObject,
  { uid, resourceVersion }: Preconditions,
  about: { readonly resource: Qualified; readonly name: string },
): void {
  const live = { uid: at(object, 'metadata', 'uid'), resourceVersion: at(object, 'metadata', 'resourceVersion') };
  if (uid !== undefined && uid !== live.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${live.uid}). The object might have been deleted and then recreated`;
    throw conflict(about.resource, about.name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== live.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${live.resourceVersion}). The object might have been modified`;
    throw conflict(about.resource, about.name, why);
  }
}

/** The garbage collector's finalizers, as the policy asks; without one, those that are there decide. */
function withPolicy(finalizers: readonly string[], policy: DeletionOptions['propagationPolicy']): readonly string[] {
  if (policy === undefined) return finalizers;
  const own = finalizers.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion');
  if (policy === 'Orphan') return [...own, 'orphan'];
  return policy === 'Foreground' ? [...own, 'foregroundDeletion'] : own;
}

function success({ group, name: kind }: Qualified, object: JsonObject): JsonObject {
  const details = { name: nameOf(object), group, kind, uid: textAt(object, 'metadata', 'uid') ?? '' };
  const given = group === '' ? withMember(details, 'group', undefined) : details;
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: given };
}

function placeOf({ resource, namespace, name }: Target) {
  return { resource: resourceId(resource), namespace, name };
}

function nameOf(object: JsonObject): string {
  return isObject(object) ? (textAt(object, 'metadata', 'name') ?? '') : '';
}
