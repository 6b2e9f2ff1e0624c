import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type AdminClient, adminClient, type ClusterAccess } from '../../src/devcluster/admin-client.ts';
import { ensureAssets } from '../../src/devcluster/assets.ts';
import { type ControlPlane, startControlPlane } from '../../src/devcluster/control-plane.ts';
import { member, text } from '../../src/devcluster/json.ts';
import { kubeconfigFor } from '../../src/devcluster/kubeconfig.ts';
import { type NamespaceLifecycleOptions, startNamespaceLifecycle } from '../../src/devcluster/namespace-lifecycle.ts';
import { installCrds } from './crds.ts';

export { waitFor } from './wait-for.ts';

/** A cluster and its administrator. */
export interface TestCluster {
  readonly access: ClusterAccess;
  /** YAML. */
  readonly kubeconfig: string;
  readonly kubeconfigPath: string;
  /** Plain JSON requests as the administrator. */
  readonly client: AdminClient;
}

/**
 * The control plane that all tests of a run share, with all CRDs of crds/ in place. Keep to namespaces of your own;
 * a test that stops the API server or touches CRDs starts `ownControlPlane()`.
 */
export function sharedControlPlane(): TestCluster {
  const { access, kubeconfig, kubeconfigPath } = inject('controlPlane');
  return { access, kubeconfig, kubeconfigPath, client: adminClient(access) };
}

/** A control plane of one test's own. */
export type OwnControlPlane = ControlPlane & TestCluster;

/** What the test's own control plane shall be like. */
export interface OwnControlPlaneOptions {
  /** False leaves crds/ out. */
  readonly crds?: boolean;
  readonly apiServerArgs?: readonly string[];
  /** In which order a terminating namespace's types are emptied. */
  readonly arrange?: NamespaceLifecycleOptions['arrange'];
}

/** Starts a control plane for one test or file: `await using cluster = await ownControlPlane()`, or call `stop()`. */
export async function ownControlPlane(options: OwnControlPlaneOptions = {}): Promise<OwnControlPlane> {
  const { crds = true, apiServerArgs = [], arrange } = options;
  const cluster = await startControlPlane({ assets: await ensureAssets(), apiServerArgs });
  const namespaces = startNamespaceLifecycle({ access: cluster.access, ...(arrange && { arrange }) });
  const client = adminClient(cluster.access);
  const stop = async () => {
    await namespaces.stop();
    client.close();
    await cluster.stop();
  };
  try {
    if (crds) await installCrds(client);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...cluster, client, stop, [Symbol.asyncDispose]: stop };
}

/** A name that no other test uses, valid for every kind of object. */
export function uniqueName(prefix = 'test'): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}

/** What a namespace for a test shall carry. */
export interface NamespaceOptions {
  readonly prefix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Creates a namespace that no other test uses, and returns its name. */
export async function uniqueNamespace(cluster: TestCluster, options: NamespaceOptions = {}): Promise<string> {
  const { prefix, labels = {}, annotations = {} } = options;
  const name = uniqueName(prefix);
  await created(cluster.client, '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels, annotations },
  });
  return name;
}

/** One rule of a ClusterRole. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** A kubeconfig for a new service account that may do what the rules say, everywhere, and nothing else. */
export async function restrictedKubeconfig(cluster: TestCluster, rules: readonly PolicyRule[]): Promise<string> {
  const { client, access } = cluster;
  const name = uniqueName('restricted');
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  await created(client, accounts, { metadata: { name } });
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  await created(client, `${rbac}/clusterroles`, { metadata: { name }, rules });
  await created(client, `${rbac}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name }],
  });
  const review = await created(client, `${accounts}/${name}/token`, { spec: { expirationSeconds: 3600 } });
  const token = text(member(review, 'status', 'token'));
  if (token === undefined) throw new Error(`no token for service account ${name}: ${JSON.stringify(review)}`);
  return kubeconfigFor({ ...access, token });
}

async function created(client: AdminClient, path: string, body: unknown): Promise<unknown> {
  const answer = await client.request({ method: 'POST', path, body });
  if (answer.status !== 201) throw new Error(`POST ${path}: HTTP ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
