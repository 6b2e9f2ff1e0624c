import type { TestProject } from 'vitest/node';
import type { FoundProgram } from '../../harness/go-program.ts';
import { findKustomize } from './find-kustomize.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    kustomize: FoundProgram;
  }
}

/** Once per run, before any worker starts: a build would overrun every test's limit. */
export default async function setup(project: TestProject): Promise<void> {
  const kustomize = await findKustomize();
  if ('missing' in kustomize) process.stderr.write(`the kustomize component is not tested: ${kustomize.missing}\n`);
  project.provide('kustomize', kustomize);
}
