import type { Clock } from '../../../src/runtime/clock.ts';
import type { Random } from '../../../src/runtime/random.ts';
import { type ApiError, methodNotAllowed, notFound, unforeseen, unsupportedMediaType } from './api-error.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { isRevision, list, notARevision } from './lists.ts';
import { type Deletion, deletionOptions } from './registry/deletion.ts';
import type { Registry, Target } from './registry/registry.ts';
import { byPlural, type Resource, resourceId, type Subresource } from './registry/resource.ts';
import { scaleOf } from './registry/scale.ts';
import type { WriteOptions } from './registry/write-options.ts';
import type { RequestTarget } from './request-target.ts';
import { selectorOf } from './selectors.ts';
import type { Storage } from './storage.ts';
import type { Watch } from './watch/watch.ts';
import type { Watches } from './watch/watches.ts';

/** A request, read. */
export interface ServerRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly target: RequestTarget;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: Json | undefined;
}

/** What is answered: an object with its code, or a watch. */
export type ServerAnswer =
  | { readonly code: number; readonly object: JsonObject }
  | { readonly code: 200; readonly watch: Watch };

export interface ServerOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly registry: Registry;
  readonly deletion: Deletion;
  readonly watches: Watches;
}

/** Without timeoutSeconds, the API server ends a watch after 30 to 60 minutes. */
const WATCH_MS = 1_800_000;
const APPLY = 'application/apply-patch+yaml';
const MERGE = 'application/merge-patch+json';

/** Serves the requests of one resource type, as k8s.io/apiserver's endpoints/handlers. */
export class Server {
  readonly #options: ServerOptions;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** @throws ApiError */
  serve(resource: Resource, request: ServerRequest): ServerAnswer {
    const { target } = request;
    return target.name === undefined
      ? this.#collection(resource, request)
      : this.#object(resource, { ...target, name: target.name }, request);
  }

  #collection(resource: Resource, request: ServerRequest): ServerAnswer {
    const { method, target, query } = request;
    const { namespace } = target;
    switch (method) {
      case 'GET':
        if (query.get('watch') === 'true' || query.get('watch') === '1') return this.#watch(resource, request);
        return { code: 200, object: list(this.#options.storage, resource, { namespace, query }) };
      case 'POST':
        if (resource.namespaced && namespace === undefined) throw methodNotAllowed(byPlural(resource), 'create');
        return this.#options.registry.create(
          { resource, namespace: namespace ?? '' },
          objectIn(request),
          writeOptions(request),
        );
      case 'DELETE': {
        const gone = list(this.#options.storage, resource, { namespace, query });
        this.#options.deletion.deleteAll(resource, namespace);
        return { code: 200, object: gone };
      }
      default:
        throw methodNotAllowed(byPlural(resource), method.toLowerCase());
    }
  }

  #watch(resource: Resource, { target, query }: ServerRequest): ServerAnswer {
    const { watches, clock, random } = this.#options;
    const from = query.get('resourceVersion') ?? '';
    // Nobody foresaw that a watch is asked for like this.
    if (from !== '' && !isRevision(from)) throw unforeseen(`resourceVersion: ${notARevision(from)}`);
    const seconds = Number(query.get('timeoutSeconds') ?? 0);
    const watch = watches.start({
      resource,
      namespace: target.namespace,
      selector: selectorOf(query),
      clock,
      from,
      timeoutMs: seconds > 0 ? seconds * 1000 : WATCH_MS * (1 + random.next()),
      bookmarks: query.get('allowWatchBookmarks') === 'true',
    });
    return { code: 200, watch };
  }

  #object(resource: Resource, place: RequestTarget & { readonly name: string }, request: ServerRequest): ServerAnswer {
    const target = { resource, namespace: place.namespace ?? '', name: place.name };
    const { subresource } = place;
    if (subresource === 'finalize' || subresource === 'other') throw notFound(byPlural(resource), target.name);
    if (subresource === 'status' && !resource.status) throw notFound(byPlural(resource), target.name);
    if (subresource === 'scale') return this.#scale(target, request);
    switch (request.method) {
      case 'GET':
        return { code: 200, object: this.#stored(target) };
      case 'PUT':
        return this.#options.registry.update(target, subresource, objectIn(request), writeOptions(request));
      case 'PATCH':
        return this.#patch(target, subresource, request);
      case 'DELETE': {
        if (subresource !== undefined) throw methodNotAllowed(byPlural(resource), 'delete');
        const { body, query } = request;
        return { code: 200, object: this.#options.deletion.delete(target, deletionOptions(body, isDryRun(query))) };
      }
      default:
        throw methodNotAllowed(byPlural(resource), request.method.toLowerCase());
    }
  }

  #patch(target: Target, subresource: Subresource | undefined, request: ServerRequest): ServerAnswer {
    const { registry } = this.#options;
    const options = writeOptions(request);
    switch (request.contentType) {
      case APPLY:
        return registry.apply(target, subresource, objectIn(request), options);
      case MERGE:
        return registry.mergePatch(target, subresource, objectIn(request), options);
      default:
        throw this.#unknownPatch(target.resource, request.contentType);
    }
  }

  #unknownPatch(resource: Resource, contentType: string): Error {
    if (resource.patchTypes.includes(contentType)) return new Error(`patches of ${contentType} are not simulated`);
    return unsupportedMediaType([...resource.patchTypes, APPLY]);
  }

  #scale(target: Target, request: ServerRequest): ServerAnswer {
    const { resource, name } = target;
    const paths = resource.scale;
    if (paths === undefined) throw notFound(byPlural(resource), name);
    switch (request.method) {
      case 'GET':
        return { code: 200, object: scaleOf(this.#stored(target), paths) };
      case 'PUT':
      case 'PATCH': {
        const isMerge = request.method === 'PATCH';
        if (isMerge && request.contentType !== MERGE) throw this.#unknownPatch(resource, request.contentType);
        const options = { ...writeOptions(request), isMerge };
        const written = this.#options.registry.writeScale(target, paths, objectIn(request), options);
        return { code: 200, object: scaleOf(written.object, paths) };
      }
      default:
        throw methodNotAllowed(byPlural(resource), request.method.toLowerCase());
    }
  }

  #stored({ resource, namespace, name }: Target): JsonObject {
    const object = this.#options.storage.get({ resource: resourceId(resource), namespace, name });
    if (object === undefined) throw notFound(byPlural(resource), name) satisfies ApiError;
    return object;
  }
}

function objectIn({ body }: ServerRequest): JsonObject {
  return isObject(body) ? body : {};
}

function writeOptions({ query, userAgent }: ServerRequest): WriteOptions {
  return {
    fieldManager: query.get('fieldManager') ?? undefined,
    userAgent,
    force: query.get('force') === 'true',
    dryRun: isDryRun(query),
    strict: query.get('fieldValidation') === 'Strict',
  };
}

function isDryRun(query: URLSearchParams): boolean {
  return query.get('dryRun') === 'All';
}
