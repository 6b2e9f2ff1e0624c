import type { Clock, Timer } from '../../../../src/runtime/clock.ts';
import { Remembered } from '../../remembered.ts';
import { isObject, type JsonObject, jsonText, objectAt, withMemberAt } from '../json.ts';
import { apiVersionOf, type Resource, resourceId } from '../registry/resource.ts';
import type { Selector } from '../selectors.ts';
import type { StorageEvent } from '../storage.ts';
import { WatchStream } from './watch-stream.ts';

/** One event as the client gets it. */
export interface SentEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: JsonObject;
}

export interface WatchOptions {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly selector: Selector | undefined;
  readonly clock: Clock;
  /** Where the request said to begin; empty: at what is there now. */
  readonly from: string;
  readonly timeoutMs: number;
  readonly bookmarks: boolean;
  /** Up to which revision the API server has seen all changes of the type. */
  readonly progress: () => number;
}

/** The API server sends a bookmark about once a minute, and one before it ends the watch; milliseconds. */
const BOOKMARK_MS = 60_000;
const LAST_BOOKMARK_MS = 2_000;

/** Events as they are written. */
const lines = new Remembered<Uint8Array>();

/** One watch that is under way, with the ways in which it can go wrong. */
export class Watch {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  /** The resourceVersion from which it was asked for. */
  readonly from: string;
  /** What is made of each event before it is sent: drop it, double it, change it. */
  intercept: ((event: SentEvent) => readonly SentEvent[]) | undefined;
  readonly #options: WatchOptions;
  readonly #stream = new WatchStream();
  readonly #timers = new Set<Timer>();
  readonly #began: number;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.resource = options.resource;
    this.namespace = options.namespace;
    this.from = options.from;
    this.#stream.onClosed = () => this.#closed();
    const { timeoutMs, bookmarks } = options;
    this.#began = Number(options.from) || options.progress();
    this.#after(timeoutMs, () => this.end());
    if (!bookmarks) return;
    if (timeoutMs > LAST_BOOKMARK_MS) this.#after(timeoutMs - LAST_BOOKMARK_MS, () => this.bookmark());
    this.#bookmarkEvery();
  }

  get isOpen(): boolean {
    return this.#stream.isOpen;
  }

  /** What the client reads. */
  get body(): AsyncIterable<Uint8Array> {
    return this.#stream;
  }

  /** Called once, when the watch has ended for whatever reason. */
  onClosed: () => void = () => {};

  /** A change in storage, as far as it concerns this watch. */
  see(event: StorageEvent): void {
    if (event.resource !== resourceId(this.resource)) return;
    if (this.namespace !== undefined && event.namespace !== this.namespace) return;
    const type = this.#typeOf(event);
    if (type === undefined) return;
    // An object that leaves the selection is shown as it was when it was last in it.
    const isLeaving = type === 'DELETED' && event.type !== 'DELETED';
    this.send({ type, object: isLeaving ? leaving(event) : event.object });
  }

  #typeOf(event: StorageEvent): 'ADDED' | 'MODIFIED' | 'DELETED' | undefined {
    const { selector } = this.#options;
    if (selector === undefined) return event.type;
    const before = event.previous !== undefined && selector(event.previous);
    const after = event.type !== 'DELETED' && selector(event.object);
    if (before && after) return 'MODIFIED';
    if (after) return 'ADDED';
    return before ? 'DELETED' : undefined;
  }

  /** Sends an event, through whoever intercepts. */
  send(event: SentEvent): void {
    const { intercept } = this;
    for (const sent of intercept === undefined ? [event] : intercept(event)) this.#write(sent);
  }

  /** Says how far the watch has come; nothing when that is not beyond where it began, as in Kubernetes. */
  bookmark(): void {
    const { kind } = this.resource;
    const progress = this.#options.progress();
    if (progress <= this.#began) return;
    const metadata = { resourceVersion: String(progress) };
    this.send({ type: 'BOOKMARK', object: { kind, apiVersion: apiVersionOf(this.resource), metadata } });
  }

  /** Sends any bytes: half a line, garbage. */
  raw(bytes: string | Uint8Array): void {
    this.#stream.push(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  }

  /** The server ends the watch, as it does after timeoutSeconds. */
  end(): void {
    this.#stream.end();
  }

  /** The connection breaks. */
  reset(error: Error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })): void {
    this.#stream.fail(error);
  }

  /** Nothing arrives until `resume`; then everything does. */
  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  #write({ type, object }: SentEvent): void {
    this.#stream.push(lines.of([object, type], () => Buffer.from(`{"type":"${type}","object":${jsonText(object)}}\n`)));
  }

  #bookmarkEvery(): void {
    this.#after(BOOKMARK_MS, () => {
      this.bookmark();
      this.#bookmarkEvery();
    });
  }

  #after(ms: number, callback: () => void): void {
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
  }

  #closed(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.onClosed();
  }
}

function leaving({ previous, object }: StorageEvent): JsonObject {
  const resourceVersion = objectAt(object, 'metadata')?.resourceVersion;
  return isObject(previous) ? withMemberAt(previous, ['metadata', 'resourceVersion'], resourceVersion) : object;
}
