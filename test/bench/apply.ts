import type { AdminClient } from '../../src/devcluster/admin-client.ts';
import type { Manifest } from './manifests.ts';

/** How many requests are under way at once. */
const AT_ONCE = 16;

/** Applies objects, in their order but several at once, as `kubectl apply --server-side` does. @throws Error when refused. */
export async function applyAll(client: AdminClient, manifests: Iterable<Manifest>): Promise<void> {
  const rest = manifests[Symbol.iterator]();
  const applier = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await apply(client, next.value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, applier));
}

async function apply(client: AdminClient, { path, object }: Manifest): Promise<void> {
  const { status, body } = await client.request({
    method: 'PATCH',
    path: `${path}?fieldManager=bench&force=true`,
    contentType: 'application/apply-patch+yaml',
    body: object,
  });
  if (status !== 201) throw new Error(`${path} was not created: HTTP ${status} ${JSON.stringify(body)}`);
}
