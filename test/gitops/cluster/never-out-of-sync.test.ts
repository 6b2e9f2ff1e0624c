import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { elements, member, text } from '../../../src/devcluster/json.ts';
import { ownControlPlane, type TestCluster, waitFor } from '../../harness/control-plane.ts';
import { type LiveCondition, World } from '../../harness/world.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));
const MANAGER = 'argocd-controller';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** All objects of examples/, in the test's namespace where they are in one. */
function examples(namespace: string): readonly Manifest[] {
  const files = globSync('*.yaml', { cwd: EXAMPLES }).sort();
  return files.flatMap((file) => {
    const source = readFileSync(`${EXAMPLES}/${file}`, 'utf8').replaceAll('[shop]', `[${namespace}]`);
    // Safe: examples are objects of Kubernetes.
    return parseAllDocuments(source)
      .map((document) => document.toJS() as Manifest)
      .filter(({ kind }) => kind !== 'Namespace')
      .map((one) => ({ ...one, metadata: { ...one.metadata, ...(one.metadata.namespace && { namespace }) } }));
  });
}

function pathOf({ kind, metadata: { name, namespace } }: Manifest): string {
  const plural = KIND_SCHEMAS.find((schema) => schema.kind === kind)?.plural;
  return `/apis/ecs-operator.dev/v1alpha1${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}/${name}`;
}

/** Argo CD's sync with ServerSideApply=true; with `dryRun` its server-side diff. */
async function apply(cluster: TestCluster, manifest: Manifest, dryRun = ''): Promise<unknown> {
  const { status, body } = await cluster.client.request({
    method: 'PATCH',
    path: `${pathOf(manifest)}?fieldManager=${MANAGER}&force=true${dryRun}`,
    contentType: 'application/apply-patch+yaml',
    body: manifest,
  });
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
}

/** Without what Argo CD takes out before it compares: who wrote what, and the counters of Kubernetes. */
function compared(object: unknown): unknown {
  const { metadata, ...rest } = object as { metadata: Record<string, unknown> };
  const { managedFields: _who, resourceVersion: _counter, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

test('with all examples Ready, a server-side diff shows nothing, and nobody but who applied them has written a spec', async () => {
  // The examples bring an AwsAccount, which other tests' operators must not look at.
  await using cluster = await ownControlPlane();
  await using world = await World.start({ cluster, settings: { resyncMs: 1_000 } });
  const manifests = examples(world.namespace);
  for (const manifest of manifests) await apply(cluster, manifest);
  const read = async (manifest: Manifest) =>
    (await cluster.client.request({ method: 'GET', path: pathOf(manifest) })).body;
  for (const manifest of manifests) {
    await waitFor(() => read(manifest), {
      describe: `${manifest.kind} ${manifest.metadata.name} is Ready`,
      until: (seen) => {
        // Safe: our own conditions.
        const conditions = elements(member(seen, 'status', 'conditions')) as LiveCondition[];
        return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
      },
    });
  }

  const byOthers = new Set<string>();
  for (const manifest of manifests) {
    const where = `${manifest.kind} ${manifest.metadata.name}`;
    const live = await read(manifest);
    for (const entry of elements(member(live, 'metadata', 'managedFields'))) {
      const manager = text(member(entry, 'manager')) ?? '';
      if (manager !== MANAGER) byOthers.add(manager);
      const hasSpec = member(entry, 'fieldsV1', 'f:spec') !== undefined;
      expect(hasSpec, `${manager} holds fields of the spec of ${where}`).toBe(manager === MANAGER);
    }
    const predicted = await apply(cluster, manifest, '&dryRun=All');
    expect(compared(predicted), where).toEqual(compared(await read(manifest)));
  }
  // Else nobody but the test has written anything, and the test holds nothing.
  expect([...byOthers]).not.toEqual([]);
});
