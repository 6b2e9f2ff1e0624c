import { type Clock, kubeTime } from '../../../../src/runtime/clock.ts';
import type { Random } from '../../../../src/runtime/random.ts';
import { Remembered } from '../../remembered.ts';
import { alreadyExists, badRequest, conflict, invalid, notFound, unforeseen } from '../api-error.ts';
import { apply, managerOr, trackUpdate, type Writer } from '../apply/field-manager.ts';
import { invalidValue, requiredValue } from '../field-error.ts';
import { isObject, type Json, type JsonObject, objectAt, sameJson, textAt, withMember } from '../json.ts';
import { mergePatch } from '../merge-patch.ts';
import { readObjectMeta } from '../metadata/object-meta.ts';
import { checkPreconditions, type Storage } from '../storage.ts';
import { uuid } from '../uuid.ts';
import type { Admission } from './admission.ts';
import {
  apiVersionOf,
  byKind,
  byPlural,
  type Resource,
  resourceId,
  type ScalePaths,
  type Subresource,
} from './resource.ts';
import { scaleForUpdate, withScale } from './scale.ts';
import { onlyTimesDiffer } from './timestamps.ts';
import { refuseUnknown, type WriteOptions, type Written } from './write-options.ts';

/** Which object, of which type. */
export interface Target {
  readonly resource: Resource;
  /** Empty for cluster-scoped types. */
  readonly namespace: string;
  readonly name: string;
}

export interface RegistryOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly admission: Admission;
}

/** What requests ask for, before anything is checked: by what is stored, the body, and who sends it. */
const asked = new Remembered<JsonObject>();
/** What is stored of what was asked for. */
const accepted = new Remembered<JsonObject>();

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

/**
 * Creations, updates and patches, as k8s.io/apiserver does them: registry/generic/registry/store.go and
 * endpoints/handlers. One request is done in one go, so there is never a race inside.
 */
export class Registry {
  readonly #options: RegistryOptions;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** @throws ApiError */
  create(target: Omit<Target, 'name'>, body: JsonObject, options: WriteOptions): Written {
    const { resource, namespace } = target;
    const writer = this.#writer(resource, undefined, options);
    const tracked = asked.of([resource, body, 'create', namespace, textOf(writer, options)], () => {
      const decoded = resource.decode(body);
      refuseUnknown(decoded.unknown, options);
      const {
        uid: _u,
        selfLink: _s,
        creationTimestamp: _c,
        deletionTimestamp: _d,
        deletionGracePeriodSeconds: _g,
        ...rest
      } = objectAt(decoded.object, 'metadata') ?? {};
      const placed = inNamespace({ ...decoded.object, metadata: rest }, namespace);
      return trackUpdate({ apiVersion: apiVersionOf(resource), kind: resource.kind }, placed, writer);
    });
    this.#options.admission.admitCreate(resource, namespace, textAt(tracked, 'metadata', 'name') ?? '');
    if (textAt(tracked, 'metadata', 'resourceVersion') !== undefined) {
      throw unforeseen('resourceVersion should not be set on objects to be created');
    }
    return { code: 201, object: this.#create({ ...target, object: tracked, dryRun: options.dryRun }) };
  }

  #create(options: Omit<Target, 'name'> & { readonly object: JsonObject; readonly dryRun: boolean }): JsonObject {
    const { resource, namespace, dryRun } = options;
    const { storage, clock, random } = this.#options;
    const generated = this.#generatedName(options.object);
    const born = { uid: uuid(random), creationTimestamp: kubeTime(clock.now()) };
    const inputs = [resource, options.object, 'create', generated.name, born.uid, born.creationTimestamp];
    const stored = accepted.of(inputs, () => {
      const metadata = { ...objectAt(options.object, 'metadata'), ...generated, ...born };
      const object = resource.prepareCreate({ ...options.object, metadata });
      const errors = resource.createErrors(object);
      if (errors.length > 0) throw invalid(kindIn(object, resource), textAt(object, 'metadata', 'name') ?? '', errors);
      return resource.stored(object);
    });
    const name = textAt(stored, 'metadata', 'name') ?? '';
    const place = { resource: resourceId(resource), namespace, name };
    const present = storage.get(place);
    if (present !== undefined) {
      const isGoing = objectAt(present, 'metadata')?.deletionTimestamp !== undefined;
      throw alreadyExists(byPlural(resource), name, isGoing);
    }
    return dryRun ? stored : storage.put(place, stored);
  }

  #generatedName(object: JsonObject): JsonObject {
    const prefix = textAt(object, 'metadata', 'generateName');
    if (prefix === undefined || textAt(object, 'metadata', 'name') !== undefined) return {};
    return { name: `${prefix}${uuid(this.#options.random).slice(0, 5)}` };
  }

  /** PUT. @throws ApiError */
  update(target: Target, subresource: Subresource | undefined, body: JsonObject, options: WriteOptions): Written {
    const { resource, namespace, name } = target;
    const decoded = resource.decode(body);
    refuseUnknown(decoded.unknown, options);
    const sent = inNamespace(decoded.object, namespace);
    checkName(sent, name);
    const old = this.#stored(target);
    const writer = this.#writer(resource, subresource, options);
    if (old === undefined) {
      if (!resource.createOnUpdate || subresource !== undefined) throw notFound(byPlural(resource), name);
      const nothing = { apiVersion: apiVersionOf(resource), kind: resource.kind };
      const object = trackUpdate(nothing, sent, writer);
      this.#options.admission.admitCreate(resource, namespace, name);
      return { code: 201, object: this.#create({ ...target, object, dryRun: options.dryRun }) };
    }
    const uid = textAt(sent, 'metadata', 'uid');
    checkPreconditions(old, { uid }, { resource: byPlural(resource), name });
    const inputs = [resource, body, 'update', old, textOf(writer, options)];
    const next = asked.of(inputs, () => trackUpdate(old, sent, writer));
    return this.#replace({ target, subresource, old, next, dryRun: options.dryRun });
  }

  /** A JSON merge patch. @throws ApiError */
  mergePatch(target: Target, subresource: Subresource | undefined, patch: JsonObject, options: WriteOptions): Written {
    const { resource, namespace, name } = target;
    const old = this.#stored(target);
    if (old === undefined) throw notFound(byPlural(resource), name);
    const writer = this.#writer(resource, subresource, options);
    const next = asked.of([resource, patch, 'patch', old, textOf(writer, options)], () => {
      const patched = mergePatch(old, patch);
      if (!isObject(patched)) throw badRequest('the patch leaves no object');
      const decoded = resource.decode(patched);
      if (options.strict && decoded.unknown.length > 0) {
        const list = decoded.unknown.map((path) => `unknown field ${JSON.stringify(path)}`).join(', ');
        const why = `strict decoding error: ${list}`;
        throw invalid({ group: '', name: '' }, '', [invalidValue('patch', JSON.stringify(patched), why)]);
      }
      const placed = inNamespace(trackUpdate(old, decoded.object, writer), namespace);
      checkName(placed, name);
      return placed;
    });
    return this.#replace({ target, subresource, old, next, dryRun: options.dryRun });
  }

  /** Server-side apply. @throws ApiError */
  apply(target: Target, subresource: Subresource | undefined, config: JsonObject, options: WriteOptions): Written {
    const { resource, namespace, name } = target;
    if (options.fieldManager === undefined || options.fieldManager === '') {
      const error = requiredValue('fieldManager', 'is required for apply patch');
      throw invalid({ group: 'meta.k8s.io', name: 'PatchOptions' }, '', [error]);
    }
    const old = this.#stored(target);
    if (old === undefined && subresource !== undefined) throw notFound(byPlural(resource), name);
    const writer = { ...this.#writer(resource, subresource, options), force: options.force };
    const next = asked.of([resource, config, 'apply', old, namespace, name, textOf(writer, options)], () => {
      const live = old ?? { apiVersion: apiVersionOf(resource), kind: resource.kind };
      const merged = resource.defaulted(apply(live, config, writer));
      const uid = old === undefined ? textAt(merged, 'metadata', 'uid') : undefined;
      if (uid !== undefined) {
        const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
        throw conflict(byPlural(resource), name, why);
      }
      const placed = inNamespace(merged, namespace);
      checkName(placed, name);
      return placed;
    });
    if (old !== undefined) return this.#replace({ target, subresource, old, next, dryRun: options.dryRun });
    this.#options.admission.admitCreate(resource, namespace, name);
    return { code: 201, object: this.#create({ ...target, object: next, dryRun: options.dryRun }) };
  }

  /** The scale subresource: the count, and who owns it. @throws ApiError */
  writeScale(
    target: Target,
    paths: ScalePaths,
    sent: JsonObject,
    options: WriteOptions & { readonly isMerge: boolean },
  ): Written {
    const { resource, name } = target;
    const old = this.#stored(target);
    if (old === undefined) throw notFound(byPlural(resource), name);
    const patched = options.isMerge ? mergePatch(scaleForUpdate(old, paths), sent) : sent;
    const changed = isObject(patched) ? patched : {};
    const uid = options.isMerge ? undefined : textAt(changed, 'metadata', 'uid');
    checkPreconditions(old, { uid }, { resource: byPlural(resource), name });
    const next = withScale(old, changed, { paths, writer: this.#writer(resource, 'scale', options) });
    return this.#replace({ target, subresource: 'scale', old, next, dryRun: options.dryRun });
  }

  /** Replaces what is stored by what an update made of it. */
  #replace(options: {
    readonly target: Target;
    readonly subresource: Subresource | undefined;
    readonly old: JsonObject;
    readonly next: JsonObject;
    readonly dryRun: boolean;
  }): Written {
    const { target, subresource, old } = options;
    const { resource, name } = target;
    const next = accepted.of([resource, options.next, 'update', old, subresource], () => {
      const versioned = checkedVersion(target, old, options.next);
      const prepared = keepSystemFields(resource.prepareUpdate(keepGeneration(versioned, old), old, subresource), old);
      const errors = resource.updateErrors(prepared, old, subresource);
      if (errors.length > 0) throw invalid(kindIn(prepared, resource), name, errors);
      return resource.stored(onlyTimesDiffer(prepared, old) ? old : prepared);
    });
    if (options.dryRun) return { code: 200, object: next };
    return { code: 200, object: this.#commit(target, old, next) };
  }

  /** Stores an object, or removes it when its last finalizer has gone. */
  #commit(target: Target, old: JsonObject, next: JsonObject): JsonObject {
    const { resource, namespace, name } = target;
    const place = { resource: resourceId(resource), namespace, name };
    const finalizers = objectAt(next, 'metadata')?.finalizers;
    const isGoing = objectAt(old, 'metadata')?.deletionTimestamp !== undefined;
    if (isGoing && finalizers === undefined && this.#options.admission.mayGo(resource, next)) {
      this.#options.storage.remove(place);
      // The answer bears the old version, as in Kubernetes; the watch tells the new one.
      return next;
    }
    if (sameJson(old, next)) return old;
    return this.#options.storage.put(place, next);
  }

  #stored({ resource, namespace, name }: Target): JsonObject | undefined {
    return this.#options.storage.get({ resource: resourceId(resource), namespace, name });
  }

  #writer(resource: Resource, subresource: Subresource | undefined, options: WriteOptions): Writer {
    return {
      manager: managerOr(options.userAgent, options.fieldManager),
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      subresource: subresource ?? '',
      type: resource.mergeType,
      reset: resource.resetFields(subresource),
      time: kubeTime(this.#options.clock.now()),
    };
  }
}

/** What of the writer and its options decides what becomes of a request. */
function textOf({ manager, subresource, time }: Writer, { fieldManager, force, strict }: WriteOptions): string {
  return JSON.stringify([manager, subresource, time, fieldManager, force, strict]);
}

/** @throws ApiError when another version is meant than the one that is stored. */
function checkedVersion({ resource, name }: Target, old: JsonObject, next: JsonObject): JsonObject {
  const live = textAt(old, 'metadata', 'resourceVersion') ?? '';
  const given = textAt(next, 'metadata', 'resourceVersion') ?? '';
  if (given === '') {
    if (resource.unconditionalUpdate) return withMeta(next, 'resourceVersion', live);
    const error = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
    throw invalid(byPlural(resource), name, [error]);
  }
  if (!/^\d+$/.test(given)) throw badRequest(`resourceVersion: Invalid value: ${JSON.stringify(given)}`);
  if (given !== live) throw conflict(byPlural(resource), name, MODIFIED);
  return next;
}

/** The namespace of the path goes into the object. @throws ApiError when it says another one. */
function inNamespace(object: JsonObject, namespace: string): JsonObject {
  const own = textAt(object, 'metadata', 'namespace') ?? '';
  if (own === namespace) return object;
  if (own === '') return withMeta(object, 'namespace', namespace);
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

function checkName(object: JsonObject, name: string): void {
  const own = textAt(object, 'metadata', 'name') ?? '';
  if (own === name) return;
  throw badRequest(
    own === ''
      ? 'name must be provided'
      : `the name of the object (${own}) does not match the name on the URL (${name})`,
  );
}

/** Nobody writes the generation. */
function keepGeneration(object: JsonObject, old: JsonObject): JsonObject {
  return withMeta(object, 'generation', objectAt(old, 'metadata')?.generation);
}

/** Times of creation and deletion cannot be changed, and the UID need not be given. */
function keepSystemFields(object: JsonObject, old: JsonObject): JsonObject {
  const before = objectAt(old, 'metadata') ?? {};
  const metadata: Record<string, Json> = { ...readObjectMeta(object.metadata) };
  metadata.uid ??= before.uid ?? '';
  for (const name of ['creationTimestamp', 'deletionTimestamp'] as const) {
    const value = before[name];
    if (value !== undefined) metadata[name] = value;
  }
  if (before.deletionGracePeriodSeconds !== undefined) {
    metadata.deletionGracePeriodSeconds ??= before.deletionGracePeriodSeconds;
  }
  return { ...object, metadata };
}

function withMeta(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  return { ...object, metadata: withMember(objectAt(object, 'metadata') ?? {}, name, value) };
}

/** A refusal names the kind that the object says it is. */
function kindIn(object: JsonObject, resource: Resource) {
  return { ...byKind(resource), name: textAt(object, 'kind') ?? resource.kind };
}
