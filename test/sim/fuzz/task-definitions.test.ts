import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AwsError } from '../../../src/fake-aws/core/aws-error.ts';
import { FakeAws } from '../../../src/fake-aws/fake-aws.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { compareDeclared } from '../../../src/shape/compare.ts';
import { requestFromDescription } from '../../../src/shape/described.ts';
import { ecsRules } from '../../../src/shape/ecs-rules.ts';
import { normalise } from '../../../src/shape/normalise.ts';
import { sameTaskDefinition } from '../../../src/shape/same-task-definition.ts';
import type { Json, JsonObject } from '../../../src/shape/shape.ts';
import { taskDefinitionShape } from '../../../src/shape/shapes.ts';
import { messyValue } from '../../shape/arbitrary-value.ts';
import { shuffled } from '../../shape/shuffle.ts';
import { effort, TEST_MS } from './effort.ts';

const REGION = 'eu-central-1';
type Members = Record<string, fc.Arbitrary<Json>>;

/** The required members and at most four others: with more, AWS finds something to refuse in nearly each. */
function some(members: Members, required: readonly string[] = []): fc.Arbitrary<JsonObject> {
  const optional = Object.keys(members).filter((name) => !required.includes(name));
  return fc.subarray(optional, { maxLength: Math.min(4, optional.length) }).chain((chosen) => {
    const present = Object.entries(members).filter(([name]) => required.includes(name) || chosen.includes(name));
    return fc.record<Record<string, Json>>(Object.fromEntries(present), { noNullPrototype: true });
  });
}

const list = (item: fc.Arbitrary<Json>, maxLength = 3): fc.Arbitrary<Json> => fc.array(item, { maxLength });
const among = (...values: readonly Json[]): fc.Arbitrary<Json> => fc.constantFrom(...values);
/** As people write numbers, and what they leave of a skeleton. */
const number = (...values: readonly number[]): fc.Arbitrary<Json> =>
  fc.oneof(
    { weight: 5, arbitrary: among(...values) },
    { weight: 2, arbitrary: among(...values.map(String)) },
    { weight: 1, arbitrary: among(null, '') },
  );
const yesNo = fc.oneof({ weight: 4, arbitrary: among(true, false) }, { weight: 1, arbitrary: among(null, 'true') });
const text = (...values: readonly string[]): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 5, arbitrary: among(...values) }, { weight: 1, arbitrary: among(null, '') });
const texts = (...values: readonly string[]): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 5, arbitrary: list(among(...values)) }, { weight: 1, arbitrary: among(null) });
const pairs = (...keys: readonly string[]): fc.Arbitrary<Json> =>
  list(some({ name: among(...keys), value: text('1', '2', 'a b', 'ü') }, ['name', 'value']));

const container = (name: string): fc.Arbitrary<JsonObject> =>
  some(
    {
      name: fc.constant(name),
      image: fc.constant('nginx:1'),
      memory: number(128, 256),
      memoryReservation: number(64),
      cpu: number(0, 10, 128),
      essential: yesNo,
      command: texts('a', 'b c', ''),
      entryPoint: texts('sh', '-c'),
      environment: pairs('A', 'B', 'C'),
      secrets: list(
        some({ name: among('S', 'T'), valueFrom: fc.constant('arn:aws:ssm:eu-central-1:1:parameter/x') }, [
          'name',
          'valueFrom',
        ]),
      ),
      portMappings: list(
        some(
          {
            containerPort: number(80, 8080),
            hostPort: number(0, 80, 8080),
            protocol: text('tcp', 'udp'),
            name: text('web'),
          },
          ['containerPort'],
        ),
      ),
      mountPoints: list(
        some({ sourceVolume: among('v', 'w'), containerPath: fc.constant('/data'), readOnly: yesNo }, [
          'sourceVolume',
          'containerPath',
        ]),
      ),
      volumesFrom: list(some({ sourceContainer: among('web', 'log'), readOnly: yesNo }), 1),
      dependsOn: list(
        some({ containerName: among('web', 'log'), condition: among('START', 'HEALTHY') }, [
          'containerName',
          'condition',
        ]),
        1,
      ),
      links: texts('log'),
      dockerLabels: fc.dictionary(fc.constantFrom('l', 'm'), fc.constantFrom('1', ''), { noNullPrototype: true }),
      ulimits: list(
        some({ name: among('nofile', 'nproc'), softLimit: number(1024), hardLimit: number(4096) }, [
          'name',
          'softLimit',
          'hardLimit',
        ]),
      ),
      logConfiguration: some(
        { logDriver: text('awslogs', 'json-file'), options: among({ 'awslogs-group': 'g' }, {}, null) },
        ['logDriver'],
      ),
      healthCheck: some(
        { command: among(['CMD', 'true']), interval: number(30, 10), retries: number(3), startPeriod: number(0) },
        ['command'],
      ),
      linuxParameters: some({
        initProcessEnabled: yesNo,
        capabilities: some({ add: texts('NET_ADMIN'), drop: texts('ALL') }),
      }),
      user: text('root'),
      workingDirectory: text('/'),
      stopTimeout: number(30),
      startTimeout: number(30),
      privileged: yesNo,
      readonlyRootFilesystem: yesNo,
      interactive: yesNo,
      pseudoTerminal: yesNo,
      hostname: text('h'),
      dnsServers: texts('1.1.1.1'),
      extraHosts: list(some({ hostname: among('a'), ipAddress: among('1.1.1.1') }, ['hostname', 'ipAddress']), 1),
      resourceRequirements: list(some({ type: among('GPU'), value: among('1') }, ['type', 'value']), 1),
      environmentFiles: list(some({ type: among('s3'), value: among('arn:aws:s3:::b/f.env') }, ['type', 'value']), 1),
    },
    ['name', 'image', 'memory'],
  );

const definition = some(
  {
    family: fc.constant('web'),
    containerDefinitions: fc
      .tuple(container('web'), fc.option(container('log'), { nil: undefined }))
      .map(([web, log]) => (log === undefined ? [web] : [web, log])),
    volumes: list(
      some(
        {
          name: among('v', 'w'),
          host: among({}, { sourcePath: '/data' }, { sourcePath: '' }, null),
          configuredAtLaunch: among(false, null),
        },
        ['name'],
      ),
      2,
    ),
    networkMode: text('bridge', 'awsvpc', 'host', 'none'),
    requiresCompatibilities: texts('EC2', 'FARGATE'),
    cpu: text('256', '.5 vCPU', '1 vCPU', '512'),
    memory: text('512', '1GB', '2 GB'),
    taskRoleArn: text('arn:aws:iam::1:role/r', 'r'),
    executionRoleArn: text('arn:aws:iam::1:role/r'),
    placementConstraints: list(some({ type: among('memberOf'), expression: among('attribute:x == y') }, ['type']), 1),
    pidMode: text('task', 'host'),
    ipcMode: text('none', 'task'),
    runtimePlatform: some({ cpuArchitecture: text('ARM64', 'X86_64'), operatingSystemFamily: text('LINUX') }),
    ephemeralStorage: among({ sizeInGiB: 21 }, { sizeInGiB: '50' }, null),
    enableFaultInjection: yesNo,
    tags: list(some({ key: among('a', 'b'), value: text('1') }, ['key']), 2),
  },
  ['family', 'containerDefinitions'],
);

/** What AWS holds after a request; undefined when it refuses it. */
function registered(request: JsonObject): JsonObject | undefined {
  const fake = new FakeAws({ clock: new VirtualClock(), random: seededRandom(1), region: REGION });
  const call = (operation: string, input: object): object =>
    fake.handle({ service: 'ecs', operation, input, accountId: fake.accountId, region: REGION });
  try {
    call('RegisterTaskDefinition', structuredClone(request) as unknown as RegisterTaskDefinitionCommandInput);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
  const { taskDefinition } = call('DescribeTaskDefinition', { taskDefinition: 'web' }) as {
    taskDefinition: TaskDefinition;
  };
  return requestFromDescription(taskDefinition);
}

it(
  'what AWS gives back of a task definition compares equal to what people wrote, in any order',
  async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        definition.chain((spec) => fc.tuple(fc.constant(spec), shuffled(spec, taskDefinitionShape))),
        async ([spec, reordered]) => {
          const { value, problems } = normalise(spec, taskDefinitionShape);
          if (problems.length > 0) return;
          expect(normalise(value, taskDefinitionShape)).toEqual({ value, problems: [] });
          const { tags: _tags, ...request } = value;
          const live = registered(request);
          if (live === undefined) return;
          accepted++;
          expect(sameTaskDefinition(value, live)).toBe(true);
          const input = { declared: request, live, shape: taskDefinitionShape, rules: ecsRules };
          expect(compareDeclared(input)).toEqual([]);
          expect(sameTaskDefinition(normalise(reordered, taskDefinitionShape).value, live)).toBe(true);
        },
      ),
      effort(600),
    );
    // Else it would be AWS's refusals that were tried.
    expect(accepted).toBeGreaterThan(100);
  },
  TEST_MS,
);

it(
  'whatever stands where AWS has something else is put right or told, and never a fault of ours',
  () => {
    const anything = fc.oneof(messyValue(taskDefinitionShape), fc.jsonValue());
    fc.assert(
      fc.property(anything, anything, (spec, other) => {
        // Safe: both give JSON.
        const { value, problems } = normalise(spec as Json, taskDefinitionShape);
        for (const problem of problems) expect(problem.message).not.toBe('');
        const live = normalise(other as Json, taskDefinitionShape).value;
        expect(sameTaskDefinition(value, value)).toBe(true);
        sameTaskDefinition(value, live);
        for (const difference of compareDeclared({
          declared: value,
          live,
          shape: taskDefinitionShape,
          rules: ecsRules,
        })) {
          expect(difference.path).not.toBe('');
        }
      }),
      effort(400),
    );
  },
  TEST_MS,
);
