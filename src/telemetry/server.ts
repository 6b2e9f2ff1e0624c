import { createServer, type RequestListener, type Server } from 'node:http';
import type { Metrics } from './metrics.ts';

/** Where a server listens; an empty host is every address, port 0 a free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves /metrics. @returns undefined when no address is given. @throws Error when the port is taken. */
export function serveMetrics(
  address: Address | undefined,
  metrics: Pick<Metrics, 'text'>,
): Promise<RunningServer | undefined> {
  return serve(address, async (path) => {
    if (path !== '/metrics') return undefined;
    const { contentType, body } = await metrics.text();
    return { status: 200, contentType, body };
  });
}

/**
 * Serves /healthz (the process answers) and /readyz (caches synced, CRDs there): 503 with a line for each thing that is
 * missing.
 * @returns undefined when no address is given. @throws Error when the port is taken.
 */
export function serveHealth(
  address: Address | undefined,
  problems: () => readonly string[],
): Promise<RunningServer | undefined> {
  return serve(address, async (path) => {
    if (path === '/healthz') return { status: 200, contentType: 'text/plain', body: 'ok\n' };
    if (path !== '/readyz') return undefined;
    const lines = problems();
    const body = lines.length === 0 ? 'ok\n' : `not ready:\n${lines.map((line) => `- ${line}\n`).join('')}`;
    return { status: lines.length === 0 ? 200 : 503, contentType: 'text/plain; charset=utf-8', body };
  });
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

async function serve(
  address: Address | undefined,
  answer: (path: string) => Promise<Answer | undefined>,
): Promise<RunningServer | undefined> {
  if (address === undefined) return undefined;
  const listener: RequestListener = (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    answer(path).then(
      (found) => {
        const { status, contentType, body } = found ?? { status: 404, contentType: 'text/plain', body: 'not found\n' };
        response.writeHead(status, { 'content-type': contentType }).end(body);
      },
      (error: unknown) => {
        response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(`${error instanceof Error ? error.message : String(error)}\n`);
      },
    );
  };
  const server = createServer(listener);
  await listen(server, address);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`cannot listen on ${host}:${port}: ${error.message}`)));
    server.listen({ port, ...(host !== '' && { host }) }, () => resolve());
  });
}
