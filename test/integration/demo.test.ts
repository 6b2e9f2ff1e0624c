import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runToEnd } from '../harness/command.ts';
import { waitFor } from '../harness/wait-for.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EXAMPLES = join(ROOT, 'examples');
const FAST = ['--speed', '100'];

/** Everything that dev makes lies here, so that what it leaves can be seen. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs dev in a folder that is not the project's, as `npx` or a link in PATH would. */
function dev(...args: readonly string[]) {
  return runToEnd(['dev', ...args], { env: { ...process.env, TMPDIR: folder }, cwd: tmpdir(), limitMs: 110_000 });
}

/** What is left of dev: files, and processes that were told of them. */
async function leftOvers(): Promise<readonly string[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'args']);
  return [...readdirSync(folder), ...stdout.split('\n').filter((line) => line.includes(folder))];
}

async function expectNothingLeft(): Promise<void> {
  await waitFor(leftOvers, { describe: 'nothing is left', until: (found) => found.length === 0 });
}

function manifest(text: string): string {
  const file = join(folder, '..', `${folder.split('/').at(-1)}.yaml`);
  writeFileSync(file, text);
  return file;
}

test('the demo brings up every example, tells it in words, and leaves nothing', async () => {
  const { code, stdout, stderr } = await dev('--apply', EXAMPLES, '--once');
  expect(stdout).toMatch(/all 14 objects are Ready after \d+\.\d s\n$/);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  // A line for each change, from "waits for" to "Ready": no escape sequences where no terminal is.
  expect(stdout).not.toContain('\u001b');
  for (const name of [
    'AwsAccount default',
    'EcsCluster shop/shop',
    'EcsService shop/frontend',
    'EcsService shop/pasted',
  ]) {
    expect(stdout).toMatch(new RegExp(`^ +\\d+ s {2}${name} +Ready$`, 'm'));
  }
  expect(stdout).toMatch(/EcsService shop\/backend +waits for CloudMapService shop\/backend/);
  expect(stdout).toMatch(/EcsService shop\/backend +2 of 2 tasks running/);
  await expectNothingLeft();
});

test('what cannot get Ready ends the demo with 1 and the reasons, and leaves nothing', async () => {
  const file = manifest(`
apiVersion: ecs-operator.dev/v1alpha1
kind: EcsService
metadata: { name: web, namespace: default }
spec: { clusterRef: { name: nowhere }, taskDefinitionRef: { name: web } }
---
apiVersion: ecs-operator.dev/v1alpha1
kind: EcsTaskDefinition
metadata: { name: bad, namespace: default }
spec: { containerDefinitions: [{ name: app, image: app, memory: 8, memoryReservation: 9 }] }
`);
  const { code, stdout } = await dev('--apply', file, '--once', '--limit', '3s');
  rmSync(file);
  expect(code).toBe(1);
  expect(stdout).toContain('2 of 2 objects are not Ready after 3 s:');
  expect(stdout).toMatch(
    /^ {2}EcsService default\/web: RefNotFound: clusterRef: EcsCluster default\/nowhere does not exist$/m,
  );
  expect(stdout).toMatch(
    /^ {2}EcsTaskDefinition default\/bad: Refused: RegisterTaskDefinition: .*'memory' must be greater/m,
  );
  await expectNothingLeft();
});

describe('a manifest with a mistake ends the demo with 1 and one line', () => {
  test.each([
    ['that is not there', undefined, /cannot read .*nowhere\.yaml: there is no such file/],
    ['that is not YAML', 'a: [', /\.yaml: .*\n$/],
    ['without a kind', 'metadata: { name: web }', /document 1: apiVersion, kind and metadata.name are needed/],
  ])('%s, before anything is started', async (_what, text, line) => {
    const file = text === undefined ? join(folder, 'nowhere.yaml') : manifest(text);
    const { code, stdout, stderr } = await dev('--apply', file, '--once');
    rmSync(file, { force: true });
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^ecs-operator: .*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test('that the API server refuses', async () => {
    const file = manifest(`
apiVersion: ecs-operator.dev/v1alpha1
kind: EcsCluster
metadata: { name: my.app, namespace: default }
`);
    const { code, stderr } = await dev('--apply', file, '--once');
    rmSync(file);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /document 1: EcsCluster my.app was refused: .*set spec.clusterName, or give this object/,
      ),
    });
    await expectNothingLeft();
  });
});

const kubectl = await run('kubectl', ['version', '--client']).then(
  () => true,
  () => false,
);

describe.skipIf(!kubectl)(kubectl ? 'with kubectl' : 'with kubectl (skipped: it is not installed)', () => {
  const running = new Set<ChildProcess>();
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });

  test('every command that the demo suggests does what it says', async () => {
    const { child, printed, ended } = start('--apply', EXAMPLES, ...FAST);
    const text = await printed('Ctrl-C ends everything.');
    const suggested = text
      .slice(text.indexOf('Try it'))
      .split('\n')
      .map((line) => line.trim());
    const exported = suggested.filter((line) => line.startsWith('export KUBECONFIG'));
    const commands = suggested.filter((line) => line.startsWith('kubectl '));
    expect(commands.map((line) => /(get|describe|patch|wait|scale|delete)/.exec(line)?.[0])).toEqual([
      ...['get', 'describe', 'patch', 'wait', 'scale', 'delete'],
    ]);
    const outputs: string[] = [];
    for (const command of commands) outputs.push(await shell(`${exported.join(';')}; ${command}`));
    const [got, described, patched, waited, scaled, deleted] = outputs;
    expect(got).toMatch(/ecsservice\.ecs-operator\.dev\/frontend +True/);
    expect(got).toMatch(/awsaccount\.ecs-operator\.dev\/default +True/);
    expect(described).toMatch(/Type: +Ready/);
    expect(described).toMatch(/^Events:\n(.*\n)*.* CreateService +/m);
    expect(patched).toMatch(/backend patched/);
    expect(waited).toMatch(/backend condition met/);
    expect(scaled).toMatch(/backend scaled/);
    expect(deleted).toMatch(/worker" deleted/);
    const service = await shell(`${exported.join(';')}; kubectl -n shop get ecssvc backend -o json`);
    expect(JSON.parse(service)).toMatchObject({ spec: { desiredCount: 4 } });

    // Ctrl-C is how it is meant to end.
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    await expectNothingLeft();
  });

  test('the examples are taken by kubectl apply as they stand, and a second apply changes nothing', async () => {
    const { child, printed, ended } = start(...FAST);
    const text = await printed('Ctrl-C ends everything.');
    const kubeconfig = /export (KUBECONFIG=\S+)/.exec(text)?.[1];
    const apply = `${kubeconfig} kubectl apply -f ${EXAMPLES}`;
    expect((await shell(apply)).trim().split('\n')).toHaveLength(15);
    await shell(
      `${kubeconfig} kubectl -n shop wait --for=condition=Ready --timeout=100s --all ecssvc,ecstd,ecscl,cmns,cmsvc`,
    );
    for (const line of (await shell(apply)).trim().split('\n')) expect(line).toMatch(/ unchanged$/);
    const table = await shell(`${kubeconfig} kubectl get ecs -A`);
    expect(table).not.toMatch(/ False /);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
    await expectNothingLeft();
  });

  function start(...args: readonly string[]) {
    const child = spawn(process.execPath, [join(ROOT, 'src', 'main.ts'), 'dev', ...args], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
      child.on('close', (code) => resolve({ code, stderr }));
    });
    const printed = async (words: string) => {
      await waitFor(() => stdout.includes(words) || child.exitCode !== null, { describe: `dev prints "${words}"` });
      expect(stdout, stderr).toContain(words);
      return stdout;
    };
    return { child, printed, ended };
  }

  async function shell(command: string): Promise<string> {
    return (await run('/bin/sh', ['-c', command])).stdout;
  }
});
