import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { KubeClient } from './client.ts';
import { KubeConfigError, KubeRequestError } from './errors.ts';
import { kubeTransport } from './http-transport.ts';
import type { KubeObject, ResourceType } from './object.ts';

const THINGS: ResourceType = { group: 'example.dev', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };

let directory: string;
let server: Server;
let url: string;
let handle: (request: IncomingMessage, response: ServerResponse) => void;
const cleanups: (() => void)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'transport-'));
  handle = (_, response) => response.end('{"gitVersion":"v1.34.4"}');
  server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

async function connect(user: object, options: { cluster?: object; env?: Record<string, string> } = {}) {
  const kubeconfig = join(directory, 'config');
  const config = {
    'current-context': 'x',
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: url, ...options.cluster } }],
    users: [{ name: 'u', user }],
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  const clock = new VirtualClock();
  const env = options.env ?? { PATH: process.env.PATH };
  const connection = await kubeTransport({ kubeconfig, clock, env, userAgent: 'ecs-operator/test' });
  cleanups.push(connection.close);
  return { clock, connection, client: new KubeClient({ transport: connection.transport, clock }) };
}

/** A credential plugin that counts how often it ran. */
async function plugin(body: string): Promise<string> {
  const path = join(directory, 'plugin');
  await writeFile(path, `#!/bin/sh\necho x >> ${directory}/runs\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

const runs = async () => (await readFile(join(directory, 'runs'), 'utf8')).length / 2;
const credential = (status: object) => `echo '${JSON.stringify({ kind: 'ExecCredential', status })}'`;

describe('the way to the API server', () => {
  it.each([
    ['a token', { token: 'secret' }, 'Bearer secret'],
    ['a name and a password', { username: 'me', password: 'pw' }, 'Basic bWU6cHc='],
    ['nothing', {}, undefined],
  ])('carries %s', async (_, user, expected) => {
    const seen: IncomingMessage['headers'][] = [];
    handle = (request, response) => {
      seen.push(request.headers);
      response.end('{"gitVersion":"v1"}');
    };
    const { client } = await connect({ ...user, as: 'somebody' });
    expect(await client.serverVersion()).toBe('v1');
    expect(seen[0]?.authorization).toBe(expected);
    expect(seen[0]).toMatchObject({ 'user-agent': 'ecs-operator/test', 'impersonate-user': 'somebody' });
  });

  it('an abort after the whole answer came, but before it was read, ends nothing but the request', async () => {
    const { connection } = await connect({});
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.on('uncaughtException', note);
    cleanups.push(() => process.off('uncaughtException', note));
    for (let i = 0; i < 5; i++) {
      const aborter = new AbortController();
      const { body } = await connection.transport({ method: 'GET', path: '/', headers: {}, signal: aborter.signal });
      const reading = (async () => {
        for await (const _ of body);
      })().catch(() => {});
      aborter.abort(new Error('not wanted any more'));
      await reading;
      // An error that nobody caught is told in a later turn.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    expect(uncaught).toEqual([]);
  });

  it('keeps connections and sends bodies whole, in any script', async () => {
    const sockets = new Set<unknown>();
    const bodies: string[] = [];
    handle = async (request, response) => {
      sockets.add(request.socket);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      bodies.push(Buffer.concat(chunks).toString());
      response.end(JSON.stringify({ metadata: { resourceVersion: '1' } }));
    };
    const { client } = await connect({});
    const object = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', namespace: 'ns' }, note: 'größe 👍' };
    for (let i = 0; i < 3; i++) await client.create<KubeObject & { note: string }>(THINGS, object);
    expect(bodies.map((body) => JSON.parse(body))).toEqual([object, object, object]);
    expect(sockets.size).toBe(1);
  });

  it('keeps the path of a server behind a prefix', async () => {
    let seen: string | undefined;
    handle = (request, response) => {
      seen = request.url;
      response.end('{}');
    };
    const { client } = await connect({}, { cluster: { server: `${url}/k8s/clusters/c-1/` } });
    await client.serverVersion();
    expect(seen).toBe('/k8s/clusters/c-1/version');
  });

  it('brings a watch as it comes, and lets go of it when the reader leaves', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    handle = (request, response) => {
      request.socket.on('close', () => resolve());
      const object = { metadata: { name: 'a', uid: 'u', resourceVersion: '1' } };
      response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    };
    const { client } = await connect({});
    for await (const event of client.watch(THINGS, {}, new AbortController().signal)) {
      expect(event.type).toBe('ADDED');
      break;
    }
    await closed;
  });

  it('is not starved by watches', async () => {
    handle = (request, response) => {
      if (request.url?.includes('watch')) response.write('\n');
      else response.end('{"gitVersion":"v1"}');
    };
    const { client } = await connect({});
    const aborter = new AbortController();
    const watches = Array.from({ length: 60 }, () => client.watch(THINGS, {}, aborter.signal).next());
    for (const watch of watches) watch.catch(() => {});
    expect(await client.serverVersion()).toBe('v1');
    aborter.abort();
  });

  it('says in one line that nobody listens, or that the connection was cut', async () => {
    handle = (request) => request.socket.destroy();
    const { client } = await connect({});
    await expect(client.serverVersion()).rejects.toThrow(`GET /version: ${url}: the connection was cut`);
    const nowhere = await connect({}, { cluster: { server: 'http://127.0.0.1:1' } });
    const error = await nowhere.client.serverVersion().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KubeRequestError);
    expect(String(error)).toMatch(/http:\/\/127\.0\.0\.1:1: connection refused; is the server running/);
  });

  it('says that a watch was cut in the middle', async () => {
    handle = (request, response) => {
      response.write('\n');
      setImmediate(() => request.socket.resetAndDestroy());
    };
    const { client } = await connect({});
    await expect(client.watch(THINGS, {}, new AbortController().signal).next()).rejects.toThrow(KubeRequestError);
  });
});

describe('credentials', () => {
  it('from a file are read again each minute, since tokens of service accounts rotate', async () => {
    const seen: (string | undefined)[] = [];
    handle = (request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    };
    const tokenFile = join(directory, 'token');
    await writeFile(tokenFile, 'one\n');
    const { client, clock } = await connect({ tokenFile });
    await client.serverVersion();
    await writeFile(tokenFile, 'two\n');
    await client.serverVersion();
    clock.advance(60_000);
    await client.serverVersion();
    expect(seen).toEqual(['Bearer one', 'Bearer one', 'Bearer two']);
  });

  it('that the server refuses are fetched anew at once', async () => {
    const tokenFile = join(directory, 'token');
    await writeFile(tokenFile, 'old');
    handle = (request, response) => {
      response.statusCode = request.headers.authorization === 'Bearer new' ? 200 : 401;
      response.end('{"gitVersion":"v1"}');
    };
    const { client } = await connect({ tokenFile });
    await writeFile(tokenFile, 'new');
    expect(await client.serverVersion()).toBe('v1');
  });

  it('that stay refused end as Unauthorized, not in a loop', async () => {
    let count = 0;
    handle = (_, response) => {
      count++;
      response.statusCode = 401;
      response.end('{"reason":"Unauthorized","message":"no"}');
    };
    const { client } = await connect({ token: 'wrong' });
    await expect(client.serverVersion()).rejects.toMatchObject({ status: 401, reason: 'Unauthorized' });
    expect(count).toBe(1);
  });

  it('from a plugin are kept until shortly before they expire', async () => {
    const seen: (string | undefined)[] = [];
    handle = (request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    };
    const command = await plugin(credential({ token: 'from plugin', expirationTimestamp: '2026-01-01T00:15:00Z' }));
    const { client, clock } = await connect({ exec: { command, apiVersion: 'client.authentication.k8s.io/v1' } });
    await client.serverVersion();
    clock.advance(13 * 60_000);
    await client.serverVersion();
    expect(await runs()).toBe(1);
    clock.advance(90_000);
    await client.serverVersion();
    expect(await runs()).toBe(2);
    expect(new Set(seen)).toEqual(new Set(['Bearer from plugin']));
  });

  it('from a plugin: it learns what protocol we speak, and about the cluster if it asks', async () => {
    const command = await plugin(
      `printf '%s' "$KUBERNETES_EXEC_INFO $EXTRA" > ${directory}/info; ${credential({ token: 't' })}`,
    );
    const exec = { command, apiVersion: 'client.authentication.k8s.io/v1', provideClusterInfo: true };
    await connect({ exec: { ...exec, env: [{ name: 'EXTRA', value: 'yes' }] } });
    const info = await readFile(join(directory, 'info'), 'utf8');
    expect(info).toMatch(/ yes$/);
    expect(JSON.parse(info.slice(0, -4))).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: url } },
    });
  });

  it.each([
    ['fails', 'echo "no AWS session" >&2; exit 3', /exit code 3\): no AWS session/],
    ['prints something else', 'echo hello', /not JSON/],
    ['gives nothing', credential({}), /neither a token nor a certificate/],
  ])('from a plugin that %s: the error names it', async (_, body, message) => {
    const command = await plugin(body);
    const error = await connect({ exec: { command } }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KubeConfigError);
    expect(String(error)).toMatch(message);
    expect(String(error)).toContain(command);
  });

  it('from a plugin that is not installed, or a file that is not there: the error says so', async () => {
    const exec = { command: 'no-such-plugin', installHint: 'Install it from example.dev' };
    await expect(connect({ exec })).rejects.toThrow(/no-such-plugin: it is not installed; Install it from example.dev/);
    await expect(connect({ tokenFile: join(directory, 'gone') })).rejects.toThrow(/gone: there is no such file/);
  });

  it('from a plugin that the system cannot start: the error says so without what is secret', async () => {
    const exec = { command: 'true', env: [{ name: 'PASSWORD', value: 'secret\0' }] };
    const error = await connect({ exec }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KubeConfigError);
    expect(String(error)).toMatch(/credential plugin true: .* hold a NUL/);
    expect(String(error)).not.toContain('secret');
  });
});

describe('what only the library knows', () => {
  const insecure = { 'insecure-skip-tls-verify': true };

  it('legacy auth providers still let people in', async () => {
    let seen: string | undefined;
    handle = (request, response) => {
      seen = request.headers.authorization;
      response.end('{"gitVersion":"v1"}');
    };
    const provider = { name: 'gcp', config: { 'access-token': 'from gcp', expiry: '2999-01-01T00:00:00Z' } };
    const { client } = await connect({ 'auth-provider': provider }, { cluster: { ...insecure, server: url } });
    expect(await client.serverVersion()).toBe('v1');
    expect(seen).toBe('Bearer from gcp');
  });

  it('a proxy is used', async () => {
    let seen: string | undefined;
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      seen = request.url;
      const onward = connectSocket(Number(new URL(url).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    const address = proxy.address();
    const proxyUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const cluster = { ...insecure, server: 'http://api.example:8080', 'proxy-url': proxyUrl };
    const { client } = await connect({ token: 't' }, { cluster });
    expect(await client.serverVersion()).toBe('v1.34.4');
    expect(seen).toBe('api.example:8080');
  });
});
