import { GROUP } from '../../../src/crd/definition.ts';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { KubeClient } from '../../../src/kube/client.ts';
import type { ResourceType } from '../../../src/kube/object.ts';
import type { EcsObject } from '../../../src/reconcile/types.ts';
import type { Clock } from '../../../src/runtime/clock.ts';
import type { InMemoryKubeApi } from '../kube-api/in-memory-kube-api.ts';
import { operatorCrds } from '../kube-api/installed-crds.ts';
import { kindOf } from './crd-kind.ts';
import { NAMESPACE } from './names.ts';

/** An object as a person writes it. */
export interface Manifest {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: object;
}

const NAMESPACES: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};

const CRDS: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

const TYPES: ReadonlyMap<string, ResourceType> = new Map([
  ['Namespace', NAMESPACES],
  ['CustomResourceDefinition', CRDS],
  ...KIND_SCHEMAS.map(({ kind, plural, scope }): [string, ResourceType] => [
    kind,
    { group: GROUP, version: 'v1alpha1', kind, plural, namespaced: scope !== 'Cluster' },
  ]),
]);

/** All types of ours, as the API in memory calls them. */
export const OUR_RESOURCES: readonly string[] = KIND_SCHEMAS.map(({ plural }) => `${plural}.${GROUP}`);

/** A person with kubectl: talks to the API server at once, past all faults. */
export class Person {
  readonly #api: InMemoryKubeApi;
  readonly #client: KubeClient;

  constructor(api: InMemoryKubeApi, clock: Clock) {
    this.#api = api;
    const transport = api.transport;
    this.#client = new KubeClient({
      clock,
      transport: (request) => transport({ ...request, headers: { ...request.headers, 'user-agent': 'kubectl/1' } }),
    });
  }

  /** `kubectl create`. Objects without a namespace go to `shop`. */
  async create(...manifests: readonly Manifest[]): Promise<void> {
    for (const manifest of manifests) {
      const type = typeOf(manifest.kind);
      const namespace = type.namespaced ? { namespace: manifest.metadata.namespace ?? NAMESPACE } : {};
      const object = { apiVersion: versionOf(type), ...manifest, metadata: { ...manifest.metadata, ...namespace } };
      await this.#client.create(type, object, { fieldManager: 'kubectl' });
    }
  }

  /** Installs the CustomResourceDefinition of a kind of ours, as the chart does. */
  async installCrd(kind: string): Promise<void> {
    const crd = operatorCrds().find((one) => kindOf(one) === kind);
    if (crd === undefined) throw new Error(`there is no kind ${kind} of ours`);
    // Safe: what is generated as a CRD is a Kubernetes object.
    await this.create(crd as unknown as Manifest);
  }

  /** `kubectl patch --type=merge`; a null takes a member away. */
  async patch(kind: string, name: string, patch: object, namespace = NAMESPACE): Promise<void> {
    const type = typeOf(kind);
    await this.#client.mergePatch(type, { name, ...(type.namespaced && { namespace }) }, patch, {
      fieldManager: 'kubectl',
    });
  }

  /** `kubectl delete`, without waiting. */
  async delete(kind: string, name: string, namespace = NAMESPACE): Promise<void> {
    const type = typeOf(kind);
    await this.#client.delete(type, { name, ...(type.namespaced && { namespace }) });
  }

  /** One object as it is now, or undefined. */
  object(kind: string, name: string, namespace = NAMESPACE): EcsObject | undefined {
    const type = typeOf(kind);
    return this.objects(kind).find(
      ({ metadata }) => metadata.name === name && (!type.namespaced || metadata.namespace === namespace),
    );
  }

  /** All objects of a kind, or of all kinds of ours, as they are now. */
  objects(kind?: string): readonly EcsObject[] {
    const resources = kind === undefined ? OUR_RESOURCES : [resourceOf(typeOf(kind))];
    // Safe: the API server checked them by the CRDs.
    return resources.flatMap((resource) => this.#api.objects(resource)) as unknown as readonly EcsObject[];
  }

  /** The UID of the namespace kube-system. @throws Error when the cluster has none. */
  clusterUid(): string {
    const found = this.#api.objects('namespaces').map(({ metadata }) => Object(metadata));
    const uid: unknown = found.find(({ name }) => name === 'kube-system')?.uid;
    if (typeof uid !== 'string') throw new Error('there is no namespace kube-system');
    return uid;
  }

  /** @throws Error unless the object's condition has that status (and reason). */
  expectCondition(kind: string, name: string, condition: { type: string; status: string; reason?: string }): void {
    const found = this.object(kind, name)?.status?.conditions?.find(({ type }) => type === condition.type);
    const same = found?.status === condition.status && (condition.reason ?? found.reason) === found.reason;
    if (!same)
      throw new Error(`${kind} ${name}: expected ${JSON.stringify(condition)}, found ${JSON.stringify(found)}`);
  }

  /** @throws Error unless every object of ours is Ready. */
  expectAllReady(): void {
    for (const { kind, metadata } of this.objects()) {
      if (kind !== 'AwsAccount') this.expectCondition(kind, metadata.name, { type: 'Ready', status: 'True' });
    }
  }
}

/** @throws Error for a kind that nobody serves. */
function typeOf(kind: string): ResourceType {
  const type = TYPES.get(kind);
  if (type === undefined) throw new Error(`there is no kind ${kind}; there are ${[...TYPES.keys()].join(', ')}`);
  return type;
}

function resourceOf({ plural, group }: ResourceType): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function versionOf({ group, version }: ResourceType): string {
  return group === '' ? version : `${group}/${version}`;
}
