import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KubeClient, type NewObject } from '../../src/kube/client.ts';
import {
  isConflict,
  isForbidden,
  isGone,
  isInvalid,
  isNotFound,
  isTerminatingNamespace,
} from '../../src/kube/errors.ts';
import { kubeTransport } from '../../src/kube/http-transport.ts';
import type { KubeObject, ResourceType } from '../../src/kube/object.ts';
import type { KubeTransport } from '../../src/kube/transport.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { EventRecorder } from '../../src/runtime/events.ts';
import { LeaderElector } from '../../src/runtime/leader.ts';
import { LEASES } from '../../src/runtime/lease.ts';
import type { Log } from '../../src/runtime/log.ts';
import { objectKey } from '../../src/runtime/object-key.ts';
import { seededRandom, systemRandom } from '../../src/runtime/random.ts';
import { Reflector } from '../../src/runtime/reflector.ts';
import {
  type OwnControlPlane,
  ownControlPlane,
  restrictedKubeconfig,
  sharedControlPlane,
  uniqueName,
  uniqueNamespace,
  waitFor,
} from '../harness/control-plane.ts';

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const CONFIG_MAPS: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const WIDGETS: ResourceType = { group: 'test.dev', version: 'v1', kind: 'Widget', plural: 'widgets', namespaced: true };
const WIDGET_CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.test.dev' },
  spec: {
    group: 'test.dev',
    names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

const clock = systemClock();
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function clientFor(kubeconfig: string, wrap: (inner: KubeTransport) => KubeTransport = (inner) => inner) {
  const connection = await kubeTransport({ kubeconfig, clock, env: process.env, userAgent: 'ecs-operator/test' });
  cleanups.push(() => connection.close());
  return new KubeClient({ transport: wrap(connection.transport), clock, host: connection.host });
}

function configMap(namespace: string, name: string, data: Record<string, string> = {}): NewObject<ConfigMap> {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data };
}

/** A running reflector of a kind in one namespace. */
function reflect<T extends KubeObject>(client: KubeClient, type: ResourceType, namespace: string, pageSize = 500) {
  const options = { client, type, clock, random: systemRandom(), log: quiet, namespaces: [namespace], pageSize };
  const reflector = new Reflector<T>(options);
  const aborter = new AbortController();
  const ended = reflector.run(aborter.signal);
  cleanups.push(async () => {
    aborter.abort(new Error('the test is over'));
    await ended;
  });
  const synced = () => waitFor(() => reflector.hasSynced(), { describe: 'the reflector has synced' });
  return { reflector, store: reflector.store, synced };
}

const namesIn = (store: { list(): Iterable<KubeObject> }) =>
  [...store.list()].map(({ metadata }) => metadata.name).toSorted();

describe('against a real API server', () => {
  const cluster = sharedControlPlane();

  it('objects are created, read, patched and deleted, and refusals are told apart', async () => {
    const namespace = await uniqueNamespace(cluster);
    const client = await clientFor(cluster.kubeconfigPath);
    expect(await client.serverVersion()).toMatch(/^v1\./);
    const made = await client.create<ConfigMap>(CONFIG_MAPS, configMap(namespace, 'a', { text: 'größe' }));
    expect(made.data).toEqual({ text: 'größe' });
    const { uid, resourceVersion } = made.metadata;
    const target = { namespace, name: 'a' };
    const patched = await client.mergePatch<ConfigMap>(CONFIG_MAPS, target, {
      metadata: { uid, resourceVersion, finalizers: ['test.dev/hold'] },
    });
    expect(patched.metadata.finalizers).toEqual(['test.dev/hold']);
    const stale = client.mergePatch(CONFIG_MAPS, target, { metadata: { uid, resourceVersion, finalizers: [] } });
    expect(await stale.catch(isConflict)).toBe(true);
    const wrongUid = client.mergePatch(CONFIG_MAPS, target, { metadata: { uid: 'other', finalizers: [] } });
    expect(await wrongUid.catch(isInvalid)).toBe(true);
    expect(await client.delete(CONFIG_MAPS, target, { uid: 'other' }).catch(isConflict)).toBe(true);
    await client.delete(CONFIG_MAPS, target, { uid });
    const last = await client.get<ConfigMap>(CONFIG_MAPS, target);
    expect(last.metadata.deletionTimestamp).toBeDefined();
    await client.mergePatch(CONFIG_MAPS, target, {
      metadata: { uid, resourceVersion: last.metadata.resourceVersion, finalizers: null },
    });
    expect(await client.get(CONFIG_MAPS, target).catch(isNotFound)).toBe(true);
  });

  it('what RBAC forbids is told as Forbidden', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kube-runtime-'));
    cleanups.push(() => rm(directory, { recursive: true }));
    const kubeconfig = join(directory, 'config');
    await writeFile(kubeconfig, await restrictedKubeconfig(cluster, []));
    const client = await clientFor(kubeconfig);
    expect(await client.list(CONFIG_MAPS).catch(isForbidden)).toBe(true);
  });

  it('a reflector reads page by page, follows changes, and ends up with what is there', async () => {
    const namespace = await uniqueNamespace(cluster);
    const client = await clientFor(cluster.kubeconfigPath);
    const names = Array.from({ length: 7 }, (_, at) => `m${at}`);
    await Promise.all(names.map((name) => client.create(CONFIG_MAPS, configMap(namespace, name))));
    const { store, synced } = reflect<ConfigMap>(client, CONFIG_MAPS, namespace, 3);
    await synced();
    expect(namesIn(store)).toEqual(names);
    const olds: unknown[] = [];
    store.onChange((change) => change.type === 'updated' && olds.push([change.old.data, change.object.data]));
    await client.mergePatch(CONFIG_MAPS, { namespace, name: 'm1' }, { data: { a: '1' } });
    await client.delete(CONFIG_MAPS, { namespace, name: 'm2' });
    await client.create(CONFIG_MAPS, configMap(namespace, 'new'));
    const expected = [...names.filter((name) => name !== 'm2'), 'new'].toSorted();
    await waitFor(() => namesIn(store), {
      describe: 'all is seen',
      until: (seen) => String(seen) === String(expected),
    });
    expect(olds).toEqual([[undefined, { a: '1' }]]);
    expect([...store.list()].some((object) => 'managedFields' in object.metadata)).toBe(false);
  });

  it('the store holds what we wrote as soon as the write is answered, while others write too', async () => {
    const namespace = await uniqueNamespace(cluster);
    const client = await clientFor(cluster.kubeconfigPath);
    await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
    const { store, synced } = reflect<ConfigMap>(client, CONFIG_MAPS, namespace);
    await synced();
    const target = { namespace, name: 'a' };
    const key = objectKey(target);
    const others = (async () => {
      for (let i = 0; i < 40; i++) await client.mergePatch(CONFIG_MAPS, target, { data: { theirs: String(i) } });
    })();
    for (let i = 0; i < 40; i++) {
      const ours = String(i);
      await store.write(key, () => client.mergePatch<ConfigMap>(CONFIG_MAPS, target, { data: { ours } }));
      expect(store.get(key)?.data?.ours).toBe(ours);
    }
    await others;
    await waitFor(() => store.pendingWrites === 0, { describe: 'the watch has caught up' });
    const live = await client.get<ConfigMap>(CONFIG_MAPS, target);
    expect(store.get(key)?.metadata.resourceVersion).toBe(live.metadata.resourceVersion);
  });

  it('the answer to the removal of the last finalizer does not bring the object back', async () => {
    const namespace = await uniqueNamespace(cluster);
    const client = await clientFor(cluster.kubeconfigPath);
    const held = configMap(namespace, 'a');
    await client.create<ConfigMap>(CONFIG_MAPS, {
      ...held,
      metadata: { ...held.metadata, finalizers: ['test.dev/hold'] },
    });
    const { store, synced } = reflect<ConfigMap>(client, CONFIG_MAPS, namespace);
    await synced();
    const target = { namespace, name: 'a' };
    const key = objectKey(target);
    await client.delete(CONFIG_MAPS, target);
    const marked = await waitFor(() => store.get(key), {
      describe: 'it is marked',
      until: (seen) => seen?.metadata.deletionTimestamp !== undefined,
    });
    const { uid, resourceVersion } = marked?.metadata ?? {};
    await store.write(key, () =>
      client.mergePatch<ConfigMap>(CONFIG_MAPS, target, { metadata: { uid, resourceVersion, finalizers: null } }),
    );
    await waitFor(() => store.size === 0 && store.pendingWrites === 0, { describe: 'it is gone' });
  });

  it('events are accepted, counted in series, and dropped in a namespace that ends', async () => {
    const namespace = await uniqueNamespace(cluster);
    const client = await clientFor(cluster.kubeconfigPath);
    const held = configMap(namespace, 'a');
    const object = await client.create<ConfigMap>(CONFIG_MAPS, {
      ...held,
      metadata: { ...held.metadata, finalizers: ['test.dev/hold'] },
    });
    const recorder = new EventRecorder({
      client,
      clock,
      random: systemRandom(),
      log: quiet,
      reportingController: 'ecs-operator.dev/controller',
      reportingInstance: 'test',
    });
    const notice = { object, type: 'Warning', reason: 'Tested', action: 'Test', note: 'é'.repeat(2000) } as const;
    recorder.record(notice);
    const events: ResourceType = {
      group: 'events.k8s.io',
      version: 'v1',
      kind: 'Event',
      plural: 'events',
      namespaced: true,
    };
    const list = () => client.list<KubeObject & { series?: { count: number } }>(events, { namespace });
    await waitFor(async () => (await list()).items.length === 1, { describe: 'the event is there' });
    recorder.record(notice);
    recorder.record(notice);
    await recorder.stop();
    expect((await list()).items.map((event) => event.series?.count)).toEqual([3]);

    const namespaces = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
    await client.delete(namespaces, { name: namespace });
    const refused = await waitFor(
      () => client.create(CONFIG_MAPS, configMap(namespace, uniqueName())).catch((error: unknown) => error),
      { describe: 'nothing more can be created', until: isTerminatingNamespace },
    );
    expect(isForbidden(refused)).toBe(true);
    await client.mergePatch(CONFIG_MAPS, { namespace, name: 'a' }, { metadata: { finalizers: null } });
  });

  it('two electors: one leads; when it stops, or hangs, the other takes over, and the hung one is refused', async () => {
    const namespace = await uniqueNamespace(cluster);
    let hung = false;
    const never = new Promise<never>(() => {});
    const elector = async (identity: string, wrap?: (inner: KubeTransport) => KubeTransport) =>
      new LeaderElector({
        client: await clientFor(cluster.kubeconfigPath, wrap),
        clock,
        random: seededRandom(identity.length),
        log: quiet,
        namespace,
        name: 'lock',
        identity,
        leaseMs: 6000,
        renewWithinMs: 5000,
        retryMs: 250,
      });
    const { signal } = new AbortController();
    const observer = await clientFor(cluster.kubeconfigPath);
    const one = await elector('one');
    const two = await elector('two2', (inner) => (request) => (hung ? never : inner(request)));
    const first = await one.campaign(signal);
    const campaign = two.campaign(signal);
    const renewedFor = async () => {
      const { spec } = await observer.get<KubeObject & { spec: Record<string, string> }>(LEASES, {
        namespace,
        name: 'lock',
      });
      return Date.parse(spec.renewTime ?? '') - Date.parse(spec.acquireTime ?? '');
    };
    await waitFor(renewedFor, { describe: 'the first has renewed for a while', until: (ms) => ms >= 2000 });
    expect([one.isLeader(), two.isLeader()]).toEqual([true, false]);
    await first.release();
    expect(one.isLeader()).toBe(false);
    const second = await campaign;
    expect(two.isLeader()).toBe(true);
    hung = true;
    const third = one.campaign(signal).then((term) => ({ term, oldStillLeads: second.isLeader() }));
    const { term, oldStillLeads } = await third;
    expect(oldStillLeads).toBe(false);
    expect(second.lost.aborted).toBe(true);
    await term.release();
  });
});

describe('when the API server goes through hard times', () => {
  let cluster: OwnControlPlane;
  beforeAll(async () => {
    cluster = await ownControlPlane({ crds: false });
  });
  afterAll(() => cluster.stop());

  it('a kind is followed from the moment its CRD comes; a stale uid never gets a status; deleting the CRD is survived', async () => {
    const namespace = await uniqueNamespace(cluster);
    const client = await clientFor(cluster.kubeconfigPath);
    const { reflector, store, synced } = reflect(client, WIDGETS, namespace);
    await waitFor(() => reflector.problem(), {
      describe: 'it says what is missing',
      until: (seen) => /CustomResource/.test(seen ?? ''),
    });
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await cluster.client.request({ method: 'POST', path: crds, body: WIDGET_CRD });
    await synced();
    expect(reflector.problem()).toBeUndefined();

    const widget = { apiVersion: 'test.dev/v1', kind: 'Widget', metadata: { namespace, name: 'w' } };
    const old = await client.create(WIDGETS, widget);
    const apply = (uid: string, version: { lastSeen?: string; resourceVersion?: string } = {}) =>
      client.applyStatus<KubeObject & { status?: object }>(
        WIDGETS,
        { namespace, name: 'w', uid, ...version },
        { status: { seen: true }, fieldManager: 'test' },
      );
    expect((await apply(old.metadata.uid)).status).toEqual({ seen: true });
    const unchanged = await apply(old.metadata.uid);
    expect((await apply(old.metadata.uid)).metadata.resourceVersion).toBe(unchanged.metadata.resourceVersion);
    await client.delete(WIDGETS, { namespace, name: 'w' });
    const gone = await apply(old.metadata.uid).catch((error: unknown) => error);
    expect([isConflict(gone), isNotFound(gone)]).toContain(true);
    const young = await client.create(WIDGETS, widget);
    const { uid, resourceVersion } = old.metadata;
    for (const version of [{}, { lastSeen: resourceVersion }, { resourceVersion }]) {
      expect(await apply(uid, version).catch(isConflict)).toBe(true);
    }
    expect((await client.get<KubeObject & { status?: object }>(WIDGETS, widget.metadata)).status).toBeUndefined();
    await waitFor(() => store.get(objectKey(widget.metadata))?.metadata.uid === young.metadata.uid, {
      describe: 'the new one is seen',
    });

    await cluster.client.request({ method: 'DELETE', path: `${crds}/widgets.test.dev` });
    await waitFor(() => reflector.problem(), {
      describe: 'it says that the CRD is gone',
      until: (seen) => seen !== undefined,
    });
    await waitFor(
      async () => (await cluster.client.request({ method: 'POST', path: crds, body: WIDGET_CRD })).status === 201,
      { describe: 'the CRD can come back' },
    );
    const again = await waitFor(() => client.create(WIDGETS, { ...widget, metadata: { namespace, name: 'again' } }), {
      describe: 'the kind is served again',
    });
    await waitFor(() => store.get(objectKey(again.metadata)) !== undefined, { describe: 'it is followed again' });
  });

  it('nothing is missed when it dies and comes back, also with its history compacted; cut watches do no harm', async () => {
    const namespace = await uniqueNamespace(cluster);
    const open = new Set<AbortController>();
    const client = await clientFor(cluster.kubeconfigPath, (inner) => async (request) => {
      if (!request.path.includes('watch=')) return inner(request);
      const cutter = new AbortController();
      open.add(cutter);
      return inner({ ...request, signal: AbortSignal.any([request.signal, cutter.signal]) });
    });
    const cutWatches = () => {
      for (const cutter of open) cutter.abort(new Error('the network was cut'));
      open.clear();
    };
    const { reflector, store, synced } = reflect<ConfigMap>(client, CONFIG_MAPS, namespace);
    await synced();
    const told: string[] = [];
    store.onChange((change) => told.push(`${change.type} ${change.object.metadata.name}`));
    const seen = (...names: readonly string[]) =>
      waitFor(() => namesIn(store), { describe: `${names} are seen`, until: (all) => String(all) === String(names) });

    await client.create(CONFIG_MAPS, configMap(namespace, 'a'));
    await seen('a');
    cutWatches();
    await client.create(CONFIG_MAPS, configMap(namespace, 'b'));
    await seen('a', 'b');
    await cluster.stopApiServer();
    await cluster.startApiServer();
    await waitFor(() => client.create(CONFIG_MAPS, configMap(namespace, 'c')), { describe: 'it is back' });
    await seen('a', 'b', 'c');

    // While our watch is away: a change, a deletion, and then the history is forgotten.
    const page = await client.list<ConfigMap>(CONFIG_MAPS, { namespace, limit: 1 });
    await client.delete(CONFIG_MAPS, { namespace, name: 'a' });
    await client.create(CONFIG_MAPS, configMap(namespace, 'd'));
    await cluster.stopApiServer();
    await cluster.compactEtcd();
    await cluster.startApiServer();
    await waitFor(() => client.serverVersion(), { describe: 'it is back' });
    const old = client.list(CONFIG_MAPS, { namespace, limit: 1, continue: page.continue });
    expect(await old.catch(isGone)).toBe(true);
    await seen('b', 'c', 'd');
    await client.create(CONFIG_MAPS, configMap(namespace, 'e'));
    await seen('b', 'c', 'd', 'e');
    expect(told).toEqual(['added a', 'added b', 'added c', 'deleted a', 'added d', 'added e']);
    await waitFor(() => reflector.problem() === undefined, { describe: 'all is well' });
  });
});
