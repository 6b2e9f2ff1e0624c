import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/object.ts';
import { objectKey, splitKey } from './object-key.ts';
import { Store, type StoreChange } from './store.ts';

interface Thing extends KubeObject {
  readonly colors: readonly string[];
}

const KEY = objectKey({ namespace: 'ns', name: 'a' });

function thing(
  resourceVersion: string,
  more: { uid?: string; colors?: readonly string[]; name?: string; namespace?: string } = {},
): Thing {
  const { uid = 'u1', colors = [], name = 'a', namespace = 'ns' } = more;
  return { apiVersion: 'v1', kind: 'Thing', metadata: { name, namespace, uid, resourceVersion }, colors };
}

function storeWith(...objects: readonly Thing[]) {
  const store = new Store<Thing>();
  store.replace(objects, { began: store.beginRead() });
  const changes: string[] = [];
  store.onChange((change) => changes.push(describeChange(change)));
  const undecided: string[] = [];
  store.onUndecided = (key) => undecided.push(key);
  return { store, changes, undecided };
}

function describeChange(change: StoreChange<Thing>): string {
  const old = 'old' in change && change.type === 'updated' ? `${change.old.metadata.resourceVersion}→` : '';
  return `${change.type} ${change.key} ${old}${change.object.metadata.resourceVersion}`;
}

/** A write whose answer the test gives. */
function writing(store: Store<Thing>) {
  const { promise, resolve, reject } = Promise.withResolvers<Thing>();
  const done = store.write(KEY, () => promise);
  done.catch(() => {});
  return {
    done,
    answer: async (object: Thing) => {
      resolve(object);
      await done;
    },
    fail: async () => {
      reject(new Error('no answer'));
      await done.catch(() => {});
    },
    /** Until it was really sent. */
    sent: () => Promise.resolve(),
  };
}

const seen = (store: Store<Thing>) => store.get(KEY)?.metadata.resourceVersion;

describe('keys', () => {
  it('tell namespaced and cluster-scoped objects apart, and lead back', () => {
    expect(splitKey(objectKey({ namespace: 'ns', name: 'a' }))).toEqual({ namespace: 'ns', name: 'a' });
    expect(splitKey(objectKey({ name: 'a' }))).toEqual({ name: 'a' });
  });
});

describe('a store', () => {
  it('follows a watch, and tells each change with what was before', () => {
    const { store, changes } = storeWith();
    store.apply({ type: 'ADDED', object: thing('1') });
    store.apply({ type: 'MODIFIED', object: thing('2') });
    store.apply({ type: 'MODIFIED', object: thing('2') });
    store.apply({ type: 'DELETED', object: thing('3') });
    store.apply({ type: 'DELETED', object: thing('3') });
    expect(changes).toEqual(['added ns/a 1', 'updated ns/a 1→2', 'deleted ns/a 2']);
    expect(store.size).toBe(0);
  });

  it('tells of the end of an object whose name was taken by another while nobody was looking', () => {
    const { store, changes } = storeWith(thing('1'));
    store.replace([thing('9', { uid: 'u2' })], { began: store.beginRead() });
    expect(changes).toEqual(['deleted ns/a 1', 'added ns/a 9']);
  });

  it('replaces one namespace without touching the others', () => {
    const { store } = storeWith(thing('1'), thing('1', { namespace: 'other' }));
    store.replace([], { began: store.beginRead(), namespace: 'ns' });
    expect([...store.keys()]).toEqual(['other/a']);
  });

  it('replaces what has one name without touching the others', () => {
    const { store } = storeWith(thing('1'), thing('1', { name: 'b', uid: 'u2' }));
    store.replace([], { began: store.beginRead(), name: 'a' });
    expect([...store.keys()]).toEqual(['ns/b']);
  });

  it('keeps indexes right through every change, and also for what came before the index', () => {
    const { store } = storeWith(thing('1', { colors: ['red', 'blue'] }));
    store.addIndex('color', (object) => object.colors);
    const names = (color: string) => store.byIndex('color', color).map((object) => object.metadata.name);
    expect(names('blue')).toEqual(['a']);
    store.apply({ type: 'MODIFIED', object: thing('2', { colors: ['red', 'green'] }) });
    store.apply({ type: 'ADDED', object: thing('3', { name: 'b', uid: 'u2', colors: ['green'] }) });
    expect([names('red'), names('blue'), names('green')]).toEqual([['a'], [], ['a', 'b']]);
    store.apply({ type: 'DELETED', object: thing('4') });
    expect([names('red'), names('green')]).toEqual([[], ['b']]);
    expect(() => store.byIndex('size', 'x')).toThrow(/no index "size"/);
    expect(() => store.addIndex('color', () => [])).toThrow(/already/);
  });

  it('drops what is large and read by nobody, in answers to writes too', async () => {
    const { store } = storeWith();
    const fat = {
      ...thing('1'),
      metadata: {
        ...thing('1').metadata,
        managedFields: [{ manager: 'x' }],
        annotations: { mine: 'x', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      },
    };
    await store.write(KEY, async () => fat);
    expect(store.get(KEY)?.metadata).toEqual({ ...thing('1').metadata, annotations: { mine: 'x' } });
  });

  it('tells the other listeners even when one throws', () => {
    const { store } = storeWith();
    const faults: unknown[] = [];
    const told: string[] = [];
    store.onListenerFault = (error) => faults.push(error);
    store.onChange(() => {
      throw new Error('bug');
    });
    const stop = store.onChange((change) => told.push(change.type));
    store.apply({ type: 'ADDED', object: thing('1') });
    stop();
    store.apply({ type: 'MODIFIED', object: thing('2') });
    expect(told).toEqual(['added']);
    expect(faults).toHaveLength(2);
  });
});

describe('after a write of ours', () => {
  it('the store holds what was answered, and older events that come late are not shown', async () => {
    const { store, changes } = storeWith(thing('1'));
    const write = writing(store);
    await write.answer(thing('4'));
    expect(seen(store)).toBe('4');
    store.apply({ type: 'MODIFIED', object: thing('2') });
    store.apply({ type: 'MODIFIED', object: thing('3') });
    expect(seen(store)).toBe('4');
    store.apply({ type: 'MODIFIED', object: thing('4') });
    store.apply({ type: 'MODIFIED', object: thing('5') });
    expect(seen(store)).toBe('5');
    expect(changes).toEqual(['updated ns/a 1→4', 'updated ns/a 4→5']);
    expect(store.pendingWrites).toBe(0);
  });

  it('nothing is held back when the watch was faster than the answer', async () => {
    const { store } = storeWith(thing('1'));
    const write = writing(store);
    await write.sent();
    store.apply({ type: 'MODIFIED', object: thing('2') });
    store.apply({ type: 'MODIFIED', object: thing('3') });
    await write.answer(thing('2'));
    expect(seen(store)).toBe('3');
    expect(store.pendingWrites).toBe(0);
  });

  it('nothing is held back when the write changed nothing', async () => {
    const { store, changes } = storeWith(thing('1'));
    await writing(store).answer(thing('1'));
    expect(changes).toEqual([]);
    expect(store.pendingWrites).toBe(0);
  });

  it('a write that failed leaves the store to the watch', async () => {
    const { store } = storeWith(thing('1'));
    const write = writing(store);
    await write.fail();
    await expect(write.done).rejects.toThrow('no answer');
    store.apply({ type: 'MODIFIED', object: thing('2') });
    expect(seen(store)).toBe('2');
    expect(store.pendingWrites).toBe(0);
  });

  it('the end of an older object of that name does not take away the new one', async () => {
    const { store } = storeWith(thing('1'));
    await writing(store).answer(thing('5', { uid: 'u2' }));
    store.apply({ type: 'DELETED', object: thing('3') });
    expect(store.get(KEY)?.metadata.uid).toBe('u2');
    store.apply({ type: 'ADDED', object: thing('5', { uid: 'u2' }) });
    store.apply({ type: 'DELETED', object: thing('6', { uid: 'u2' }) });
    expect(store.size).toBe(0);
  });

  it('an object that left the selector is let go, before or after the answer', async () => {
    const before = storeWith(thing('1'));
    const write = writing(before.store);
    await write.sent();
    before.store.apply({ type: 'DELETED', object: thing('2') });
    await write.answer(thing('3'));
    expect(before.store.size).toBe(0);
    const after = storeWith(thing('1'));
    await writing(after.store).answer(thing('3'));
    after.store.apply({ type: 'DELETED', object: thing('2') });
    expect(after.store.size).toBe(0);
    expect([before.store.pendingWrites, after.store.pendingWrites]).toEqual([0, 0]);
  });

  it('the last finalizer removed: the answer shows the object as it was, the watch that it is gone', async () => {
    const { store } = storeWith(thing('1'));
    const write = writing(store);
    await write.sent();
    store.apply({ type: 'DELETED', object: thing('2') });
    await write.answer(thing('1'));
    expect(store.size).toBe(0);
  });

  it('a list that began later replaces what was written', async () => {
    const { store } = storeWith(thing('1'));
    await writing(store).answer(thing('2'));
    store.replace([thing('7')], { began: store.beginRead() });
    expect(seen(store)).toBe('7');
    store.apply({ type: 'MODIFIED', object: thing('8') });
    expect(seen(store)).toBe('8');
  });

  it('a list that was under way does not take back what was written: one read decides', async () => {
    const { store, undecided } = storeWith(thing('1'));
    const began = store.beginRead();
    await writing(store).answer(thing('3'));
    store.replace([thing('2')], { began });
    expect([seen(store), undecided]).toEqual(['3', [KEY]]);
    // The read finds it unchanged: the watch is yet to show it.
    store.settle(KEY, thing('3'), store.beginRead());
    store.apply({ type: 'MODIFIED', object: thing('3') });
    store.apply({ type: 'MODIFIED', object: thing('4') });
    expect([seen(store), store.pendingWrites]).toEqual(['4', 0]);
  });

  it('a list that was under way and is newer than what was written is taken once a read has shown it', async () => {
    const { store, undecided } = storeWith(thing('1'));
    const began = store.beginRead();
    await writing(store).answer(thing('3'));
    store.replace([thing('5')], { began });
    expect(undecided).toEqual([KEY]);
    store.settle(KEY, thing('5'), store.beginRead());
    expect([seen(store), store.pendingWrites]).toEqual(['5', 0]);
  });

  it('a list that came between sending and answer is not trusted either', async () => {
    const { store, undecided } = storeWith(thing('1'));
    const write = writing(store);
    await write.sent();
    store.replace([thing('5')], { began: store.beginRead() });
    await write.answer(thing('3'));
    expect(undecided).toEqual([KEY]);
    store.settle(KEY, thing('5'), store.beginRead());
    expect([seen(store), store.pendingWrites]).toEqual(['5', 0]);
  });

  it('a read that began too early decides nothing', async () => {
    const { store } = storeWith(thing('1'));
    const tooEarly = store.beginRead();
    const began = store.beginRead();
    await writing(store).answer(thing('3'));
    store.replace([thing('2')], { began });
    store.settle(KEY, thing('2'), tooEarly);
    expect([seen(store), store.pendingWrites]).toEqual(['3', 1]);
  });

  it('an object that the list had and a read did not find goes with its DELETED event', async () => {
    const { store } = storeWith(thing('1'));
    const began = store.beginRead();
    await writing(store).answer(thing('3'));
    store.replace([thing('2')], { began });
    expect(store.settle(KEY, undefined, store.beginRead())).toBe(true);
    store.apply({ type: 'MODIFIED', object: thing('3') });
    store.apply({ type: 'DELETED', object: thing('4') });
    expect([store.size, store.pendingWrites]).toEqual([0, 0]);
  });

  it('an object that neither the list had nor a read found needs a new list', async () => {
    const { store } = storeWith(thing('1'));
    const began = store.beginRead();
    await writing(store).answer(thing('3'));
    store.replace([], { began });
    expect(store.settle(KEY, undefined, store.beginRead())).toBe(false);
    store.replace([], { began: store.beginRead() });
    expect([store.size, store.pendingWrites]).toEqual([0, 0]);
  });
});

describe('what is kept of an object', () => {
  const seen: (string | undefined)[] = [];
  const remembering = () =>
    new Store<KubeObject>((object, before) => {
      seen.push(before?.metadata.resourceVersion);
      return object;
    });
  const version = (resourceVersion: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name: 'a', uid: 'u', resourceVersion },
  });

  it('may be taken from what is held, but for a list', async () => {
    seen.length = 0;
    const kept = remembering();
    kept.apply({ type: 'ADDED', object: version('1') });
    kept.apply({ type: 'MODIFIED', object: version('2') });
    await kept.write(objectKey({ name: 'a' }), async () => version('3'));
    kept.replace([version('4')], { began: kept.beginRead() });
    expect(seen).toEqual([undefined, '1', '2', undefined]);
  });
});
