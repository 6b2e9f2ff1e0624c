import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../../src/devcluster/cache-directory.ts';
import { ended, type RunOptions, run } from './command.ts';

/** Where the two programs are. */
export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/**
 * Prometheus from PATH, else Debian's package, unpacked into the cache without being installed.
 * @returns undefined on a machine that has neither
 */
export async function findPrometheus(): Promise<PrometheusPrograms | undefined> {
  if ((await starts('prometheus', '--version')) && (await starts('promtool', '--version'))) {
    return { prometheus: 'prometheus', promtool: 'promtool' };
  }
  const folder = join(cacheDirectory(process.env), 'prometheus');
  const programs = { prometheus: join(folder, 'usr/bin/prometheus'), promtool: join(folder, 'usr/bin/promtool') };
  if (existsSync(programs.promtool)) return programs;
  if (!(await starts('apt-get', '--version')) || !(await starts('dpkg-deb', '--version'))) return undefined;
  await unpackTo(folder);
  return programs;
}

async function unpackTo(folder: string): Promise<void> {
  await mkdir(join(folder, '..'), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    // The list of packages may be old, or empty; only root may renew it.
    const download = () => ended('apt-get', ['download', 'prometheus'], { cwd: work });
    let got = await download();
    if (got.code !== 0 && (await ended('apt-get', ['update'])).code === 0) got = await download();
    if (got.code !== 0) throw new Error(`apt-get download prometheus: ${got.stderr}`);
    const [archive = ''] = (await readdir(work)).filter((name) => name.endsWith('.deb'));
    await run('dpkg-deb', ['--extract', join(work, archive), join(work, 'root')]);
    await rename(join(work, 'root'), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function starts(program: string, ...args: readonly string[]): Promise<boolean> {
  const options: RunOptions = { limitMs: 30_000 };
  try {
    return (await ended(program, args, options)).code === 0;
  } catch {
    return false;
  }
}
