import { forbidden, notFound } from '../api-error.ts';
import { type JsonObject, listAt } from '../json.ts';
import type { Storage } from '../storage.ts';
import { CRDS, hasCondition } from './crds.ts';
import { isTerminating, NAMESPACES } from './namespaces.ts';
import { byPlural, type Resource, resourceId } from './resource.ts';

/** What is asked beyond the object itself: is its namespace there, is its type on its way out? */
export class Admission {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** @throws ApiError when nothing may be created here (any more). */
  admitCreate(resource: Resource, namespace: string, name: string): void {
    if (resource.namespaced) this.#admitIntoNamespace(resource, namespace, name);
    const crd = this.#storage.get({ resource: resourceId(CRDS), namespace: '', name: resourceId(resource) });
    if (crd !== undefined && hasCondition(crd, 'Terminating')) {
      const why = 'create not allowed while custom resource definition is terminating';
      throw forbidden({ resource: byPlural(resource), name, why });
    }
  }

  /** k8s.io/apiserver, plugin/namespace/lifecycle. */
  #admitIntoNamespace(resource: Resource, namespace: string, name: string): void {
    const found = this.#storage.get({ resource: resourceId(NAMESPACES), namespace: '', name: namespace });
    if (found === undefined) throw notFound(byPlural(NAMESPACES), namespace);
    if (!isTerminating(found)) return;
    throw forbidden({
      resource: byPlural(resource),
      name,
      why: `unable to create new content in namespace ${namespace} because it is being terminated`,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    });
  }

  /** Whether an object without metadata.finalizers may be removed: a namespace has some of its own. */
  mayGo(resource: Resource, object: JsonObject): boolean {
    return resource !== NAMESPACES || listAt(object, 'spec', 'finalizers').length === 0;
  }
}
