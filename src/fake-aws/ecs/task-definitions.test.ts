import { expect, test } from 'vitest';
import { ec2Task, fargateTask, type Loose, Stage } from './testing.ts';

const described = (stage: Stage, reference: string): Loose =>
  stage.call('DescribeTaskDefinition', { taskDefinition: reference, include: ['TAGS'] });

test("what was left out comes back with AWS's defaults, and what was declared as it was", () => {
  const stage = new Stage();
  stage.register(fargateTask('nginx:1', { cpu: '.5 vCPU', memory: '1 GB', tags: [{ key: 'a', value: 'b' }] }));
  const { taskDefinition, tags } = described(stage, 'web');
  expect(taskDefinition).toMatchObject({
    cpu: '512',
    memory: '1024',
    status: 'ACTIVE',
    revision: 1,
    compatibilities: ['EC2', 'FARGATE'],
    enableFaultInjection: false,
    volumes: [],
    containerDefinitions: [
      {
        cpu: 0,
        essential: true,
        environment: [],
        mountPoints: [],
        volumesFrom: [],
        systemControls: [],
        portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp', name: 'http' }],
      },
    ],
  });
  expect(tags).toEqual([{ key: 'a', value: 'b' }]);
  expect(taskDefinition.registeredAt).toEqual(new Date(stage.clock.now()));
});

test('under bridge a port without a host port gets 0, a dynamic one', () => {
  const stage = new Stage();
  stage.register(ec2Task());
  const { taskDefinition } = described(stage, 'agent');
  expect(taskDefinition.networkMode).toBe('bridge');
  expect(taskDefinition.containerDefinitions[0].portMappings[0].hostPort).toBe(0);
});

test('environment may come back in another order, so nobody can rely on it', () => {
  const stage = new Stage();
  const environment = [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ];
  stage.register(ec2Task({ containerDefinitions: [{ name: 'a', image: 'a', memory: 64, environment }] }));
  const back = described(stage, 'agent').taskDefinition.containerDefinitions[0].environment;
  expect(back).not.toEqual(environment);
  expect(back).toEqual(expect.arrayContaining(environment));
});

test('every registration is a new revision, also an equal one, also after the last was deregistered', () => {
  const stage = new Stage();
  expect(stage.register()).toMatch(/web:1$/);
  expect(stage.register()).toMatch(/web:2$/);
  stage.call('DeregisterTaskDefinition', { taskDefinition: 'web:2' });
  expect(stage.register()).toMatch(/web:3$/);
});

test('a bare family is its latest ACTIVE revision', () => {
  const stage = new Stage();
  stage.register();
  const second = stage.register();
  expect(described(stage, 'web').taskDefinition.taskDefinitionArn).toBe(second);
  stage.call('DeregisterTaskDefinition', { taskDefinition: second });
  expect(described(stage, 'web').taskDefinition.revision).toBe(1);
  expect(described(stage, second).taskDefinition.status).toBe('INACTIVE');
  expect(described(stage, 'web:2').taskDefinition.deregisteredAt).toBeInstanceOf(Date);
});

test('an INACTIVE revision starts no new service but keeps running what it runs', () => {
  const stage = new Stage();
  stage.register();
  stage.create();
  stage.untilDeployed();
  stage.call('DeregisterTaskDefinition', { taskDefinition: 'web:1' });
  stage.update({ desiredCount: 4 });
  stage.until('four tasks run', () => stage.service().runningCount === 4);
  expect(stage.refusal('RunTask', { cluster: 'main', taskDefinition: 'web:1' })).toBe(
    'ClientException: TaskDefinition is inactive',
  );
});

test('deletion wants INACTIVE first, and lasts until nobody uses the revision', () => {
  const stage = new Stage();
  stage.register();
  stage.register();
  stage.create({ taskDefinition: 'web:1' });
  stage.untilDeployed();
  expect(stage.call('DeleteTaskDefinitions', { taskDefinitions: ['web:1'] }).failures[0].reason).toContain(
    'still in ACTIVE status',
  );
  stage.call('DeregisterTaskDefinition', { taskDefinition: 'web:1' });
  const { taskDefinitions } = stage.call('DeleteTaskDefinitions', { taskDefinitions: ['web:1'] });
  expect(taskDefinitions[0].status).toBe('DELETE_IN_PROGRESS');
  stage.clock.advance(3_600_000);
  expect(described(stage, 'web:1').taskDefinition.status).toBe('DELETE_IN_PROGRESS');
  stage.update({ taskDefinition: 'web:2' });
  stage.untilDeployed();
  stage.clock.advance(120_000);
  expect(stage.refusal('DescribeTaskDefinition', { taskDefinition: 'web:1' })).toContain('Unable to describe');
});

test('lists are by status and family, in order, in pages', () => {
  const stage = new Stage();
  for (let i = 0; i < 3; i++) stage.register();
  stage.register(ec2Task());
  stage.call('DeregisterTaskDefinition', { taskDefinition: 'web:2' });
  const list = (input: object) => stage.call('ListTaskDefinitions', input);
  const names = (arns: string[]) => arns.map((arn) => arn.split('/')[1]);
  expect(names(list({}).taskDefinitionArns)).toEqual(['agent:1', 'web:1', 'web:3']);
  expect(names(list({ familyPrefix: 'web', sort: 'DESC' }).taskDefinitionArns)).toEqual(['web:3', 'web:1']);
  expect(names(list({ status: 'INACTIVE' }).taskDefinitionArns)).toEqual(['web:2']);
  const page = list({ maxResults: 2 });
  expect(names(list({ maxResults: 2, nextToken: page.nextToken }).taskDefinitionArns)).toEqual(['web:3']);
  expect(stage.call('ListTaskDefinitionFamilies', { familyPrefix: 'we' }).families).toEqual(['web']);
});

const container = (more: object) => ({ containerDefinitions: [{ name: 'a', image: 'a', memory: 64, ...more }] });

test.each<[string, object, string]>([
  ['a family with a dot', ec2Task({ family: 'my.app' }), 'Family contains invalid characters'],
  ['no container', ec2Task({ containerDefinitions: [] }), 'Container list cannot be empty'],
  ['a container without an image', ec2Task({ containerDefinitions: [{ name: 'a' }] }), 'Container.image should not'],
  ['no memory anywhere', ec2Task({ containerDefinitions: [{ name: 'a', image: 'a' }] }), "At least one of 'memory' or"],
  ['more reserved than allowed', ec2Task(container({ memoryReservation: 128 })), "'memory' must be greater"],
  ['a container larger than its task', fargateTask('a', container({ memory: 4096 })), 'must not exceed'],
  ['no essential container', ec2Task(container({ essential: false })), 'must be essential'],
  [
    'two containers of one name',
    ec2Task({ containerDefinitions: ['a', 'a'].map((name) => ({ name, image: 'i', memory: 64 })) }),
    'must be unique',
  ],
  [
    'an unknown volume',
    ec2Task(container({ mountPoints: [{ sourceVolume: 'v', containerPath: '/' }] })),
    'Unknown volume',
  ],
  [
    'another host port under awsvpc',
    fargateTask('a', container({ portMappings: [{ containerPort: 80, hostPort: 8080 }] })),
    'host ports and container ports in port mappings must match',
  ],
  [
    'ports without a network',
    ec2Task({ networkMode: 'none', ...container({ portMappings: [{ containerPort: 80 }] }) }),
    'Port mappings are not supported when networkMode=none',
  ],
  ['links under awsvpc', fargateTask('a', container({ links: ['b'] })), 'Links are not supported'],
  [
    'waiting for the health of what has no check',
    ec2Task({
      containerDefinitions: [
        { name: 'a', image: 'a', memory: 64, dependsOn: [{ containerName: 'b', condition: 'HEALTHY' }] },
        { name: 'b', image: 'b', memory: 64 },
      ],
    }),
    'has no health check',
  ],
  ['a network mode that is none', ec2Task({ networkMode: 'default' }), "Value 'default' at 'networkMode'"],
  ['a cpu that is none', fargateTask('a', { cpu: 'much' }), "Invalid 'cpu' setting for task"],
  [
    'a size that Fargate has not',
    fargateTask('a', { memory: '8192', requiresCompatibilities: ['FARGATE'] }),
    'No Fargate configuration exists for given values',
  ],
  ['Fargate without awsvpc', ec2Task({ requiresCompatibilities: ['FARGATE'] }), 'Fargate only supports network mode'],
  [
    'Fargate with awslogs and no execution role',
    fargateTask('a', {
      ...container({ logConfiguration: { logDriver: 'awslogs' } }),
      requiresCompatibilities: ['FARGATE'],
    }),
    'to have execution role ARN to support log driver awslogs',
  ],
  ['more than 64 KiB', ec2Task(container({ command: ['x'.repeat(70_000)] })), 'Max allowed length'],
  ['a reserved tag', ec2Task({ tags: [{ key: 'aws:a', value: '' }] }), 'reserved for internal use'],
])('a task definition with %s is refused', (_, request, words) => {
  expect(new Stage().refusal('RegisterTaskDefinition', request)).toContain(words);
});

test.each([
  [256, 512, true],
  [256, 4096, false],
  [512, 4096, true],
  [1024, 1024, false],
  [8192, 20_480, true],
  [8192, 17_408, false],
  [16_384, 122_880, true],
  [300, 512, false],
])('Fargate has tasks of %i cpu units and %i MiB: %s', (cpu, memory, fits) => {
  const stage = new Stage();
  stage.register(fargateTask('a', { cpu: String(cpu), memory: String(memory) }));
  expect(described(stage, 'web').taskDefinition.compatibilities.includes('FARGATE')).toBe(fits);
});
