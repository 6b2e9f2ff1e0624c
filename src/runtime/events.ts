import type { KubeClient } from '../kube/client.ts';
import { isMissingNamespace, isNotFound, isTerminatingNamespace } from '../kube/errors.ts';
import type { KubeObject, ResourceType } from '../kube/object.ts';
import { type Clock, sleep, type Timer } from './clock.ts';
import type { Log } from './log.ts';
import { kubeMicroTime } from './micro-time.ts';
import { type Random, randomString } from './random.ts';

/** Something to be told about an object, as `kubectl describe` shows it. */
export interface EventNotice {
  readonly object: KubeObject;
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, stable, at most 128 characters: people filter by it. */
  readonly reason: string;
  /** What we were doing, CamelCase, e.g. `Reconcile`. */
  readonly action: string;
  /** For people; cut to 1024 bytes. */
  readonly note: string;
}

export interface EventRecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Who reports, e.g. `ecs-operator.dev/controller`. */
  readonly reportingController: string;
  /** Which process reports, e.g. the pod's name; at most 128 characters. */
  readonly reportingInstance: string;
  /** Events that wait to be written; when there are more, the oldest go. Default 1000. */
  readonly queueLimit?: number;
}

/** events.k8s.io/v1 Event, as we write it. */
interface Event extends KubeObject {
  readonly eventTime: string;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly action: string;
  readonly reason: string;
  readonly note: string;
  readonly type: string;
  readonly regarding: object;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
}

/** The same thing told again and again about one object: one Event with a counter. */
interface Series {
  readonly notice: EventNotice;
  /** Once it was created. */
  name: string | undefined;
  count: number;
  /** How many the API server knows of. */
  written: number;
  last: number;
  /** When its count was last written. */
  flushed: number;
  queued: boolean;
  /** Until its counter is to be written. */
  timer: Timer | undefined;
}

interface Bucket {
  tokens: number;
  at: number;
}

const EVENTS: ResourceType = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};
/** Kubernetes' own limit for `note`; bytes. */
const NOTE_LIMIT = 1024;
/** What comes again after so long starts a new Event; client-go's figure. */
const SERIES_MS = 6 * 60_000;
/** A counter is written at most so often. */
const FLUSH_MS = 30_000;
/** Different Events about one object: so many at once, then one per `REFILL_MS`. client-go's figure for the burst. */
const BURST = 25;
const REFILL_MS = 60_000;

/**
 * Tells people what happens to their objects, by Events. Never keeps a reconcile waiting and never fails it: what
 * cannot be written (namespace on its way out, API server away, too many) is dropped.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #queueLimit: number;
  readonly #series = new Map<string, Series>();
  readonly #buckets = new Map<string, Bucket>();
  readonly #queue: Series[] = [];
  #writing: Promise<void> | undefined;
  #stopped = false;
  #dropped = 0;
  #pruned = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#queueLimit = options.queueLimit ?? 1000;
  }

  /** How many notices were dropped so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many series are remembered, so that they can go on. */
  get remembered(): number {
    return this.#series.size;
  }

  /** Takes a notice; it is written later. */
  record(notice: EventNotice): void {
    if (this.#stopped) return;
    const now = this.#options.clock.now();
    const note = cut(notice.note);
    const key = [notice.object.metadata.uid, notice.type, notice.reason, notice.action, note].join('\n');
    const series = this.#series.get(key);
    if (series && now - series.last < SERIES_MS) {
      series.count++;
      series.last = now;
      this.#flushLater(series);
      return;
    }
    if (!this.#admit(notice.object.metadata.uid, now)) {
      this.#dropped++;
      return;
    }
    this.#prune(now);
    const begun: Series = {
      notice: { ...notice, note, object: reference(notice.object) },
      name: undefined,
      count: 1,
      written: 0,
      last: now,
      flushed: now,
      queued: false,
      timer: undefined,
    };
    this.#series.set(key, begun);
    this.#enqueue(begun);
  }

  /** Takes no more, and writes what waits, for at most `limitMs`. */
  async stop(limitMs = 2000): Promise<void> {
    this.#stopped = true;
    for (const series of this.#series.values()) {
      series.timer?.cancel();
      if (series.count > series.written) this.#enqueue(series);
    }
    const waiting = new AbortController();
    const late = sleep(this.#options.clock, limitMs, waiting.signal).catch(() => {});
    await Promise.race([this.#writing, late]);
    waiting.abort();
    this.#queue.length = 0;
  }

  #enqueue(series: Series): void {
    if (series.queued) return;
    if (this.#queue.length >= this.#queueLimit) {
      const oldest = this.#queue.shift();
      if (oldest) oldest.queued = false;
      this.#dropped++;
    }
    series.queued = true;
    this.#queue.push(series);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  #flushLater(series: Series): void {
    if (series.queued || series.timer) return;
    const { clock } = this.#options;
    series.timer = clock.after(Math.max(0, series.flushed + FLUSH_MS - clock.now()), () => {
      series.timer = undefined;
      this.#enqueue(series);
    });
  }

  /** One at a time: Events must not compete with what they tell of. */
  async #writeAll(): Promise<void> {
    for (let series = this.#queue.shift(); series; series = this.#queue.shift()) {
      series.queued = false;
      try {
        await this.#write(series);
      } catch (error) {
        this.#dropped++;
        if (isTerminatingNamespace(error) || isMissingNamespace(error)) continue;
        const { object, reason } = series.notice;
        const { namespace, name } = object.metadata;
        const fields = { kind: object.kind, namespace, name, reason, error: String(error) };
        this.#options.log.debug('could not write an event', fields);
      }
    }
  }

  async #write(series: Series): Promise<void> {
    const { count } = series;
    series.flushed = this.#options.clock.now();
    if (series.name === undefined) {
      await this.#create(series, count);
      return;
    }
    const patch = { series: { count, lastObservedTime: kubeMicroTime(series.last) } };
    try {
      const target = { namespace: namespaceOf(series), name: series.name };
      await this.#options.client.mergePatch<Event>(EVENTS, target, patch);
      series.written = count;
    } catch (error) {
      // Events live an hour by default: this one is gone, so it starts anew.
      if (!isNotFound(error) || isMissingNamespace(error)) throw error;
      await this.#create(series, count);
    }
  }

  async #create(series: Series, count: number): Promise<void> {
    const { client, random, reportingController, reportingInstance } = this.#options;
    const { object, type, reason, action, note } = series.notice;
    const { namespace, name, uid, resourceVersion } = object.metadata;
    // Unique like client-go's `<name>.<nanoseconds>`, within the 253 characters of a name; no dot may follow a hyphen.
    const eventName = `${name.slice(0, 230).replace(/[-.]+$/, '')}.${randomString(random, 16)}`;
    await client.create<Event>(EVENTS, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: eventName, namespace: namespaceOf(series) },
      eventTime: kubeMicroTime(series.last),
      reportingController,
      reportingInstance: reportingInstance.slice(0, 128),
      action,
      reason,
      note,
      type,
      regarding: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name,
        ...(namespace && { namespace }),
        uid,
        resourceVersion,
      },
      ...(count > 1 && { series: { count, lastObservedTime: kubeMicroTime(series.last) } }),
    });
    series.name = eventName;
    series.written = count;
  }

  #admit(uid: string, now: number): boolean {
    const bucket = this.#buckets.get(uid) ?? { tokens: BURST, at: now };
    const tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / REFILL_MS);
    this.#buckets.set(uid, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }

  /** Forgets what is over, so that nothing is kept of objects that are gone. */
  #prune(now: number): void {
    if (now - this.#pruned < FLUSH_MS) return;
    this.#pruned = now;
    for (const [key, series] of this.#series) {
      if (now - series.last >= SERIES_MS && !series.queued && !series.timer) this.#series.delete(key);
    }
    for (const [uid, bucket] of this.#buckets) {
      if (bucket.tokens + (now - bucket.at) / REFILL_MS >= BURST) this.#buckets.delete(uid);
    }
  }
}

/** Only what an Event says of the object: a queue must not keep whole objects alive. */
function reference({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, metadata: { ...(namespace && { namespace }), name, uid, resourceVersion } };
}

/** Events about cluster-scoped objects live in `default`, as everywhere in Kubernetes. */
function namespaceOf(series: Series): string {
  return series.notice.object.metadata.namespace ?? 'default';
}

function cut(note: string): string {
  if (Buffer.byteLength(note) <= NOTE_LIMIT) return note;
  const room = NOTE_LIMIT - Buffer.byteLength('…');
  // A character that was cut in two decodes to U+FFFD.
  return `${Buffer.from(note)
    .subarray(0, room)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}…`;
}
