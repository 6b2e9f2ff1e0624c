import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { goModulesSource, goOutput } from './go-build.ts';
import { goModulesDirectory } from './go-modules.ts';
import type { Progress } from './progress.ts';

let folder: string;
const quiet: Progress = { say: () => {}, start: () => ({ note: () => {}, end: () => {} }) };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'go-build-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Puts a `go` on the PATH that does what the shell script says. */
async function withGo(script: string): Promise<NodeJS.ProcessEnv> {
  await writeFile(join(folder, 'go'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'go'), 0o755);
  return { PATH: `${folder}:/usr/bin:/bin`, LOG: join(folder, 'log') };
}

async function make(env: NodeJS.ProcessEnv): Promise<string> {
  const output = join(folder, 'output');
  await mkdir(output);
  await goModulesSource({ modules: '/modules', env }).make(output, quiet);
  return output;
}

it('both programs are built from pinned modules that the build may not change, without cgo', async () => {
  const env = await withGo('[ "$1" = version ] && exit 0; echo "cgo=$CGO_ENABLED work=$GOWORK $*" >>"$LOG"');
  await make({ ...env, GOWORK: '/home/me/go.work' });
  const [etcd = '', server = ''] = (await readFile(join(folder, 'log'), 'utf8')).split('\n');
  expect(etcd).toMatch(
    /^cgo=0 work=off build -C \/modules\/etcd -mod=readonly .*-o \S+\/output\/etcd go\.etcd\.io\/etcd\/server\/v3$/,
  );
  expect(server).toMatch(/-C \/modules\/kubernetes -mod=readonly .*gitVersion=v1\.34\.4 .*cmd\/kube-apiserver$/);
});

it('a failed build says what Go said', async () => {
  const env = await withGo(
    '[ "$1" = version ] && exit 0; echo "go: downloading a/b v1" >&2; echo "missing go.sum entry" >&2; exit 1',
  );
  await expect(make(env)).rejects.toThrow('go build of etcd failed: missing go.sum entry');
});

it('a machine without Go is told so', async () => {
  await expect(make({ PATH: folder })).rejects.toThrow('there is no working `go` on the PATH');
});

it('the output of a build is summed up as it comes, in whatever pieces', () => {
  const details: string[] = [];
  const output = goOutput((detail) => details.push(detail));
  for (const piece of [
    'go: downloading k8s.io/api v0.34.4\ngo: down',
    'loading x/y v1\ninternal/cpu\nk8s.io/a',
    'pi\n',
  ]) {
    output.add(piece);
  }
  expect(details).toEqual([
    '1 modules downloaded',
    '2 modules downloaded',
    '1 packages compiled',
    '2 packages compiled',
  ]);
});

it('the pinned modules are found from a checkout and from the published bundle, and their lack is no crash', async () => {
  const checkout = goModulesDirectory() ?? '';
  expect(await readFile(join(checkout, 'kubernetes', 'go.mod'), 'utf8')).toContain('k8s.io/kubernetes v1.34.4');
  expect(goModulesDirectory(join(checkout, '..', '..', '..', 'dist'))).toBe(checkout);
  expect(goModulesDirectory(folder)).toBeUndefined();
});

it('the published package carries the pinned modules', async () => {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({ files: expect.arrayContaining(['src/devcluster/modules']) });
});
