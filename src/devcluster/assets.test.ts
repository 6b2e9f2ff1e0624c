import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AssetSource, ensureAssets } from './assets.ts';
import { DevclusterError } from './errors.ts';
import type { Progress } from './progress.ts';

let cache: string;
let said: string[];
let progress: Progress;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'assets-'));
  said = [];
  progress = {
    say: (line) => said.push(line),
    start: (label) => {
      said.push(label);
      return { note: () => {}, end: () => {} };
    },
  };
});
afterEach(() => rm(cache, { recursive: true }));

async function program(directory: string, name: string, mode = 0o755): Promise<void> {
  await writeFile(join(directory, name), `the program ${name}`);
  await chmod(join(directory, name), mode);
}

/** A source that works, and counts how often it was asked. */
function working(name = 'working'): AssetSource & { asked: number } {
  return {
    name,
    asked: 0,
    async make(directory) {
      this.asked++;
      expect(await readdir(directory)).toEqual([]);
      await program(directory, 'etcd');
      await program(directory, 'kube-apiserver');
    },
  };
}

const failing = (name: string, reason: string): AssetSource => ({
  name,
  async make(directory) {
    await program(directory, 'etcd');
    throw new DevclusterError(reason);
  },
});

const ensure = (sources: readonly AssetSource[], env: NodeJS.ProcessEnv = {}) =>
  ensureAssets({ env: { ECS_OPERATOR_CACHE: cache, ...env }, progress, sources });

it('KUBEBUILDER_ASSETS is taken as it is, before anything else', async () => {
  const directory = join(cache, 'given');
  await mkdir(directory);
  await program(directory, 'etcd');
  await program(directory, 'kube-apiserver');
  expect(await ensure([], { KUBEBUILDER_ASSETS: directory })).toEqual({
    etcd: join(directory, 'etcd'),
    kubeApiserver: join(directory, 'kube-apiserver'),
  });
});

const wrong: readonly { why: string; prepare: (directory: string) => Promise<unknown> }[] = [
  { why: 'it does not exist', prepare: async () => {} },
  { why: 'a program is missing', prepare: (directory) => mkdir(directory).then(() => program(directory, 'etcd')) },
  {
    why: 'a file is no program',
    prepare: async (directory) => {
      await mkdir(directory);
      await program(directory, 'etcd');
      await program(directory, 'kube-apiserver', 0o644);
    },
  },
];
it.each(wrong)('a wrong KUBEBUILDER_ASSETS is said, not silently replaced: $why', async ({ prepare }) => {
  const directory = join(cache, 'given');
  await prepare(directory);
  const source = working();
  await expect(ensure([source], { KUBEBUILDER_ASSETS: directory })).rejects.toThrow(
    `KUBEBUILDER_ASSETS is ${directory}, but etcd and kube-apiserver are not both there as programs`,
  );
  expect(source.asked).toBe(0);
});

it('what was made once is found in the cache the next time', async () => {
  const source = working();
  const first = await ensure([source]);
  expect(await readFile(first.etcd, 'utf8')).toBe('the program etcd');
  expect(dirname(dirname(first.etcd))).toBe(cache);
  expect(await ensure([source])).toEqual(first);
  expect(source.asked).toBe(1);
  expect(await readdir(cache)).toHaveLength(1);
});

it('when one source fails, the reason is shown and the next one starts with an empty folder', async () => {
  const source = working();
  await ensure([failing('archive', 'example.org cannot be reached'), source]);
  expect(source.asked).toBe(1);
  expect(said).toEqual(['no etcd and kube-apiserver from archive: example.org cannot be reached']);
});

it('when every source fails, one line says why and what to install, and nothing half-made is left', async () => {
  const sources = [failing('archive', 'out of reach'), failing('Go modules', 'no Go')];
  await expect(ensure(sources)).rejects.toThrow(
    'etcd and kube-apiserver are needed and cannot be had (archive: out of reach; Go modules: no Go): install Go 1.24 ' +
      'or later (https://go.dev/dl) and try again, or set KUBEBUILDER_ASSETS to a folder that holds both programs',
  );
  expect(await readdir(cache)).toEqual([]);
});

it('what an interrupted run left behind does no harm', async () => {
  const made = await ensure([working()]);
  const directory = dirname(made.etcd);
  await rm(made.kubeApiserver);
  await mkdir(`${directory}.part`);
  await writeFile(join(`${directory}.part`, 'etcd'), 'half');
  expect(await ensure([working()])).toEqual(made);
  expect(await readdir(cache)).toHaveLength(1);
});

it('of several that need the programs at once, one makes them and the others wait and say so', async () => {
  const source = working();
  const results = await Promise.all(Array.from({ length: 3 }, () => ensure([source])));
  expect(new Set(results.map(({ etcd }) => etcd)).size).toBe(1);
  expect(source.asked).toBe(1);
  expect(said).toEqual(Array(2).fill(`waiting for process ${process.pid}, which makes etcd and kube-apiserver`));
});

it('a cache that cannot be written is named', async () => {
  const file = join(cache, 'file');
  await writeFile(file, '');
  await expect(ensure([working()], { ECS_OPERATOR_CACHE: join(file, 'below') })).rejects.toThrow(
    `cannot keep etcd and kube-apiserver in ${join(file, 'below')}: ENOTDIR`,
  );
});
