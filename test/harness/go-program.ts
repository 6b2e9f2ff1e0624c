import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../src/devcluster/cache-directory.ts';
import { takeFileLock } from '../../src/devcluster/file-lock.ts';
import { startGuarded } from '../../src/devcluster/guard.ts';
import { systemClock } from '../../src/runtime/clock.ts';

/** A program of somebody else's that tests run. */
export interface GoProgram {
  readonly name: string;
  readonly version: string;
  /** The folder with go.mod and go.sum, which pin it. */
  readonly modules: string;
  readonly packagePath: string;
  /** Besides `-s -w`. */
  readonly linkerFlags?: string;
  /** Whether a command on the PATH will do. */
  readonly isFit: (command: string) => Promise<boolean>;
}

/** The program, or in words why there is none. */
export type FoundProgram = { readonly path: string } | { readonly missing: string };

/**
 * Finds a program: the one in the cache, else one on the PATH, else built from the pinned Go modules into the cache,
 * which takes minutes when Go's own cache is empty.
 */
export async function findGoProgram(program: GoProgram): Promise<FoundProgram> {
  const { name, version, modules } = program;
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(modules, file)));
  const directory = join(cacheDirectory(process.env), `${name}-${version}-${hash.digest('hex').slice(0, 12)}`);
  const path = join(directory, name);
  if (existsSync(path)) return { path };
  if (await program.isFit(name)) return { path: name };
  await mkdir(cacheDirectory(process.env), { recursive: true });
  const lock = await takeFileLock({ file: `${directory}.lock`, clock: systemClock(), onWait: () => {} });
  try {
    if (!existsSync(path)) await build(program, directory);
    return { path };
  } catch (error) {
    return { missing: `there is no ${name} on the PATH, and it could not be built: ${String(error)}` };
  } finally {
    await lock.release();
  }
}

async function build({ name, modules, packagePath, linkerFlags = '' }: GoProgram, directory: string): Promise<void> {
  process.stderr.write(`building ${name} from source (two minutes the first time) …\n`);
  const part = `${directory}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part);
  let said = '';
  const go = startGuarded({
    command: 'go',
    args: [
      ...['build', '-C', modules, '-mod=readonly', '-buildvcs=false', '-trimpath'],
      ...['-ldflags', `-s -w ${linkerFlags}`],
      ...['-o', join(part, name), packagePath],
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
