import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where to listen. */
export interface Address {
  /** Empty: every address of the machine. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** A server that listens. */
export interface Listening {
  /** E.g. `http://127.0.0.1:8080`, for those on the same machine. */
  readonly url: string;
  /** Stops listening, answers what was asked, and ends all connections. */
  close(): Promise<void>;
}

/** An address that cannot be listened on; the message is one line that says which, why and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Gives the measures. */
export interface MetricsSource {
  readonly contentType: string;
  text(): Promise<string>;
}

/** Serves /metrics. @returns undefined without an address. @throws ListenError */
export async function serveMetrics(
  address: Address | undefined,
  metrics: MetricsSource,
): Promise<Listening | undefined> {
  if (address === undefined) return undefined;
  const pages: Pages = {
    '/metrics': async () => ({ status: 200, type: metrics.contentType, body: await metrics.text() }),
  };
  return listen({ address, flag: '--metrics-addr', pages });
}

/**
 * Serves /healthz (the process answers) and /readyz (200 when nothing is missing, else 503 with a line for each thing
 * that is). @returns undefined without an address. @throws ListenError
 */
export async function serveHealth(
  address: Address | undefined,
  problems: () => readonly string[],
): Promise<Listening | undefined> {
  if (address === undefined) return undefined;
  const pages: Pages = {
    '/healthz': async () => ({ status: 200, type: TEXT, body: 'ok\n' }),
    '/readyz': async () => {
      const missing = problems();
      if (missing.length === 0) return { status: 200, type: TEXT, body: 'ok\n' };
      return { status: 503, type: TEXT, body: `${missing.map((line) => `[-] ${line}`).join('\n')}\nnot ready\n` };
    },
  };
  return listen({ address, flag: '--health-addr', pages });
}

const TEXT = 'text/plain; charset=utf-8';

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

type Pages = Readonly<Record<string, () => Promise<Page>>>;

async function listen(options: {
  readonly address: Address;
  readonly flag: string;
  readonly pages: Pages;
}): Promise<Listening> {
  const { address, flag, pages } = options;
  const answering = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const done = answer(pages, request, response).finally(() => answering.delete(done));
    answering.add(done);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port: address.port, ...(address.host === '' ? {} : { host: address.host }) }, resolve);
  try {
    await promise;
  } catch (error) {
    throw new ListenError(`cannot listen on ${address.host}:${address.port}: ${reasonOf(error)}; set ${flag}`);
  }
  // A fault of one connection later on is no reason to end the process.
  server.on('error', () => {});
  return { url: urlOf(server), close: () => close(server, answering) };
}

async function answer(pages: Pages, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const send = ({ status, type, body }: Page): Promise<void> => {
    // One who hung up gets no answer, and is not waited for.
    const sent = new Promise<void>((resolve) => response.once('close', resolve));
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
    return sent;
  };
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) {
    return send({ status: 404, type: TEXT, body: `there is only ${Object.keys(pages).join(' and ')}\n` });
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return send({ status: 405, type: TEXT, body: 'only GET and HEAD\n' });
  }
  try {
    await send(await page());
  } catch (error) {
    await send({ status: 500, type: TEXT, body: `${error instanceof Error ? error.message : String(error)}\n` });
  }
}

async function close(server: Server, answering: ReadonlySet<Promise<void>>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  await Promise.all(answering);
  // Those that are kept alive, or never end their request, must not hold a process that wants to end.
  server.closeAllConnections();
  await closed;
}

function urlOf(server: Server): string {
  // A server that listens on a port has an AddressInfo, never a path or nothing.
  const { address, port, family } = server.address() as AddressInfo;
  const host = address === '::' || address === '0.0.0.0' ? '127.0.0.1' : address;
  return `http://${family === 'IPv6' && host === address ? `[${host}]` : host}:${port}`;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return 'another process listens there';
    case 'EACCES':
      return 'not permitted (ports below 1024 need a privilege)';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'this machine has no such address';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
