import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeConfigError } from './errors.ts';
import { loadClusterAccess } from './kubeconfig.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});
afterEach(() => rm(directory, { recursive: true }));

const GOOD = `
apiVersion: v1
kind: Config
current-context: here
contexts:
  - {name: here, context: {cluster: c, user: u, namespace: team}}
  - {name: there, context: {cluster: d, user: u}}
clusters:
  - {name: c, cluster: {server: "https://127.0.0.1:6443/", certificate-authority: pki/ca.crt}}
  - {name: d, cluster: {server: "https://d.example/k8s", insecure-skip-tls-verify: true, tls-server-name: api.d}}
users:
  - {name: u, user: {token: secret}}
`;

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

describe('a kubeconfig', () => {
  it('is read with its current context, paths from where it stands', async () => {
    const kubeconfig = await file('config', GOOD);
    expect(await loadClusterAccess({ kubeconfig, env: {} })).toMatchObject({
      server: 'https://127.0.0.1:6443',
      caFile: join(directory, 'pki/ca.crt'),
      namespace: 'team',
      insecure: false,
      user: { token: 'secret', hasAuthProvider: false },
    });
  });

  it('is read with another context when that is asked for', async () => {
    const kubeconfig = await file('config', GOOD);
    const access = await loadClusterAccess({ kubeconfig, context: 'there', env: {} });
    expect(access).toMatchObject({ server: 'https://d.example/k8s', insecure: true, serverName: 'api.d' });
  });

  it('may be JSON', async () => {
    const config = {
      'current-context': 'x',
      contexts: [{ name: 'x', context: { cluster: 'c' } }],
      clusters: [{ name: 'c', cluster: { server: 'http://localhost:8080' } }],
    };
    const kubeconfig = await file('config', JSON.stringify(config));
    expect((await loadClusterAccess({ kubeconfig, env: {} })).server).toBe('http://localhost:8080');
  });

  it('may be several files in KUBECONFIG: the first to name something wins', async () => {
    const one = await file('one', GOOD.replace(/clusters:[\s\S]*/, ''));
    const two = await file('sub/two', GOOD.replace('current-context: here', 'current-context: there'));
    const access = await loadClusterAccess({ env: { KUBECONFIG: ['', one, two].join(delimiter) } });
    expect(access).toMatchObject({ server: 'https://127.0.0.1:6443', caFile: join(directory, 'sub/pki/ca.crt') });
  });

  it('is looked for at home when nothing else is said', async () => {
    await file('.kube/config', GOOD);
    expect((await loadClusterAccess({ env: { HOME: directory } })).server).toBe('https://127.0.0.1:6443');
  });

  it('is not needed in a pod', async () => {
    await file('sa/token', 'tok\n');
    await file('sa/namespace', 'operators\n');
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443', HOME: directory };
    await file('.kube/config', GOOD);
    expect(await loadClusterAccess({ env, serviceAccountDir: join(directory, 'sa') })).toMatchObject({
      server: 'https://[fd00::1]:443',
      namespace: 'operators',
      caFile: join(directory, 'sa/ca.crt'),
      user: { tokenFile: join(directory, 'sa/token') },
    });
  });

  it('names a plugin with its arguments; a path starts at the file, a bare name is looked for in PATH', async () => {
    const user = (command: string) =>
      `{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ${command}, args: [eks, get-token], env: [{name: A, value: b}]}}`;
    const one = await file('config', GOOD.replace('{token: secret}', user('aws')));
    const { exec } = (await loadClusterAccess({ kubeconfig: one, env: {} })).user;
    expect(exec).toMatchObject({ command: 'aws', args: ['eks', 'get-token'], env: { A: 'b' } });
    const two = await file('config', GOOD.replace('{token: secret}', user('./bin/plugin')));
    expect((await loadClusterAccess({ kubeconfig: two, env: {} })).user.exec?.command).toBe(
      join(directory, 'bin/plugin'),
    );
  });

  it.each([
    ['broken YAML', 'a: [', /not valid YAML/],
    ['nothing', '', /empty, or not a kubeconfig/],
    ['a list', '- a', /not a kubeconfig/],
    ['no current context', GOOD.replace('current-context: here', ''), /no current-context/],
    ['an unknown context', GOOD.replace('current-context: here', 'current-context: gone'), /no context "gone"/],
    ['an unknown cluster', GOOD.replace('cluster: c,', 'cluster: gone,'), /cluster "gone"/],
    ['an unknown user', GOOD.replace('user: u,', 'user: gone,'), /user "gone"/],
    ['no URL', GOOD.replace('https://127.0.0.1:6443/', 'localhost'), /not a URL: "localhost"/],
    ['JSON that is cut in a token', '{"users": [{"user": {"token": "secret', /not valid YAML, line 1/],
    ['JSON with a token that is not quoted', '{"token": secret" }', /no current-context/],
    [
      'a token that YAML takes for an alias',
      GOOD.replace('{token: secret}', '{token: *secret }'),
      /an alias leads nowhere/,
    ],
    [
      'a token that YAML takes for a tag',
      GOOD.replace('{token: secret}', '{token: !secret [}'),
      /not valid YAML, line \d+/,
    ],
    ['a context of two lines', GOOD.replace('current-context: here', 'current-context: "a\\nb"'), /no context "a\\nb"/],
    [
      'a plugin with arguments that are no texts',
      GOOD.replace('{token: secret}', '{exec: {command: aws, args: [{toString: 1}]}}'),
      /an argument of the user's exec plugin is no text/,
    ],
    ['a plugin without a command', GOOD.replace('{token: secret}', '{exec: {args: []}}'), /no command/],
  ])('with %s is refused in one line that names the file', async (_, text, message) => {
    const kubeconfig = await file('config', text);
    const error = await loadClusterAccess({ kubeconfig, env: {} }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KubeConfigError);
    const line = error instanceof Error ? error.message : '';
    expect(line).toMatch(message);
    expect(line).toContain(kubeconfig);
    expect(line).not.toContain('\n');
    expect(line).not.toContain('secret');
  });

  it('that its parser only wonders about is not printed by the parser', async () => {
    const warnings: string[] = [];
    const listener = (warning: Error) => void warnings.push(warning.message);
    process.on('warning', listener);
    const kubeconfig = await file('config', GOOD.replace('{token: secret}', '{token: !vault secret}'));
    expect((await loadClusterAccess({ kubeconfig, env: {} })).user.token).toBe('secret');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listener);
    expect(warnings.join()).not.toContain('secret');
  });

  it('that is not there, a directory, or nowhere at all is told as what it is', async () => {
    const missing = join(directory, 'missing');
    await expect(loadClusterAccess({ kubeconfig: missing, env: {} })).rejects.toThrow(
      `${missing}: there is no such file`,
    );
    await expect(loadClusterAccess({ kubeconfig: directory, env: {} })).rejects.toThrow(/it is a directory/);
    await expect(loadClusterAccess({ env: { HOME: directory } })).rejects.toThrow(/not in a pod.*--kubeconfig FILE/);
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read is told as that', async () => {
    const kubeconfig = await file('config', GOOD);
    await chmod(kubeconfig, 0);
    await expect(loadClusterAccess({ kubeconfig, env: {} })).rejects.toThrow(/no permission/);
  });
});
