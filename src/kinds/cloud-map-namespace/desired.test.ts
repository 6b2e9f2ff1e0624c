import { describe, expect, test } from 'vitest';
import { identityOf } from '../../reconcile/ownership.ts';
import { desiredNamespace } from './desired.ts';
import type { CloudMapNamespaceSpec } from './schema.ts';

const metadata = { namespace: 'shop', name: 'shop', uid: 'uid-1', resourceVersion: '1' };

function desiredOf(spec: CloudMapNamespaceSpec, deleting = false) {
  return desiredNamespace({
    object: {
      apiVersion: 'ecs-operator.dev/v1alpha1',
      kind: 'CloudMapNamespace',
      metadata: deleting ? { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } : metadata,
      spec,
    },
    account: { name: undefined, accountId: undefined, target: { region: 'eu-central-1' } },
    identity: identityOf({ installation: 'one', kind: 'CloudMapNamespace', metadata }),
    references: new Map(),
    resolvedName: spec.name ?? 'shop',
  });
}

describe('two objects claim the same namespace', () => {
  test.each<{ a: CloudMapNamespaceSpec; b: CloudMapNamespaceSpec; same: boolean; why: string }>([
    { a: { type: 'HTTP' }, b: { type: 'HTTP' }, same: true, why: 'one name and type' },
    { a: { type: 'HTTP' }, b: { type: 'DNS_PUBLIC' }, same: false, why: 'other types stand beside each other' },
    {
      a: { type: 'DNS_PRIVATE', vpc: 'vpc-1' },
      b: { type: 'DNS_PRIVATE', vpc: 'vpc-2' },
      same: false,
      why: 'other VPCs have namespaces of their own',
    },
    {
      a: { type: 'DNS_PRIVATE', vpc: 'vpc-1' },
      b: { type: 'DNS_PRIVATE', vpc: 'vpc-1', description: 'b' },
      same: true,
      why: 'one VPC has one of a name',
    },
  ])('$same: $why', ({ a, b, same }) => {
    const [one, two] = [desiredOf(a), desiredOf(b)];
    expect('claim' in one && 'claim' in two && one.claim === two.claim).toBe(same);
  });
});

test('what is declared is what is compared; the VPC is remembered, since AWS never tells it', () => {
  const desired = desiredOf({
    type: 'DNS_PRIVATE',
    name: 'shop.local',
    vpc: 'vpc-1',
    properties: { dnsProperties: { soa: { ttl: '60' } } },
    tags: [{ key: 'team', value: 'a' }],
  });
  expect(desired).toMatchObject({
    name: 'shop.local',
    type: 'DNS_PRIVATE',
    request: { vpc: 'vpc-1', properties: { dnsProperties: { soa: { ttl: 60 } } } },
    tags: { team: 'a' },
    grants: [],
  });
  expect('leaves' in desired && Object.keys(desired.leaves)).toEqual([
    'properties.dnsProperties.soa.ttl',
    'tags[key=team]',
    'vpc',
  ]);
});

test('DNS settings of an HTTP namespace are refused, but hold no deletion up', () => {
  const spec: CloudMapNamespaceSpec = { type: 'HTTP', properties: { dnsProperties: { soa: { ttl: 60 } } } };
  expect(desiredOf(spec)).toMatchObject({ problem: { reason: 'InvalidSpec' } });
  expect(desiredOf(spec, true)).toMatchObject({ name: 'shop' });
});
