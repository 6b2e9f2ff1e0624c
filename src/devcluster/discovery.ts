import type { AdminClient } from './admin-client.ts';
import { elements, member, text } from './json.ts';

/** One namespaced type of object, e.g. `{group: 'apps', version: 'v1', resource: 'deployments'}`. */
export interface NamespacedType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** All namespaced types that can be listed and deleted as a collection, in the version that the server prefers. */
export async function namespacedTypes(client: AdminClient): Promise<readonly NamespacedType[]> {
  const found: NamespacedType[] = [];
  for (const path of ['/api', '/apis']) {
    const answer = await client.request({ method: 'GET', path, accept: AGGREGATED });
    if (answer.status !== 200) throw new Error(`GET ${path}: HTTP ${answer.status}`);
    for (const group of elements(member(answer.body, 'items'))) found.push(...typesOfGroup(group));
  }
  return found;
}

function typesOfGroup(item: unknown): NamespacedType[] {
  const group = text(member(item, 'metadata', 'name')) ?? '';
  const byResource = new Map<string, NamespacedType>();
  for (const entry of elements(member(item, 'versions'))) {
    const version = text(member(entry, 'version')) ?? '';
    for (const described of elements(member(entry, 'resources'))) {
      const resource = text(member(described, 'resource')) ?? '';
      const verbs = elements(member(described, 'verbs'));
      const usable = verbs.includes('list') && verbs.includes('deletecollection');
      if (member(described, 'scope') !== 'Namespaced' || !usable || byResource.has(resource)) continue;
      byResource.set(resource, { group, version, resource });
    }
  }
  return [...byResource.values()];
}
