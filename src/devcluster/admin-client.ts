import { Agent, type RequestOptions, request } from 'node:https';
import { createInterface } from 'node:readline';

/** What it takes to reach an API server as its administrator. */
export interface ClusterAccess {
  /** e.g. `https://127.0.0.1:23456`. */
  readonly url: string;
  readonly token: string;
  /** The certificate authority, PEM. */
  readonly ca: string;
}

/** One request to the Kubernetes API. */
interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Of the body; default `application/json`. */
  readonly contentType?: string;
  /** Default `application/json`. */
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

/** The answer, whatever its status; `body` is the parsed JSON, or the text where it is none. */
interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The little that this folder needs of the Kubernetes API; the operator's own client is in kube/. */
export interface AdminClient {
  /** @throws when there is no answer. */
  request(request: AdminRequest): Promise<AdminAnswer>;
  /** Events of a watch, parsed, until the server or the signal ends it. @throws when the watch is refused or torn. */
  watch(path: string, signal: AbortSignal): AsyncGenerator<unknown, void>;
  close(): void;
}

/** A client that trusts only the given authority. */
export function adminClient(access: ClusterAccess): AdminClient {
  const agent = new Agent({ ca: access.ca, keepAlive: true });
  const url = new URL(access.url);
  const base = (path: string, method: string, accept: string): RequestOptions => ({
    agent,
    host: url.hostname,
    port: url.port,
    method,
    path,
    headers: { authorization: `Bearer ${access.token}`, accept },
  });
  return {
    request: ({ method, path, body, contentType, accept, signal }) =>
      new Promise((resolve, reject) => {
        const options = base(path, method, accept ?? 'application/json');
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers =
          text === undefined
            ? options.headers
            : {
                ...options.headers,
                'content-type': contentType ?? 'application/json',
                'content-length': Buffer.byteLength(text),
              };
        const call = request({ ...options, headers, timeout: 60_000, ...(signal && { signal }) }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString('utf8')) }),
          );
        });
        call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer within 60 s`)));
        call.on('error', reject);
        call.end(text);
      }),

    async *watch(path, signal) {
      const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
        const call = request({ ...base(path, 'GET', 'application/json'), signal }, resolve);
        call.on('error', reject);
        call.end();
      });
      if (response.statusCode !== 200) {
        response.resume();
        throw new Error(`watch ${path}: HTTP ${response.statusCode}`);
      }
      for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
        yield parsed(line);
      }
    },

    close: () => agent.destroy(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
