import type { KubeRequest, KubeResponse, KubeTransport } from '../../src/kube/transport.ts';

/** How a scripted server answers one request: at once, or by throwing for "no answer". */
export type Answering = (request: KubeRequest) => KubeResponse | Promise<KubeResponse>;

/** A transport whose answers a test writes, and the requests that came. */
export interface ScriptedTransport {
  readonly transport: KubeTransport;
  readonly requests: readonly KubeRequest[];
}

/** Stands in for an API server. A request is aborted by its signal, as on a real socket. */
export function scriptedTransport(answer: Answering): ScriptedTransport {
  const requests: KubeRequest[] = [];
  return {
    requests,
    async transport(request) {
      request.signal.throwIfAborted();
      requests.push(request);
      const aborted = new Promise<never>((_, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason), { once: true });
      });
      aborted.catch(() => {});
      const response = await Promise.race([answer(request), aborted]);
      return { ...response, body: untilAborted(response.body, request.signal) };
    },
  };
}

/** Never answers. */
export function silence(): Promise<never> {
  return new Promise(() => {});
}

/** An answer with a JSON body. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): KubeResponse {
  return { status, headers, body: bytesOf(JSON.stringify(body)) };
}

/** A failure as the API server describes it. */
export function failure(code: number, reason: string, more: object = {}): KubeResponse {
  const message = `scripted ${reason}`;
  return json(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, ...more });
}

/** An answer of any text. */
export function plain(status: number, text: string): KubeResponse {
  return { status, headers: {}, body: bytesOf(text) };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** The body of a watch, written by the test while it is read. */
export class WatchStream {
  readonly #chunks: (Uint8Array | Error | 'end')[] = [];
  #wake: (() => void) | undefined;

  get response(): KubeResponse {
    return { status: 200, headers: {}, body: this.#read() };
  }

  event(type: string, object: unknown): void {
    this.bytes(`${JSON.stringify({ type, object })}\n`);
  }

  bytes(chunk: string | Uint8Array): void {
    this.#put(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  }

  /** The server ends the watch, as it does after timeoutSeconds. */
  end(): void {
    this.#put('end');
  }

  /** The connection breaks. */
  cut(error: Error = Object.assign(new Error('aborted'), { code: 'ECONNRESET' })): void {
    this.#put(error);
  }

  #put(chunk: Uint8Array | Error | 'end'): void {
    this.#chunks.push(chunk);
    this.#wake?.();
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk === 'end') return;
      if (chunk instanceof Error) throw chunk;
      if (chunk) yield chunk;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

async function* untilAborted(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {});
  const reader = body[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([reader.next(), aborted]);
    if (next.done) return;
    yield next.value;
  }
}
