import { beforeEach, expect, test } from 'vitest';
import { objectKey } from '../runtime/object-key.ts';
import { Store } from '../runtime/store.ts';
import { hasFinalizer, ObjectWriter } from './object-writer.ts';
import { sampleObject } from './sample-objects.ts';
import type { EcsObject } from './types.ts';

const TYPE = {
  group: 'ecs-operator.dev',
  version: 'v1alpha1',
  kind: 'EcsCluster',
  plural: 'ecsclusters',
  namespaced: true,
};
const FINALIZER = 'ecs-operator.dev/finalizer';
const signal = new AbortController().signal;
const object = sampleObject({ finalizers: ['other/finalizer'] });

let sent: unknown[];
let store: Store<EcsObject>;
let writer: ObjectWriter<EcsObject['spec'], NonNullable<EcsObject['status']>>;

beforeEach(() => {
  sent = [];
  store = new Store();
  const answer = { ...object, metadata: { ...object.metadata, resourceVersion: '2' } };
  writer = new ObjectWriter({
    store,
    type: TYPE,
    client: {
      // Safe: the answer is an object of the kind that is written.
      applyStatus: async (_type, target, { status, fieldManager }) => {
        sent.push({ target, status, fieldManager });
        return answer as never;
      },
      mergePatch: async (_type, target, patch, options) => {
        sent.push({ target, patch, ...options });
        return answer as never;
      },
    },
  });
});

test('a status carries the UID, and the version that was last seen', async () => {
  await writer.writeStatus(object, { name: 'prod' }, { exact: false, signal });
  expect(sent).toEqual([
    {
      target: { name: 'prod', namespace: 'shop', uid: 'uid-1', lastSeen: '1' },
      status: { name: 'prod' },
      fieldManager: 'ecs-operator',
    },
  ]);
});

test('an intent is refused when anybody changed the object since', async () => {
  await writer.writeStatus(object, {}, { exact: true, signal });
  expect(sent).toMatchObject([{ target: { uid: 'uid-1', resourceVersion: '1' } }]);
});

test('finalizers go against the version that was seen, and those of others stay', async () => {
  await writer.addFinalizer(object, signal);
  const metadata = { uid: 'uid-1', resourceVersion: '1' };
  const finalizers = ['other/finalizer', FINALIZER];
  await writer.removeFinalizer({ ...object, metadata: { ...object.metadata, finalizers } }, signal);
  expect(sent).toMatchObject([
    { patch: { metadata: { ...metadata, finalizers } } },
    { patch: { metadata: { ...metadata, finalizers: ['other/finalizer'] } } },
  ]);
  expect([hasFinalizer(object), hasFinalizer(sampleObject({ finalizers }))]).toEqual([false, true]);
});

test('what was answered is what the next reconcile sees', async () => {
  store.apply({ type: 'ADDED', object });
  await writer.writeStatus(object, {}, { exact: false, signal });
  expect(store.get(objectKey(object.metadata))?.metadata.resourceVersion).toBe('2');
});
