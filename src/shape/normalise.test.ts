import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messyValue, normalValue } from '../../test/shape/arbitrary-value.ts';
import { normalise } from './normalise.ts';
import type { Json, JsonObject, Structure } from './shape.ts';
import { clusterShape, serviceShape, taskDefinitionShape } from './shapes.ts';

const supplied = ['family', 'serviceName', 'clusterName'];

/** What becomes of one container of a task definition. */
function container(members: JsonObject): Json {
  const spec = { containerDefinitions: [{ name: 'web', image: 'nginx', ...members }] };
  const { value, problems } = normalise(spec, taskDefinitionShape, { supplied });
  expect(problems).toEqual([]);
  const [first] = Object.values(value).flat();
  const { name: _name, image: _image, ...rest } = Object(first);
  return rest;
}

describe('what people write, and what AWS is asked', () => {
  test.each<{ why: string; written: JsonObject; asked: JsonObject }>([
    { why: 'a number in quotes is a number', written: { memory: '100' }, asked: { memory: 100 } },
    { why: 'blanks around it are nothing', written: { memory: ' 100 ' }, asked: { memory: 100 } },
    { why: 'null is not declared', written: { memory: null, command: null }, asked: {} },
    { why: 'an empty list is declared: AWS clears by it', written: { command: [] }, asked: { command: [] } },
    {
      why: 'an empty enum is not declared',
      written: { portMappings: [{ containerPort: 80, appProtocol: '' }] },
      asked: { portMappings: [{ containerPort: 80 }] },
    },
    {
      why: 'an empty variable is a variable',
      written: { environment: [{ name: 'DEBUG', value: '' }] },
      asked: { environment: [{ name: 'DEBUG', value: '' }] },
    },
    {
      why: 'a number or boolean as a variable is its text, since YAML makes them so easily',
      written: {
        environment: [
          { name: 'PORT', value: 8080 },
          { name: 'DEBUG', value: true },
        ],
      },
      asked: {
        environment: [
          { name: 'PORT', value: '8080' },
          { name: 'DEBUG', value: 'true' },
        ],
      },
    },
    {
      why: 'an empty label is a label',
      written: { dockerLabels: { 'com.example.empty': '', gone: null } },
      asked: { dockerLabels: { 'com.example.empty': '' } },
    },
    {
      why: 'a label may have any name',
      written: JSON.parse('{"dockerLabels":{"__proto__":"a","constructor":"b"}}'),
      asked: JSON.parse('{"dockerLabels":{"__proto__":"a","constructor":"b"}}'),
    },
    { why: 'an empty argument is an argument', written: { command: ['sh', ''] }, asked: { command: ['sh', ''] } },
    { why: '[""] resets the entry point of an image', written: { entryPoint: [''] }, asked: { entryPoint: [''] } },
    { why: 'an empty user is Docker’s "not set"', written: { user: '', workingDirectory: '' }, asked: {} },
    { why: 'an empty link is none, and leaves no list by which AWS would clear', written: { links: [''] }, asked: {} },
    {
      why: 'what holds an empty text alone was left by a skeleton',
      written: { repositoryCredentials: { credentialsParameter: '' } },
      asked: {},
    },
    {
      why: 'what a skeleton leaves in a list goes item by item',
      written: {
        secrets: [
          { name: '', valueFrom: '' },
          { name: 'A', valueFrom: 'arn:a' },
        ],
      },
      asked: { secrets: [{ name: 'A', valueFrom: 'arn:a' }] },
    },
    { why: 'an object written empty is meant', written: { linuxParameters: {} }, asked: { linuxParameters: {} } },
    { why: 'true in quotes is true', written: { essential: 'true' }, asked: { essential: true } },
    { why: 'a zero is a number like any other', written: { memory: 0, cpu: 0 }, asked: { memory: 0, cpu: 0 } },
  ])('$why', ({ written, asked }) => {
    expect(container(written)).toEqual(asked);
  });

  test.each<{ why: string; shape?: Structure; written: JsonObject; asked: JsonObject }>([
    {
      why: 'a load balancer of a skeleton goes as a whole, zero port and all',
      written: { loadBalancers: [{ targetGroupArn: '', loadBalancerName: '', containerName: '', containerPort: 0 }] },
      asked: {},
    },
    {
      why: 'a skeleton’s registry, strategy and tags too',
      written: {
        serviceRegistries: [{ registryArn: '', port: 0, containerName: '', containerPort: 0 }],
        capacityProviderStrategy: [{ capacityProvider: '', weight: 0, base: 0 }],
        tags: [{ key: '', value: '' }],
        role: '',
        cluster: '',
        platformVersion: '',
        launchType: '',
        clientToken: '',
      },
      asked: {},
    },
    {
      why: 'a constraint keeps its type when its expression is empty: distinctInstance takes none',
      written: { placementConstraints: [{ type: 'distinctInstance', expression: '' }] },
      asked: { placementConstraints: [{ type: 'distinctInstance' }] },
    },
    {
      why: 'Service Connect stays on when its namespace is left empty',
      written: { serviceConnectConfiguration: { enabled: true, namespace: '' } },
      asked: { serviceConnectConfiguration: { enabled: true } },
    },
    {
      why: 'what is declared beside our own reference stays',
      written: { serviceRegistries: [{ cloudMapServiceRef: { name: 'api' }, registryArn: '', containerPort: '0' }] },
      asked: { serviceRegistries: [{ containerPort: 0 }] },
    },
    {
      why: 'a tag without a value has an empty one',
      written: { tags: [{ key: 'team' }] },
      asked: { tags: [{ key: 'team', value: '' }] },
    },
    {
      why: 'alarms that are off may leave their names out',
      written: { deploymentConfiguration: { alarms: { enable: false, rollback: false } } },
      asked: { deploymentConfiguration: { alarms: { enable: false, rollback: false, alarmNames: [] } } },
    },
    {
      why: 'a percentage may have a fraction, as a number or in quotes',
      written: { deploymentConfiguration: { canaryConfiguration: { canaryPercent: '2.5' } } },
      asked: { deploymentConfiguration: { canaryConfiguration: { canaryPercent: 2.5 } } },
    },
    {
      why: 'what AWS prints beside the request is ignored, and so is our own part',
      written: {
        policy: { paused: true },
        status: 'ACTIVE',
        runningCount: 3,
        events: [{ id: '1' }],
        desiredCount: '2',
      },
      asked: { desiredCount: 2 },
    },
    {
      why: 'cpu and memory of a task are texts to AWS, whatever they are written as',
      shape: taskDefinitionShape,
      written: { containerDefinitions: [], cpu: 256, memory: '0.5 GB' },
      asked: { containerDefinitions: [], cpu: '256', memory: '0.5 GB' },
    },
    {
      why: 'a volume on a path that Docker chooses',
      shape: taskDefinitionShape,
      written: {
        containerDefinitions: [],
        volumes: [
          { name: 'data', host: { sourcePath: '' } },
          { name: 'b', host: {} },
        ],
      },
      asked: { containerDefinitions: [], volumes: [{ name: 'data' }, { name: 'b', host: {} }] },
    },
    {
      why: 'by an empty namespace a cluster gives up its default one',
      shape: clusterShape,
      written: { serviceConnectDefaults: { namespace: '' } },
      asked: { serviceConnectDefaults: { namespace: '' } },
    },
  ])('$why', ({ shape = serviceShape, written, asked }) => {
    const own = ['policy', 'serviceRegistries[].cloudMapServiceRef'];
    expect(normalise(written, shape, { own, supplied })).toEqual({ value: asked, problems: [] });
  });
});

describe('what AWS would refuse is said with its place and what to do', () => {
  const image = { name: 'web', image: 'nginx' };

  test.each<{ why: string; shape?: Structure; written: Json; path: string; message: RegExp }>([
    {
      why: 'a placeholder for a number',
      shape: taskDefinitionShape,
      written: { containerDefinitions: [{ ...image, portMappings: [{ containerPort: '<container-port>' }] }] },
      path: 'containerDefinitions[name=web].portMappings[0].containerPort',
      message: /whole number, not "<container-port>"; put the number in place of the text/,
    },
    {
      why: 'a fraction',
      written: { desiredCount: 1.5 },
      path: 'desiredCount',
      message: /1\.5; write it without fraction/,
    },
    {
      why: 'a unit',
      written: { desiredCount: '2x' },
      path: 'desiredCount',
      message: /"2x"; write it without fraction and unit/,
    },
    {
      why: 'an object where a list belongs',
      shape: taskDefinitionShape,
      written: { containerDefinitions: [{ ...image, secrets: { name: 'A', valueFrom: 'b' } }] },
      path: 'containerDefinitions[name=web].secrets',
      message: /must be a list, not an object; put it between \[ and \]/,
    },
    {
      why: 'a list where an object belongs',
      written: { networkConfiguration: [] },
      path: 'networkConfiguration',
      message: /must be an object, not a list/,
    },
    {
      why: 'a text where a map belongs',
      shape: taskDefinitionShape,
      written: { containerDefinitions: [{ ...image, dockerLabels: 'a' }] },
      path: 'containerDefinitions[name=web].dockerLabels',
      message: /must be an object of texts, not "a"/,
    },
    {
      why: 'a list where one value belongs',
      written: { cluster: ['a'] },
      path: 'cluster',
      message: /single value, not a list/,
    },
    {
      why: 'a text where true or false belongs',
      written: { enableExecuteCommand: 'yes' },
      path: 'enableExecuteCommand',
      message: /true or false, not "yes"/,
    },
    {
      why: 'a typing error',
      written: { deploymentConfiguration: { alarms: { alarmnames: [], enable: false, rollback: false } } },
      path: 'deploymentConfiguration.alarms.alarmnames',
      message: /did you mean alarmNames\?/,
    },
    {
      why: 'a member that AWS does not have',
      written: { enableLogging: true },
      path: 'enableLogging',
      message: /not a member .* remove it/,
    },
    {
      why: 'a name that only JavaScript knows',
      written: { constructor: 'x' },
      path: 'constructor',
      message: /not a member/,
    },
    {
      why: 'a member of UpdateService',
      written: { service: 'web' },
      path: 'service',
      message: /UpdateService request; write serviceName/,
    },
    {
      why: 'a value of a closed list',
      written: { launchType: 'LAMBDA' },
      path: 'launchType',
      message: /takes only EC2, EXTERNAL, FARGATE/,
    },
    {
      why: 'an image left for a pipeline to fill in',
      shape: taskDefinitionShape,
      written: { containerDefinitions: [{ name: 'web', image: '' }] },
      path: 'containerDefinitions[name=web].image',
      message: /is required, and is missing or empty/,
    },
    {
      why: 'subnets that a skeleton left empty',
      written: { networkConfiguration: { awsvpcConfiguration: { subnets: [''], assignPublicIp: 'ENABLED' } } },
      path: 'networkConfiguration.awsvpcConfiguration.subnets',
      message: /is required/,
    },
    {
      why: 'two containers of one name',
      shape: taskDefinitionShape,
      written: { containerDefinitions: [image, image] },
      path: 'containerDefinitions',
      message: /two items with name web/,
    },
    { why: 'no object at all', written: 'web', path: '', message: /must be an object/ },
  ])('$why', ({ shape = serviceShape, written, path, message }) => {
    const { problems } = normalise(written, shape, { supplied });
    expect(problems).toEqual([{ path, message: expect.stringMatching(message) }]);
  });

  test.each<[string, Structure, JsonObject, string]>([
    [
      'DescribeTaskDefinition',
      taskDefinitionShape,
      { taskDefinition: { family: 'a', containerDefinitions: [] }, tags: [] },
      'taskDefinition',
    ],
    [
      'DescribeServices',
      serviceShape,
      { services: [{ serviceName: 'a', status: 'ACTIVE' }], failures: [] },
      'services',
    ],
  ])('the wrapper that %s prints gets one message: paste what is inside', (_call, shape, written, path) => {
    const { problems } = normalise(written, shape, { supplied });
    expect(problems).toEqual([{ path, message: expect.stringContaining('paste what is inside') }]);
  });

  test('a text that names a task definition is no wrapper', () => {
    expect(normalise({ taskDefinition: 'web:3' }, serviceShape, { supplied }).problems).toEqual([]);
  });
});

describe.each([
  ['task definition', taskDefinitionShape],
  ['service', serviceShape],
  ['cluster', clusterShape],
])('of any %s', (_kind, shape) => {
  test('normalising twice is normalising once, so what stands in status means what stands in the spec', () => {
    fc.assert(
      fc.property(messyValue(shape), (spec) => {
        const once = normalise(spec, shape, { supplied }).value;
        expect(normalise(once, shape, { supplied }).value).toEqual(once);
      }),
      { numRuns: 200 },
    );
  });

  test('what is in order is not touched', () => {
    fc.assert(
      fc.property(normalValue(shape), (spec) => {
        expect(normalise(spec, shape, { supplied })).toEqual({ value: spec, problems: [] });
      }),
      { numRuns: 100 },
    );
  });
});
