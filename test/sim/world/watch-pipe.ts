import type { Clock } from '../../../src/runtime/clock.ts';
import type { WatchFault } from '../faults/fault.ts';
import { WatchStream } from '../kube-api/watch/watch-stream.ts';
import type { SimProcess } from './sim-process.ts';

export interface WatchPipeOptions {
  readonly process: SimProcess;
  readonly clock: Clock;
  /** What the API server sends. */
  readonly source: AsyncIterable<Uint8Array>;
  /** Breaks the connection at the API server's end. */
  readonly hangUp: () => void;
  readonly signal: AbortSignal;
  readonly latency: () => number;
  /** What is to happen at the next event. */
  readonly fault: () => WatchFault | undefined;
  /** Forgets the API server's history. */
  readonly compact: () => void;
  readonly note: (line: string) => void;
}

const RESET = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const GARBAGE = Buffer.from('<html><body>502 Bad Gateway</body></html>\n');

/** The wire of one watch: what the API server sends arrives in order, each event at a time of its own. */
export class WatchPipe {
  readonly #options: WatchPipeOptions;
  readonly #out = new WatchStream();
  /** When the last thing that is under way arrives. */
  #last = 0;
  /** No event before the fault gets past it. */
  #stalledUntil = 0;
  #cut = false;

  constructor(options: WatchPipeOptions) {
    this.#options = options;
    const forget = options.process.connected(() => this.#hangUp());
    this.#out.onClosed = () => {
      forget();
      options.signal.removeEventListener('abort', onAbort);
      this.#hangUp();
    };
    const onAbort = (): void => this.#out.fail(options.signal.reason);
    if (options.signal.aborted) onAbort();
    else options.signal.addEventListener('abort', onAbort, { once: true });
    void this.#pump();
  }

  get body(): AsyncIterable<Uint8Array> {
    return this.#out;
  }

  /** Breaks the connection, at both ends. */
  reset(): void {
    this.#arrives(() => this.#out.fail(RESET()));
    this.#hangUp();
  }

  async #pump(): Promise<void> {
    try {
      for await (const chunk of this.#options.source) {
        if (this.#cut) return;
        const fault = this.#options.fault();
        if (fault === undefined) this.#arrives(() => this.#out.push(chunk));
        else this.#strike(fault, chunk);
      }
      if (!this.#cut) this.#arrives(() => this.#out.end());
    } catch {
      // The API server's end broke; what was under way is lost.
      if (!this.#cut) this.#arrives(() => this.#out.fail(RESET()));
    }
  }

  #strike(fault: WatchFault, chunk: Uint8Array): void {
    switch (fault.type) {
      case 'closed':
        this.#endWith(() => this.#out.end());
        return;
      case 'reset':
        this.#endWith(() => this.#out.fail(RESET()));
        return;
      case 'dropped':
        this.#stalledUntil = this.#options.clock.now() + 1_000;
        this.#endWith(() => this.#out.fail(RESET()));
        return;
      case 'torn':
        this.#arrives(() => this.#out.push(chunk.subarray(0, chunk.length / 2)));
        this.#endWith(() => this.#out.end());
        return;
      case 'garbage':
        this.#arrives(() => this.#out.push(GARBAGE));
        this.#arrives(() => this.#out.push(chunk));
        return;
      case 'error':
        this.#arrives(() => this.#out.push(errorEvent(fault.code)));
        this.#endWith(() => this.#out.end());
        return;
      case 'compacted':
        this.#options.compact();
        this.#endWith(() => this.#out.fail(RESET()));
        return;
      case 'twice':
        this.#arrives(() => this.#out.push(chunk));
        this.#arrives(() => this.#out.push(chunk));
        return;
      case 'late':
        this.#stalledUntil = this.#options.clock.now() + fault.ms;
        this.#arrives(() => this.#out.push(chunk));
        return;
      case 'mute':
        this.#cut = true;
        this.#options.hangUp();
        return;
      default:
        fault satisfies never;
    }
  }

  /** The last thing that ever arrives on this connection. */
  #endWith(end: () => void): void {
    this.#arrives(end);
    this.#cut = true;
    this.#options.hangUp();
  }

  #arrives(effect: () => void): void {
    const { clock, latency, process } = this.#options;
    const now = clock.now();
    this.#last = Math.max(this.#last, now + latency(), this.#stalledUntil);
    clock.after(this.#last - now, () => process.deliver(effect));
  }

  #hangUp(): void {
    if (this.#cut) return;
    this.#cut = true;
    this.#options.hangUp();
  }
}

function errorEvent(code: 410 | 500): Uint8Array {
  const reason = code === 410 ? 'Expired' : 'InternalError';
  const message = code === 410 ? 'too old resource version' : 'etcdserver: leader changed';
  const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return Buffer.from(`${JSON.stringify({ type: 'ERROR', object })}\n`);
}
