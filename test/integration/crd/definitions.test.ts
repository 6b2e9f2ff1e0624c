import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CustomResourceDefinition } from '../../../src/crd/definition.ts';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { readCrdTexts } from '../../../src/crd/texts.ts';
import { ecsServiceSchema } from '../../../src/kinds/ecs-service/schema.ts';
import { sharedControlPlane, uniqueName, uniqueNamespace, waitFor } from '../../harness/control-plane.ts';
import { KindApi } from './api.ts';
import { celCost } from './cost.ts';

const cluster = sharedControlPlane();

/** What the API server lets one object have. */
const LARGEST = 256 * 1024;

/** Shares of the API server's budget for CEL that a CRD may use, rounded up from what it uses. */
const CEL_BUDGET: Readonly<Record<string, { readonly costliestRule: number; readonly total: number }>> = {
  AwsAccount: { costliestRule: 0.0002, total: 0.00003 },
  EcsCluster: { costliestRule: 0.0071, total: 0.0008 },
  EcsTaskDefinition: { costliestRule: 0.0112, total: 0.0027 },
  EcsService: { costliestRule: 0.0112, total: 0.0037 },
  CloudMapNamespace: { costliestRule: 0.0071, total: 0.0009 },
  CloudMapService: { costliestRule: 0.0071, total: 0.0009 },
};

interface LiveCrd extends CustomResourceDefinition {
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string; readonly message: string }[];
    readonly acceptedNames: { readonly shortNames: readonly string[]; readonly categories: readonly string[] };
  };
}

async function live(plural: string): Promise<LiveCrd> {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.ecs-operator.dev`;
  const { status, body } = await cluster.client.request({ method: 'GET', path });
  expect(status).toBe(200);
  return body as LiveCrd;
}

describe.each(KIND_SCHEMAS.map((kind) => [kind.kind, kind] as const))('%s', (name, kind) => {
  it('is established, structural, and found by its short name and in kubectl get ecs', async () => {
    const { status } = await live(kind.plural);
    expect(status.conditions.find((condition) => condition.type === 'Established')).toMatchObject({ status: 'True' });
    expect(status.conditions.find((condition) => condition.type === 'NonStructuralSchema')).toBeUndefined();
    expect(status.acceptedNames).toMatchObject({ shortNames: [kind.shortName], categories: ['ecs', 'aws'] });
  });

  it('is small enough to be applied client-side and stored', async () => {
    expect(JSON.stringify(await live(kind.plural)).length).toBeLessThan(LARGEST);
  });

  it('uses the share of the CEL budget that is stated here', async () => {
    const crd: CustomResourceDefinition = parse(readCrdTexts()[`${kind.plural}.yaml`] ?? '');
    const cost = await celCost(cluster, crd.spec.versions[0].schema.openAPIV3Schema);
    const stated = CEL_BUDGET[name] ?? { costliestRule: 0, total: 0 };
    expect(cost.costliestRule).toBeLessThanOrEqual(stated.costliestRule);
    expect(cost.total).toBeLessThanOrEqual(stated.total);
  });

  it('says at a glance whether an object is ready', async () => {
    const namespace = await uniqueNamespace(cluster);
    const scope = kind.scope === 'Cluster' ? '' : `/namespaces/${namespace}`;
    // The API server answers 429 for a moment after a CRD was established.
    const { body } = await waitFor(
      () =>
        cluster.client.request({
          method: 'GET',
          path: `/apis/ecs-operator.dev/v1alpha1${scope}/${kind.plural}`,
          accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
        }),
      { describe: `${name} is served`, until: (answer) => answer.status === 200 },
    );
    const { columnDefinitions } = body as { readonly columnDefinitions: readonly { readonly name: string }[] };
    expect(columnDefinitions.map((column) => column.name)).toEqual([
      'Name',
      ...kind.columns.map((column) => column.name),
    ]);
    expect(columnDefinitions[1]?.name).toBe('Ready');
  });
});

describe('scaling an EcsService', () => {
  const name = uniqueName();
  let namespace: string;
  let path: string;
  beforeAll(async () => {
    namespace = await uniqueNamespace(cluster);
    path = `/apis/ecs-operator.dev/v1alpha1/namespaces/${namespace}/ecsservices/${name}`;
    const api = new KindApi({ cluster, kind: ecsServiceSchema, namespace });
    expect(await api.make(name, { taskDefinition: 'web:1', desiredCount: 2 })).toMatchObject({ accepted: true });
  });

  it('works by the scale subresource, as kubectl scale and an autoscaler use it', async () => {
    await cluster.client.request({
      method: 'PATCH',
      path: `${path}/status`,
      contentType: 'application/merge-patch+json',
      body: { status: { runningCount: 1, selector: 'ecs-operator.dev/service=web' } },
    });
    const scale = await cluster.client.request({ method: 'GET', path: `${path}/scale` });
    expect(scale.body).toMatchObject({
      spec: { replicas: 2 },
      status: { replicas: 1, selector: 'ecs-operator.dev/service=web' },
    });
    const scaled = await cluster.client.request({
      method: 'PATCH',
      path: `${path}/scale`,
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: 5 } },
    });
    expect(scaled.status).toBe(200);
    const after = await cluster.client.request({ method: 'GET', path });
    expect(after.body).toMatchObject({ spec: { desiredCount: 5 } });
  });
});
