import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../runtime/clock.ts';
import { envtestArchiveSource } from './envtest-archive.ts';
import type { Progress } from './progress.ts';

const quiet: Progress = { say: () => {}, start: () => ({ note: () => {}, end: () => {} }) };

let folder: string;
let output: string;
let server: Server;
let base: string;
let answers: Map<string, (response: ServerResponse) => void>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'envtest-'));
  output = join(folder, 'output');
  await mkdir(output);
  answers = new Map();
  server = createServer((request, response) => {
    const answer = answers.get(request.url ?? '');
    if (answer === undefined) response.writeHead(404).end();
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has an address with a port.
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

/** An archive laid out as the published ones. */
async function archive(content: string, names = ['etcd', 'kube-apiserver', 'kubectl']): Promise<Buffer> {
  const programs = join(folder, 'controller-tools', 'envtest');
  await rm(join(folder, 'controller-tools'), { recursive: true, force: true });
  await mkdir(programs, { recursive: true });
  for (const name of names) await writeFile(join(programs, name), content);
  return execFileSync('tar', ['-C', folder, '-czf', '-', 'controller-tools']);
}

function publish(release: string, bytes: Buffer, sha512 = createHash('sha512').update(bytes).digest('hex')): string {
  const name = `envtest-${release}-linux-amd64.tar.gz`;
  answers.set(`/${name}`, (response) => response.end(bytes));
  return `  ${release}:\n    ${name}:\n      hash: ${sha512}\n      selfLink: ${base}/${name}\n`;
}

function make(index: string | ((response: ServerResponse) => void), limits = { answer: 20_000, silence: 20_000 }) {
  answers.set('/index', typeof index === 'function' ? index : (response) => response.end(`releases:\n${index}`));
  return envtestArchiveSource({
    indexUrl: `${base}/index`,
    version: 'v1.34.4',
    platform: 'linux-amd64',
    clock: systemClock(),
    answerLimitMs: limits.answer,
    silenceLimitMs: limits.silence,
  }).make(output, quiet);
}

it('the archive is unpacked into programs that can be run', async () => {
  await make(publish('v1.34.4', await archive('the program')));
  expect((await readdir(output)).sort()).toEqual(['etcd', 'kube-apiserver', 'kubectl']);
  expect((await stat(join(output, 'etcd'))).mode & 0o111).toBe(0o111);
});

const choices: readonly { why: string; published: readonly string[]; taken: string }[] = [
  { why: 'the very version, though a newer one is there', published: ['v1.34.4', 'v1.34.12'], taken: 'v1.34.4' },
  { why: 'else the newest of the minor release, by number', published: ['v1.34.2', 'v1.34.12'], taken: 'v1.34.12' },
  {
    why: 'never a pre-release or another minor release',
    published: ['v1.35.0', 'v1.34.0-rc.1', 'v1.34.1'],
    taken: 'v1.34.1',
  },
];
it.each(choices)('of what is published, the right one is taken: $why', async ({ published, taken }) => {
  let index = '';
  for (const release of published) index += publish(release, await archive(release));
  await make(index);
  expect(await readFile(join(output, 'etcd'), 'utf8')).toBe(taken);
});

it('an archive that differs from what the index promises is thrown away', async () => {
  const index = publish('v1.34.4', await archive('tampered with'), 'ab'.repeat(64));
  await expect(make(index)).rejects.toThrow(/is not what its index promises \(SHA-512 differs\)/);
  expect(await readdir(output)).not.toContain('etcd');
});

const failures: readonly { why: string; run: () => Promise<void>; message: RegExp }[] = [
  {
    why: 'the index answers with an error',
    run: () => make((response) => response.writeHead(503).end()),
    message: /127\.0\.0\.1:\d+ cannot be reached \(HTTP 503\)/,
  },
  {
    why: 'the index never answers',
    run: () => make(() => {}, { answer: 50, silence: 20_000 }),
    message: /cannot be reached \(nothing heard for 0\.05 s\)/,
  },
  {
    why: 'the download stands still',
    run: () => {
      const index = publish('v1.34.4', Buffer.from('x'));
      answers.set('/envtest-v1.34.4-linux-amd64.tar.gz', (response) => response.write('some bytes'));
      return make(index, { answer: 20_000, silence: 200 });
    },
    message: /cannot be downloaded \(nothing heard for 0\.2 s\)/,
  },
  {
    why: 'nothing is published for this platform',
    run: () => make('  v1.33.0: {}\n'),
    message: /no archive of Kubernetes v1\.34\.x is published for linux-amd64/,
  },
  {
    why: 'the index is something else altogether',
    run: () => make((response) => response.end('<html>')),
    message: /no archive of Kubernetes/,
  },
  {
    why: 'a program is missing in the archive',
    run: async () => make(publish('v1.34.4', await archive('the program', ['etcd']))),
    message: /there is no kube-apiserver in /,
  },
];
it.each(failures)('it is given up with a reason when $why', async ({ run, message }) => {
  await expect(run()).rejects.toThrow(message);
});
