import type { JsonSchema } from '../../../src/kinds/schema/json-schema.ts';
import { type TestCluster, uniqueName } from '../../harness/control-plane.ts';

/** How much of the API server's budget for CEL rules is used; 1 is all of it. */
export interface CelCost {
  /** Of the 10 million for one rule, by the rule that costs most. */
  readonly costliestRule: number;
  /** Of the 100 million for all rules of a CRD. */
  readonly total: number;
}

/** The API server says by what factor a budget is exceeded, one digit after the point, up to this. */
const MOST = 100;

/**
 * The API server's own estimate. It tells none while it is within the budget, so the schema is put inside a map of more
 * and more entries, each of which it reckons with, until it says by what factor that is too much. Nothing is kept.
 */
export async function celCost(cluster: TestCluster, schema: JsonSchema): Promise<CelCost> {
  const costliestRule = await factor(cluster, schema, /estimated rule cost exceeds budget by factor of ([\d.]+)x/g);
  const total = await factor(
    cluster,
    schema,
    /cost total for entire OpenAPIv3 schema exceeds budget by factor of ([\d.]+)x/g,
  );
  return { costliestRule, total };
}

async function factor(cluster: TestCluster, schema: JsonSchema, pattern: RegExp): Promise<number> {
  for (let entries = 1; entries <= 1e9; entries *= 10) {
    const message = await refusal(cluster, schema, entries);
    const factors = [...message.matchAll(pattern)].map(([, text]) => Number(text));
    const largest = Math.max(0, ...factors);
    // Below ten, one digit after the point says too little.
    if (largest >= MOST / 10) return largest / entries;
  }
  throw new Error('the API server never said that the rules cost too much');
}

async function refusal(cluster: TestCluster, schema: JsonSchema, entries: number): Promise<string> {
  const group = `${uniqueName('cost')}.example.com`;
  const { properties = {}, ...root } = schema;
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = properties;
  const inside: JsonSchema = { ...root, properties: withoutDefaults(rest) };
  const openAPIV3Schema: JsonSchema = {
    type: 'object',
    properties: { all: { type: 'object', maxProperties: entries, additionalProperties: inside } },
  };
  const { body } = await cluster.client.request({
    method: 'POST',
    path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All',
    body: {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `probes.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind: 'Probe', listKind: 'ProbeList', plural: 'probes', singular: 'probe' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
      },
    },
  });
  const { message = '' } = body as { readonly message?: string };
  return message;
}

function withoutDefaults(properties: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, { default: _, ...schema }]) => [name, schema]));
}
