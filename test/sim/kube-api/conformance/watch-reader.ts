import { readLines } from '../../../../src/kube/watch-lines.ts';
import { at, type JsonObject, textAt } from '../json.ts';
import type { ConformanceTarget } from './target.ts';

/** An event, as it came. */
export interface ReadEvent {
  readonly type: string;
  readonly object: JsonObject;
}

/** Reads a watch in the background. */
export class WatchReader {
  /** The HTTP status. */
  readonly code: number;
  readonly events: ReadEvent[] = [];
  readonly #target: ConformanceTarget;
  readonly #aborter: AbortController;
  #ended: { readonly error?: unknown } | undefined;

  private constructor(target: ConformanceTarget, code: number, aborter: AbortController) {
    this.#target = target;
    this.code = code;
    this.#aborter = aborter;
  }

  static async open(target: ConformanceTarget, path: string): Promise<WatchReader> {
    const aborter = new AbortController();
    const headers = { accept: 'application/json' };
    const response = await target.transport({ method: 'GET', path, headers, signal: aborter.signal });
    const reader = new WatchReader(target, response.status, aborter);
    void reader.#read(response.body);
    return reader;
  }

  /** What came, without bookmarks, as `TYPE name`. */
  get told(): readonly string[] {
    return this.changes.map(({ type, object }) => `${type} ${textAt(object, 'metadata', 'name')}`);
  }

  get changes(): readonly ReadEvent[] {
    return this.events.filter(({ type }) => type !== 'BOOKMARK');
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Waits for so many events, bookmarks aside. */
  async count(wanted: number): Promise<readonly ReadEvent[]> {
    await this.#target.until(`${wanted} events of the watch`, async () =>
      this.changes.length >= wanted ? true : undefined,
    );
    return this.changes;
  }

  async end(): Promise<void> {
    await this.#target.until('the watch ends', async () => (this.hasEnded ? true : undefined));
  }

  close(): void {
    this.#aborter.abort(new Error('the test closes the watch'));
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const line of readLines(body)) {
        // Safe: what the API server sends there is an event, and the tests look at what is in it.
        const event = JSON.parse(line) as JsonObject;
        this.events.push({ type: textAt(event, 'type') ?? '', object: (at(event, 'object') ?? {}) as JsonObject });
      }
      this.#ended = {};
    } catch (error) {
      this.#ended = { error };
    }
  }
}
