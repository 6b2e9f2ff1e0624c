import { beforeEach, describe, expect, test } from 'vitest';
import { objectKey } from '../runtime/object-key.ts';
import type { Priority } from '../runtime/queue.ts';
import { Caches } from './caches.ts';
import type { KindName, Reference } from './kind.ts';
import { linkObjects } from './links.ts';
import { condition, SAMPLE_ARN, sampleAccount, sampleNamespace, sampleObject } from './sample-objects.ts';
import type { CommonStatus, EcsObject } from './types.ts';

/** What an EcsService of these tests refers to. */
interface Spec {
  readonly clusterRef?: { readonly name: string; readonly namespace?: string };
  readonly taskRef?: { readonly name: string };
  readonly accountRef?: { readonly name: string };
}

const FOLLOWED: KindName = 'EcsTaskDefinition';

function references(spec: object): readonly Reference[] {
  // Safe: these tests put nothing else there.
  const { clusterRef, taskRef } = spec as Spec;
  return [
    ...(clusterRef === undefined ? [] : [{ ...clusterRef, path: 'clusterRef', kind: 'EcsCluster' as const }]),
    ...(taskRef === undefined ? [] : [{ ...taskRef, path: 'taskRef', kind: FOLLOWED }]),
  ];
}

let caches: Caches;
let woken: string[];

beforeEach(() => {
  const kinds = (['AwsAccount', 'EcsCluster', 'EcsService', FOLLOWED] as const).map((name) => ({
    name,
    followsDependents: name === FOLLOWED,
    references: name === 'EcsService' ? references : () => [],
  }));
  caches = new Caches(kinds, { namespaces: [], selector: undefined });
  woken = [];
  linkObjects({
    caches,
    kinds,
    enqueue: (kind: KindName, key: string, priority: Priority) => woken.push(`${kind} ${key} ${priority}`),
  });
});

function put(object: EcsObject): void {
  // Safe: these tests use our kinds alone.
  const store = caches.store(object.kind as KindName);
  const known = store.get(objectKey(object.metadata)) !== undefined;
  store.apply({ type: known ? 'MODIFIED' : 'ADDED', object });
}

/** Which objects a change wakes. */
function change(object: EcsObject): string[] {
  woken = [];
  put(object);
  return woken.toSorted();
}

function remove(object: EcsObject): string[] {
  woken = [];
  caches.store(object.kind as KindName).apply({ type: 'DELETED', object });
  return woken.toSorted();
}

let version = 1;
type Over = Partial<Omit<EcsObject, 'metadata'>> & { readonly metadata?: Partial<EcsObject['metadata']> };

function next(object: EcsObject, over: Over = {}): EcsObject {
  return { ...object, ...over, metadata: { ...object.metadata, ...over.metadata, resourceVersion: String(++version) } };
}

const cluster = () => next(sampleObject({ kind: 'EcsCluster', name: 'prod' }));
const service = (spec: Spec, name = 'web') =>
  next(sampleObject({ kind: 'EcsService', name, spec: spec as EcsObject['spec'] }));
const status = (over: CommonStatus = {}): CommonStatus => ({
  arn: SAMPLE_ARN,
  name: 'prod',
  conditions: [condition('Synced')],
  ...over,
});

describe('a change wakes what it concerns', () => {
  test('the object itself: new, another spec, an annotation, a deletion', () => {
    const one = cluster();
    expect(change(one)).toEqual(['EcsCluster shop/prod change']);
    expect(change(next(one, { metadata: { generation: 2 } }))).toEqual(['EcsCluster shop/prod change']);
    expect(change(next(one, { metadata: { generation: 2, annotations: { look: 'again' } } }))).toEqual([
      'EcsCluster shop/prod change',
    ]);
    expect(remove(one)).toEqual(['EcsCluster shop/prod change']);
  });

  test('nobody, when it is our own write of status or our finalizer', () => {
    const one = cluster();
    put(one);
    expect(change(next(one, { status: status() }))).toEqual([]);
    expect(change(next(one, { status: status(), metadata: { finalizers: ['ecs-operator.dev/finalizer'] } }))).toEqual(
      [],
    );
  });

  test('the object itself when somebody takes our finalizer off', () => {
    const one = next(cluster(), { metadata: { finalizers: ['ecs-operator.dev/finalizer'] } });
    put(one);
    expect(change(next(one, { metadata: { finalizers: [] } }))).toEqual(['EcsCluster shop/prod change']);
  });

  test('what refers to it, when it appears, becomes usable, changes, or goes', () => {
    put(service({ clusterRef: { name: 'prod' } }));
    put(service({ clusterRef: { name: 'other' } }, 'unconcerned'));
    const dependent = 'EcsService shop/web dependency';
    const one = cluster();
    expect(change(one)).toContain(dependent);
    expect(change(next(one, { status: status() }))).toEqual([dependent]);
    expect(change(next(one, { status: status({ arn: 'arn:other' }) }))).toEqual([dependent]);
    expect(remove(one)).toContain(dependent);
  });

  test('not what refers to it, when only its counts change', () => {
    put(service({ clusterRef: { name: 'prod' } }));
    const one = next(cluster(), { status: status() });
    put(one);
    expect(change(next(one, { status: { ...status(), incarnation: 3 } }))).toEqual([]);
  });

  test('what refers to it from another namespace', () => {
    const far = next(
      sampleObject({
        kind: 'EcsService',
        namespace: 'far',
        name: 'web',
        spec: { clusterRef: { name: 'prod', namespace: 'shop' } } as EcsObject['spec'],
      }),
    );
    put(far);
    expect(change(cluster())).toContain('EcsService far/web dependency');
  });

  test('what it no longer refers to, which may be waiting to go', () => {
    const one = service({ clusterRef: { name: 'prod' } });
    put(one);
    const other = next(one, {
      spec: { clusterRef: { name: 'other' } } as EcsObject['spec'],
      metadata: { generation: 2 },
    });
    expect(change(other)).toContain('EcsCluster shop/prod dependency');
    expect(remove(other)).toContain('EcsCluster shop/other dependency');
  });

  test('what sums up how those that refer to it fare', () => {
    const one = service({ taskRef: { name: 'td' }, clusterRef: { name: 'prod' } });
    expect(change(one)).toContain(`${FOLLOWED} shop/td dependency`);
    const rolling = { type: 'RolledOut', status: 'False', reason: 'RollingOut' } as const;
    const at = (message: string) =>
      next(one, { status: status({ conditions: [condition('RolledOut', { ...rolling, message })] }) });
    expect(change(at('1 of 4 tasks'))).toEqual([`${FOLLOWED} shop/td dependency`]);
    expect(change(at('2 of 4 tasks'))).toEqual([]);
    expect(change(next(at('3 of 4 tasks'), { status: status({ conditions: [condition('RolledOut')] }) }))).toEqual([
      `${FOLLOWED} shop/td dependency`,
    ]);
  });

  test('not what refers to it, when it is annotated, or when it is only Ready or not', () => {
    put(service({ clusterRef: { name: 'prod' } }));
    const one = next(cluster(), { status: status() });
    put(one);
    expect(change(next(one, { metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } } }))).toEqual([
      'EcsCluster shop/prod change',
    ]);
    put(one);
    woken = [];
    const conditions = [condition('Synced'), condition('Ready', { status: 'False' })];
    expect(change(next(one, { status: status({ conditions }) }))).toEqual([]);
  });

  test('one that came in the place of another, and what refers to it', () => {
    put(service({ clusterRef: { name: 'prod' } }));
    const one = next(cluster(), { status: status() });
    put(one);
    const woken = change(next(one, { metadata: { uid: 'uid-2' } }));
    expect(new Set(woken)).toEqual(new Set(['EcsCluster shop/prod change', 'EcsService shop/web dependency']));
  });
});

describe('an account', () => {
  const account = (over: Partial<EcsObject['metadata']> = {}) =>
    next(sampleAccount('a') as EcsObject, { metadata: over });

  test('wakes all that use it, by name or by their namespace', () => {
    put(service({ accountRef: { name: 'a' } }));
    put(service({}, 'unconcerned'));
    caches.namespaces.apply({
      type: 'ADDED',
      object: sampleNamespace('shop', { annotations: { 'ecs-operator.dev/account': 'a' } }),
    });
    put(service({ accountRef: { name: 'b' } }, 'other'));
    expect(change(account())).toEqual(
      ['AwsAccount a change', 'EcsService shop/unconcerned dependency', 'EcsService shop/web dependency'].map((line) =>
        line.replace(' /a', ' a'),
      ),
    );
  });

  test('called default wakes those without another one when it comes and when it goes', () => {
    put(service({}));
    caches.namespaces.apply({ type: 'ADDED', object: sampleNamespace('shop') });
    const one = next(sampleAccount('default') as EcsObject);
    expect(change(one)).toContain('EcsService shop/web dependency');
    expect(remove(one)).toContain('EcsService shop/web dependency');
  });

  test('wakes its users when it is Ready for its new generation, and not for what others annotate', () => {
    put(service({ accountRef: { name: 'a' } }));
    const one = account();
    put(one);
    expect(change(next(one, { metadata: { annotations: { other: 'x' } } }))).toEqual(['AwsAccount a change']);
    put(one);
    expect(change(next(one, { status: { conditions: [condition('Ready', { observedGeneration: 2 })] } }))).toEqual([
      'EcsService shop/web dependency',
    ]);
  });

  test('on its way out is woken when a user goes', () => {
    const user = service({ accountRef: { name: 'a' } });
    put(user);
    put(account({ deletionTimestamp: '2026-01-01T00:00:00Z' }));
    expect(remove(user).some((line) => line.startsWith('AwsAccount'))).toBe(true);
  });

  test('on its way out is woken when a user turns to another account', () => {
    const user = service({ accountRef: { name: 'a' } });
    put(user);
    put(account({ deletionTimestamp: '2026-01-01T00:00:00Z' }));
    const turned = next(user, { spec: { accountRef: { name: 'b' } }, metadata: { generation: 2 } });
    expect(change(turned).some((line) => line.startsWith('AwsAccount'))).toBe(true);
  });
});

test('an account on its way out is woken when a namespace turns to another account', () => {
  put(next(sampleAccount('a') as EcsObject, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }));
  const shop = sampleNamespace('shop', { annotations: { 'ecs-operator.dev/account': 'a' } });
  caches.namespaces.apply({ type: 'ADDED', object: shop });
  woken = [];
  const metadata = { name: 'shop', uid: shop.metadata.uid, resourceVersion: '2' };
  caches.namespaces.apply({ type: 'MODIFIED', object: { ...shop, metadata } });
  expect(woken.some((line) => line.startsWith('AwsAccount'))).toBe(true);
});

describe('a namespace', () => {
  test('wakes all in it when its labels or annotations change, and nobody otherwise', () => {
    put(service({}));
    const shop = sampleNamespace('shop');
    caches.namespaces.apply({ type: 'ADDED', object: shop });
    woken = [];
    const relabelled = { ...shop, metadata: { ...shop.metadata, labels: { team: 'a' }, resourceVersion: '2' } };
    caches.namespaces.apply({ type: 'MODIFIED', object: relabelled });
    expect(woken).toEqual(['EcsService shop/web dependency']);
    woken = [];
    const annotations = { 'field.example/project': 'p' };
    const annotated = { ...relabelled, metadata: { ...relabelled.metadata, annotations, resourceVersion: '4' } };
    caches.namespaces.apply({ type: 'MODIFIED', object: annotated });
    expect(woken).toEqual([]);
    caches.namespaces.apply({
      type: 'MODIFIED',
      object: { ...relabelled, metadata: { ...relabelled.metadata, resourceVersion: '5' } },
    });
    const touched = { ...relabelled, metadata: { ...relabelled.metadata, resourceVersion: '3' } };
    caches.namespaces.apply({ type: 'MODIFIED', object: touched });
    expect(woken).toEqual([]);
  });
});

test('a namespace that turns to another account wakes what refers into it from elsewhere', () => {
  const shop = sampleNamespace('shop');
  caches.namespaces.apply({ type: 'ADDED', object: shop });
  put(next(cluster(), { status: status() }));
  const spec = { clusterRef: { name: 'prod', namespace: 'shop' } } as EcsObject['spec'];
  put(next(sampleObject({ kind: 'EcsService', namespace: 'far', name: 'web', spec })));
  woken = [];
  const annotations = { 'ecs-operator.dev/account': 'b' };
  caches.namespaces.apply({
    type: 'MODIFIED',
    object: { ...shop, metadata: { ...shop.metadata, annotations, resourceVersion: '2' } },
  });
  expect(woken).toContain('EcsService far/web dependency');
});

test('of a thousand services with one task definition none wakes another, whatever they tell of their rollouts', () => {
  const services = Array.from({ length: 1_000 }, (_, at) => service({ taskRef: { name: 'td' } }, `web-${at}`));
  put(next(sampleObject({ kind: FOLLOWED, name: 'td' }), { status: status() }));
  for (const one of services) put(one);
  woken = [];
  for (const one of services) {
    for (const message of ['1 of 2', '2 of 2']) {
      const rolledOut = condition('RolledOut', { status: 'False', reason: 'RollingOut', message });
      put(next(one, { status: status({ conditions: [condition('Synced'), rolledOut] }) }));
    }
  }
  expect(new Set(woken)).toEqual(new Set([`${FOLLOWED} shop/td dependency`]));
  expect(woken).toHaveLength(1_000);
});
