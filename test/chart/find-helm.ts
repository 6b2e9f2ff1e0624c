import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheDirectory } from '../../src/devcluster/cache-directory.ts';
import { takeFileLock } from '../../src/devcluster/file-lock.ts';
import { startGuarded } from '../../src/devcluster/guard.ts';
import { systemClock } from '../../src/runtime/clock.ts';

const VERSION = 'v4.3.1';
const modules = fileURLToPath(new URL('./modules/helm', import.meta.url));

/** The program, or in words why there is none. */
export type Helm = { readonly path: string } | { readonly missing: string };

/**
 * Finds helm: the one in the cache, else one on the PATH, else built from the pinned Go modules into the cache, which
 * takes two minutes when Go's own cache is empty.
 */
export async function findHelm(): Promise<Helm> {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(modules, file)));
  const directory = join(cacheDirectory(process.env), `helm-${VERSION}-${hash.digest('hex').slice(0, 12)}`);
  const path = join(directory, 'helm');
  if (existsSync(path)) return { path };
  if (await isFit('helm')) return { path: 'helm' };
  await mkdir(cacheDirectory(process.env), { recursive: true });
  const lock = await takeFileLock({ file: `${directory}.lock`, clock: systemClock(), onWait: () => {} });
  try {
    if (!existsSync(path)) await build(directory);
    return { path };
  } catch (error) {
    return { missing: `there is no helm on the PATH, and it could not be built: ${String(error)}` };
  } finally {
    await lock.release();
  }
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

async function build(directory: string): Promise<void> {
  process.stderr.write('building helm from source (two minutes the first time) …\n');
  const part = `${directory}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part);
  let said = '';
  const go = startGuarded({
    command: 'go',
    args: [
      ...['build', '-C', modules, '-mod=readonly', '-buildvcs=false', '-trimpath'],
      ...['-ldflags', `-s -w -X helm.sh/helm/v4/internal/version.version=${VERSION}`],
      ...['-o', join(part, 'helm'), 'helm.sh/helm/v4/cmd/helm'],
    ],
    cwd: part,
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOOS: '', GOARCH: '' },
    output: {
      onText: (text) => {
        said = (said + text).slice(-1000);
      },
    },
  });
  if ((await go.exited) !== 0) throw new Error(said.trim().split('\n').at(-1) ?? 'go build failed');
  await rename(part, directory);
}
