import { ApiError, badRequest, expired } from './api-error.ts';
import { isObject, type JsonObject, textAt } from './json.ts';
import { apiVersionOf, type Resource, resourceId } from './registry/resource.ts';
import { selectorOf } from './selectors.ts';
import type { Storage } from './storage.ts';

/** A page of a collection, as JSON text: items are not written out again. */
interface Page {
  readonly items: readonly JsonObject[];
  readonly revision: number;
  readonly continue: string;
  readonly remaining: number | undefined;
}

const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** Lists a collection, page by page where a limit is given, each page as of the first. @throws ApiError */
export function list(
  storage: Storage,
  resource: Resource,
  options: { readonly namespace: string | undefined; readonly query: URLSearchParams },
): JsonObject {
  const page = pageOf(storage, resource, options);
  const items = resource.typedItems ? page.items : page.items.map(untyped);
  return {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: {
      resourceVersion: String(page.revision),
      ...(page.continue === '' && !resource.typedItems ? {} : { continue: page.continue }),
      ...(page.remaining !== undefined && { remainingItemCount: page.remaining }),
    },
    items,
  };
}

function pageOf(
  storage: Storage,
  resource: Resource,
  { namespace, query }: { readonly namespace: string | undefined; readonly query: URLSearchParams },
): Page {
  const limit = Number(query.get('limit') ?? 0);
  const token = query.get('continue') ?? '';
  const start = token === '' ? undefined : readToken(token);
  const revision = start === undefined ? startRevision(storage, query) : start.revision;
  if (start !== undefined && start.revision !== -1 && start.revision < storage.compacted) {
    throw expired(TOO_OLD, writeToken(-1, start.after));
  }
  if (revision === undefined) storage.noteRead(resourceId(resource));
  const at = revision === -1 || revision === undefined ? storage.revision : revision;
  const selector = selectorOf(query);
  const all = storage.list(resourceId(resource), { namespace, revision: at });
  const rest = start === undefined ? all : all.filter((object) => keyOf(object) > start.after);
  const selected = selector === undefined ? rest : rest.filter(selector);
  const last = selected[limit - 1];
  if (limit <= 0 || selected.length <= limit || last === undefined) {
    return { items: selected, revision: at, continue: '', remaining: undefined };
  }
  return {
    items: selected.slice(0, limit),
    revision: at,
    continue: writeToken(at, keyOf(last)),
    remaining: selector === undefined ? selected.length - limit : undefined,
  };
}

/** Undefined: now. */
function startRevision(storage: Storage, query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  if (text === '' || text === '0') return undefined;
  const revision = readRevision(text);
  if (revision > storage.revision) throw tooLarge(revision, storage.revision);
  if (query.get('resourceVersionMatch') !== 'Exact') return undefined;
  if (revision < storage.compacted) throw expired(`The resourceVersion for the provided list is too old.`);
  return revision;
}

/** Clients must not make versions up. */
export function isRevision(text: string): boolean {
  return /^\d+$/.test(text);
}

/** What Kubernetes says of what is no version. */
export function notARevision(text: string): string {
  const value = JSON.stringify(text);
  return `Invalid value: ${value}: strconv.ParseUint: parsing ${value}: invalid syntax`;
}

function readRevision(text: string): number {
  if (isRevision(text)) return Number(text);
  throw badRequest(`invalid resource version: resourceVersion: ${notARevision(text)}`);
}

function tooLarge(revision: number, current: number): ApiError {
  return new ApiError({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${revision}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
}

function writeToken(revision: number, after: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${after}\u0000` })).toString(
    'base64url',
  );
}

function readToken(token: string): { readonly revision: number; readonly after: string } {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof read === 'object' && read !== null && 'rv' in read && 'start' in read) {
      const { rv, start } = read;
      if (typeof rv === 'number' && typeof start === 'string') {
        return { revision: rv, after: start.slice(0, -1) };
      }
    }
  } catch {
    // Told below.
  }
  throw badRequest('continue key is not valid');
}

function keyOf(object: JsonObject): string {
  return `${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`;
}

/** Items of Kubernetes' own types do not say what they are. */
function untyped(object: JsonObject): JsonObject {
  if (!isObject(object)) return object;
  const { kind: _kind, apiVersion: _version, ...rest } = object;
  return rest;
}
