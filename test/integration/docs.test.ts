import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { KIND_SCHEMAS } from '../../src/crd/kinds.ts';
import { member, text } from '../../src/devcluster/json.ts';
import { sharedControlPlane } from '../harness/control-plane.ts';

const root = join(import.meta.dirname, '../..');
const PAGES = ['README.md', ...globSync('docs/*.md', { cwd: root })].sort();

interface Manifest {
  readonly where: string;
  readonly kind: string;
  readonly object: object;
}

/** The whole objects of our kinds in a page's YAML; what shows a part of one is left out. */
function manifestsIn(page: string): readonly Manifest[] {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)];
  return blocks.flatMap(([, indent = '', block = '']) =>
    [...parseAllDocuments(block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))].flatMap((document) => {
      const object: unknown = document.toJS();
      const kind = text(member(object, 'kind'));
      const name = text(member(object, 'metadata', 'name'));
      const ours = text(member(object, 'apiVersion'))?.startsWith('ecs-operator.dev/') === true;
      if (!ours || kind === undefined || typeof object !== 'object' || object === null) return [];
      return [{ where: `${page}: ${kind} ${name}`, kind, object }];
    }),
  );
}

describe('what the documentation shows to be applied', () => {
  const manifests = PAGES.flatMap(manifestsIn);

  test('is there', () => {
    expect(manifests.length).toBeGreaterThanOrEqual(4);
  });

  test.each(manifests.map((manifest) => [manifest.where, manifest] as const))(
    '%s is taken by the API server',
    async (_where, { kind, object }) => {
      const schema = KIND_SCHEMAS.find((one) => one.kind === kind);
      expect(schema, `the kind ${kind}`).toBeDefined();
      const namespaced = schema?.scope === 'Namespaced';
      const name = text(member(object, 'metadata', 'name')) ?? '';
      const { status, body } = await sharedControlPlane().client.request({
        method: 'PATCH',
        path: `/apis/ecs-operator.dev/v1alpha1${namespaced ? '/namespaces/default' : ''}/${schema?.plural}/${name}?fieldManager=docs&fieldValidation=Strict&dryRun=All`,
        contentType: 'application/apply-patch+yaml',
        body: { ...object, metadata: { name, ...(namespaced && { namespace: 'default' }) } },
      });
      expect(status, JSON.stringify(body)).toBeLessThan(300);
    },
  );
});
