import { describe, expect, test } from 'vitest';
import type { CloudMapNamespaceSpec } from '../../../src/kinds/cloud-map-namespace/schema.ts';
import type { Loose } from '../reconcile/one-object.ts';
import { CloudMapWorld, oneNamespace, readyNamespace } from './scenes.ts';

const HTTP: CloudMapNamespaceSpec = { type: 'HTTP' };
const PRIVATE: CloudMapNamespaceSpec = { type: 'DNS_PRIVATE', name: 'shop.local', vpc: 'vpc-1' };
const PUBLIC: CloudMapNamespaceSpec = { type: 'DNS_PUBLIC', name: 'shop.example.com' };

function soa(ttl: number) {
  return { properties: { dnsProperties: { soa: { ttl } } } };
}

describe('creation', () => {
  test.each([
    { spec: HTTP, call: 'CreateHttpNamespace', name: 'shop', zone: false },
    { spec: PRIVATE, call: 'CreatePrivateDnsNamespace', name: 'shop.local', zone: true },
    { spec: PUBLIC, call: 'CreatePublicDnsNamespace', name: 'shop.example.com', zone: true },
  ])(
    'of a namespace of type $spec.type is one call, and it is Ready when AWS has made it',
    async ({ spec, ...expected }) => {
      const world = new CloudMapWorld();
      const namespace = oneNamespace(world);
      namespace.apply({ ...spec, description: 'all of it', tags: [{ key: 'team', value: 'a' }] });
      await namespace.reconcile();
      expect(namespace.wrote()).toEqual([expected.call]);
      // Nothing to read for what was never asked for.
      expect(namespace.reads).toEqual([]);
      expect(namespace.condition('Ready')).toMatchObject({ status: 'False', reason: 'Creating' });
      expect(namespace.status.operation).toMatchObject({ type: 'CREATE_NAMESPACE' });
      await namespace.converge();
      expect(namespace.wrote()).toEqual([expected.call]);
      expect(namespace.condition('Ready')).toMatchObject({ status: 'True' });
      const [live] = world.namespaces();
      expect(live).toMatchObject({ Name: expected.name, Type: spec.type, Description: 'all of it' });
      expect(namespace.status).toMatchObject({ id: live.Id, arn: live.Arn, name: expected.name, ownerUid: 'uid-1' });
      expect(namespace.status.hostedZoneId !== undefined).toBe(expected.zone);
      expect(namespace.status.operation).toBeUndefined();
      expect(world.tags(live.Arn)).toMatchObject({ team: 'a', 'ecs-operator.dev/name': 'shop' });
    },
  );

  test('is waited for across a restart of the operator', async () => {
    const world = new CloudMapWorld();
    const namespace = oneNamespace(world);
    namespace.apply(PRIVATE);
    await namespace.reconcile();
    namespace.restart();
    await namespace.reconcile();
    expect(namespace.wrote()).toEqual(['CreatePrivateDnsNamespace']);
    expect(namespace.reads).toEqual(['GetOperation']);
    await namespace.converge();
    expect(namespace.wrote()).toEqual(['CreatePrivateDnsNamespace']);
    expect(world.namespaces()).toHaveLength(1);
  });

  test.each([HTTP, PRIVATE])('whose answer was lost makes no second one ($type)', async (spec) => {
    for (const later of [0, 60_000]) {
      const world = new CloudMapWorld();
      const namespace = oneNamespace(world);
      namespace.fault = (operation) => (operation.startsWith('Create') ? 'after' : undefined);
      namespace.apply(spec);
      await namespace.reconcile();
      namespace.fault = undefined;
      namespace.restart();
      world.clock.advance(later);
      await namespace.converge();
      expect(namespace.condition('Ready')).toMatchObject({ status: 'True' });
      expect(world.namespaces()).toHaveLength(1);
    }
  });

  test('that somebody else has asked for just before is waited for, and theirs left to them', async () => {
    const world = new CloudMapWorld();
    const namespace = oneNamespace(world);
    world.call('CreateHttpNamespace', { Name: 'shop' });
    namespace.apply(HTTP);
    await namespace.converge();
    expect(namespace.condition('Stalled')).toMatchObject({ reason: 'NotOwned' });
    expect(world.namespaces()).toHaveLength(1);
    expect(world.tags(world.namespaces()[0].Arn)).toEqual({});
  });
});

test('an unchanged namespace costs two reads a resync and no write on either side', async () => {
  const world = new CloudMapWorld();
  const namespace = await readyNamespace({ ...PRIVATE, ...soa(60), description: '', tags: [{ key: 'a' }] }, world);
  for (let hours = 0; hours < 5; hours++) {
    world.clock.advance(3_600_000);
    await namespace.converge();
  }
  expect(namespace.wrote()).toEqual([]);
  expect(namespace.kept.writes).toBe(0);
  expect(namespace.reads).toEqual(Array.from({ length: 5 }, () => ['GetNamespace', 'ListTagsForResource']).flat());
});

describe('a change', () => {
  test.each([
    {
      what: 'of the description',
      from: { ...HTTP, description: 'a' },
      to: { ...HTTP, description: 'b' },
      live: { Description: 'b' },
    },
    {
      what: 'of the time to live',
      from: { ...PRIVATE, ...soa(60) },
      to: { ...PRIVATE, ...soa(90) },
      live: { soa: 90 },
    },
    {
      what: 'of both',
      from: PUBLIC,
      to: { ...PUBLIC, ...soa(90), description: 'b' },
      live: { soa: 90, Description: 'b' },
    },
    {
      what: 'that takes the description out',
      from: { ...PRIVATE, description: 'a' },
      to: PRIVATE,
      live: { Description: undefined },
    },
    { what: 'that takes the time to live out', from: { ...PRIVATE, ...soa(60) }, to: PRIVATE, live: { soa: 15 } },
  ] satisfies { what: string; from: CloudMapNamespaceSpec; to: CloudMapNamespaceSpec; live: object }[])(
    '$what is one update, waited for, and then left alone',
    async ({ from, to, live }) => {
      const world = new CloudMapWorld();
      const namespace = await readyNamespace(from, world);
      const changed = () => {
        const [one] = world.namespaces();
        const ttl = one.Properties?.DnsProperties?.SOA?.TTL;
        return { Description: one.Description, soa: ttl };
      };
      namespace.apply(to);
      await namespace.reconcile();
      expect(namespace.wrote()).toHaveLength(1);
      expect(namespace.wrote()[0]).toMatch(/^Update/);
      expect(namespace.condition('Ready')).toMatchObject({ status: 'False', reason: 'Updating' });
      await namespace.converge();
      expect(namespace.wrote()).toHaveLength(1);
      expect(changed()).toMatchObject(live);
      expect(namespace.condition('Ready')).toMatchObject({ status: 'True' });
      expect(namespace.status.operation).toBeUndefined();
      namespace.forget();
      world.clock.advance(3_600_000);
      await namespace.converge();
      expect([namespace.wrote(), namespace.kept.writes]).toEqual([[], 0]);
    },
  );

  test('of tags sets and removes just what was declared', async () => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace(
      {
        ...HTTP,
        tags: [
          { key: 'a', value: '1' },
          { key: 'b', value: '1' },
        ],
      },
      world,
    );
    world.call('TagResource', { ResourceARN: namespace.status.arn, Tags: [{ Key: 'theirs', Value: 'x' }] });
    namespace.apply({ ...HTTP, tags: [{ key: 'a', value: '2' }] });
    await namespace.converge();
    expect(namespace.wrote()).toEqual(['TagResource', 'UntagResource']);
    const tags = world.tags(namespace.status.arn);
    expect(tags).toMatchObject({ a: '2', theirs: 'x' });
    expect(tags).not.toHaveProperty('b');
  });

  test('of the VPC, the type or the name is refused where the CRD let it through', async () => {
    const changes: CloudMapNamespaceSpec[] = [
      { ...PRIVATE, vpc: 'vpc-2' },
      { type: 'HTTP', name: 'shop.local' },
      { ...PRIVATE, name: 'other.local' },
    ];
    for (const changed of changes) {
      const namespace = await readyNamespace(PRIVATE);
      namespace.apply(changed);
      await namespace.converge();
      expect(namespace.condition('Stalled')).toMatchObject({ reason: 'ImmutableField' });
      expect(namespace.wrote()).toEqual([]);
    }
  });

  test('to and fro reaches AWS each time', async () => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace({ ...HTTP, description: 'a' }, world);
    for (const description of ['b', 'a', 'b']) {
      namespace.apply({ ...HTTP, description });
      await namespace.converge();
      expect(world.namespaces()[0].Description).toBe(description);
    }
    expect(namespace.writes.some(({ input }) => input.UpdaterRequestId !== undefined)).toBe(false);
  });

  test('waits for the update that somebody else has under way', async () => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace({ ...HTTP, description: 'a' }, world);
    world.call('UpdateHttpNamespace', { Id: namespace.status.id, Namespace: { Description: 'theirs' } });
    namespace.apply({ ...HTTP, description: 'b' });
    await namespace.converge();
    expect(world.namespaces()[0].Description).toBe('b');
    expect(namespace.wrote()).toEqual(['UpdateHttpNamespace', 'UpdateHttpNamespace']);
  });

  test('that AWS could not make is told in its words and tried again when the spec changes', async () => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace({ ...PRIVATE, ...soa(60) }, world);
    namespace.answer = (operation, answer: Loose) =>
      operation === 'GetOperation'
        ? { Operation: { ...answer.Operation, Status: 'FAIL', ErrorCode: 'ACCESS_DENIED', ErrorMessage: 'no route53' } }
        : operation === 'GetNamespace'
          ? { Namespace: { ...answer.Namespace, Properties: { DnsProperties: { SOA: { TTL: 60 } } } } }
          : answer;
    namespace.apply({ ...PRIVATE, ...soa(90) });
    await namespace.converge();
    expect(namespace.condition('Stalled')).toMatchObject({ reason: 'UpdateFailed' });
    expect(namespace.condition('Stalled')?.message).toContain('ACCESS_DENIED: no route53');
    namespace.restart();
    await namespace.converge();
    expect(namespace.wrote()).toEqual(['UpdatePrivateDnsNamespace']);
    namespace.answer = undefined;
    world.clock.advance(10_000);
    world.call('UpdatePrivateDnsNamespace', {
      Id: namespace.status.id,
      Namespace: { Properties: { DnsProperties: { SOA: { TTL: 60 } } } },
    });
    world.clock.advance(10_000);
    namespace.apply({ ...PRIVATE, ...soa(95) });
    await namespace.converge();
    expect(namespace.condition('Ready')).toMatchObject({ status: 'True' });
  });
});

describe('whose a namespace is', () => {
  test('that stood there before decides its tags: left alone, or adopted with its settings as declared', async () => {
    const world = new CloudMapWorld();
    const id = world.namespace('CreateHttpNamespace', { Name: 'shop', Description: 'theirs' });
    const namespace = oneNamespace(world);
    namespace.apply(HTTP);
    await namespace.converge();
    expect(namespace.condition('Stalled')).toMatchObject({ reason: 'NotOwned' });
    expect(world.tags(world.namespaces()[0].Arn)).toEqual({});
    world.clock.advance(600_000);
    await namespace.converge();
    expect(namespace.wrote()).toEqual(['CreateHttpNamespace']);
    namespace.apply({ ...HTTP, policy: { adoption: 'Adopt' } });
    await namespace.converge();
    expect(namespace.condition('Ready')).toMatchObject({ status: 'True' });
    expect(namespace.status).toMatchObject({ id, adopted: true });
    expect(world.namespaces()[0].Description).toBe('theirs');
  });

  test('a private one that AWS names as the one in the way is adopted, whatever else bears its name', async () => {
    const world = new CloudMapWorld();
    world.namespace('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-2' });
    const id = world.namespace('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-1' });
    const namespace = oneNamespace(world);
    namespace.apply({ ...PRIVATE, policy: { adoption: 'Adopt' } });
    await namespace.converge();
    expect(namespace.status).toMatchObject({ id, adopted: true });
    expect(world.namespaces()).toHaveLength(2);
  });

  test('of one name in another VPC is left alone, and ours made beside it', async () => {
    const world = new CloudMapWorld();
    const theirs = world.namespace('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-2' });
    for (const adoption of ['Never', 'Adopt'] as const) {
      const namespace = oneNamespace(world, { uid: adoption });
      namespace.apply({ ...PRIVATE, vpc: `vpc-${adoption}`, policy: { adoption } });
      await namespace.converge();
      expect(namespace.condition('Ready')).toMatchObject({ status: 'True' });
      expect(namespace.status.id).not.toBe(theirs);
    }
    expect(world.namespaces()).toHaveLength(3);
  });

  test.each([HTTP, PRIVATE])('after a restore is told by its tags, and nothing is made ($type)', async (spec) => {
    const world = new CloudMapWorld();
    const namespace = await readyNamespace(spec, world);
    const { id } = namespace.status;
    namespace.restore('uid-2');
    await namespace.converge();
    expect(namespace.status.id).toBe(id);
    expect(world.tags(namespace.status.arn)).toMatchObject({ 'ecs-operator.dev/uid': 'uid-2' });
    expect(namespace.events.map(({ reason }) => reason)).toContain('TakenOver');
    expect(world.namespaces()).toHaveLength(1);
  });

  test('a paused one that exists is found without any write', async () => {
    const world = new CloudMapWorld();
    world.namespace();
    const namespace = oneNamespace(world);
    namespace.apply({ ...HTTP, policy: { paused: true } });
    await namespace.converge();
    expect(namespace.condition('Stalled')).toMatchObject({ reason: 'NotOwned' });
    expect(namespace.wrote()).toEqual([]);
  });
});

test('what somebody deleted is made anew, with another token', async () => {
  const world = new CloudMapWorld();
  const namespace = oneNamespace(world);
  namespace.apply(HTTP);
  await namespace.converge();
  world.call('DeleteNamespace', { Id: namespace.status.id });
  world.clock.advance(60_000);
  await namespace.converge();
  expect(namespace.wrote()).toEqual(['CreateHttpNamespace', 'CreateHttpNamespace']);
  const [first, second] = namespace.writes.map(({ input }) => input.CreatorRequestId);
  expect(second).not.toBe(first);
  expect(namespace.status).toMatchObject({ incarnation: 1, id: world.namespaces()[0].Id });
});
