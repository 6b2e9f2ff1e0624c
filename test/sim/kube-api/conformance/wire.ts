import type { KindSchema } from '../../../../src/kinds/schema/kind-schema.ts';
import { at, type Json, type JsonObject, listAt, objectAt, textAt } from '../json.ts';
import type { ConformanceTarget } from './target.ts';
import { WatchReader } from './watch-reader.ts';

/** What came back: an object, or a Status. */
export interface Answer {
  readonly code: number;
  readonly body: JsonObject;
}

export interface WriteQuery {
  readonly fieldManager?: string;
  readonly force?: boolean;
  readonly dryRun?: 'All';
  readonly fieldValidation?: 'Strict' | 'Ignore';
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

const MERGE = 'application/merge-patch+json';
const APPLY = 'application/apply-patch+yaml';

/** Requests as they go over the wire, to any target. */
export class Wire {
  readonly target: ConformanceTarget;

  constructor(target: ConformanceTarget) {
    this.target = target;
  }

  async send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options: {
      readonly body?: Json | undefined;
      readonly query?: Query | undefined;
      readonly contentType?: string;
    } = {},
  ): Promise<Answer> {
    const { body, query = {}, contentType = 'application/json' } = options;
    const response = await this.target.transport({
      method,
      path: path + queryText(query),
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': contentType }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: new AbortController().signal,
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    return { code: response.status, body: parsed(Buffer.concat(chunks).toString()) };
  }

  /** Opens a watch and collects its events. */
  watch(path: string, query: Query): Promise<WatchReader> {
    return WatchReader.open(this.target, path + queryText({ watch: true, ...query }));
  }

  collection(type: ResourceName, namespace?: string): Collection {
    return new Collection(this, type, namespace);
  }

  /** Creates a namespace of its own. */
  async namespace(prefix = 'conform'): Promise<string> {
    const name = this.target.uniqueName(prefix);
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    expectCode(await this.send('POST', '/api/v1/namespaces', { body }), 201);
    return name;
  }
}

/** A type, as its paths and objects name it. */
export interface ResourceName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

const OPERATOR = 'ecs-operator.dev/v1alpha1';
export const SERVICES: ResourceName = { apiVersion: OPERATOR, kind: 'EcsService', plural: 'ecsservices' };
export const TASKS: ResourceName = { apiVersion: OPERATOR, kind: 'EcsTaskDefinition', plural: 'ecstaskdefinitions' };
export const CLUSTERS: ResourceName = { apiVersion: OPERATOR, kind: 'EcsCluster', plural: 'ecsclusters' };
export const ACCOUNTS: ResourceName = { apiVersion: OPERATOR, kind: 'AwsAccount', plural: 'awsaccounts' };

/** As the generated CRDs serve a kind. */
export function typeOf({ kind, plural }: KindSchema): ResourceName {
  return { apiVersion: OPERATOR, kind, plural };
}

/** The objects of one type in one namespace, or of a cluster-scoped type. */
export class Collection {
  readonly path: string;
  readonly #wire: Wire;
  readonly #type: ResourceName;
  readonly #namespace: string | undefined;

  constructor(wire: Wire, type: ResourceName, namespace: string | undefined) {
    const { apiVersion, plural } = type;
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    this.path = `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
    this.#wire = wire;
    this.#type = type;
    this.#namespace = namespace;
  }

  /** An object as a manifest says it. */
  object(name: string, rest: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
    const { apiVersion, kind } = this.#type;
    const place = this.#namespace === undefined ? { name } : { name, namespace: this.#namespace };
    return { apiVersion, kind, metadata: { ...place, ...metadata }, ...rest };
  }

  create(object: JsonObject, query?: WriteQuery): Promise<Answer> {
    return this.#wire.send('POST', this.path, { body: object, query: { fieldManager: 'creator', ...query } });
  }

  /** Creates, and fails when that is refused. @returns the object. */
  async made(name: string, rest: JsonObject, metadata?: JsonObject): Promise<JsonObject> {
    return expectCode(await this.create(this.object(name, rest, metadata)), 201);
  }

  get(name: string, subresource?: string): Promise<Answer> {
    return this.#wire.send('GET', this.#at(name, subresource));
  }

  async live(name: string): Promise<JsonObject> {
    return expectCode(await this.get(name), 200);
  }

  put(name: string, object: JsonObject, query?: WriteQuery & { readonly subresource?: string }): Promise<Answer> {
    const { subresource, ...rest } = query ?? {};
    const all = { fieldManager: 'updater', ...rest };
    return this.#wire.send('PUT', this.#at(name, subresource), { body: object, query: all });
  }

  patch(name: string, patch: JsonObject, query?: WriteQuery & { readonly subresource?: string }): Promise<Answer> {
    const { subresource, ...rest } = query ?? {};
    const all = { fieldManager: 'patcher', ...rest };
    return this.#wire.send('PATCH', this.#at(name, subresource), { body: patch, query: all, contentType: MERGE });
  }

  /** Server-side apply of what is given besides kind and name. */
  apply(
    name: string,
    rest: JsonObject,
    query?: WriteQuery & { readonly subresource?: string; readonly metadata?: JsonObject },
  ): Promise<Answer> {
    const { subresource, metadata, ...others } = query ?? {};
    const all = { fieldManager: 'applier', ...others };
    const body = this.object(name, rest, metadata);
    return this.#wire.send('PATCH', this.#at(name, subresource), { body, query: all, contentType: APPLY });
  }

  delete(name: string, options?: JsonObject): Promise<Answer> {
    const body = options === undefined ? undefined : { kind: 'DeleteOptions', apiVersion: 'v1', ...options };
    return this.#wire.send('DELETE', this.#at(name), { body });
  }

  list(query?: Query): Promise<Answer> {
    return this.#wire.send('GET', this.path, { query });
  }

  watch(query: Query): Promise<WatchReader> {
    return this.#wire.watch(this.path, query);
  }

  #at(name: string, subresource?: string): string {
    return `${this.path}/${name}${subresource === undefined ? '' : `/${subresource}`}`;
  }
}

/** @returns the body. @throws Error when the answer has another code. */
export function expectCode({ code, body }: Answer, wanted: number): JsonObject {
  if (code !== wanted) throw new Error(`answered ${code} instead of ${wanted}: ${JSON.stringify(body)}`);
  return body;
}

export function versionOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'resourceVersion') ?? '';
}

export function uidOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'uid') ?? '';
}

export function generationOf(object: JsonObject): Json | undefined {
  return at(object, 'metadata', 'generation');
}

/** Each cause once, as `reason field message`. */
export function causes(answer: Answer): readonly string[] {
  const all = listAt(answer.body, 'details', 'causes').map((cause) =>
    [at(cause, 'reason'), at(cause, 'field'), at(cause, 'message')]
      .map((part: Json | undefined) => String(part))
      .join(' '),
  );
  return [...new Set(all)].sort();
}

/** Who owns what, by `manager/operation/subresource`. */
export function ownersOf(object: JsonObject): JsonObject {
  return Object.fromEntries(
    listAt(object, 'metadata', 'managedFields').map((entry) => {
      const names = ['manager', 'operation', 'subresource'].map((name) => textAt(entry, name)).filter(Boolean);
      return [names.join('/'), objectAt(entry, 'fieldsV1') ?? {}];
    }),
  );
}

function queryText(query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? '' : `?${given}`;
}

function parsed(text: string): JsonObject {
  try {
    // Safe: the API answers with objects; anything else ends up under `text`.
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : { text };
  } catch {
    return { text };
  }
}
