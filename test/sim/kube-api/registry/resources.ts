import type { Rule } from '../../../../src/kinds/schema/kind-schema.ts';
import { at, type JsonObject, sameJson, textAt } from '../json.ts';
import type { RequestTarget } from '../request-target.ts';
import type { Storage, StorageEvent } from '../storage.ts';
import type { Watches } from '../watch/watches.ts';
import { CRDS, customResourceOf, hasCondition } from './crds.ts';
import { EVENTS } from './events.ts';
import { LEASES } from './leases.ts';
import { NAMESPACES } from './namespaces.ts';
import { type Resource, resourceId } from './resource.ts';

/** The CEL rules of types, with the predicates that say the same, by e.g. `ecsservices.ecs-operator.dev`. */
export type RulesByType = ReadonlyMap<string, readonly Rule[]>;

/** The types that are served: Kubernetes' own, and those of CRDs that are established. */
export class Resources {
  readonly #served = new Map<string, Resource>();
  readonly #options: { readonly storage: Storage; readonly watches: Watches; readonly rules: RulesByType };

  constructor(options: { readonly storage: Storage; readonly watches: Watches; readonly rules: RulesByType }) {
    this.#options = options;
    for (const resource of [NAMESPACES, LEASES, EVENTS, CRDS]) this.#served.set(resourceId(resource), resource);
    options.storage.listen((event) => this.#see(event));
  }

  /** By its id, e.g. `ecsservices.ecs-operator.dev`. */
  get(id: string): Resource | undefined {
    return this.#served.get(id);
  }

  all(): readonly Resource[] {
    return [...this.#served.values()];
  }

  /** What a path leads to; undefined when nothing is served there. */
  find(target: RequestTarget): Resource | undefined {
    const resource = this.#served.get(resourceId(target));
    if (resource === undefined || resource.version !== target.version) return undefined;
    if (
      resource.namespaced ? target.name !== undefined && target.namespace === undefined : target.namespace !== undefined
    ) {
      return undefined;
    }
    return resource;
  }

  #see({ resource, name, type, object, previous }: StorageEvent): void {
    if (resource !== resourceId(CRDS)) return;
    if (type === 'DELETED') {
      this.#served.delete(name);
      this.#options.watches.endOf(name);
      return;
    }
    if (!hasCondition(object, 'Established')) return;
    const isNew = !this.#served.has(name);
    if (isNew) this.#options.storage.forget(name);
    // Who changes a schema makes the API server serve the type anew: its watches end.
    else if (sameJson(at(object, 'spec'), at(previous, 'spec'))) return;
    else this.#options.watches.endOf(name);
    this.#served.set(name, this.#typeOf(object));
  }

  #typeOf(crd: JsonObject): Resource {
    return customResourceOf(crd, this.#options.rules.get(textAt(crd, 'metadata', 'name') ?? '') ?? []);
  }
}
