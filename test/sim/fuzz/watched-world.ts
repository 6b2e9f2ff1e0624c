import { KubeClient } from '../../../src/kube/client.ts';
import type { KubeObject, ResourceType } from '../../../src/kube/object.ts';
import type { KubeRequest, KubeResponse, KubeTransport } from '../../../src/kube/transport.ts';
import { objectKey } from '../../../src/runtime/object-key.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { Reflector } from '../../../src/runtime/reflector.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { InMemoryKubeApi } from '../kube-api/in-memory-kube-api.ts';
import { type JsonObject, objectAt, textAt } from '../kube-api/json.ts';

const CLUSTERS: ResourceType = {
  group: 'ecs-operator.dev',
  version: 'v1alpha1',
  kind: 'EcsCluster',
  plural: 'ecsclusters',
  namespaced: true,
};
const RESOURCE = 'ecsclusters.ecs-operator.dev';
const PATH = '/apis/ecs-operator.dev/v1alpha1/namespaces/shop/ecsclusters';
const SILENT_LOG = { debug() {}, info() {}, warn() {}, error() {} };

/** What becomes of the answers to lists and watches on their way, in their order; later ones arrive as they were sent. */
export type Meddle = (request: KubeRequest, answer: () => Promise<KubeResponse>) => Promise<KubeResponse>;

/** One reflector over an API in memory, with somebody in between who changes what it gets. */
export class WatchedWorld {
  readonly clock = new VirtualClock();
  readonly #api = new InMemoryKubeApi({
    clock: this.clock,
    random: seededRandom(1),
    namespaces: ['shop'],
    onChange: ({ resource, object }) => {
      if (resource === RESOURCE) this.#served.add(versionOf(object));
    },
  });
  readonly #client = new KubeClient({ transport: this.#api.transport, clock: this.clock });
  readonly #reflector: Reflector<KubeObject>;
  readonly #served = new Set<string>();
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  /** Lists and watches that the reflector has asked for. */
  requests = 0;
  /** What the store showed although the API server never had it, or what a listener's fault was. */
  readonly phantoms: string[] = [];

  constructor(meddle: Meddle) {
    const transport: KubeTransport = (request) => {
      this.requests++;
      return meddle(request, () => this.#api.transport(request));
    };
    this.#reflector = new Reflector<KubeObject>({
      client: new KubeClient({ transport, clock: this.clock }),
      type: CLUSTERS,
      clock: this.clock,
      random: seededRandom(2),
      log: SILENT_LOG,
      namespaces: ['shop'],
    });
    this.#reflector.store.onChange((change) => {
      const version = versionOf(change.object);
      if (change.type !== 'deleted' && !this.#served.has(version)) this.phantoms.push(`${change.type} ${version}`);
    });
  }

  start(): void {
    this.#running = this.#reflector.run(this.#stopping.signal);
  }

  /** @throws what ended the reflector's loop; nothing may. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('told to stop'));
    await this.clock.advanceAsync(0);
    await this.#running;
  }

  /** Makes the object, changes it, or deletes it, past all meddling. */
  async change(name: string, to: 'made or changed' | 'deleted', value: string): Promise<void> {
    const target = { namespace: 'shop', name };
    const exists = this.#api.objects(RESOURCE).some((object) => textAt(object, 'metadata', 'name') === name);
    if (to === 'deleted') {
      if (exists) await this.#client.delete(CLUSTERS, target);
      return;
    }
    const annotations = { value };
    if (exists) {
      await this.#client.mergePatch(CLUSTERS, target, { metadata: { annotations } });
      return;
    }
    const { group, version, kind } = CLUSTERS;
    const object = { apiVersion: `${group}/${version}`, kind, metadata: { ...target, annotations }, spec: {} };
    await this.#client.create(CLUSTERS, object);
  }

  compact(): void {
    this.#api.compact();
  }

  /** Resolves when it is over; time passes as it would. */
  pass(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  /** The versions that the API server has, by name. */
  get truth(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#api.objects(RESOURCE).map((object) => [keyOf(object), versionOf(object)]));
  }

  /** The versions that the store has, by key. */
  get believed(): Readonly<Record<string, string>> {
    const { store } = this.#reflector;
    return Object.fromEntries([...store.keys()].map((key) => [key, versionOf(store.get(key))]));
  }

  get problem(): string | undefined {
    return this.#reflector.problem();
  }

  get path(): string {
    return PATH;
  }
}

function keyOf(object: JsonObject): string {
  const { namespace = '', name = '' } = objectAt(object, 'metadata') ?? {};
  return objectKey({ namespace: String(namespace), name: String(name) });
}

function versionOf(object: object | undefined): string {
  const metadata: unknown = object === undefined ? undefined : Reflect.get(object, 'metadata');
  return typeof metadata === 'object' && metadata !== null ? String(Reflect.get(metadata, 'resourceVersion')) : 'none';
}
