import type { DesiredInput, Problem } from '../../reconcile/kind.ts';
import { cloudMapRules } from '../../shape/cloud-map-rules.ts';
import { leafHashes } from '../../shape/content-hash.ts';
import { valueAt } from '../../shape/leaves.ts';
import { normalise } from '../../shape/normalise.ts';
import type { JsonObject } from '../../shape/shape.ts';
import { cloudMapNamespaceShape } from '../../shape/shapes.ts';
import { tagMapOf } from '../tags.ts';
import type { CloudMapNamespaceSpec, CloudMapNamespaceStatus } from './schema.ts';
import type { NamespaceDesired } from './types.ts';

const OWN_MEMBERS = ['policy', 'accountRef', 'allowedNamespaces', 'type'];

/** Where the time to live of a DNS namespace's SOA record stands in a spec. */
export const SOA_TTL = 'properties.dnsProperties.soa.ttl';

/** What a spec asks of AWS. Pure. */
export function desiredNamespace({
  object,
  resolvedName,
}: DesiredInput<CloudMapNamespaceSpec, CloudMapNamespaceStatus>): NamespaceDesired | { readonly problem: Problem } {
  const { type } = object.spec;
  // Safe: what the API server stores is JSON.
  const spec = object.spec as unknown as JsonObject;
  const { value, problems } = normalise(spec, cloudMapNamespaceShape, { own: OWN_MEMBERS, supplied: ['name'] });
  const { name: _name, tags, ...request } = value;
  const misplaced = type === 'HTTP' && valueAt(request, SOA_TTL) !== undefined;
  const noDns = { path: SOA_TTL, message: 'a namespace of type HTTP has no DNS; leave it out' };
  const [problem] = misplaced ? [...problems, noDns] : problems;
  // What is to be deleted is known by its id, whatever has become of the spec.
  if (problem !== undefined && object.metadata.deletionTimestamp === undefined) {
    return { problem: { reason: 'InvalidSpec', message: `${problem.path}: ${problem.message}` } };
  }
  return {
    name: resolvedName,
    // DNS namespaces of one name can stand beside each other in different VPCs.
    claim: `${type}/${resolvedName}/${typeof request.vpc === 'string' ? request.vpc : ''}`,
    grants: [],
    leaves: leafHashes({
      value: tags === undefined ? request : { ...request, tags },
      shape: cloudMapNamespaceShape,
      rules: cloudMapRules,
    }),
    type,
    request,
    tags: tagMapOf(tags),
  };
}
