import type { KubeObject } from '../kube/object.ts';
import { objectKey } from '../runtime/object-key.ts';
import { Store } from '../runtime/store.ts';
import { type AwsAccount, accountNameOf, DEFAULT_ACCOUNT } from './account.ts';
import type { KindName, Reference } from './kind.ts';
import { type LinkKey, linkKey, referenceKey } from './references.ts';
import type { EcsObject } from './types.ts';
import type { ClusterView } from './view.ts';
import { withoutNulls } from './without-nulls.ts';

const REFERENCES = 'references';

/** How the caches learn what an object of a kind refers to. */
export interface CachedKind {
  readonly name: KindName;
  references(spec: EcsObject['spec']): readonly Reference[];
}

/** The stores of all kinds, with what links objects to each other. */
export class Caches implements ClusterView {
  readonly namespaces = new Store<KubeObject>();
  readonly #stores = new Map<KindName, Store<EcsObject>>();
  readonly #kinds: readonly CachedKind[];
  readonly #limits: { readonly namespaces: readonly string[]; readonly selector: string | undefined };

  /** @param limits.namespaces those that are looked at; none: all. @param limits.selector of the objects */
  constructor(
    kinds: readonly CachedKind[],
    limits: { readonly namespaces: readonly string[]; readonly selector: string | undefined },
  ) {
    this.#kinds = kinds;
    this.#limits = limits;
    for (const kind of kinds) {
      const store = new Store<EcsObject>(withoutNulls);
      store.addIndex(REFERENCES, (object) => referencedBy(kind, object));
      this.#stores.set(kind.name, store);
    }
  }

  /** @throws Error for a kind that is not cached. */
  store(kind: KindName): Store<EcsObject> {
    const store = this.#stores.get(kind);
    if (store === undefined) throw new Error(`no store for ${kind}`);
    return store;
  }

  object(kind: KindName, namespace: string, name: string): EcsObject | undefined {
    return this.#stores.get(kind)?.get(objectKey({ namespace, name }));
  }

  namespace(name: string): KubeObject | undefined {
    return this.namespaces.get(objectKey({ name }));
  }

  account(name: string): AwsAccount | undefined {
    // Safe: the store of AwsAccounts holds nothing else; the API server checks their spec.
    return this.#stores.get('AwsAccount')?.get(objectKey({ name })) as AwsAccount | undefined;
  }

  seesAll(namespace: string): boolean {
    const { namespaces, selector } = this.#limits;
    return selector === undefined && (namespaces.length === 0 || namespaces.includes(namespace));
  }

  dependents(key: LinkKey): readonly EcsObject[] {
    const found: EcsObject[] = [];
    for (const store of this.#stores.values()) found.push(...store.byIndex(REFERENCES, key));
    return found;
  }

  /** What an object refers to. */
  targets(kind: KindName, object: EcsObject): readonly LinkKey[] {
    const cached = this.#kinds.find(({ name }) => name === kind);
    return cached === undefined ? [] : referencedBy(cached, object);
  }

  /** All objects that use an AwsAccount, in whichever of the three ways; of one that is gone, those that did. */
  *usersOf(account: string): IterableIterator<{ readonly kind: KindName; readonly object: EcsObject }> {
    for (const [kind, store] of this.#stores) {
      if (kind === 'AwsAccount') continue;
      for (const object of store.list()) {
        if ((accountNameOf(object, this) ?? DEFAULT_ACCOUNT) === account) yield { kind, object };
      }
    }
  }

  /** All our objects of a namespace. */
  *inNamespace(namespace: string): IterableIterator<{ readonly kind: KindName; readonly object: EcsObject }> {
    for (const [kind, store] of this.#stores) {
      for (const object of store.list()) if (object.metadata.namespace === namespace) yield { kind, object };
    }
  }
}

function referencedBy(kind: CachedKind, object: EcsObject): LinkKey[] {
  return kind.references(object.spec).map((reference) => referenceKey(reference, object.metadata.namespace));
}

/** The key of an object of ours. */
export function linkOf(kind: KindName, object: EcsObject): LinkKey {
  return linkKey(kind, object.metadata.namespace, object.metadata.name);
}
