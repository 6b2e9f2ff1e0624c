import type { Clock } from '../runtime/clock.ts';
import { KubeApiError, KubeProtocolError, KubeRequestError, type RequestLine } from './errors.ts';
import type { KubeMetrics } from './metrics.ts';
import { describeNetworkError } from './network-error.ts';
import { statusError } from './status.ts';
import type { KubeRequest, KubeResponse, KubeTransport } from './transport.ts';

export interface RequesterOptions {
  readonly transport: KubeTransport;
  readonly clock: Clock;
  readonly metrics?: KubeMetrics | undefined;
  readonly host: string;
  /** Per request, answer included; for a stream until its headers. Milliseconds. */
  readonly timeoutMs: number;
}

export interface JsonRequest extends RequestLine {
  readonly method: KubeRequest['method'];
  readonly body?: object;
  /** Of the body; default `application/json`. */
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface StreamRequest extends RequestLine {
  readonly method: 'GET';
  /** Ends the stream with KubeRequestError when not a byte came for so long; milliseconds. */
  readonly silenceMs?: number | undefined;
  /** Called when the headers of a 200 are there. */
  readonly onOpen?: (() => void) | undefined;
  readonly signal: AbortSignal;
}

/** One request at a time over the transport: deadlines, error answers, metrics. */
export class Requester {
  readonly #options: RequesterOptions;

  constructor(options: RequesterOptions) {
    this.#options = options;
  }

  /** @returns the JSON object that was answered with a 2xx status. */
  async json(request: JsonRequest): Promise<object> {
    const { method, path, contentType = 'application/json' } = request;
    const attempt = new Attempt(this.#options, request, request.signal);
    try {
      const response = await this.#send(attempt, {
        headers: request.body ? { 'content-type': contentType } : {},
        ...(request.body && { body: JSON.stringify(request.body) }),
      });
      const text = await readText(response.body);
      attempt.isRead = true;
      const ok = response.status >= 200 && response.status < 300;
      const body = parse(text);
      if (!ok) throw refusal(response, body ?? text, request);
      if (typeof body !== 'object' || body === null) {
        throw new KubeProtocolError(`${method} ${path}: the answer is not a JSON object: ${text.slice(0, 120)}`);
      }
      return body;
    } catch (error) {
      throw attempt.explain(error);
    } finally {
      attempt.end();
    }
  }

  /** The bytes of an answer that goes on. Leaving the loop closes the connection. */
  async *stream(request: StreamRequest): AsyncGenerator<Uint8Array, void, undefined> {
    const attempt = new Attempt(this.#options, request, request.signal);
    try {
      const response = await this.#send(attempt, { headers: {} });
      if (response.status !== 200) {
        const text = await readText(response.body);
        throw refusal(response, parse(text) ?? text, request);
      }
      request.onOpen?.();
      attempt.restart(request.silenceMs);
      for await (const chunk of response.body) {
        // Not while the consumer works: only the server's silence counts.
        attempt.restart(undefined);
        yield chunk;
        attempt.restart(request.silenceMs);
      }
    } catch (error) {
      throw attempt.explain(error);
    } finally {
      attempt.end();
    }
  }

  async #send(attempt: Attempt, rest: Pick<KubeRequest, 'headers' | 'body'>): Promise<KubeResponse> {
    const { method, path } = attempt.request;
    const { metrics, host, transport } = this.#options;
    const headers = { accept: 'application/json', ...rest.headers };
    try {
      const response = await transport({ method, path, ...rest, headers, signal: attempt.signal });
      metrics?.request({ code: String(response.status), method, host });
      return response;
    } catch (error) {
      metrics?.request({ code: '<error>', method, host });
      throw error;
    }
  }
}

/** Without a reason each abort would make an exception with its stack, at every request. */
const ENDED = new Error('the request is over');

/** One request's life: its deadline, its way to be aborted, and why it ended. */
class Attempt {
  readonly request: RequestLine & { readonly method: KubeRequest['method'] };
  readonly #outer: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #aborter = new AbortController();
  #timer: { cancel(): void } | undefined;
  #timedOut: number | undefined;
  /** Whether the answer was read to its end, so that no connection is held any more. */
  isRead = false;

  constructor(
    options: RequesterOptions,
    request: RequestLine & { readonly method: KubeRequest['method'] },
    outer: AbortSignal | undefined,
  ) {
    outer?.throwIfAborted();
    this.request = request;
    this.#clock = options.clock;
    this.#outer = outer;
    outer?.addEventListener('abort', this.#onAbort, { once: true });
    this.restart(options.timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  /** Starts the deadline anew; undefined takes it away. */
  restart(ms: number | undefined): void {
    this.#timer?.cancel();
    this.#timer =
      ms === undefined
        ? undefined
        : this.#clock.after(ms, () => {
            this.#timedOut = ms;
            this.#aborter.abort();
          });
  }

  /** What to throw for an error that ended the request. */
  explain(error: unknown): unknown {
    if (this.#outer?.aborted) return this.#outer.reason;
    const line = `${this.request.method} ${this.request.path}`;
    if (this.#timedOut !== undefined) {
      const message = `${line}: no answer within ${this.#timedOut / 1000} s`;
      return new KubeRequestError({ message, timedOut: true, cause: error });
    }
    if (error instanceof KubeApiError || error instanceof KubeProtocolError) return error;
    return new KubeRequestError({ message: `${line}: ${describeNetworkError(error)}`, cause: error });
  }

  end(): void {
    this.#timer?.cancel();
    this.#outer?.removeEventListener('abort', this.#onAbort);
    // Frees the connection. Whoever still listened would be told at each request, and that costs more than the rest.
    if (!this.isRead) this.#aborter.abort(ENDED);
  }

  readonly #onAbort = (): void => this.#aborter.abort(this.#outer?.reason);
}

function refusal(response: KubeResponse, body: unknown, request: RequestLine): KubeApiError {
  return statusError(body, { status: response.status, request, retryAfter: response.headers['retry-after'] });
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says what came instead.
    return undefined;
  }
}
