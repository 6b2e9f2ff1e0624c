import { expect, it } from 'vitest';
import { metadataFault } from './object-shape.ts';

const METADATA = { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '1' };

it.each([
  ['a namespaced object', METADATA],
  ['a cluster-scoped object', { name: 'web', uid: 'u', resourceVersion: '1' }],
  ['what people add', { ...METADATA, labels: { a: 'b' }, annotations: { c: '' }, finalizers: ['x.dev/a'] }],
  ['an owner', { ...METADATA, ownerReferences: [{ kind: 'A', name: 'b', uid: 'c' }] }],
  ['members of later versions of Kubernetes', { ...METADATA, novelty: { a: [1] } }],
])('%s is an object', (_, metadata) => {
  expect(metadataFault({ metadata })).toBeUndefined();
});

it.each<[unknown, string]>([
  [null, 'it has no metadata'],
  ['text', 'it has no metadata'],
  [{}, 'it has no metadata'],
  [{ metadata: [] }, 'it has no metadata'],
  [{ metadata: { ...METADATA, name: undefined } }, 'its metadata.name is no text, or empty'],
  [{ metadata: { ...METADATA, name: '' } }, 'its metadata.name is no text, or empty'],
  [{ metadata: { ...METADATA, uid: 5 } }, 'its metadata.uid is no text, or empty'],
  [{ metadata: { ...METADATA, resourceVersion: 5 } }, 'its metadata.resourceVersion is no text, or empty'],
  [{ metadata: { ...METADATA, namespace: 5 } }, 'its metadata.namespace is no text'],
  [{ metadata: { ...METADATA, annotations: 5 } }, 'its metadata.annotations are no texts by name'],
  [{ metadata: { ...METADATA, annotations: { a: 5 } } }, 'its metadata.annotations are no texts by name'],
  [{ metadata: { ...METADATA, labels: [] } }, 'its metadata.labels are no texts by name'],
  [{ metadata: { ...METADATA, finalizers: 'x.dev/a' } }, 'its metadata.finalizers are no texts'],
  [{ metadata: { ...METADATA, ownerReferences: [1] } }, 'its metadata.ownerReferences are no references'],
])('%j is none: %s', (object, why) => {
  expect(metadataFault(object)).toBe(why);
});
