import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KubeConfig } from '@kubernetes/client-node';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { adminClient } from '../../src/devcluster/admin-client.ts';
import { ensureAssets } from '../../src/devcluster/assets.ts';
import { startControlPlane } from '../../src/devcluster/control-plane.ts';
import { elements, member, text } from '../../src/devcluster/json.ts';
import {
  ownControlPlane,
  restrictedKubeconfig,
  sharedControlPlane,
  uniqueName,
  uniqueNamespace,
  waitFor,
} from '../harness/control-plane.ts';

const PROGRAM = fileURLToPath(new URL('./fixtures/control-plane-process.ts', import.meta.url));

/** Every process whose command line names the folder: the servers and their guards. */
function processesOf(directory: string): string[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  return all.split('\n').filter((line) => line.includes(`${directory}/`));
}

const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

/** Waits until neither a process nor the folder of a control plane is left. */
const nothingLeft = (directory: string) =>
  waitFor(() => [...processesOf(directory), ...(existsSync(directory) ? [directory] : [])], {
    describe: 'no process and no folder is left',
    until: (left) => left.length === 0,
  });

describe('the servers and their folder go with the program', () => {
  it('when it has nothing left to do', async () => {
    const program = spawn(process.execPath, [PROGRAM, 'return'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(program.stdout.setEncoding('utf8'), 'data');
    expect((await once(program, 'exit'))[0]).toBe(0);
    await nothingLeft(String(line).trim());
  });

  it('when it is ended by kill -9', async () => {
    const program = spawn(process.execPath, [PROGRAM, 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(program.stdout.setEncoding('utf8'), 'data');
    const directory = String(line).trim();
    expect(processesOf(directory)).not.toEqual([]);
    program.kill('SIGKILL');
    await nothingLeft(directory);
  });

  it('when it is ended by kill -9 while the servers are starting', async () => {
    const program = spawn(process.execPath, [PROGRAM, 'wait'], { stdio: 'ignore' });
    const guard = await waitFor(
      () => {
        const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
        return all.find((line) => line.trim().split(/\s+/)[1] === String(program.pid) && line.includes('/etcd.sock'));
      },
      { describe: 'etcd is being started' },
    );
    program.kill('SIGKILL');
    const directory = /\/[^\s=]*ecs-operator-dev\.\w+/.exec(guard)?.[0] ?? '';
    expect(directory).not.toBe('');
    await nothingLeft(directory);
  });
});

describe('startControlPlane', () => {
  it('runs several at once, each with data of its own', async () => {
    await using one = await ownControlPlane({ crds: false });
    await using two = await ownControlPlane({ crds: false });
    const path = '/api/v1/namespaces/default/configmaps';
    const name = uniqueName();
    expect((await one.client.request({ method: 'POST', path, body: configMap(name) })).status).toBe(201);
    expect((await two.client.request({ method: 'GET', path: `${path}/${name}` })).status).toBe(404);
    expect(
      await adminClient({ ...two.access, url: one.url })
        .request({ method: 'GET', path })
        .catch(String),
    ).toMatch(/certificate/);
  });

  it('keeps address, credentials and data when the API server is stopped and started again', async () => {
    await using cluster = await ownControlPlane({ crds: false });
    const { client } = cluster;
    const path = '/api/v1/namespaces/default/configmaps';
    expect((await client.request({ method: 'POST', path, body: configMap('kept') })).status).toBe(201);
    await cluster.stopApiServer();
    await expect(client.request({ method: 'GET', path })).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/);
    await cluster.startApiServer();
    expect((await client.request({ method: 'GET', path: `${path}/kept` })).status).toBe(200);
  });

  it('answers 410 Gone to a watch from before a compaction', async () => {
    await using cluster = await ownControlPlane({ crds: false });
    const { client } = cluster;
    const path = '/api/v1/namespaces/default/configmaps';
    const before = await client.request({ method: 'GET', path });
    for (let i = 0; i < 3; i++) await client.request({ method: 'POST', path, body: configMap(`map-${i}`) });
    await cluster.stopApiServer();
    await cluster.compactEtcd();
    await cluster.startApiServer();
    const version = text(member(before.body, 'metadata', 'resourceVersion'));
    const events = client.watch(`${path}?watch=true&resourceVersion=${version}`, AbortSignal.timeout(30_000));
    const first = await events.next();
    await events.return();
    expect(first.value).toMatchObject({ type: 'ERROR', object: { code: 410 } });
  });

  it('says with its last words that a server has died', async () => {
    const died = Promise.withResolvers<string>();
    await using cluster = await startControlPlane({
      assets: await ensureAssets(),
      onUnexpectedEnd: (error) => died.resolve(error.message),
    });
    const server = processesOf(cluster.directory).find((line) => /^\s*\d+ \S*\/kube-apiserver/.test(line)) ?? '';
    process.kill(Number.parseInt(server, 10), 'SIGKILL');
    expect(await died.promise).toMatch(/kube-apiserver ended by itself with code 137; the end of its log:\n {2}\S/);
  });

  it('shows the end of the log when the API server refuses to start, and leaves nothing behind', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'devcluster-test-'));
    vi.stubEnv('TMPDIR', parent);
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await rm(parent, { recursive: true });
    });
    const failed = startControlPlane({ assets: await ensureAssets(), apiServerArgs: ['--no-such-flag'] });
    await expect(failed).rejects.toThrow(
      /kube-apiserver ended with code 1; the end of its log:\n[\s\S]*unknown flag: --no-such-flag/,
    );
    expect([await readdir(parent), processesOf(parent)]).toEqual([[], []]);
  });

  it('gives a kubeconfig that the Kubernetes client takes as it is', async () => {
    const config = new KubeConfig();
    config.loadFromString(sharedControlPlane().kubeconfig);
    expect(config.getCurrentCluster()).toMatchObject({ server: sharedControlPlane().access.url, skipTLSVerify: false });
  });

  it('holds a service account to its RBAC rules', async () => {
    const cluster = sharedControlPlane();
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }];
    const config = new KubeConfig();
    config.loadFromString(await restrictedKubeconfig(cluster, rules));
    const token = config.getCurrentUser()?.token ?? '';
    const restricted = adminClient({ ...cluster.access, token });
    const status = async (path: string) => (await restricted.request({ method: 'GET', path })).status;
    await waitFor(() => status('/api/v1/configmaps'), { describe: 'the role is known', until: (seen) => seen === 200 });
    expect(await status('/api/v1/secrets')).toBe(403);
  });
});

describe('startNamespaceLifecycle', () => {
  const namespaceStatus = async (name: string) =>
    (await sharedControlPlane().client.request({ method: 'GET', path: `/api/v1/namespaces/${name}` })).status;

  it('empties a namespace that is being deleted, and lets it go', async () => {
    const cluster = sharedControlPlane();
    const name = await uniqueNamespace(cluster);
    const path = `/api/v1/namespaces/${name}/configmaps`;
    for (const one of ['a', 'b']) await cluster.client.request({ method: 'POST', path, body: configMap(one) });
    await cluster.client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` });
    await waitFor(() => namespaceStatus(name), { describe: 'the namespace is gone', until: (seen) => seen === 404 });
    expect(elements(member((await cluster.client.request({ method: 'GET', path })).body, 'items'))).toEqual([]);
  });

  it('keeps the namespace until a finalizer has let its object go', async () => {
    const { client } = sharedControlPlane();
    const name = await uniqueNamespace(sharedControlPlane());
    const path = `/api/v1/namespaces/${name}/configmaps`;
    const held = { ...configMap('held'), metadata: { name: 'held', finalizers: ['ecs-operator.dev/test'] } };
    expect((await client.request({ method: 'POST', path, body: held })).status).toBe(201);
    await client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` });
    await waitFor(async () => (await client.request({ method: 'GET', path: `${path}/held` })).body, {
      describe: 'the object is told to go',
      until: (object) => member(object, 'metadata', 'deletionTimestamp') !== undefined,
    });
    expect(await namespaceStatus(name)).toBe(200);
    const release = { metadata: { finalizers: null } };
    const contentType = 'application/merge-patch+json';
    await client.request({ method: 'PATCH', path: `${path}/held`, contentType, body: release });
    await waitFor(() => namespaceStatus(name), { describe: 'the namespace is gone', until: (seen) => seen === 404 });
  });
});
