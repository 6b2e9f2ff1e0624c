import type { AdminClient } from '../../devcluster/admin-client.ts';
import { CommandError } from '../command-error.ts';
import type { Manifest } from './manifests.ts';

const FIELD_MANAGER = 'ecs-operator-dev';

/** Kinds as the API server names them in paths, found by discovery once per group. */
export class Applier {
  readonly #client: AdminClient;
  readonly #resources = new Map<string, Promise<ReadonlyMap<string, Resource>>>();

  constructor(client: AdminClient) {
    this.#client = client;
  }

  /** Server-side apply, as `kubectl apply --server-side` does. @throws CommandError with the API server's words. */
  async apply(manifest: Manifest): Promise<void> {
    const path = `${await this.#pathOf(manifest)}?fieldManager=${FIELD_MANAGER}&force=true`;
    const { status, body } = await this.#client.request({
      method: 'PATCH',
      path,
      body: manifest.object,
      contentType: 'application/apply-patch+yaml',
    });
    if (status >= 300) {
      throw new CommandError(`${manifest.where}: ${manifest.kind} ${manifest.name} was refused: ${messageOf(body)}`);
    }
  }

  async #pathOf({ apiVersion, kind, name, namespace, where }: Manifest): Promise<string> {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resources = this.#resources.get(root) ?? this.#discover(root);
    this.#resources.set(root, resources);
    const resource = (await resources).get(kind);
    if (resource === undefined) throw new CommandError(`${where}: the cluster has no ${kind} in ${apiVersion}`);
    const scope = resource.namespaced ? `/namespaces/${encodeURIComponent(namespace ?? 'default')}` : '';
    return `${root}${scope}/${resource.plural}/${encodeURIComponent(name)}`;
  }

  async #discover(root: string): Promise<ReadonlyMap<string, Resource>> {
    const { status, body } = await this.#client.request({ method: 'GET', path: root });
    if (status >= 300) return new Map();
    // Safe: what discovery answers, an APIResourceList.
    const { resources = [] } = body as { resources?: { name: string; kind: string; namespaced: boolean }[] };
    return new Map(
      resources
        .filter(({ name }) => !name.includes('/'))
        .map(({ name, kind, namespaced }) => [kind, { plural: name, namespaced }]),
    );
  }
}

interface Resource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** The message of a Status, or the whole answer. */
export function messageOf(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string') {
    return body.message;
  }
  return JSON.stringify(body);
}
