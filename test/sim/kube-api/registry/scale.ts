import { ApiError, badRequest } from '../api-error.ts';
import { trackUpdate, type Writer } from '../apply/field-manager.ts';
import { FieldSet } from '../apply/field-set.ts';
import { type Manager, type Managers, managerId, readManagers, withManagers } from '../apply/managed-fields.ts';
import { mergeTypeOf } from '../apply/merge-type.ts';
import { at, type JsonObject, objectAt, textAt, withMemberAt } from '../json.ts';
import { OBJECT_META } from '../metadata/object-meta.ts';
import type { ScalePaths } from './resource.ts';

const TEXT = { type: 'string' } as const;
const COUNT = { type: 'integer' } as const;
const SCALE_TYPE = mergeTypeOf({
  type: 'object',
  properties: {
    apiVersion: TEXT,
    kind: TEXT,
    metadata: OBJECT_META,
    spec: { type: 'object', properties: { replicas: COUNT } },
    status: { type: 'object', properties: { replicas: COUNT, selector: TEXT } },
  },
});
const REPLICAS = ['f:spec', 'f:replicas'];
/** Stands for a count that was never set. */
const UNSET = -2_147_483_648;

/** An object as its scale subresource shows it. @throws ApiError (500) when it has no count. */
export function scaleOf(object: JsonObject, paths: ScalePaths): JsonObject {
  const replicas = at(object, ...paths.spec);
  if (typeof replicas !== 'number') {
    const message = `the spec replicas field ".${paths.spec.join('.')}" does not exist`;
    throw new ApiError({
      code: 500,
      reason: 'InternalError',
      message: `Internal error occurred: ${message}`,
      details: { causes: [{ message }] },
    });
  }
  return scale(object, paths, replicas);
}

function scale(object: JsonObject, paths: ScalePaths, replicas: number): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = objectAt(object, 'metadata') ?? {};
  const observed = at(object, ...paths.status);
  const selector = paths.selector === undefined ? undefined : textAt(object, ...paths.selector);
  const metadata = Object.entries({ name, namespace, uid, resourceVersion, creationTimestamp });
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    // Safe: undefined was left out.
    metadata: Object.fromEntries(metadata.filter(([, value]) => value !== undefined)) as JsonObject,
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: typeof observed === 'number' ? observed : 0,
      ...(selector !== undefined && selector !== '' && { selector }),
    },
  };
}

/** The scale that a request changes, with the managers that own the count. */
export function scaleForUpdate(object: JsonObject, paths: ScalePaths): JsonObject {
  const replicas = at(object, ...paths.spec);
  const shown = scale(object, paths, typeof replicas === 'number' ? replicas : UNSET);
  return withManagers(shown, ownersInScale(readManagers(object) ?? new Map(), paths));
}

/** The object with what was written to its scale. @throws ApiError (BadRequest) without a count. */
export function withScale(
  object: JsonObject,
  changed: JsonObject,
  options: { readonly paths: ScalePaths; readonly writer: Writer },
): JsonObject {
  const { paths, writer } = options;
  const replicas = at(changed, 'spec', 'replicas') ?? 0;
  if (replicas === UNSET || typeof replicas !== 'number') {
    throw badRequest(`the spec replicas field ".${paths.spec.join('.')}" cannot be empty`);
  }
  const tracked = trackUpdate(scaleForUpdate(object, paths), changed, {
    ...writer,
    type: SCALE_TYPE,
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    subresource: 'scale',
    reset: FieldSet.EMPTY,
  });
  const owners = ownersInParent(object, tracked, { paths, apiVersion: writer.apiVersion });
  const next = withManagers(withMemberAt(object, paths.spec, replicas), owners);
  const version = textAt(changed, 'metadata', 'resourceVersion');
  return version === undefined ? next : withMemberAt(next, ['metadata', 'resourceVersion'], version);
}

/** k8s.io/apimachinery, pkg/util/managedfields/scalehandler.go: ToSubresource. */
function ownersInScale(managers: Managers, paths: ScalePaths): Managers {
  const own = new Map<string, Manager>();
  for (const manager of managers.values()) {
    if (!manager.fields.has(elements(paths))) continue;
    const shown = { ...manager, apiVersion: 'autoscaling/v1', fields: FieldSet.of(REPLICAS) };
    own.set(managerId(shown), shown);
  }
  return own;
}

/** The same back: ToParent. Who lost the count to the scale loses it in the object. */
function ownersInParent(
  object: JsonObject,
  changed: JsonObject,
  { paths, apiVersion }: { readonly paths: ScalePaths; readonly apiVersion: string },
): Managers {
  const count = FieldSet.of(elements(paths));
  const inScale = new Map([...(readManagers(changed) ?? [])].map(([, manager]) => [anyVersionId(manager), manager]));
  const own = new Map<string, Manager>();
  for (const [id, manager] of readManagers(object) ?? []) {
    if (!manager.fields.has(elements(paths))) {
      own.set(id, manager);
      continue;
    }
    const kept = inScale.delete(anyVersionId(manager)) ? manager.fields : manager.fields.difference(count);
    if (!kept.isEmpty) own.set(id, { ...manager, fields: kept });
  }
  for (const manager of inScale.values()) {
    if (!manager.fields.has(REPLICAS)) continue;
    // Kubernetes forgets the time here.
    const added = { ...manager, apiVersion, fields: count, time: undefined };
    own.set(managerId(added), added);
  }
  return own;
}

function anyVersionId(manager: Manager): string {
  return managerId({ ...manager, apiVersion: '' });
}

function elements(paths: ScalePaths): readonly string[] {
  return paths.spec.map((name) => `f:${name}`);
}
