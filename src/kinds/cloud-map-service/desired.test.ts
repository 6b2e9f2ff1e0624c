import { describe, expect, test } from 'vitest';
import { identityOf } from '../../reconcile/ownership.ts';
import type { EcsObject } from '../../reconcile/types.ts';
import { desiredDiscoveryService, discoveryServiceReferences } from './desired.ts';
import type { CloudMapServiceSpec, CloudMapServiceStatus } from './schema.ts';

const NAMESPACE_ARN = 'arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-ref';

function desiredOf(
  spec: CloudMapServiceSpec,
  {
    referred = false,
    deleting = false,
    status,
  }: { referred?: boolean; deleting?: boolean; status?: CloudMapServiceStatus } = {},
) {
  const metadata = { namespace: 'shop', name: 'orders', uid: 'uid-1', resourceVersion: '1' };
  const object: EcsObject<CloudMapServiceSpec, CloudMapServiceStatus> = {
    apiVersion: 'ecs-operator.dev/v1alpha1',
    kind: 'CloudMapService',
    metadata: deleting ? { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } : metadata,
    spec,
    ...(status === undefined ? {} : { status }),
  };
  const [reference] = discoveryServiceReferences(spec);
  return desiredDiscoveryService({
    object,
    account: { name: undefined, accountId: undefined, target: { region: 'eu-central-1' } },
    identity: identityOf({ installation: 'one', kind: 'CloudMapService', metadata }),
    references: new Map(
      referred && reference !== undefined
        ? [['namespaceRef', { reference, target: undefined, arn: NAMESPACE_ARN, name: 'shop' }]]
        : [],
    ),
    resolvedName: 'orders',
  });
}

describe('what a spec asks of AWS', () => {
  test('a referred namespace is known by its id, which its ARN ends with', () => {
    const desired = desiredOf({ namespaceRef: { name: 'shop' } }, { referred: true });
    expect(desired).toMatchObject({ namespaceId: 'ns-ref', claim: 'ns-ref/orders', name: 'orders', grants: [] });
  });

  test('a reference points to a CloudMapNamespace, in another namespace where it says so', () => {
    expect(discoveryServiceReferences({ namespaceRef: { name: 'shop', namespace: 'infra' } })).toEqual([
      { kind: 'CloudMapNamespace', name: 'shop', namespace: 'infra', path: 'namespaceRef' },
    ]);
    expect(discoveryServiceReferences({ namespaceId: 'ns-1' })).toEqual([]);
  });

  test('what is declared is what is compared, and name and namespace stand apart', () => {
    const desired = desiredOf({
      name: 'orders',
      namespaceId: 'ns-1',
      dnsConfig: { namespaceId: 'ns-1', dnsRecords: [{ type: 'A', ttl: '60' }] },
      healthCheckCustomConfig: {},
      description: '',
      tags: [{ key: 'team', value: 'a' }],
    });
    expect(desired).toMatchObject({
      request: { dnsConfig: { dnsRecords: [{ type: 'A', ttl: 60 }] }, healthCheckCustomConfig: {}, description: '' },
      tags: { team: 'a' },
    });
    expect('leaves' in desired && Object.keys(desired.leaves)).toEqual([
      'description',
      'dnsConfig.dnsRecords',
      'healthCheckCustomConfig',
      'tags[key=team]',
    ]);
  });

  test.each([
    { type: 'HTTP', sent: 'HTTP', why: 'the only one that CreateService takes' },
    { type: 'DNS_HTTP', sent: undefined, why: 'printed by GetService, and what AWS makes anyway' },
    { type: 'DNS', sent: undefined, why: 'the same' },
  ])('of type $type CreateService gets $sent: $why', ({ type, sent }) => {
    const desired = desiredOf({ namespaceId: 'ns-1', type });
    expect('request' in desired && desired.request.type).toBe(sent);
  });

  test('what AWS would misunderstand is said with its place', () => {
    expect(desiredOf({ namespaceId: 'ns-1', dnsConfig: { dnsRecords: [{ type: 'A', ttl: 'soon' }] } })).toMatchObject({
      problem: { reason: 'InvalidSpec', message: expect.stringContaining('dnsConfig.dnsRecords[0].ttl') },
    });
    expect(desiredOf({})).toMatchObject({ problem: { reason: 'InvalidSpec' } });
  });

  test('a deletion needs neither a spec that is right nor a namespace that is known', () => {
    const broken = desiredOf({ dnsConfig: { dnsRecords: [{ type: 'A', ttl: 'soon' }] } }, { deleting: true });
    expect(broken).toMatchObject({ name: 'orders', namespaceId: undefined });
    const known = desiredOf({ namespaceRef: { name: 'shop' } }, { deleting: true, status: { namespaceId: 'ns-1' } });
    expect(known).toMatchObject({ namespaceId: 'ns-1' });
  });
});
