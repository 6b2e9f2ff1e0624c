import type { KubeRequest, KubeResponse, KubeTransport } from '../../../src/kube/transport.ts';
import type { Clock } from '../../../src/runtime/clock.ts';
import type { Refusal, ServerFault } from '../faults/fault.ts';
import type { CallPoint, Injector } from '../faults/injector.ts';
import type { InMemoryKubeApi } from '../kube-api/in-memory-kube-api.ts';
import type { Call, CallEnd } from './calls.ts';
import { exchange } from './exchange.ts';
import type { SimProcess } from './sim-process.ts';
import { WatchPipe } from './watch-pipe.ts';

export interface KubeNetworkOptions {
  readonly api: InMemoryKubeApi;
  readonly clock: Clock;
  readonly injector: Injector;
  /** Gives a call its index. */
  readonly begin: (call: Omit<Call, 'index' | 'at'>) => Call;
  readonly ended: (end: CallEnd) => void;
  /** Gives a watch event its index. */
  readonly nextEvent: () => number;
  readonly note: (line: string) => void;
}

/** Made once: each of its own would come with a stack. */
const HUNG_UP = new Error('hung up');
const REFUSED = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const RESET = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/** Everything between the operator's processes and the API server, its coming and going included. */
export class KubeNetwork {
  readonly #options: KubeNetworkOptions;
  readonly #pipes = new Set<WatchPipe>();
  #downUntil = Number.NEGATIVE_INFINITY;

  constructor(options: KubeNetworkOptions) {
    this.#options = options;
  }

  /** The seam of one process. */
  transportOf(process: SimProcess, latency: () => number): KubeTransport {
    return (request) => {
      // Whatever still runs of a dead process talks to nobody.
      if (process.isDead) return new Promise<never>(() => {});
      request.signal.throwIfAborted();
      return this.#request(process, request, latency);
    };
  }

  /** The API server goes away and comes back: what it kept in memory only is gone. */
  restart({ forMs }: ServerFault): void {
    const { api, clock, note } = this.#options;
    note(`the API server is away for ${forMs / 1000} s`);
    this.#downUntil = clock.now() + forMs;
    api.compact();
    for (const pipe of [...this.#pipes]) pipe.reset();
  }

  async #request(process: SimProcess, request: KubeRequest, latency: () => number): Promise<KubeResponse> {
    const { api, clock, injector, begin, ended } = this.#options;
    const { name, cluster } = process;
    const call = begin({ ...pointOf(request), ...wordsOf(request), cluster, process: name, input: undefined });
    const fault = injector.forCall(call.index, call);
    if (fault?.type === 'restart') this.restart(fault);
    // Only a watch goes on after its answer, and can be broken at the server's end alone.
    const connection = call.form === 'watch' ? connectionOf(request.signal) : undefined;
    const response = await exchange<KubeResponse>({
      process,
      clock,
      signal: request.signal,
      fault: fault?.type === 'restart' ? undefined : fault,
      latency,
      perform: () => {
        if (clock.now() < this.#downUntil) return Promise.resolve(AWAY);
        return api.transport({ ...request, signal: connection?.signal ?? request.signal });
      },
      refuse,
      broken: RESET,
      ended: ({ answer, fault: words }) =>
        ended({
          call,
          code: answer === undefined || answer === AWAY ? undefined : String(answer.status),
          output: undefined,
          fault: answer === AWAY ? 'the API server is away' : words,
        }),
    });
    if (response === AWAY) throw REFUSED();
    if (connection === undefined || response.status !== 200) return response;
    return { ...response, body: this.#pipe({ process, request, response, connection, latency, call }).body };
  }

  #pipe(watch: {
    readonly process: SimProcess;
    readonly request: KubeRequest;
    readonly response: KubeResponse;
    readonly connection: AbortController;
    readonly latency: () => number;
    readonly call: Call;
  }): WatchPipe {
    const { api, clock, injector, nextEvent, note } = this.#options;
    const { process, request, response, connection, latency, call } = watch;
    const pipe: WatchPipe = new WatchPipe({
      process,
      clock,
      source: response.body,
      signal: request.signal,
      latency,
      hangUp: () => {
        this.#pipes.delete(pipe);
        connection.abort(HUNG_UP);
      },
      fault: () => {
        const index = nextEvent();
        const fault = injector.forEvent(index);
        if (fault !== undefined) note(`          event ${index} of ${call.line}: FAULT ${JSON.stringify(fault)}`);
        return fault;
      },
      compact: () => api.compact(),
      note,
    });
    this.#pipes.add(pipe);
    return pipe;
  }
}

/** A connection that the client's end can break, and the server's too. */
function connectionOf(signal: AbortSignal): AbortController {
  const connection = new AbortController();
  signal.addEventListener('abort', () => connection.abort(signal.reason), { once: true });
  return connection;
}

/** Stands for a connection that nobody takes. */
const AWAY: KubeResponse = { status: 0, headers: {}, body: empty() };

async function* empty(): AsyncGenerator<Uint8Array, void, undefined> {}

function pointOf({ method, path }: KubeRequest): Omit<CallPoint, 'key' | 'cluster'> {
  if (method !== 'GET') return { side: 'kube', effect: 'write', form: 'plain' };
  const form = path.includes('watch=true') ? 'watch' : path.includes('limit=') ? 'list' : 'plain';
  return { side: 'kube', effect: 'read', form };
}

function wordsOf({ method, path }: KubeRequest): Pick<Call, 'line' | 'operation' | 'key'> {
  const [place = '', query = ''] = path.split('?');
  const parts = place.split('/');
  // /api/v1/… or /apis/<group>/<version>/…
  const rest = parts.slice(parts[1] === 'api' ? 3 : 4);
  const [first, namespace, plural, ...name] = rest;
  const object =
    first === 'namespaces' && plural !== undefined ? [plural, namespace, ...name].join('/') : rest.join('/');
  const verb = method === 'GET' && query.includes('watch=true') ? 'WATCH' : method;
  return { line: `${verb} ${object}`, operation: verb, key: `${verb} ${object}` };
}

function refuse(by: Refusal): KubeResponse {
  switch (by) {
    case 'throttled':
      return status(429, 'TooManyRequests', 'the server has received too many requests', { 'retry-after': '1' });
    case 'server-error':
      return status(500, 'InternalError', 'etcdserver: request timed out');
    case 'conflict':
      return status(409, 'Conflict', 'the object has been modified; please apply your changes to the latest version');
    case 'denied':
      return status(403, 'Forbidden', 'User "system:serviceaccount:ecs-operator" cannot do that');
    case 'expired':
      return status(401, 'Unauthorized', 'Unauthorized');
    case 'gone':
      return status(410, 'Expired', 'The resourceVersion for the provided watch is too old.');
    default:
      return by satisfies never;
  }
}

function status(code: number, reason: string, message: string, headers: Record<string, string> = {}): KubeResponse {
  const text = JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code });
  return { status: code, headers: { 'content-type': 'application/json', ...headers }, body: once(text) };
}

async function* once(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(text);
}
