import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { cacheDirectory } from './cache-directory.ts';
import { ENVTEST_INDEX, envtestArchiveSource } from './envtest-archive.ts';
import { DevclusterError, reasonOf } from './errors.ts';
import { takeFileLock } from './file-lock.ts';
import { goModulesSource } from './go-build.ts';
import { GO_PROGRAMS, goModulesDirectory, KUBERNETES_VERSION } from './go-modules.ts';
import { type Progress, streamProgress } from './progress.ts';

/** The programs of a control plane, as absolute paths. */
export interface Assets {
  readonly etcd: string;
  readonly kubeApiserver: string;
}

/** One way to come by the programs. */
export interface AssetSource {
  readonly name: string;
  /** Puts `etcd` and `kube-apiserver` into the empty folder. @throws DevclusterError that says why it cannot. */
  make(directory: string, progress: Progress): Promise<void>;
}

/** Where to look, and whom to tell while it takes a while. */
export interface AssetOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly progress?: Progress;
  readonly clock?: Clock;
  /** Tried in this order when nothing is cached; by default the published archive, then a build from source. */
  readonly sources?: readonly AssetSource[];
}

/**
 * Finds etcd and kube-apiserver, or makes them: KUBEBUILDER_ASSETS, else the cache, else the published envtest
 * archive, else a build from the pinned Go modules. Processes that want the same at once wait for one that makes it.
 * @throws DevclusterError, one line that says what to install or to set.
 */
export async function ensureAssets(options: AssetOptions = {}): Promise<Assets> {
  const { env = process.env, clock = systemClock(), progress = streamProgress(process.stderr, clock) } = options;
  if (env.KUBEBUILDER_ASSETS) return givenAssets(env.KUBEBUILDER_ASSETS);

  const platform = goPlatform();
  const modules = goModulesDirectory();
  const cache = cacheDirectory(env);
  const directory = join(cache, `control-plane-${KUBERNETES_VERSION}-${platform}-${inputsDigest(modules)}`);
  const cached = assetsIn(directory);
  if (cached !== undefined) return cached;

  const sources = options.sources ?? [
    envtestArchiveSource({
      indexUrl: ENVTEST_INDEX,
      version: KUBERNETES_VERSION,
      platform,
      clock,
      answerLimitMs: 5_000,
      silenceLimitMs: 20_000,
    }),
    goModulesSource({ modules, env }),
  ];
  try {
    await mkdir(cache, { recursive: true });
    return await makeOnce({ directory, sources, progress, clock });
  } catch (error) {
    if (error instanceof DevclusterError) throw error;
    throw new DevclusterError(`cannot keep etcd and kube-apiserver in ${cache}: ${reasonOf(error)}`);
  }
}

function givenAssets(directory: string): Assets {
  const assets = assetsIn(directory);
  if (assets === undefined) {
    throw new DevclusterError(
      `KUBEBUILDER_ASSETS is ${directory}, but etcd and kube-apiserver are not both there as programs: correct it or unset it`,
    );
  }
  return assets;
}

/** Undefined unless both are there and executable. */
function assetsIn(directory: string): Assets | undefined {
  const assets: Assets = { etcd: join(directory, 'etcd'), kubeApiserver: join(directory, 'kube-apiserver') };
  try {
    for (const file of Object.values(assets)) accessSync(file, constants.X_OK);
    return assets;
  } catch {
    return undefined;
  }
}

function goPlatform(): string {
  const architectures: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
  const architecture = architectures[process.arch];
  if ((process.platform !== 'linux' && process.platform !== 'darwin') || architecture === undefined) {
    throw new DevclusterError(
      `a local control plane runs on Linux and macOS (x64, arm64), not on ${process.platform} ${process.arch}; on Windows use WSL`,
    );
  }
  return `${process.platform}-${architecture}`;
}

/** A short name for everything that decides what is made, so that a new pin never finds an old program. */
function inputsDigest(modules: string | undefined): string {
  const hash = createHash('sha256').update(JSON.stringify([ENVTEST_INDEX, GO_PROGRAMS]));
  if (modules !== undefined) {
    const files = GO_PROGRAMS.flatMap(({ module }) => [
      join(modules, module, 'go.mod'),
      join(modules, module, 'go.sum'),
    ]);
    for (const file of files) hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}

interface Making {
  readonly directory: string;
  readonly sources: readonly AssetSource[];
  readonly progress: Progress;
  readonly clock: Clock;
}

async function makeOnce({ directory, sources, progress, clock }: Making): Promise<Assets> {
  let waiting: ReturnType<Progress['start']> | undefined;
  const lock = await takeFileLock({
    file: `${directory}.lock`,
    clock,
    onWait: (owner) => {
      waiting = progress.start(`waiting for ${owner}, which makes etcd and kube-apiserver`);
    },
  });
  waiting?.end('done');
  try {
    // The one we waited for has made it.
    const made = assetsIn(directory);
    if (made !== undefined) return made;
    // The complete folder appears at once: whoever finds it finds all of it.
    const part = `${directory}.part`;
    await makeFrom(sources, part, progress);
    await rm(directory, { recursive: true, force: true });
    await rename(part, directory);
    const assets = assetsIn(directory);
    if (assets === undefined) throw new DevclusterError(`${directory} was made, but the programs are not in it`);
    return assets;
  } finally {
    await lock.release();
  }
}

async function makeFrom(sources: readonly AssetSource[], part: string, progress: Progress): Promise<void> {
  const reasons: string[] = [];
  for (const source of sources) {
    // Retried: compilers of a build that was killed a moment ago may still be writing there.
    await rm(part, { recursive: true, force: true, maxRetries: 10 });
    await mkdir(part);
    try {
      await source.make(part, progress);
      return;
    } catch (error) {
      reasons.push(`${source.name}: ${reasonOf(error)}`);
      progress.say(`no etcd and kube-apiserver from ${source.name}: ${reasonOf(error)}`);
    }
  }
  await rm(part, { recursive: true, force: true });
  throw new DevclusterError(
    `etcd and kube-apiserver are needed and cannot be had (${reasons.join('; ')}): install Go 1.24 or later ` +
      '(https://go.dev/dl) and try again, or set KUBEBUILDER_ASSETS to a folder that holds both programs',
  );
}
