import type { DesiredInput, Problem, Reference } from '../../reconcile/kind.ts';
import { cloudMapRules } from '../../shape/cloud-map-rules.ts';
import { leafHashes } from '../../shape/content-hash.ts';
import { normalise } from '../../shape/normalise.ts';
import { isObject, type JsonObject } from '../../shape/shape.ts';
import { cloudMapServiceShape } from '../../shape/shapes.ts';
import { tagMapOf } from '../tags.ts';
import type { CloudMapServiceSpec, CloudMapServiceStatus } from './schema.ts';
import type { DiscoveryServiceDesired } from './types.ts';

const NAMESPACE_REF = 'namespaceRef';
const OWN_MEMBERS = ['policy', 'accountRef', 'allowedNamespaces', NAMESPACE_REF];

export function discoveryServiceReferences({ namespaceRef }: CloudMapServiceSpec): readonly Reference[] {
  return namespaceRef == null ? [] : [{ ...namespaceRef, path: NAMESPACE_REF, kind: 'CloudMapNamespace' }];
}

/** What a spec asks of AWS. Pure. */
export function desiredDiscoveryService({
  object,
  references,
  resolvedName,
}: DesiredInput<CloudMapServiceSpec, CloudMapServiceStatus>): DiscoveryServiceDesired | { readonly problem: Problem } {
  const deleting = object.metadata.deletionTimestamp !== undefined;
  // Safe: what the API server stores is JSON.
  const spec = object.spec as unknown as JsonObject;
  const { value, problems } = normalise(spec, cloudMapServiceShape, { own: OWN_MEMBERS, supplied: ['name'] });
  const [problem] = problems;
  // What is to be deleted is known by its id, whatever has become of the spec.
  if (problem !== undefined && !deleting) {
    return { problem: { reason: 'InvalidSpec', message: `${problem.path}: ${problem.message}` } };
  }
  const { name: _name, namespaceId: given, tags, ...rest } = value;
  const namespace = references.get(NAMESPACE_REF);
  const raw = typeof given === 'string' ? given : object.status?.namespaceId;
  const namespaceId = namespace === undefined ? raw : idOfArn(namespace.arn);
  if (namespaceId === undefined && !deleting) {
    const message = 'set namespaceRef (a CloudMapNamespace) or namespaceId (ns-…)';
    return { problem: { reason: 'InvalidSpec', message } };
  }
  const request = creatable(rest);
  return {
    name: resolvedName,
    claim: `${namespaceId ?? ''}/${resolvedName}`,
    grants: [],
    leaves: leafHashes({
      value: tags === undefined ? request : { ...request, tags },
      shape: cloudMapServiceShape,
      rules: cloudMapRules,
    }),
    namespaceId,
    request,
    tags: tagMapOf(tags),
  };
}

/** What CreateService takes of what GetService prints: the namespace stands above, and only HTTP can be asked for. */
function creatable({ type, dnsConfig, ...rest }: JsonObject): JsonObject {
  const { namespaceId: _namespaceId, ...dns } = isObject(dnsConfig) ? dnsConfig : {};
  return {
    ...rest,
    ...(dnsConfig !== undefined && { dnsConfig: dns }),
    ...(type === 'HTTP' && { type }),
  };
}

/** `arn:aws:servicediscovery:…:namespace/ns-1` → `ns-1`. */
function idOfArn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
