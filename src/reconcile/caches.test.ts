import { beforeEach, expect, test } from 'vitest';
import { Caches } from './caches.ts';
import type { KindName, Reference } from './kind.ts';
import { linkKey } from './references.ts';
import { sampleAccount, sampleNamespace, sampleObject } from './sample-objects.ts';
import type { EcsObject } from './types.ts';

const CLUSTER = linkKey('EcsCluster', 'shop', 'prod');

function references(spec: object): readonly Reference[] {
  const { clusterRef } = spec as { clusterRef?: { name: string; namespace?: string } };
  return clusterRef === undefined ? [] : [{ ...clusterRef, path: 'clusterRef', kind: 'EcsCluster' }];
}

function newCaches(limits: { namespaces?: string[]; selector?: string } = {}): Caches {
  const { namespaces = [], selector } = limits;
  return new Caches(
    (['AwsAccount', 'EcsCluster', 'EcsService'] as const).map((name) => ({
      name,
      references: name === 'EcsService' ? references : () => [],
    })),
    { namespaces, selector },
  );
}

let caches: Caches;
beforeEach(() => {
  caches = newCaches();
});

function put(object: EcsObject, type: 'ADDED' | 'MODIFIED' | 'DELETED' = 'ADDED'): void {
  // Safe: these tests use our kinds alone.
  caches.store(object.kind as KindName).apply({ type, object });
}

function service(name: string, spec: object, over: { namespace?: string; version?: string } = {}): EcsObject {
  const { namespace = 'shop', version = '1' } = over;
  // As the API server does: another spec is another generation.
  const object = sampleObject({ kind: 'EcsService', namespace, name, spec, generation: Number(version) });
  return { ...object, metadata: { ...object.metadata, resourceVersion: version } };
}

const dependents = () => caches.dependents(CLUSTER).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

test('who refers to an object is known, from whichever namespace, also before it is there', () => {
  put(service('a', { clusterRef: { name: 'prod' } }));
  put(service('b', { clusterRef: { name: 'prod', namespace: 'shop' } }, { namespace: 'far' }));
  put(service('c', { clusterRef: { name: 'prod' } }, { namespace: 'far' }));
  put(service('d', {}));
  expect(dependents()).toEqual(['shop/a', 'far/b']);
});

test('and no longer, once it refers to another one or is gone', () => {
  const a = service('a', { clusterRef: { name: 'prod' } });
  put(a);
  put(service('a', { clusterRef: { name: 'other' } }, { version: '2' }), 'MODIFIED');
  expect(dependents()).toEqual([]);
  put(service('b', { clusterRef: { name: 'prod' } }));
  put(service('b', {}), 'DELETED');
  expect(dependents()).toEqual([]);
});

test('null says no more in a spec than leaving out', () => {
  put(service('a', { clusterRef: null }));
  expect(caches.object('EcsService', 'shop', 'a')?.spec).toEqual({});
});

test('who uses an account is known in each of the three ways', () => {
  const users = (account: string) => [...caches.usersOf(account)].map(({ object }) => object.metadata.name);
  caches.namespaces.apply({ type: 'ADDED', object: sampleNamespace('plain') });
  const annotations = { 'ecs-operator.dev/account': 'annotated' };
  caches.namespaces.apply({ type: 'ADDED', object: sampleNamespace('shop', { annotations }) });
  put(sampleAccount('default') as EcsObject);
  put(service('own', { accountRef: { name: 'named' } }));
  put(service('by-namespace', {}));
  put(service('by-default', {}, { namespace: 'plain' }));
  expect([users('named'), users('annotated'), users('default')]).toEqual([['own'], ['by-namespace'], ['by-default']]);
});

test('looking for who refers to one of ten thousand objects costs no walk through them all', () => {
  for (let at = 0; at < 10_000; at++) put(service(`s-${at}`, { clusterRef: { name: `c-${at % 1000}` } }));
  // As many looks as a resync of all makes: a walk each would be a hundred million steps, and run into the time limit.
  let found = 0;
  for (let at = 0; at < 10_000; at++)
    found += caches.dependents(linkKey('EcsCluster', 'shop', `c-${at % 1000}`)).length;
  expect(found).toBe(100_000);
});

test('what --namespace and --selector leave out is not taken for gone', () => {
  const seen = (limits: Parameters<typeof newCaches>[0]) => newCaches(limits).seesAll('shop');
  expect([
    seen({}),
    seen({ namespaces: ['shop'] }),
    seen({ namespaces: ['other'] }),
    seen({ selector: 'a=b' }),
  ]).toEqual([true, true, false, false]);
});
