import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundle } from './bundle.ts';

const run = promisify(execFile);

describe('the bundle', () => {
  let directory: string;
  let built: Bundle;

  beforeAll(async () => {
    // Away from the checkout, so that nothing is found in its node_modules.
    directory = await mkdtemp(join(tmpdir(), 'ecs-operator-bundle-'));
    built = await bundle(join(directory, 'dist'));
  }, 60_000);

  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('runs by itself, as a program, without node_modules', async () => {
    const { stdout } = await run(process.execPath, [built.file, '--version'], { cwd: directory });
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect((await readFile(built.file, 'utf8')).startsWith('#!/usr/bin/env node\n')).toBe(true);
    expect((await stat(built.file)).mode & 0o111, 'executable').toBe(0o111);
    await expect(stat(`${built.file}.map`)).resolves.toBeDefined();
  });

  it('has the CRDs in it', async () => {
    const { stdout } = await run(process.execPath, [built.file, 'crds'], { cwd: directory, maxBuffer: 16 << 20 });
    expect(stdout).toContain('ecsservices.ecs-operator.dev');
  });

  it('ends with 2 and a line about what is wrong when a flag is', async () => {
    const failed = await run(process.execPath, [built.file, 'run', '--resync', 'soon'], { cwd: directory }).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('A duration is needed') });
  });

  it('reaches the cluster through the proxy that a kubeconfig names, which takes the library’s part', async () => {
    const asked = Promise.withResolvers<string>();
    const proxy = createServer().on('connect', (request, socket) => {
      asked.resolve(request.url ?? '');
      socket.destroy();
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const { port } = proxy.address() as AddressInfo;
    const kubeconfig = join(directory, 'proxied.json');
    await writeFile(
      kubeconfig,
      JSON.stringify({
        'current-context': 'far',
        contexts: [{ name: 'far', context: { cluster: 'far', user: 'me' } }],
        clusters: [
          { name: 'far', cluster: { server: 'http://cluster.example', 'proxy-url': `http://127.0.0.1:${port}` } },
        ],
        users: [{ name: 'me', user: { token: 'any' } }],
      }),
    );
    const flags = ['--kubeconfig', kubeconfig, '--metrics-addr', '0', '--health-addr', '0'];
    const operator = spawn(process.execPath, [built.file, 'run', ...flags], { cwd: directory, stdio: 'ignore' });
    const ended = once(operator, 'exit').then(([code]) => asked.reject(new Error(`it ended with ${code}`)));
    try {
      await expect(asked.promise).resolves.toBe('cluster.example:80');
    } finally {
      operator.kill('SIGKILL');
      await ended;
      proxy.close();
      proxy.closeAllConnections();
    }
  });

  it('is small: nothing of Kubernetes’ generated client, which alone is several megabytes', () => {
    expect(built.bytes).toBeLessThan(3 << 20);
    expect(built.parts.get('@kubernetes/client-node') ?? 0).toBeLessThan(100 << 10);
    expect(built.parts.get('undici') ?? 0).toBe(0);
    expect(built.parts.get('@aws-sdk/client-servicediscovery') ?? 0).toBeLessThan(100 << 10);
  });
});
