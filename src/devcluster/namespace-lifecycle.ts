import { type Clock, sleep, systemClock } from '../runtime/clock.ts';
import { type AdminClient, adminClient, type ClusterAccess } from './admin-client.ts';
import { type NamespacedType, namespacedTypes } from './discovery.ts';
import { elements, member, text } from './json.ts';

const RETRY_MS = 100;

/** Which cluster to look after. */
export interface NamespaceLifecycleOptions {
  readonly access: ClusterAccess;
  readonly clock?: Clock;
  /**
   * In which order a namespace's types are emptied, and which of them at all; by default all, as discovered.
   * Kubernetes promises no order, so a test can try the bad ones.
   */
  readonly arrange?: (types: readonly NamespacedType[]) => readonly NamespacedType[];
}

/** The namespace controller at work. */
export interface NamespaceLifecycle extends AsyncDisposable {
  /** Ends it; namespaces that are terminating then stay so. */
  stop(): Promise<void>;
}

/**
 * Does what Kubernetes' namespace controller does, which a control plane without controller manager lacks: deletes
 * everything in a terminating namespace, waits until finalizers have let go, then lets the namespace go. It bears an
 * API server that is away for a while.
 */
export function startNamespaceLifecycle(options: NamespaceLifecycleOptions): NamespaceLifecycle {
  const { clock = systemClock(), arrange = (types) => types } = options;
  const client = adminClient(options.access);
  const stopping = new AbortController();
  const { signal } = stopping;
  const emptying = new Map<string, Promise<void>>();

  const see = (namespace: unknown) => {
    const name = text(member(namespace, 'metadata', 'name'));
    const terminating = member(namespace, 'metadata', 'deletionTimestamp') !== undefined;
    const finalizers = elements(member(namespace, 'spec', 'finalizers'));
    if (name === undefined || !terminating || !finalizers.includes('kubernetes') || emptying.has(name)) return;
    const task = retried(clock, signal, () => emptyAndFinalize({ client, name, arrange, clock, signal }));
    emptying.set(
      name,
      task.finally(() => emptying.delete(name)),
    );
  };
  const watching = retried(clock, signal, async () => {
    await watchNamespaces(client, signal, see);
    return 'again';
  });
  const stop = async () => {
    stopping.abort();
    await Promise.all([watching, ...emptying.values()]);
    client.close();
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

/** Repeats until it says `done` or is stopped; an error (the API server is away) is tried again shortly. */
async function retried(clock: Clock, signal: AbortSignal, attempt: () => Promise<'done' | 'again'>): Promise<void> {
  while (!signal.aborted) {
    const outcome = await attempt().catch(() => 'again' as const);
    if (outcome === 'done') return;
    await sleep(clock, RETRY_MS, signal).catch(() => {});
  }
}

async function watchNamespaces(client: AdminClient, signal: AbortSignal, see: (namespace: unknown) => void) {
  const list = await client.request({ method: 'GET', path: '/api/v1/namespaces', signal });
  if (list.status !== 200) throw new Error(`GET /api/v1/namespaces: HTTP ${list.status}`);
  for (const namespace of elements(member(list.body, 'items'))) see(namespace);
  const version = text(member(list.body, 'metadata', 'resourceVersion')) ?? '';
  const path = `/api/v1/namespaces?watch=true&resourceVersion=${encodeURIComponent(version)}`;
  for await (const event of client.watch(path, signal)) {
    const type = member(event, 'type');
    if (type === 'ERROR') return;
    if (type === 'ADDED' || type === 'MODIFIED') see(member(event, 'object'));
  }
}

interface Emptying {
  readonly client: AdminClient;
  readonly name: string;
  readonly arrange: (types: readonly NamespacedType[]) => readonly NamespacedType[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** @returns `again` while something is left, e.g. an object whose finalizer has not let go. */
async function emptyAndFinalize({ client, name, arrange, clock, signal }: Emptying): Promise<'done' | 'again'> {
  let left = arrange(await namespacedTypes(client));
  while (left.length > 0) {
    const still: NamespacedType[] = [];
    for (const type of left) {
      if (!(await emptied(client, name, type))) still.push(type);
    }
    left = still;
    if (left.length > 0) await sleep(clock, RETRY_MS, signal);
  }
  // Nothing can be created in a terminating namespace, but a request on its way may have slipped in before.
  for (const type of arrange(await namespacedTypes(client))) {
    if (!(await emptied(client, name, type))) return 'again';
  }
  return finalize(client, name);
}

/** Whether no object of the type is left; if there are some, they are told to go. */
async function emptied(client: AdminClient, namespace: string, type: NamespacedType): Promise<boolean> {
  const prefix = type.group === '' ? '/api/v1' : `/apis/${type.group}/${type.version}`;
  const path = `${prefix}/namespaces/${namespace}/${type.resource}`;
  const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
  const list = await client.request({ method: 'GET', path: `${path}?limit=1`, accept });
  // Its CRD is gone, and all its objects with it.
  if (list.status === 404) return true;
  if (list.status !== 200) throw new Error(`GET ${path}: HTTP ${list.status}`);
  if (elements(member(list.body, 'items')).length === 0) return true;
  await client.request({ method: 'DELETE', path, body: { propagationPolicy: 'Background' } });
  return false;
}

async function finalize(client: AdminClient, name: string): Promise<'done' | 'again'> {
  const path = `/api/v1/namespaces/${name}`;
  const read = await client.request({ method: 'GET', path });
  if (read.status === 404) return 'done';
  const finalizers = elements(member(read.body, 'spec', 'finalizers')).filter(
    (finalizer) => finalizer !== 'kubernetes',
  );
  const written = await client.request({
    method: 'PUT',
    path: `${path}/finalize`,
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: member(read.body, 'metadata'), spec: { finalizers } },
  });
  return written.status === 200 || written.status === 404 ? 'done' : 'again';
}
