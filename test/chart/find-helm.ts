import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type FoundProgram, findGoProgram } from '../harness/go-program.ts';

const VERSION = 'v4.3.1';

/** The program, or in words why there is none. */
export type Helm = FoundProgram;

/** Finds helm in the cache or on the PATH, or builds it. */
export function findHelm(): Promise<Helm> {
  return findGoProgram({
    name: 'helm',
    version: VERSION,
    modules: fileURLToPath(new URL('./modules/helm', import.meta.url)),
    packagePath: 'helm.sh/helm/v4/cmd/helm',
    linkerFlags: `-X helm.sh/helm/v4/internal/version.version=${VERSION}`,
    isFit,
  });
}

/** The chart is for Helm 3.14 and later. */
async function isFit(command: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(command, ['version', '--template', '{{.Version}}']);
    const [, major = 0, minor = 0] = (/^v(\d+)\.(\d+)/.exec(stdout) ?? []).map(Number);
    return major > 3 || (major === 3 && minor >= 14);
  } catch {
    return false;
  }
}
