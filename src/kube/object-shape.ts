/**
 * What of an object's metadata is not as the machinery reads it; undefined when all is. A proxy, or a server that is
 * none of Kubernetes', must not fill the store with objects that are not there. What stands in spec and status, the
 * API server vouches for.
 */
export function metadataFault(object: unknown): string | undefined {
  const metadata = isRecord(object) ? object.metadata : undefined;
  if (!isRecord(metadata)) return 'it has no metadata';
  for (const member of ['name', 'uid', 'resourceVersion']) {
    const value = metadata[member];
    if (typeof value !== 'string' || value === '') return `its metadata.${member} is no text, or empty`;
  }
  const { namespace, annotations, labels, finalizers, ownerReferences } = metadata;
  if (namespace !== undefined && typeof namespace !== 'string') return 'its metadata.namespace is no text';
  if (!isTextMap(annotations)) return 'its metadata.annotations are no texts by name';
  if (!isTextMap(labels)) return 'its metadata.labels are no texts by name';
  if (!isListOf(finalizers, (finalizer) => typeof finalizer === 'string'))
    return 'its metadata.finalizers are no texts';
  if (!isListOf(ownerReferences, isRecord)) return 'its metadata.ownerReferences are no references';
  return undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Absent counts: then there are none. */
function isTextMap(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isRecord(value)) return false;
  for (const name in value) if (typeof value[name] !== 'string') return false;
  return true;
}

function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return value === undefined || (Array.isArray(value) && value.every(fits));
}
