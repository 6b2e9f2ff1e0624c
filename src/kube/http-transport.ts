import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../runtime/clock.ts';
import { CredentialSource, type Credentials } from './credentials.ts';
import { type ClusterAccess, type KubeconfigOptions, loadClusterAccess } from './kubeconfig.ts';
import { describeNetworkError } from './network-error.ts';
import type { KubeRequest, KubeResponse, KubeTransport } from './transport.ts';

/** A way to a cluster. */
export interface KubeConnection {
  readonly transport: KubeTransport;
  /** The API server's URL. */
  readonly server: string;
  /** Host and port, for metrics. */
  readonly host: string;
  /** The context's, or the pod's own. */
  readonly namespace: string | undefined;
  /** Closes idle connections. */
  close(): void;
}

export interface HttpTransportOptions extends KubeconfigOptions {
  readonly clock: Clock;
  readonly userAgent: string;
}

/** The API server closes idle connections after 90 s: we have to be first, or requests meet a closing one. */
const IDLE_MS = 55_000;
/** HTTP/1.1 needs a connection per request in flight. Watches come on top: they would starve everything else. */
const MAX_SOCKETS = 24;

/**
 * The way to the cluster that a kubeconfig or the pod's service account names.
 * @throws KubeConfigError when the configuration is missing or wrong. Nothing is sent yet: `KubeClient.serverVersion`
 * shows whether the server can be reached.
 */
export async function kubeTransport(options: HttpTransportOptions): Promise<KubeConnection> {
  const access = await loadClusterAccess(options);
  const { host } = new URL(access.server);
  const shared = { server: access.server, host, namespace: access.namespace };
  if (access.user.hasAuthProvider || access.proxyUrl !== undefined) {
    // Seldom needed, and large: only who needs it loads it.
    const { libraryTransport } = await import('./library-transport.ts');
    return { ...shared, ...(await libraryTransport({ access, options })) };
  }
  const credentials = new CredentialSource({ access, clock: options.clock, env: options.env });
  // Wrong files are told now, not with the first request.
  await credentials.get();
  const agents = new AgentPool(access);
  const attempt = async (request: KubeRequest): Promise<KubeResponse> => {
    const current = await credentials.get();
    const headers = { ...current.headers, ...request.headers, 'user-agent': options.userAgent };
    return send({ server: access.server, request: { ...request, headers }, agent: agents.get(current, request) });
  };
  return {
    ...shared,
    async transport(request) {
      const response = await attempt(request);
      // A token that rotated or was revoked early: 401 means that nothing was done, so once more is safe.
      if (response.status !== 401 || !credentials.invalidate()) return response;
      await drain(response);
      return attempt(request);
    },
    close: () => agents.close(),
  };
}

/** One request over node's HTTP. @throws Error in words when no answer was had. */
export function send(options: {
  readonly server: string;
  readonly request: KubeRequest;
  readonly agent: http.Agent;
}): Promise<KubeResponse> {
  const { server, request, agent } = options;
  const { method, headers, body, signal, path } = request;
  if (signal.aborted) return Promise.reject(signal.reason);
  const url = new URL(server);
  const prefix = url.pathname === '/' ? '' : url.pathname;
  const { promise, resolve, reject } = Promise.withResolvers<KubeResponse>();
  const outgoing = (url.protocol === 'https:' ? https : http).request({
    agent,
    method,
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: prefix + path,
    headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
  });
  // Not by node's own `signal`: where the whole answer has come but was not read yet, that throws an AbortError which
  // nobody can catch, and the process ends.
  const abort = () => outgoing.destroy();
  signal.addEventListener('abort', abort, { once: true });
  outgoing.on('close', () => signal.removeEventListener('abort', abort));
  outgoing.on('response', (incoming) => {
    resolve({ status: incoming.statusCode ?? 0, headers: flatten(incoming.headers), body: incoming });
  });
  outgoing.on('error', (error) => {
    reject(new Error(`${server}: ${describeNetworkError(error)}`, { cause: error }));
  });
  outgoing.end(body);
  return promise;
}

function flatten(headers: http.IncomingHttpHeaders): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

async function drain(response: KubeResponse): Promise<void> {
  for await (const _ of response.body);
}

/** Connections that are kept open, made anew when the certificates change. */
class AgentPool {
  readonly #access: ClusterAccess;
  #current: { readonly of: Credentials; readonly requests: http.Agent; readonly watches: http.Agent } | undefined;

  constructor(access: ClusterAccess) {
    this.#access = access;
  }

  get(credentials: Credentials, request: KubeRequest): http.Agent {
    if (!this.#current || !sameCertificates(this.#current.of, credentials)) {
      this.close();
      const make = (maxSockets: number) => this.#agent(credentials, maxSockets);
      this.#current = { of: credentials, requests: make(MAX_SOCKETS), watches: make(Number.POSITIVE_INFINITY) };
    }
    return /[?&]watch=/.test(request.path) ? this.#current.watches : this.#current.requests;
  }

  /** Requests under way go on. */
  close(): void {
    for (const agent of [this.#current?.requests, this.#current?.watches]) {
      for (const sockets of Object.values(agent?.freeSockets ?? {})) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    }
    this.#current = undefined;
  }

  #agent(credentials: Credentials, maxSockets: number): http.Agent {
    const options = { keepAlive: true, keepAliveMsecs: 15_000, timeout: IDLE_MS, maxSockets, maxFreeSockets: 8 };
    if (this.#access.server.startsWith('http:')) return new http.Agent(options);
    const { ca, cert, key } = credentials;
    return new https.Agent({
      ...options,
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(this.#access.serverName !== undefined && { servername: this.#access.serverName }),
      ...(this.#access.insecure && { rejectUnauthorized: false }),
    });
  }
}

function sameCertificates(one: Credentials, other: Credentials): boolean {
  return one.ca === other.ca && one.cert === other.cert && one.key === other.key;
}
