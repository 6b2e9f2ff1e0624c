import type { AdminClient } from '../../src/devcluster/admin-client.ts';
import { elements, member, text } from '../../src/devcluster/json.ts';
import { type Clock, sleep } from '../../src/runtime/clock.ts';

interface Seen {
  readonly ready: boolean;
  /** Why it is not Ready. */
  readonly why: string;
}

export interface WatchedObjectsOptions {
  readonly client: AdminClient;
  /** Collections, as the API server names them. */
  readonly paths: readonly string[];
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** How long the API server may take to serve a new CRD. */
const SERVED_LIMIT_MS = 30_000;

/** Which objects are Ready, as watches show it. */
export class WatchedObjects {
  readonly #options: WatchedObjectsOptions;
  readonly #objects = new Map<string, Seen>();
  #ready = 0;
  #lastReadyAt = 0;
  #fault: unknown;

  constructor(options: WatchedObjectsOptions) {
    this.#options = options;
  }

  /** When the last one became Ready that had not been so; milliseconds since the epoch. */
  get lastReadyAt(): number {
    return this.#lastReadyAt;
  }

  /** Starts to watch; resolves when every collection is served. */
  async follow(): Promise<void> {
    for (const path of this.#options.paths) {
      const version = await this.#list(path);
      void this.#watch(path, version);
    }
  }

  /** Waits until so many are Ready in their present generation. @throws Error that names some which are not. */
  async untilReady(count: number, limitMs: number): Promise<void> {
    const { clock } = this.#options;
    const deadline = clock.now() + limitMs;
    while (this.#ready < count) {
      if (this.#fault !== undefined) throw this.#fault;
      if (clock.now() > deadline) {
        const missing = [...this.#objects].filter(([, { ready }]) => !ready).map(([key, { why }]) => `${key}: ${why}`);
        const some = missing.slice(0, 5).join('\n');
        throw new Error(`${this.#ready} of ${count} objects are Ready after ${limitMs / 1000} s; not:\n${some}`);
      }
      await sleep(clock, 10);
    }
  }

  /** @returns the version to watch from. */
  async #list(path: string): Promise<string> {
    const { client, clock } = this.#options;
    const deadline = clock.now() + SERVED_LIMIT_MS;
    for (;;) {
      const { status, body } = await client.request({ method: 'GET', path });
      if (status === 200) {
        for (const object of elements(member(body, 'items'))) this.#take(path, object);
        return text(member(body, 'metadata', 'resourceVersion')) ?? '';
      }
      // A CRD that was just made may be answered so for a moment: its storage is being set up.
      if (status !== 429 || clock.now() > deadline) throw new Error(`GET ${path}: HTTP ${status}`);
      await sleep(clock, 50);
    }
  }

  async #watch(path: string, from: string): Promise<void> {
    const { client, signal } = this.#options;
    let version = from;
    try {
      for (;;) {
        const query = `watch=true&resourceVersion=${version}&timeoutSeconds=3600`;
        for await (const event of client.watch(`${path}?${query}`, signal)) {
          if (member(event, 'type') === 'ERROR') throw new Error(`watching ${path} failed: ${JSON.stringify(event)}`);
          this.#take(path, member(event, 'object'));
        }
        // The API server ends the watch of a client that cannot keep up.
        version = await this.#list(path);
      }
    } catch (error) {
      if (!signal.aborted) this.#fault = error;
    }
  }

  #take(path: string, object: unknown): void {
    const key = `${path}/${text(member(object, 'metadata', 'name'))}`;
    const seen = seenOf(object);
    const before = this.#objects.get(key)?.ready === true;
    this.#objects.set(key, seen);
    if (seen.ready && !before) this.#lastReadyAt = this.#options.clock.now();
    this.#ready += Number(seen.ready) - Number(before);
  }
}

/** Ready counts only when it is said of the present generation. */
function seenOf(object: unknown): Seen {
  const generation = member(object, 'metadata', 'generation');
  const ready = elements(member(object, 'status', 'conditions')).find((one) => member(one, 'type') === 'Ready');
  return {
    ready: member(ready, 'status') === 'True' && member(ready, 'observedGeneration') === generation,
    why: ready === undefined ? 'no condition yet' : `${member(ready, 'reason')}: ${member(ready, 'message')}`,
  };
}
