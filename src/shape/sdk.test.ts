import type { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, test } from 'vitest';
import { lowerCamel } from './aws-names.ts';
import { cloudMapOverlay } from './cloud-map-overlay.ts';
import { ecsOverlay } from './ecs-overlay.ts';
import { cloudMapEnums, ecsEnums } from './enums.gen.ts';
import { generateEnums } from './generate-enums.ts';
import { placeAt } from './leaves.ts';
import { shapeFromSdk } from './sdk.ts';
import type { Shape, Structure } from './shape.ts';
import * as shapes from './shapes.ts';
import {
  cloudMapNamespaceShape,
  cloudMapServiceShape,
  clusterShape,
  serviceShape,
  taskDefinitionShape,
} from './shapes.ts';

/** Every `Structure.member` that a shape reaches. */
function memberNames(shape: Shape, seen = new Set<Structure>()): string[] {
  if (shape.type === 'list' || shape.type === 'map') return memberNames(shape.of, seen);
  if (shape.type !== 'structure' || seen.has(shape)) return [];
  seen.add(shape);
  return Object.entries(shape.members).flatMap(([name, member]) => [
    `${shape.name}.${name}`,
    ...memberNames(member.shape, seen),
  ]);
}

describe('the shapes', () => {
  test('know every field of a task definition and of a service that the SDK knows', () => {
    expect(memberNames(taskDefinitionShape).length).toBeGreaterThan(150);
    expect(memberNames(serviceShape).length).toBeGreaterThan(130);
  });

  test('take required and sensitive from the SDK, so that neither can be forgotten', () => {
    expect(placeAt(serviceShape, 'networkConfiguration.awsvpcConfiguration.subnets').member?.required).toBe(true);
    expect(placeAt(serviceShape, 'networkConfiguration.awsvpcConfiguration.assignPublicIp').member?.required).toBe(
      false,
    );
    expect(placeAt(taskDefinitionShape, 'containerDefinitions[name=a].environment').sensitive).toBe(true);
    expect(placeAt(taskDefinitionShape, 'containerDefinitions[name=a].image').sensitive).toBe(false);
  });

  test('mark what AWS prints and no request takes, so that a pasted description works', () => {
    for (const name of ['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'registeredAt']) {
      expect(taskDefinitionShape.members[name], name).toMatchObject({ outputOnly: true });
    }
    for (const name of ['clusterArn', 'deployments', 'events', 'pendingCount', 'platformFamily', 'clientToken']) {
      expect(serviceShape.members[name], name).toMatchObject({ outputOnly: true });
    }
    expect(clusterShape.members.statistics).toMatchObject({ outputOnly: true });
    expect(placeAt(cloudMapNamespaceShape, 'properties.dnsProperties.hostedZoneId').member?.outputOnly).toBe(true);
    expect(placeAt(cloudMapNamespaceShape, 'properties.dnsProperties.soa').member?.outputOnly).toBe(false);
  });

  test("leave Cloud Map's own type out of a namespace, since type is our member there", () => {
    expect(cloudMapNamespaceShape.members).not.toHaveProperty('type');
  });

  test('tell enums from texts, and open lists from those that are closed for good', () => {
    expect(serviceShape.members.launchType?.shape).toMatchObject({
      closed: true,
      values: expect.arrayContaining(['FARGATE']),
    });
    expect(taskDefinitionShape.members.requiresCompatibilities?.shape).toMatchObject({
      of: { values: expect.arrayContaining(['EC2']), closed: false },
    });
    expect(placeAt(serviceShape, 'serviceConnectConfiguration.accessLogConfiguration.format').shape).toMatchObject({
      values: ['JSON', 'TEXT'],
    });
    expect(taskDefinitionShape.members.family?.shape).toEqual({ type: 'string' });
  });

  test('know the only two numbers with a fraction', () => {
    const { shape } = placeAt(serviceShape, 'deploymentConfiguration.canaryConfiguration.canaryPercent');
    expect(shape.type).toBe('double');
    expect(serviceShape.members.desiredCount?.shape.type).toBe('integer');
  });

  test("name Cloud Map's members as everywhere else, and remember AWS's names", () => {
    expect(cloudMapServiceShape.members.dnsConfig).toMatchObject({ awsName: 'DnsConfig' });
    expect(placeAt(cloudMapNamespaceShape, 'properties.dnsProperties.soa.ttl').member?.awsName).toBe('TTL');
  });

  test('of a structure that contains itself end, and contain themselves', () => {
    const node: ReturnType<NormalizedSchema['getSchema']> = [3, 'test', 'Node', 0, ['next'], [() => node]];
    const shape = shapeFromSdk(node, { members: {}, enums: {} });
    expect(shape.members.next?.shape).toBe(shape);
  });

  test('refuse a schema that is not one of a structure, rather than describe nothing', () => {
    expect(() => shapeFromSdk(0, { members: {}, enums: {} })).toThrow(TypeError);
  });
});

describe('the overlays', () => {
  const reached = new Set(Object.values(shapes).flatMap((shape) => memberNames(shape)));
  // The three requests behind the merged shape are not reached by their own names.
  const merged = /^Create(Http|PrivateDns|PublicDns)Namespace/;

  test.each(Object.keys({ ...ecsOverlay.members, ...cloudMapOverlay.members }).filter((name) => !merged.test(name)))(
    '%s exists in the SDK, so a typing error or a renamed member is seen',
    (name) => {
      expect(reached).toContain(name);
    },
  );
});

describe('the generated enums', () => {
  test('are those of the installed SDK (else: npm run generate)', () => {
    const generated = generateEnums();
    for (const [name, values] of Object.entries({ ...ecsEnums, ...cloudMapEnums })) {
      expect(generated).toContain(`'${name}': ${JSON.stringify(values)}`);
    }
  });

  test('cover enums in lists and in unions too', () => {
    expect(ecsEnums['RegisterTaskDefinitionRequest.requiresCompatibilities']).toContain('FARGATE');
    expect(ecsEnums['ServiceConnectContainerConfiguration.logLevel']).toContain('debug');
    expect(cloudMapEnums['DnsRecord.type']).toContain('SRV');
  });
});

test.each([
  ['DnsConfig', 'dnsConfig'],
  ['TTL', 'ttl'],
  ['SOA', 'soa'],
  ['Id', 'id'],
  ['NamespaceId', 'namespaceId'],
  ['DNSName', 'dnsName'],
  ['enableECSManagedTags', 'enableECSManagedTags'],
])('AWS writes %s, we write %s: one rule for all kinds', (aws, ours) => {
  expect(lowerCamel(aws)).toBe(ours);
});
