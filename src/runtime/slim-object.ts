import type { KubeObject } from '../kube/object.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The object without what nobody here reads and what is often its larger half: managedFields, and kubectl's copy of
 * what was last applied. Returns the object itself when it has neither.
 */
export function slimObject<T extends KubeObject>(object: T): T {
  // ObjectMeta does not declare managedFields, since nobody here may read them.
  const { managedFields, ...metadata } = object.metadata as T['metadata'] & { readonly managedFields?: unknown };
  const { annotations } = metadata;
  const applied = annotations !== undefined && LAST_APPLIED in annotations;
  if (managedFields === undefined && !applied) return object;
  if (!applied) return { ...object, metadata };
  const { [LAST_APPLIED]: _, ...others } = annotations;
  return { ...object, metadata: { ...metadata, annotations: others } };
}
