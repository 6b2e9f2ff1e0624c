import type { KubeClient, WatchOptions } from '../kube/client.ts';
import { isGone, isNotFound, KubeApiError, KubeRequestError } from '../kube/errors.ts';
import type { KubeObject, ResourceType } from '../kube/object.ts';
import { Backoff } from './backoff.ts';
import { type Clock, sleep } from './clock.ts';
import type { Log } from './log.ts';
import { type ObjectKey, splitKey } from './object-key.ts';
import type { Random } from './random.ts';
import { slimObject } from './slim-object.ts';
import { Store } from './store.ts';

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly type: ResourceType;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where it goes; a new store when left out. */
  readonly store?: Store<T>;
  /** Only these; none or left out: all. Cluster-scoped kinds ignore it. */
  readonly namespaces?: readonly string[];
  /**
   * Only objects of these names, of a cluster-scoped kind; none or left out: all. Each is listed and watched by itself,
   * which RBAC can allow by name.
   */
  readonly names?: readonly string[];
  readonly labelSelector?: string | undefined;
  /** Objects per page of a list; default 100. */
  readonly pageSize?: number;
  /**
   * A watch that brings not a byte for so long is taken for dead; milliseconds, default 150 s. The API server sends a
   * bookmark about once a minute.
   */
  readonly silenceMs?: number;
}

/** The server ends a watch after a time between this and twice this, so that not all end at once; seconds. */
const WATCH_SECONDS = 300;
/** Memory that was needed once stays with the process, and a page takes it several times: its bytes, text and objects. */
const PAGE_SIZE = 100;
/** A watch that lived for so long was a good one, even if it brought nothing; milliseconds. */
const GOOD_WATCH_MS = 5000;
/** How often we look at most whether a missing resource has come; milliseconds. */
const MISSING_MS = 2000;
/** So many failures in a row are a problem; a single cut connection is not. */
const PROBLEM_AFTER = 3;

/** What is listed and watched in one go: one namespace, one name, or all. */
interface Scope {
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  synced: boolean;
  /** Where the watch goes on; undefined: list first. */
  resumeFrom: string | undefined;
  failures: number;
  problem: string | undefined;
  /** A new list is needed, wherever the watch stands. */
  relist: boolean;
  /** Ends the watch that is under way. */
  cut: (() => void) | undefined;
}

/**
 * Keeps a store the same as one kind in the API server: list, then watch, for ever. Nothing that the API server or the
 * network does ends it; `problem` says what is in the way at the moment.
 */
export class Reflector<T extends KubeObject> {
  readonly store: Store<T>;
  readonly type: ResourceType;
  readonly #options: ReflectorOptions<T>;
  readonly #scopes: readonly Scope[];
  readonly #waiters = new Set<() => void>();

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.type = options.type;
    this.store = options.store ?? new Store<T>();
    const { namespaced } = options.type;
    const parts = [...new Set(namespaced ? options.namespaces : options.names)];
    this.#scopes = (parts.length > 0 ? parts : [undefined]).map((part) => ({
      namespace: namespaced ? part : undefined,
      name: namespaced ? undefined : part,
      synced: false,
      resumeFrom: undefined,
      failures: 0,
      problem: undefined,
      relist: false,
      cut: undefined,
    }));
  }

  /** Whether a complete list was had once, in every namespace. */
  hasSynced(): boolean {
    return this.#scopes.every((each) => each.synced);
  }

  /** Resolves when `hasSynced`. @throws the signal's reason when that is aborted before. */
  async synced(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.hasSynced()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiters.add(resolve);
    try {
      await promise;
    } finally {
      this.#waiters.delete(resolve);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /**
   * One line that says what keeps the store from being filled or current; undefined when nothing does, or when it is
   * too short to matter. For readiness.
   */
  problem(): string | undefined {
    return this.#scopes.find((scope) => scope.problem && (!scope.synced || scope.failures >= PROBLEM_AFTER))?.problem;
  }

  /** Runs until the signal is aborted; never rejects. Call once. */
  async run(signal: AbortSignal): Promise<void> {
    this.store.onUndecided = (key) => void this.#decide(key, signal);
    this.store.onListenerFault = (error) => {
      const stack = error instanceof Error ? error.stack : undefined;
      this.#options.log.error('a listener threw: this is a fault of the operator', { error: messageOf(error), stack });
    };
    await Promise.all(this.#scopes.map((each) => this.#follow(each, signal)));
  }

  /** One namespace, or all: list when there is nothing to resume from, then watch; wait after a failure. */
  async #follow(scope: Scope, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const backoff = new Backoff({ random, baseMs: 200, maxMs: 15_000 });
    while (!signal.aborted) {
      try {
        if (scope.resumeFrom === undefined || scope.relist) await this.#list(scope, signal);
        const began = clock.now();
        const events = await this.#watch(scope, signal);
        // A server that ends every watch at once must not be hammered.
        if (events > 0 || clock.now() - began >= GOOD_WATCH_MS) backoff.reset();
        else await sleep(clock, backoff.next(), signal);
      } catch (error) {
        if (signal.aborted) return;
        // Who installs the CRD waits for us to notice; asking is cheap.
        const ours = Math.min(backoff.next(), isNotFound(error) ? MISSING_MS : Number.POSITIVE_INFINITY);
        const delayMs = Math.max(ours, askedToWait(error));
        this.#failed(scope, error, delayMs);
        await sleep(clock, delayMs, signal).catch(() => {});
      }
    }
  }

  async #list(scope: Scope, signal: AbortSignal): Promise<void> {
    scope.relist = false;
    // Until the list is complete there is nothing to resume from.
    scope.resumeFrom = undefined;
    const began = this.store.beginRead();
    const { objects, resourceVersion } = await this.#pages(scope, signal);
    this.store.replace(objects, { began, namespace: scope.namespace, name: scope.name });
    scope.resumeFrom = resourceVersion;
    scope.synced = true;
    this.#succeeded(scope);
    if (this.hasSynced()) for (const resolve of this.#waiters) resolve();
  }

  async #pages(
    scope: Scope,
    signal: AbortSignal,
  ): Promise<{ readonly objects: readonly T[]; readonly resourceVersion: string }> {
    const { client, type, labelSelector, pageSize = PAGE_SIZE } = this.#options;
    const objects: T[] = [];
    let limit: number | undefined = pageSize;
    let next: string | undefined;
    for (;;) {
      try {
        const page = await client.list<T>(
          type,
          { namespace: scope.namespace, labelSelector, fieldSelector: nameSelector(scope.name), limit, continue: next },
          signal,
        );
        for (const item of page.items) objects.push(slimObject(item));
        if (page.continue === undefined) return { objects, resourceVersion: page.resourceVersion };
        next = page.continue;
      } catch (error) {
        if (next === undefined || !isGone(error)) throw error;
        // Compacted between two pages: all at once cannot be cut off like that.
        objects.length = 0;
        limit = undefined;
        next = undefined;
      }
    }
  }

  /** @returns how many events came until the server ended the watch. */
  async #watch(scope: Scope, signal: AbortSignal): Promise<number> {
    const { client, type, labelSelector, random, silenceMs = 150_000 } = this.#options;
    const cutter = new AbortController();
    scope.cut = () => cutter.abort();
    let open = false;
    let count = 0;
    const options: WatchOptions = {
      namespace: scope.namespace,
      labelSelector,
      fieldSelector: nameSelector(scope.name),
      resourceVersion: scope.resumeFrom,
      allowWatchBookmarks: true,
      timeoutSeconds: Math.floor(WATCH_SECONDS * (1 + random.next())),
      silenceMs,
      onOpen: () => {
        open = true;
        this.#succeeded(scope);
      },
    };
    try {
      for await (const event of client.watch<T>(type, options, AbortSignal.any([signal, cutter.signal]))) {
        count++;
        if (event.type === 'BOOKMARK') {
          scope.resumeFrom = event.resourceVersion;
          continue;
        }
        scope.resumeFrom = event.object.metadata.resourceVersion;
        this.store.apply(event);
      }
      return count;
    } catch (error) {
      // 410: compacted. 404: the CRD was deleted; its successor starts a new history.
      if (isGone(error) || isNotFound(error)) scope.resumeFrom = undefined;
      if (cutter.signal.aborted) return count;
      // Silence is not a failure: what was missed comes with the next watch.
      if (open && error instanceof KubeRequestError && error.timedOut) return count;
      throw error;
    } finally {
      scope.cut = undefined;
    }
  }

  /** A list and a write of ours crossed: one read says which is newer. */
  async #decide(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const { clock, random, log, type } = this.#options;
    const backoff = new Backoff({ random, baseMs: 200, maxMs: 15_000 });
    while (!signal.aborted) {
      const began = this.store.beginRead();
      try {
        const decided = this.store.settle(key, await this.read(key, signal), began);
        if (!decided) this.#relist(key);
        return;
      } catch (error) {
        if (signal.aborted) return;
        log.debug('cannot read an object again yet', { resource: nameOf(type), key, error: messageOf(error) });
        await sleep(clock, backoff.next(), signal).catch(() => {});
      }
    }
  }

  /** Ends the watch that shows this key, so that a list follows. */
  #relist(key: ObjectKey): void {
    const { namespace, name } = splitKey(key);
    for (const scope of this.#scopes) {
      if (scope.namespace !== undefined && scope.namespace !== namespace) continue;
      if (scope.name !== undefined && scope.name !== name) continue;
      scope.relist = true;
      scope.cut?.();
    }
  }

  /**
   * One object as it is now, past the store; undefined when there is none, or none that the watch would show.
   * @throws KubeApiError, KubeRequestError
   */
  async read(key: ObjectKey, signal: AbortSignal): Promise<T | undefined> {
    const { client, type, labelSelector } = this.#options;
    const { namespace, name } = splitKey(key);
    try {
      // By a list, when a selector decides what the watch shows.
      if (labelSelector === undefined) return await client.get<T>(type, { namespace, name }, signal);
      const fieldSelector = nameSelector(name);
      return (await client.list<T>(type, { namespace, labelSelector, fieldSelector }, signal)).items[0];
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  #succeeded(scope: Scope): void {
    if (scope.failures >= PROBLEM_AFTER) {
      this.#options.log.info('connected again', {
        resource: nameOf(this.type),
        namespace: scope.namespace,
        name: scope.name,
      });
    }
    scope.failures = 0;
    scope.problem = undefined;
  }

  #failed(scope: Scope, error: unknown, delayMs: number): void {
    const { log, type } = this.#options;
    scope.failures++;
    const missing = isNotFound(error) && type.group !== '';
    const why = missing ? `${messageOf(error)}; is its CustomResourceDefinition installed?` : messageOf(error);
    const where =
      (scope.namespace === undefined ? '' : ` in namespace ${scope.namespace}`) +
      (scope.name === undefined ? '' : ` called ${scope.name}`);
    scope.problem = `${nameOf(type)}${where}: ${why}`;
    if (isGone(error)) {
      log.debug('the watch is too old to be resumed, listing again', { resource: nameOf(type), error: why });
      return;
    }
    // Once loudly: an API server that is away for an hour must not fill the log.
    const fields = {
      resource: nameOf(type),
      namespace: scope.namespace,
      name: scope.name,
      error: why,
      retryInMs: Math.round(delayMs),
    };
    if (scope.failures === PROBLEM_AFTER) log.warn('cannot list or watch', fields);
    else log.debug('cannot list or watch', fields);
  }
}

function nameSelector(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `metadata.name=${name}`;
}

/** What the server asks for, within reason; milliseconds. */
function askedToWait(error: unknown): number {
  return error instanceof KubeApiError ? Math.min(error.retryAfterSeconds ?? 0, 60) * 1000 : 0;
}

/** As `kubectl get` takes it, e.g. `ecsservices.ecs-operator.dev`. */
function nameOf(type: ResourceType): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
