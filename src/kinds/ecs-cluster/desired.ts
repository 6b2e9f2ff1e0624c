import type { DesiredInput, GrantRequest, Problem, Reference, ResolvedReference } from '../../reconcile/kind.ts';
import { leafHashes } from '../../shape/content-hash.ts';
import { ecsRules } from '../../shape/ecs-rules.ts';
import { normalise } from '../../shape/normalise.ts';
import { isObject, type Json, type JsonObject } from '../../shape/shape.ts';
import { clusterShape } from '../../shape/shapes.ts';
import { tagMapOf } from '../tags.ts';
import type { EcsClusterSpec, EcsClusterStatus } from './schema.ts';
import type { ClusterDesired } from './types.ts';

const NAMESPACE_REF = 'serviceConnectDefaults.namespaceRef';
const OWN_MEMBERS = ['policy', 'accountRef', 'allowedNamespaces', NAMESPACE_REF];

export function clusterReferences(spec: EcsClusterSpec): readonly Reference[] {
  const ref = spec.serviceConnectDefaults?.namespaceRef;
  return ref == null ? [] : [{ ...ref, path: NAMESPACE_REF, kind: 'CloudMapNamespace' }];
}

/** What a spec asks of AWS. Pure. */
export function desiredCluster({
  object,
  references,
  resolvedName,
}: DesiredInput<EcsClusterSpec, EcsClusterStatus>): ClusterDesired | { readonly problem: Problem } {
  // Safe: what the API server stores is JSON.
  const spec = withNamespace(object.spec as unknown as JsonObject, references.get(NAMESPACE_REF));
  const { value, problems } = normalise(spec, clusterShape, { own: OWN_MEMBERS });
  const [problem] = problems;
  // What is to be deleted is known by its name, whatever has become of the spec.
  if (problem !== undefined && object.metadata.deletionTimestamp === undefined) {
    return { problem: { reason: 'InvalidSpec', message: `${problem.path}: ${problem.message}` } };
  }
  const { clusterName: _name, tags, ...request } = value;
  // Making a cluster is a matter of RBAC; taking over one by its name is what an account has to grant.
  const adopts = object.spec.policy?.adoption === 'Adopt';
  const grants: readonly GrantRequest[] = adopts
    ? [{ kind: 'cluster', path: 'clusterName', cluster: resolvedName }]
    : [];
  return {
    name: resolvedName,
    claim: resolvedName,
    grants,
    leaves: leafHashes({
      value: tags === undefined ? request : { ...request, tags },
      shape: clusterShape,
      rules: ecsRules,
    }),
    request,
    tags: tagMapOf(tags),
  };
}

function withNamespace(spec: JsonObject, namespace: ResolvedReference | undefined): JsonObject {
  if (namespace === undefined) return spec;
  const defaults: Json | undefined = spec.serviceConnectDefaults;
  return { ...spec, serviceConnectDefaults: { ...(isObject(defaults) ? defaults : {}), namespace: namespace.arn } };
}
