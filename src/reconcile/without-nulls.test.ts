import { expect, test } from 'vitest';
import type { EcsObject } from './types.ts';
import { withoutNulls } from './without-nulls.ts';

const object = (spec: unknown, metadata: Partial<EcsObject['metadata']> = {}): EcsObject =>
  // Safe: a test's own object, as the API server would serve it.
  ({
    apiVersion: 'v',
    kind: 'EcsService',
    metadata: { name: 'a', uid: 'u', resourceVersion: '1', ...metadata },
    spec,
  }) as EcsObject;

test.each([
  [
    'a member of ours that was emptied by null is not declared',
    { policy: null, accountRef: { name: 'a' } },
    { accountRef: { name: 'a' } },
  ],
  ['nulls deep inside go too', { policy: { paused: null, drift: 'Report' } }, { policy: { drift: 'Report' } }],
  ['items of lists keep their places', { command: ['a', null] }, { command: ['a', null] }],
  ['members of items are cleaned', { tags: [{ key: 'a', value: null }] }, { tags: [{ key: 'a' }] }],
  ['free JSON is a value', { hookDetails: { a: null } }, { hookDetails: { a: null } }],
  ['a spec that was left out is an empty one', undefined, {}],
])('%s', (_why, spec, expected) => {
  expect(withoutNulls(object(spec), undefined).spec).toEqual(expected);
});

test('the spec of a generation that is held already is not made anew', () => {
  const before = withoutNulls(object({ command: ['a'] }, { generation: 2 }), undefined);
  const after = withoutNulls(object({ command: ['a'] }, { generation: 2, resourceVersion: '2' }), before);
  expect(after.spec).toBe(before.spec);
  expect(after.metadata.resourceVersion).toBe('2');
});

test.each([
  ['another generation', { generation: 3 }],
  ['another object of the same name', { generation: 2, uid: 'other' }],
  ['an object without a generation', {}],
])('%s has a spec of its own', (_what, metadata) => {
  const before = withoutNulls(object({ command: ['a'] }, { generation: 2 }), undefined);
  expect(withoutNulls(object({ command: ['b'] }, metadata), before).spec).toEqual({ command: ['b'] });
});
