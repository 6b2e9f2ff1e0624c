import type { Clock } from '../runtime/clock.ts';
import { isConflict, KubeApiError, KubeProtocolError } from './errors.ts';
import type { KubeMetrics } from './metrics.ts';
import type { KubeObject, ResourceType } from './object.ts';
import { isRecord, metadataFault } from './object-shape.ts';
import { type JsonRequest, Requester } from './requester.ts';
import { apiVersion, type ObjectName, query, resourcePath } from './resource-path.ts';
import type { KubeTransport } from './transport.ts';
import { readEvents, type WatchEvent } from './watch-events.ts';

/** One page of a list. */
export interface KubeList<T extends KubeObject> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** Given when there are more pages; tokens expire with etcd's compaction. */
  readonly continue?: string;
}

export interface ListOptions {
  /** Left out: all namespaces. */
  readonly namespace?: string | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Left out: a consistent read. '0': whatever the server's cache holds. */
  readonly resourceVersion?: string | undefined;
}

export interface WatchOptions {
  readonly namespace?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly allowWatchBookmarks?: boolean;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** The server ends the watch after that. */
  readonly timeoutSeconds?: number;
  /** We end the watch with KubeRequestError when not a byte came for so long; milliseconds. Left out: never. */
  readonly silenceMs?: number;
  /** Called once the server has agreed to the watch, before the first event. */
  readonly onOpen?: () => void;
}

/** The object whose status is meant: this one, not one that took its name. */
export interface StatusTarget extends ObjectName {
  readonly uid: string;
  /** The server refuses when anybody changed the object since. */
  readonly resourceVersion?: string;
  /** Instead: what we last saw of it. When it has changed since, it is read again and the write goes on. */
  readonly lastSeen?: string;
}

export interface StatusApply {
  /** The whole status. */
  readonly status: object;
  readonly fieldManager: string;
  /** Takes over members that another manager holds; default true. */
  readonly force?: boolean;
  /** Called in the last step before each sending; what it throws keeps the status from being written. */
  readonly check?: () => void;
}

/** What has to be true of the live object for a deletion to happen. */
export interface DeleteOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/** A new object: the server gives it uid and resourceVersion. */
export type NewObject<T extends KubeObject> = Omit<T, 'metadata'> & {
  readonly metadata: Omit<T['metadata'], 'uid' | 'resourceVersion'>;
};

export interface KubeClientOptions {
  readonly transport: KubeTransport;
  readonly clock: Clock;
  readonly metrics?: KubeMetrics;
  /** For the metrics' `host` label. */
  readonly host?: string;
  /** Per request, answer included; a watch only until its first byte. Default 30 s. */
  readonly timeoutMs?: number;
}

/** Somebody who changes an object faster than we can read it shall not keep us for ever. */
const STATUS_ATTEMPTS = 5;

/**
 * Typed requests to the Kubernetes API. Never retries: who calls knows whether a repetition is safe.
 *
 * Every method throws KubeApiError when the server says no, KubeRequestError when no answer was had (then a write may
 * or may not have happened), KubeProtocolError when the answer is not Kubernetes', and the signal's reason on abort.
 * Objects come as the server sent them; the type parameter is the caller's claim about what the type holds.
 */
export class KubeClient {
  readonly #requester: Requester;

  constructor(options: KubeClientOptions) {
    const { transport, clock, metrics, host = '', timeoutMs = 30_000 } = options;
    this.#requester = new Requester({ transport, clock, metrics, host, timeoutMs });
  }

  /** One page of a collection. Items get the apiVersion and kind that lists leave out. */
  async list<T extends KubeObject>(
    type: ResourceType,
    options: ListOptions = {},
    signal?: AbortSignal,
  ): Promise<KubeList<T>> {
    const path =
      resourcePath(type, { namespace: options.namespace }) +
      query({
        limit: options.limit,
        continue: options.continue,
        labelSelector: options.labelSelector,
        fieldSelector: options.fieldSelector,
        resourceVersion: options.resourceVersion,
      });
    const body = await this.#requester.json({ method: 'GET', path, signal });
    const { items, metadata } = body as { readonly items?: unknown; readonly metadata?: unknown };
    const { resourceVersion, continue: next } = isRecord(metadata) ? metadata : {};
    if (!Array.isArray(items) || typeof resourceVersion !== 'string' || resourceVersion === '') {
      throw new KubeProtocolError(`GET ${path}: the answer is not a list`);
    }
    const broken = items.map(metadataFault).find((fault) => fault !== undefined);
    if (broken !== undefined) throw new KubeProtocolError(`GET ${path}: an object of the list is none: ${broken}`);
    const kind = { apiVersion: apiVersion(type), kind: type.kind };
    return {
      // The API server vouches for the rest: it serves this type at this path.
      items: (items as T[]).map((item) => (item.kind ? item : { ...item, ...kind })),
      resourceVersion,
      ...(typeof next === 'string' && next !== '' && { continue: next }),
    };
  }

  get<T extends KubeObject>(type: ResourceType, target: ObjectName, signal?: AbortSignal): Promise<T> {
    return this.#object<T>({ method: 'GET', path: resourcePath(type, target), signal });
  }

  create<T extends KubeObject>(
    type: ResourceType,
    object: NewObject<T>,
    options: { readonly fieldManager?: string } = {},
    signal?: AbortSignal,
  ): Promise<T> {
    const path = resourcePath(type, { namespace: object.metadata.namespace }) + query({ ...options });
    return this.#object<T>({ method: 'POST', path, body: object, signal });
  }

  /** Replaces an object; its resourceVersion makes the server refuse (Conflict) when somebody was faster. */
  update<T extends KubeObject>(type: ResourceType, object: T, signal?: AbortSignal): Promise<T> {
    return this.#object<T>({ method: 'PUT', path: resourcePath(type, object.metadata), body: object, signal });
  }

  /**
   * A JSON merge patch. Give `metadata.uid`, and `metadata.resourceVersion` for lists such as finalizers: without
   * them it would hit whatever stands under that name now.
   */
  mergePatch<T extends KubeObject>(
    type: ResourceType,
    target: ObjectName,
    patch: object,
    options: { readonly fieldManager?: string; readonly subresource?: string } = {},
    signal?: AbortSignal,
  ): Promise<T> {
    const path =
      resourcePath(type, { ...target, ...(options.subresource && { subresource: options.subresource }) }) +
      query({ fieldManager: options.fieldManager });
    return this.#object<T>({
      method: 'PATCH',
      path,
      body: patch,
      contentType: 'application/merge-patch+json',
      signal,
    });
  }

  /** Server-side apply of a whole object, over what others hold of it. Members that the kind does not have are refused. */
  apply<T extends KubeObject>(
    type: ResourceType,
    target: ObjectName,
    object: object,
    options: { readonly fieldManager: string },
    signal?: AbortSignal,
  ): Promise<T> {
    const path = resourcePath(type, target) + query({ ...options, force: true, fieldValidation: 'Strict' });
    return this.#object<T>({
      method: 'PATCH',
      path,
      body: object,
      contentType: 'application/apply-patch+yaml',
      signal,
    });
  }

  /**
   * Server-side apply of `status`: what an earlier apply of the same manager set and this one leaves out is removed.
   *
   * On /status the API server does not look at metadata.uid [tried on 1.34], only at resourceVersion. So one always goes
   * with it, and an object that took the name of the one we mean is never written to.
   * @throws KubeApiError with reason Conflict when the object was replaced; with `resourceVersion`, also when anybody
   * changed it since.
   */
  async applyStatus<T extends KubeObject>(
    type: ResourceType,
    target: StatusTarget,
    options: StatusApply,
    signal?: AbortSignal,
  ): Promise<T> {
    const { uid, resourceVersion: exact } = target;
    let resourceVersion = exact ?? target.lastSeen;
    for (let attempt = 1; ; attempt++) {
      if (resourceVersion === undefined) {
        const live = await this.get(type, target, signal);
        if (live.metadata.uid !== uid) throw replaced(type, target, live.metadata.uid);
        resourceVersion = live.metadata.resourceVersion;
      }
      options.check?.();
      try {
        return await this.#applyStatusTo<T>(type, { ...target, resourceVersion }, options, signal);
      } catch (error) {
        if (exact !== undefined || attempt === STATUS_ATTEMPTS || !isConflict(error)) throw error;
        resourceVersion = undefined;
      }
    }
  }

  #applyStatusTo<T extends KubeObject>(
    type: ResourceType,
    target: ObjectName & { readonly uid: string; readonly resourceVersion: string },
    options: StatusApply,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const { name, namespace, uid, resourceVersion } = target;
    const path =
      resourcePath(type, { name, namespace, subresource: 'status' }) +
      query({ fieldManager: options.fieldManager, force: options.force ?? true });
    const body = {
      apiVersion: apiVersion(type),
      kind: type.kind,
      metadata: { name, ...(type.namespaced && namespace && { namespace }), uid, resourceVersion },
      status: options.status,
    };
    // Every JSON document is YAML: no need to write any.
    return this.#object<T>({ method: 'PATCH', path, body, contentType: 'application/apply-patch+yaml', signal });
  }

  /** Asks for a deletion; an object with finalizers is only marked. */
  async delete(
    type: ResourceType,
    target: ObjectName,
    options: DeleteOptions = {},
    signal?: AbortSignal,
  ): Promise<void> {
    const { uid, resourceVersion, propagationPolicy } = options;
    const preconditions = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(Object.keys(preconditions).length > 0 && { preconditions }),
      ...(propagationPolicy && { propagationPolicy }),
    };
    await this.#requester.json({ method: 'DELETE', path: resourcePath(type, target), body, signal });
  }

  /**
   * Events of a collection, until the server or the signal ends it (the iterator then ends quietly on the server's
   * end, and throws the signal's reason on abort).
   */
  async *watch<T extends KubeObject>(
    type: ResourceType,
    options: WatchOptions,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<T>, void, undefined> {
    const path =
      resourcePath(type, { namespace: options.namespace }) +
      query({
        watch: true,
        resourceVersion: options.resourceVersion,
        allowWatchBookmarks: options.allowWatchBookmarks,
        labelSelector: options.labelSelector,
        fieldSelector: options.fieldSelector,
        timeoutSeconds: options.timeoutSeconds,
      });
    const request = { method: 'GET', path } as const;
    const bytes = this.#requester.stream({ ...request, silenceMs: options.silenceMs, onOpen: options.onOpen, signal });
    yield* readEvents<T>(bytes, request);
  }

  /** The server's version, e.g. `v1.34.4`: the cheapest proof that it can be reached. */
  async serverVersion(signal?: AbortSignal): Promise<string> {
    const body = (await this.#requester.json({ method: 'GET', path: '/version', signal })) as { gitVersion?: unknown };
    return typeof body.gitVersion === 'string' ? body.gitVersion : 'unknown';
  }

  async #object<T extends KubeObject>(request: JsonRequest): Promise<T> {
    const body = await this.#requester.json(request);
    const { metadata } = body as { readonly metadata?: unknown };
    if (!isRecord(metadata) || typeof metadata.resourceVersion !== 'string' || metadata.resourceVersion === '') {
      throw new KubeProtocolError(`${request.method} ${request.path}: the answer is not a Kubernetes object`);
    }
    // The API server vouches for the type: it serves it at this path.
    return body as T;
  }
}

function replaced(type: ResourceType, target: StatusTarget, found: string): KubeApiError {
  return new KubeApiError({
    status: 409,
    reason: 'Conflict',
    message: `${type.kind} "${target.name}" is another object now: uid ${found}, not ${target.uid}`,
    request: { method: 'PATCH', path: resourcePath(type, { ...target, subresource: 'status' }) },
  });
}
