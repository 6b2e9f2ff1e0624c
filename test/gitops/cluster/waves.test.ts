import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { sharedControlPlane } from '../../harness/control-plane.ts';

const file = new URL('../../../argocd/examples/waves.yaml', import.meta.url);
// Safe: these are objects of Kubernetes.
const objects = parseAllDocuments(readFileSync(file, 'utf8')).map(
  (one) => one.toJS() as { kind: string; metadata: { name: string } },
);
const ours = objects.filter(({ kind }) => kind !== 'Namespace');

test.each(ours.map((one) => [one.kind, one] as const))(
  'the example with waves is taken by the API server as it is: %s',
  async (kind, object) => {
    const schema = KIND_SCHEMAS.find((one) => one.kind === kind);
    const where = schema?.scope === 'Namespaced' ? { namespace: 'default' } : {};
    const scope = schema?.scope === 'Namespaced' ? 'namespaces/default/' : '';
    const { status, body } = await sharedControlPlane().client.request({
      method: 'PATCH',
      path: `/apis/ecs-operator.dev/v1alpha1/${scope}${schema?.plural}/${object.metadata.name}?fieldManager=docs&fieldValidation=Strict&dryRun=All`,
      contentType: 'application/apply-patch+yaml',
      body: { ...object, metadata: { ...object.metadata, ...where } },
    });
    expect(status, JSON.stringify(body)).toBeLessThan(300);
  },
);
