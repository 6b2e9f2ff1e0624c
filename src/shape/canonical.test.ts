import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalValue } from '../../test/shape/arbitrary-value.ts';
import { shuffled } from '../../test/shape/shuffle.ts';
import { type CanonicalRules, canonical, equalJson } from './canonical.ts';
import { cloudMapRules } from './cloud-map-rules.ts';
import { contentHash, leafHashes } from './content-hash.ts';
import { ecsRules } from './ecs-rules.ts';
import { isObject, type JsonObject, type Structure } from './shape.ts';
import { cloudMapServiceShape, clusterShape, serviceShape, taskDefinitionShape } from './shapes.ts';

const taskDefinition = { shape: taskDefinitionShape, rules: ecsRules };
const service = { shape: serviceShape, rules: ecsRules };

interface Pair {
  readonly why: string;
  readonly of?: { readonly shape: Structure; readonly rules: CanonicalRules };
  readonly a: JsonObject;
  readonly b: JsonObject;
}

function means({ of = service, a, b }: Pair): { form: boolean; hash: boolean } {
  return {
    form: equalJson(canonical(a, of.shape, of.rules), canonical(b, of.shape, of.rules)),
    hash: contentHash({ value: a, ...of }) === contentHash({ value: b, ...of }),
  };
}

function container(members: JsonObject, task: JsonObject = {}): JsonObject {
  return { ...task, containerDefinitions: [{ name: 'web', image: 'nginx', ...members }] };
}

describe('these mean the same to AWS, so neither is a new revision nor drift', () => {
  test.each<Pair>([
    { why: 'a vCPU is 1024 units', of: taskDefinition, a: { cpu: '1 vCPU' }, b: { cpu: '1024' } },
    { why: 'in parts too, and in any case', of: taskDefinition, a: { cpu: '.25 vcpu' }, b: { cpu: '256' } },
    { why: 'a GB is 1024 MiB', of: taskDefinition, a: { memory: '2GB' }, b: { memory: '2048' } },
    { why: 'half of one, with a blank', of: taskDefinition, a: { memory: '0.5 GB' }, b: { memory: '512' } },
    {
      why: 'bridge is the network mode of those that name none',
      of: taskDefinition,
      a: { networkMode: 'bridge' },
      b: {},
    },
    {
      why: 'what AWS prints for a container that says nothing',
      of: taskDefinition,
      a: container({}),
      b: container({ cpu: 0, essential: true, environment: [], mountPoints: [], volumesFrom: [], privileged: false }),
    },
    {
      why: 'the order of variables',
      of: taskDefinition,
      a: container({
        environment: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      }),
      b: container({
        environment: [
          { value: '2', name: 'B' },
          { name: 'A', value: '1' },
        ],
      }),
    },
    {
      why: 'under awsvpc the host’s port is the container’s',
      of: taskDefinition,
      a: container({ portMappings: [{ containerPort: 80 }] }, { networkMode: 'awsvpc' }),
      b: container({ portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }] }, { networkMode: 'awsvpc' }),
    },
    {
      why: 'under bridge a host port of 0 is any port',
      of: taskDefinition,
      a: container({ portMappings: [{ containerPort: 80 }] }),
      b: container({ portMappings: [{ containerPort: 80, hostPort: 0 }] }, { networkMode: 'bridge' }),
    },
    {
      why: 'AWS takes any protocol but udp as tcp',
      of: taskDefinition,
      a: container({ portMappings: [{ containerPort: 80, protocol: 'TCP' }] }),
      b: container({ portMappings: [{ containerPort: 80 }] }),
    },
    {
      why: 'a health check’s own defaults',
      of: taskDefinition,
      a: container({ healthCheck: { command: ['CMD', 'true'] } }),
      b: container({ healthCheck: { command: ['CMD', 'true'], interval: 30, timeout: 5, retries: 3 } }),
    },
    {
      why: 'an empty host is a volume on a path that Docker chooses',
      of: taskDefinition,
      a: { volumes: [{ name: 'a', host: {} }] },
      b: { volumes: [{ name: 'a' }] },
    },
    {
      why: 'EFS without a directory is its root',
      of: taskDefinition,
      a: { volumes: [{ name: 'a', efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/' } }] },
      b: { volumes: [{ name: 'a', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }] },
    },
    {
      why: 'the order of containers',
      of: taskDefinition,
      a: { containerDefinitions: [{ name: 'a' }, { name: 'b' }] },
      b: { containerDefinitions: [{ name: 'b' }, { name: 'a' }] },
    },
    {
      why: 'the order of subnets and groups',
      a: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a', 'b'], securityGroups: ['x', 'y'] } } },
      b: {
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ['b', 'a'], securityGroups: ['y', 'x'], assignPublicIp: 'DISABLED' },
        },
      },
    },
    {
      why: 'host and instanceId are one field of placement',
      a: { placementStrategy: [{ type: 'spread', field: 'host' }] },
      b: { placementStrategy: [{ type: 'spread', field: 'instanceId' }] },
    },
    {
      why: 'binpack’s field comes back in capitals',
      a: { placementStrategy: [{ type: 'binpack', field: 'memory' }] },
      b: { placementStrategy: [{ type: 'binpack', field: 'MEMORY' }] },
    },
    {
      why: 'a service’s defaults',
      a: {
        schedulingStrategy: 'REPLICA',
        deploymentController: { type: 'ECS' },
        propagateTags: 'NONE',
        platformVersion: 'LATEST',
        healthCheckGracePeriodSeconds: 0,
        enableExecuteCommand: false,
        loadBalancers: [],
      },
      b: {},
    },
    {
      why: 'a replica service keeps 100 to 200 percent',
      a: { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 } },
      b: {},
    },
    {
      why: 'a daemon 0 to 100',
      a: { schedulingStrategy: 'DAEMON', deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 } },
      b: { schedulingStrategy: 'DAEMON' },
    },
    {
      why: 'a breaker that is off with its thresholds',
      a: {
        deploymentConfiguration: {
          deploymentCircuitBreaker: {
            enable: false,
            rollback: false,
            resetOnHealthyTask: true,
            thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
          },
        },
      },
      b: {},
    },
    { why: 'Service Connect that is off', a: { serviceConnectConfiguration: { enabled: false } }, b: {} },
    {
      why: 'Container Insights that are off',
      of: { shape: clusterShape, rules: ecsRules },
      a: { settings: [{ name: 'containerInsights', value: 'disabled' }] },
      b: {},
    },
    {
      why: 'the old place of a namespace’s id',
      of: { shape: cloudMapServiceShape, rules: cloudMapRules },
      a: { namespaceId: 'ns-1', dnsConfig: { namespaceId: 'ns-1', dnsRecords: [{ type: 'A', ttl: 60 }] } },
      b: { namespaceId: 'ns-1', dnsConfig: { routingPolicy: 'MULTIVALUE', dnsRecords: [{ ttl: 60, type: 'A' }] } },
    },
  ])('$why', (pair) => {
    expect(means(pair)).toEqual({ form: true, hash: true });
  });
});

describe('these do not', () => {
  test.each<Pair>([
    {
      why: 'the order of a command',
      of: taskDefinition,
      a: container({ command: ['a', 'b'] }),
      b: container({ command: ['b', 'a'] }),
    },
    {
      why: 'the order of placement strategies: the first goes first',
      a: { placementStrategy: [{ type: 'random' }, { type: 'spread', field: 'host' }] },
      b: { placementStrategy: [{ type: 'spread', field: 'host' }, { type: 'random' }] },
    },
    {
      why: 'of two variables with one name the last wins',
      of: taskDefinition,
      a: container({
        environment: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      }),
      b: container({
        environment: [
          { name: 'A', value: '2' },
          { name: 'A', value: '1' },
        ],
      }),
    },
    {
      why: 'an empty variable is not a missing one',
      of: taskDefinition,
      a: container({ environment: [{ name: 'A', value: '' }] }),
      b: container({}),
    },
    {
      why: 'a fixed host port under bridge',
      of: taskDefinition,
      a: container({ portMappings: [{ containerPort: 80, hostPort: 80 }] }),
      b: container({ portMappings: [{ containerPort: 80 }] }),
    },
    {
      why: 'udp',
      of: taskDefinition,
      a: container({ portMappings: [{ containerPort: 80, protocol: 'udp' }] }),
      b: container({ portMappings: [{ containerPort: 80 }] }),
    },
    {
      why: 'a Docker volume with all its defaults is still a Docker volume',
      of: taskDefinition,
      a: { volumes: [{ name: 'a', dockerVolumeConfiguration: {} }] },
      b: { volumes: [{ name: 'a' }] },
    },
    {
      why: 'a daemon at 100 percent healthy',
      a: { schedulingStrategy: 'DAEMON', deploymentConfiguration: { minimumHealthyPercent: 100 } },
      b: { schedulingStrategy: 'DAEMON' },
    },
    {
      why: 'a custom health check without settings',
      of: { shape: cloudMapServiceShape, rules: cloudMapRules },
      a: { healthCheckCustomConfig: {} },
      b: {},
    },
    { why: 'a tag with an empty value', a: { tags: [{ key: 'a', value: '' }] }, b: {} },
    { why: 'a capital in a name', of: taskDefinition, a: { family: 'Web' }, b: { family: 'web' } },
    { why: 'no tasks at all is not AWS’s default count', a: { desiredCount: 0 }, b: {} },
  ])('$why', (pair) => {
    expect(means(pair)).toEqual({ form: false, hash: false });
  });
});

describe.each([
  ['task definition', taskDefinitionShape, ecsRules],
  ['service', serviceShape, ecsRules],
  ['cluster', clusterShape, ecsRules],
  ['Cloud Map service', cloudMapServiceShape, cloudMapRules],
])('of any %s', (_kind, shape, rules) => {
  test('the canonical form of the canonical form is the same', () => {
    fc.assert(
      fc.property(normalValue(shape), (spec) => {
        const once = canonical(spec, shape, rules);
        expect(canonical(once, shape, rules)).toEqual(once);
      }),
      { numRuns: 100 },
    );
  });

  test('order that says nothing changes neither form nor hash', () => {
    const specs = normalValue(shape).chain((a) => shuffled(a, shape).map((b) => ({ a, b })));
    fc.assert(
      fc.property(specs, ({ a, b }) => {
        if (!isObject(b)) throw new TypeError('shuffling made something else of an object');
        expect(means({ why: '', of: { shape, rules }, a, b })).toEqual({ form: true, hash: true });
        expect(leafHashes({ value: b, shape, rules })).toEqual(leafHashes({ value: a, shape, rules }));
      }),
      { numRuns: 100 },
    );
  });

  test('hashes are equal just when the canonical forms are', () => {
    fc.assert(
      fc.property(normalValue(shape), normalValue(shape), (a, b) => {
        const { form, hash } = means({ why: '', of: { shape, rules }, a, b });
        expect(hash).toBe(form);
      }),
      { numRuns: 100 },
    );
  });
});

test('the form that is kept of a value is that of the shape and the rules which it was asked for', () => {
  const value = {
    tags: [
      { key: 'b', value: '1' },
      { key: 'a', value: '2' },
    ],
    networkMode: 'bridge',
  };
  const form = canonical(value, taskDefinitionShape, ecsRules);
  expect(canonical(value, taskDefinitionShape, ecsRules)).toBe(form);
  expect(canonical(value, serviceShape, ecsRules)).toEqual({ ...form, networkMode: 'bridge' });
  expect(canonical(value, taskDefinitionShape, ecsRules)).toEqual(form);
});

describe('the content hash', () => {
  const spec = container(
    { portMappings: [{ containerPort: 80 }] },
    { family: 'web', tags: [{ key: 'a', value: 'b' }] },
  );

  test('is 32 hexadecimal characters, which fit a client token (36) and a tag', () => {
    expect(contentHash({ value: spec, ...taskDefinition })).toMatch(/^[0-9a-f]{32}$/);
  });

  test('stays what it is from release to release, or every task definition in the field would roll', () => {
    expect(contentHash({ value: spec, ...taskDefinition })).toBe('e4105c3592ebbbd83d2f826f3cdf95cf');
  });

  test('does not change when a later SDK release knows more members', () => {
    const grown: Structure = {
      ...taskDefinitionShape,
      members: {
        ...taskDefinitionShape.members,
        addedLater: {
          shape: { type: 'boolean' },
          awsName: 'addedLater',
          required: false,
          sensitive: false,
          outputOnly: false,
          emptyIsValue: false,
          presenceMatters: false,
          awsDefault: true,
        },
      },
    };
    expect(contentHash({ value: spec, shape: grown, rules: ecsRules })).toBe(
      contentHash({ value: spec, ...taskDefinition }),
    );
  });

  test('leaves out what is not content, e.g. tags, which change without a new revision', () => {
    const { tags: _tags, ...untagged } = spec;
    const omit = ['tags'];
    expect(contentHash({ value: spec, ...taskDefinition, omit })).toBe(
      contentHash({ value: untagged, ...taskDefinition }),
    );
  });

  test('of a leaf tells a changed value, so that a change of the spec is not taken for drift', () => {
    const before = leafHashes({ value: { desiredCount: 1, platformVersion: 'LATEST' }, ...service });
    const after = leafHashes({ value: { desiredCount: 2, platformVersion: 'LATEST' }, ...service });
    expect(after.desiredCount).not.toBe(before.desiredCount);
    expect(after.platformVersion).toBe(before.platformVersion);
    expect(Object.values(after)).toEqual([
      expect.stringMatching(/^[0-9a-f]{10}$/),
      expect.stringMatching(/^[0-9a-f]{10}$/),
    ]);
  });
});
