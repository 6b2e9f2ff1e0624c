import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { ROOT } from './command.ts';
import { CHART } from './release.ts';

/** The field that the older chart does not know yet: a new deployment, declared. */
export const NEW_FIELD = 'restartedAt';

/** A chart in a folder of its own. */
export interface OlderChart extends AsyncDisposable {
  readonly folder: string;
}

/** This chart as it may have been a version ago: another number, and a field less in a CustomResourceDefinition. */
export async function olderChart(): Promise<OlderChart> {
  const work = await mkdtemp(join(tmpdir(), 'ecs-operator-chart-'));
  const folder = join(work, 'ecs-operator');
  await cp(join(ROOT, CHART), folder, { recursive: true });
  await edit(join(folder, 'Chart.yaml'), (chart) => chart.set('version', '0.0.1'));
  await edit(join(folder, 'files/crds/ecsservices.yaml'), (crd) => {
    const schema = ['spec', 'versions', 0, 'schema', 'openAPIV3Schema'];
    const path = [...schema, 'properties', 'spec', 'properties', NEW_FIELD];
    if (!crd.deleteIn(path)) throw new Error(`${NEW_FIELD} is not in the CustomResourceDefinition any more`);
  });
  return { folder, [Symbol.asyncDispose]: () => rm(work, { recursive: true, force: true }) };
}

async function edit(file: string, change: (document: ReturnType<typeof parseDocument>) => void): Promise<void> {
  const document = parseDocument(await readFile(file, 'utf8'));
  change(document);
  await writeFile(file, document.toString());
}
