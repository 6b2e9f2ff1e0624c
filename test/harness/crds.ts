import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { AdminClient } from '../../src/devcluster/admin-client.ts';
import { elements, member, text } from '../../src/devcluster/json.ts';
import { waitFor } from './wait-for.ts';

const CRDS = fileURLToPath(new URL('../../crds/', import.meta.url));

/** Applies every generated CRD and waits until the API server serves them all. */
export async function installCrds(client: AdminClient, directory = CRDS): Promise<void> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.yaml'));
  await Promise.all(
    files.map(async (file) => {
      const crd: unknown = parse(await readFile(join(directory, file), 'utf8'));
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${text(member(crd, 'metadata', 'name'))}`;
      const applied = await client.request({
        method: 'PATCH',
        path: `${path}?fieldManager=test&force=true`,
        contentType: 'application/apply-patch+yaml',
        body: crd,
      });
      if (applied.status >= 300) throw new Error(`${file} is refused: ${JSON.stringify(applied.body)}`);
      await waitFor(
        async () => elements(member((await client.request({ method: 'GET', path })).body, 'status', 'conditions')),
        {
          describe: `${file} is established`,
          until: (conditions) =>
            conditions.some(
              (condition) => member(condition, 'type') === 'Established' && member(condition, 'status') === 'True',
            ),
        },
      );
    }),
  );
}
