import type { TestProject } from 'vitest/node';
import { startCluster } from './cluster.ts';
import { startProxy } from './proxy.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    e2e: {
      /** The environment in which kubectl, helm, kind and docker find the cluster. */
      readonly env: NodeJS.ProcessEnv;
      /** Where the cluster's API is on this machine, without credentials: `kubectl proxy`. */
      readonly api: string;
    };
  }
}

/** One cluster for all chapters. It goes at the end, also after failures; with ECS_OPERATOR_E2E_KEEP=1 it stays. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startCluster({ keep: process.env.ECS_OPERATOR_E2E_KEEP === '1' });
  try {
    const proxy = await startProxy(cluster.env);
    project.provide('e2e', { env: cluster.env, api: proxy.url });
    return async () => {
      await proxy.stop();
      await cluster.stop();
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}
