import type { TestProject } from 'vitest/node';
import { ensureAssets } from '../../src/devcluster/assets.ts';
import { findHelm, type Helm } from './find-helm.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    helm: Helm;
  }
}

/** Once per run, before any worker starts: builds of helm and the API server would overrun every test's limit. */
export default async function setup(project: TestProject): Promise<void> {
  const helm = await findHelm();
  if ('missing' in helm) process.stderr.write(`the chart is not tested: ${helm.missing}\n`);
  project.provide('helm', helm);
  await ensureAssets();
}
