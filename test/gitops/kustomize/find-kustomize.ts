import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type FoundProgram, findGoProgram } from '../../harness/go-program.ts';

/** Finds kustomize in the cache or on the PATH, or builds it. */
export function findKustomize(): Promise<FoundProgram> {
  return findGoProgram({
    name: 'kustomize',
    version: 'v5.8.2',
    modules: fileURLToPath(new URL('./modules/kustomize', import.meta.url)),
    packagePath: 'sigs.k8s.io/kustomize/kustomize/v5',
    isFit,
  });
}

async function isFit(command: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(command, ['version']);
    return Number(/^v(\d+)/.exec(stdout)?.[1]) >= 5;
  } catch {
    return false;
  }
}
