import type { TestProject } from 'vitest/node';
import { adminClient, type ClusterAccess } from '../../src/devcluster/admin-client.ts';
import { ensureAssets } from '../../src/devcluster/assets.ts';
import { startControlPlane } from '../../src/devcluster/control-plane.ts';
import { startNamespaceLifecycle } from '../../src/devcluster/namespace-lifecycle.ts';
import { installCrds } from './crds.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    controlPlane: { readonly access: ClusterAccess; readonly kubeconfig: string; readonly kubeconfigPath: string };
  }
}

/**
 * Once per run, before any worker starts: makes the programs when they are missing, which takes minutes and would
 * overrun every test's limit, and starts the control plane that tests share.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startControlPlane({
    assets: await ensureAssets(),
    onUnexpectedEnd: (error) => process.stderr.write(`the shared control plane is broken: ${error.message}\n`),
  });
  const namespaces = startNamespaceLifecycle({ access: cluster.access });
  const client = adminClient(cluster.access);
  await installCrds(client);
  client.close();
  const { access, kubeconfig, kubeconfigPath } = cluster;
  project.provide('controlPlane', { access, kubeconfig, kubeconfigPath });
  return async () => {
    await namespaces.stop();
    await cluster.stop();
  };
}
