import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'yaml';
import type { Clock } from '../runtime/clock.ts';
import type { AssetSource } from './assets.ts';
import { DevclusterError, reasonOf } from './errors.ts';
import { startGuarded } from './guard.ts';
import type { ProgressStep } from './progress.ts';

/** The index of controller-tools, which setup-envtest reads too: archive names, addresses and SHA-512 sums. */
export const ENVTEST_INDEX =
  'https://raw.githubusercontent.com/kubernetes-sigs/controller-tools/HEAD/envtest-releases.yaml';

/** Where the index is, what to look for in it, and how long silence is borne. */
export interface EnvtestOptions {
  readonly indexUrl: string;
  /** e.g. `v1.34.4`; the newest archive of this minor release is taken when this very one was not published. */
  readonly version: string;
  /** As Go calls it, e.g. `linux-amd64`. */
  readonly platform: string;
  readonly clock: Clock;
  /** For how long the index may not answer before it counts as out of reach; milliseconds. */
  readonly answerLimitMs: number;
  /** For how long a download may stand still; milliseconds. */
  readonly silenceLimitMs: number;
}

/** Downloads the archive that the Kubernetes project publishes for testing operators. */
export function envtestArchiveSource(options: EnvtestOptions): AssetSource {
  return {
    name: 'envtest archive',
    async make(directory, progress) {
      const archive = pickArchive(await fetchIndex(options), options);
      const step = progress.start(`downloading ${archive.name}`);
      try {
        await download(archive, directory, options, step);
        step.end('done');
      } catch (error) {
        step.end('failed');
        throw error;
      }
    },
  };
}

interface Archive {
  readonly name: string;
  readonly url: string;
  readonly sha512: string;
}

async function fetchIndex({ indexUrl, answerLimitMs, clock }: EnvtestOptions): Promise<unknown> {
  const silence = silenceLimit(answerLimitMs, clock);
  try {
    const response = await fetch(indexUrl, { signal: silence.signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return parse(await response.text());
  } catch (error) {
    throw new DevclusterError(`${new URL(indexUrl).host} cannot be reached (${reasonOf(error)})`);
  } finally {
    silence.end();
  }
}

/** @throws DevclusterError when the index lists no archive of this minor release for this platform. */
function pickArchive(index: unknown, { version, platform }: EnvtestOptions): Archive {
  const releases = record(record(index).releases);
  const minor = version.slice(0, version.lastIndexOf('.') + 1);
  const patch = (release: string) => Number(release.slice(minor.length));
  const candidates = Object.keys(releases)
    .filter((release) => release.startsWith(minor) && /^\d+$/.test(release.slice(minor.length)))
    .sort((a, b) => patch(b) - patch(a));
  for (const release of [version, ...candidates]) {
    const name = `envtest-${release}-${platform}.tar.gz`;
    const { hash, selfLink } = record(record(releases[release])[name]);
    if (typeof hash === 'string' && typeof selfLink === 'string') return { name, url: selfLink, sha512: hash };
  }
  throw new DevclusterError(`no archive of Kubernetes ${minor}x is published for ${platform}`);
}

async function download(
  archive: Archive,
  directory: string,
  options: EnvtestOptions,
  step: ProgressStep,
): Promise<void> {
  const file = join(directory, archive.name);
  const silence = silenceLimit(options.silenceLimitMs, options.clock);
  const hash = createHash('sha512');
  let bytes = 0;
  try {
    const response = await fetch(archive.url, { signal: silence.signal });
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    await pipeline(
      Readable.fromWeb(response.body),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          silence.heard();
          hash.update(chunk);
          bytes += chunk.length;
          step.note(`${Math.round(bytes / 1e6)} MB`);
          yield chunk;
        }
      },
      createWriteStream(file),
    );
  } catch (error) {
    throw new DevclusterError(`${archive.url} cannot be downloaded (${reasonOf(error)})`);
  } finally {
    silence.end();
  }
  if (hash.digest('hex') !== archive.sha512) {
    throw new DevclusterError(`${archive.url} is not what its index promises (SHA-512 differs); it was thrown away`);
  }
  await unpack(file, directory);
  await rm(file);
}

/** The archive holds controller-tools/envtest/{etcd,kube-apiserver,kubectl}. */
async function unpack(file: string, directory: string): Promise<void> {
  let output = '';
  const tar = startGuarded({
    command: 'tar',
    args: ['-xzf', file, '-C', directory, '--strip-components=2'],
    cwd: directory,
    output: {
      onText: (text) => {
        output += text;
      },
    },
  });
  if ((await tar.exited) !== 0) throw new DevclusterError(`tar cannot unpack ${file}: ${output.trim()}`);
  for (const name of ['etcd', 'kube-apiserver']) {
    await chmod(join(directory, name), 0o755).catch(() => {
      throw new DevclusterError(`there is no ${name} in ${file}`);
    });
  }
}

/** Aborts after so much silence. */
function silenceLimit(limitMs: number, clock: Clock): { signal: AbortSignal; heard(): void; end(): void } {
  const controller = new AbortController();
  const giveUp = () => controller.abort(new Error(`nothing heard for ${limitMs / 1000} s`));
  let timer = clock.after(limitMs, giveUp);
  return {
    signal: controller.signal,
    heard() {
      timer.cancel();
      timer = clock.after(limitMs, giveUp);
    },
    end: () => timer.cancel(),
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  // Any object may be read by string keys: what is not there reads as undefined.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
