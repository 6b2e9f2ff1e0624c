import { at, type JsonObject, objectAt, textAt } from '../json.ts';
import { labelErrors } from '../metadata/names.ts';
import { builtinResource } from './builtin-resource.ts';

const TEXT = { type: 'string' } as const;

/** Namespaces (k8s.io/kubernetes, pkg/registry/core/namespace). */
export const NAMESPACES = builtinResource({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
  unconditionalUpdate: true,
  nameErrors: labelErrors,
  properties: {
    spec: { type: 'object', properties: { finalizers: { type: 'array', items: TEXT } } },
    status: {
      type: 'object',
      properties: {
        phase: TEXT,
        conditions: { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    },
  },
  prepareCreate: (object) => {
    const named = withNameLabel(object);
    return { ...named, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
  },
  prepareUpdate: (object, old) => ({
    ...withNameLabel(object),
    ...(old.spec !== undefined && { spec: old.spec }),
    ...(old.status !== undefined && { status: old.status }),
  }),
});

const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Every namespace is labelled with its name, whatever the request says. */
export function withNameLabel(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata') ?? {};
  const name = textAt(metadata, 'name') ?? '';
  const labels = { ...objectAt(metadata, 'labels'), [NAME_LABEL]: name };
  return { ...object, metadata: { ...metadata, labels } };
}

export function isTerminating(namespace: JsonObject): boolean {
  return at(namespace, 'status', 'phase') === 'Terminating';
}
