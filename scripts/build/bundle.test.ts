import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
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

  it('is small: nothing of Kubernetes’ generated client, which alone is several megabytes', () => {
    expect(built.bytes).toBeLessThan(5 << 20);
    expect(built.parts.get('@kubernetes/client-node') ?? 0).toBeLessThan(800 << 10);
    expect(built.parts.get('@aws-sdk/client-servicediscovery') ?? 0).toBeLessThan(100 << 10);
  });
});
