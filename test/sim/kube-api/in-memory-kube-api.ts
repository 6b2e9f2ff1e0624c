import type { KubeRequest, KubeResponse, KubeTransport } from '../../../src/kube/transport.ts';
import { type Clock, kubeTime } from '../../../src/runtime/clock.ts';
import type { Random } from '../../../src/runtime/random.ts';
import { Remembered } from '../remembered.ts';
import { body, json, text } from './answers.ts';
import { ApiError, badRequest } from './api-error.ts';
import { CrdLifecycle, established } from './controllers/crd-lifecycle.ts';
import { GarbageCollector } from './controllers/garbage-collector.ts';
import { NamespaceLifecycle } from './controllers/namespace-lifecycle.ts';
import { OPERATOR_RULES, operatorCrds } from './installed-crds.ts';
import { isObject, type Json, type JsonObject, objectAt, textAt } from './json.ts';
import { Admission } from './registry/admission.ts';
import { CRDS } from './registry/crds.ts';
import { Deletion } from './registry/deletion.ts';
import { NAMESPACES, withNameLabel } from './registry/namespaces.ts';
import { Registry } from './registry/registry.ts';
import { type Resource, resourceId } from './registry/resource.ts';
import { Resources, type RulesByType } from './registry/resources.ts';
import { type RequestTarget, requestTarget } from './request-target.ts';
import { Server } from './server.ts';
import { Storage, type StorageEvent } from './storage.ts';
import { uuid } from './uuid.ts';
import type { Watch } from './watch/watch.ts';
import { Watches } from './watch/watches.ts';

export interface InMemoryKubeApiOptions {
  readonly clock: Clock;
  /** For UIDs, generated names, and how long watches live. */
  readonly random: Random;
  /** CustomResourceDefinitions that are served from the start; the operator's when left out. */
  readonly crds?: readonly JsonObject[];
  /** What stands for the CEL rules; the operator's when left out. A CRD with another rule makes the API throw. */
  readonly rules?: RulesByType;
  /** Namespaces that are there from the start, besides default and kube-system. */
  readonly namespaces?: readonly string[];
  /** How long Kubernetes' own controllers take to notice what they have to do; milliseconds, default 10. */
  readonly controllerDelayMs?: number;
  /** In which order a namespace that ends is emptied of its types; as they were installed when left out. */
  readonly arrange?: (types: readonly Resource[]) => readonly Resource[];
  /** Hears of each watch before it sends anything. */
  readonly onWatch?: (watch: Watch) => void;
  /** Hears of every change of an object, within the write that makes it. */
  readonly onChange?: (change: StorageEvent) => void;
}

const VERSION = { major: '1', minor: '34', gitVersion: 'v1.34.4-in-memory' };

/**
 * A Kubernetes API server in memory, with the controllers that the operator counts on (CRDs, namespaces, garbage),
 * below the transport's seam: answers and watches are bytes. All time and chance come from outside, each request is
 * done in one go when it arrives, and the same requests give the same answers.
 *
 * The conformance suite runs the same assertions against it and a real kube-apiserver.
 */
export class InMemoryKubeApi {
  /** Sends requests to it. Aborted requests and watches fail as on a socket. */
  readonly transport: KubeTransport;
  readonly #options: InMemoryKubeApiOptions;
  readonly #storage = new Storage();
  readonly #resources: Resources;
  readonly #watches: Watches;
  readonly #server: Server;

  constructor(options: InMemoryKubeApiOptions) {
    this.#options = options;
    const { clock, random, controllerDelayMs = 10, onWatch = () => {}, arrange = (types) => types } = options;
    const storage = this.#storage;
    if (options.onChange !== undefined) storage.listen(options.onChange);
    this.#watches = new Watches(storage, onWatch);
    const rules = options.rules ?? OPERATOR_RULES;
    this.#resources = new Resources({ storage, watches: this.#watches, rules });
    const deletion = new Deletion({ storage, clock });
    const registry = new Registry({ storage, clock, random, admission: new Admission(storage) });
    this.#server = new Server({ storage, clock, random, registry, deletion, watches: this.#watches });
    this.#seed();
    const shared = { storage, clock, deletion, delayMs: controllerDelayMs };
    const types = () => this.#resources.all();
    new CrdLifecycle({ ...shared, served: (crd) => this.#resources.get(textAt(crd, 'metadata', 'name') ?? '') });
    new NamespaceLifecycle({ ...shared, types: () => arrange(types().filter(({ namespaced }) => namespaced)) });
    new GarbageCollector({ ...shared, types });
    this.transport = (request) => this.#answer(request);
  }

  /** The watches that are under way, in the order in which they began. */
  get watches(): readonly Watch[] {
    return this.#watches.open;
  }

  /** Forgets the history, as etcd does when it is compacted: watches and lists from before get 410. */
  compact(): void {
    this.#storage.compact();
  }

  /** The objects of a type as they are now, e.g. of `ecsservices.ecs-operator.dev`; for a judge. */
  objects(resource: string): readonly JsonObject[] {
    return this.#storage.list(resource);
  }

  /** The latest resourceVersion: it grows with each change. */
  get revision(): number {
    return this.#storage.revision;
  }

  #seed(): void {
    const { clock, random, crds = operatorCrds(), namespaces = [] } = this.#options;
    const time = kubeTime(clock.now());
    const born = (name: string) => ({ name, uid: uuid(random), creationTimestamp: time });
    for (const name of ['default', 'kube-system', ...namespaces]) {
      const object = withNameLabel({ apiVersion: 'v1', kind: 'Namespace', metadata: born(name) });
      const place = { resource: resourceId(NAMESPACES), namespace: '', name };
      this.#storage.put(place, NAMESPACES.prepareCreate(object));
    }
    for (const crd of crds) {
      const name = textAt(crd, 'metadata', 'name') ?? '';
      const metadata = { ...objectAt(crd, 'metadata'), ...born(name), generation: 1 };
      const object = established(CRDS.prepareCreate({ ...crd, metadata }), time);
      this.#storage.put({ resource: resourceId(CRDS), namespace: '', name }, object);
    }
  }

  async #answer(request: KubeRequest): Promise<KubeResponse> {
    const { signal } = request;
    signal.throwIfAborted();
    const response = this.#respond(request);
    // Nobody gets an answer in the same instant in which they ask.
    await undefined;
    signal.throwIfAborted();
    return response;
  }

  #respond(request: KubeRequest): KubeResponse {
    const { path, target, query } = addresses.of([request.path], () => addressed(request.path));
    if (path === '/version') return json(200, VERSION);
    const resource = target === undefined ? undefined : this.#resources.find(target);
    if (target === undefined || resource === undefined) return text(404, '404 page not found\n');
    try {
      const answer = this.#server.serve(resource, {
        method: request.method,
        target,
        query,
        contentType: (request.headers['content-type'] ?? '').split(';')[0] ?? '',
        userAgent: request.headers['user-agent'] ?? '',
        body: parsed(request.body),
      });
      if ('watch' in answer) return body(answer.watch, request.signal);
      return json(answer.code, answer.object);
    } catch (error) {
      if (error instanceof ApiError) return json(error.code, error.status);
      throw error;
    }
  }
}

interface Address {
  readonly path: string;
  readonly target: RequestTarget | undefined;
  readonly query: URLSearchParams;
}

const addresses = new Remembered<Address>();

function addressed(text: string): Address {
  const [path = '', query = ''] = text.split('?');
  return { path, target: requestTarget(path), query: new URLSearchParams(query) };
}

/** Equal bodies are one object, so that what is made of the one holds for the other. */
const bodies = new Remembered<JsonObject>();

function parsed(text: string | undefined): Json | undefined {
  return text === undefined || text === '' ? undefined : bodies.of([text], () => objectOf(text));
}

function objectOf(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badRequest(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  // Safe: JSON.parse makes nothing but JSON.
  const body = value as Json;
  if (!isObject(body)) throw badRequest('the object provided is unrecognized: it is no JSON object');
  return body;
}
