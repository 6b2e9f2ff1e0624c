import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AdminClient } from '../../devcluster/admin-client.ts';
import { elements, member } from '../../devcluster/json.ts';
import { type Clock, sleep } from '../../runtime/clock.ts';
import { CommandError } from '../command-error.ts';
import { Applier } from './apply.ts';
import { readManifests } from './manifests.ts';

/** Applies the CRDs of the package and waits until the API server serves them. */
export async function installCrds(client: AdminClient, clock: Clock, signal: AbortSignal): Promise<void> {
  // The same from src/cli/dev and from the bundle in dist.
  const directory = await packageDirectory('crds');
  const files = (await readdir(directory)).filter((file) => file.endsWith('.yaml')).sort();
  const manifests = await readManifests(files.map((file) => join(directory, file)));
  const applier = new Applier(client);
  for (const manifest of manifests) await applier.apply(manifest);
  for (const { name } of manifests) {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
    for (;;) {
      const { body } = await client.request({ method: 'GET', path });
      const established = elements(member(body, 'status', 'conditions')).some(
        (one) => member(one, 'type') === 'Established' && member(one, 'status') === 'True',
      );
      if (established) break;
      await sleep(clock, 50, signal);
    }
  }
}

/** A folder of the package this file belongs to. @throws CommandError when there is none. */
async function packageDirectory(name: string): Promise<string> {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = await readFile(join(directory, 'package.json'), 'utf8').catch(() => undefined);
    if (manifest !== undefined) return join(directory, name);
    const parent = dirname(directory);
    if (parent === directory) throw new CommandError(`the package's folder ${name} is not there`);
    directory = parent;
  }
}
