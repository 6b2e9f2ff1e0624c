import type { JsonObject } from '../../../../src/shape/shape.ts';
import type { RuleCase } from './rule-case.ts';
import { ecsNameCase, fixedCase, objectNameCase, stayedAwayCase, tagCases } from './shared.ts';

const web = { name: 'web', image: 'nginx', memory: 128 };
export const taskDefinition = { containerDefinitions: [web] };
const fargate = (cpu: number | string, memory: number | string | null): JsonObject => ({
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu,
  memory,
  containerDefinitions: [{ name: 'web', image: 'nginx' }],
});
const containers = (...list: JsonObject[]): JsonObject => ({ containerDefinitions: list });
const ports = (networkMode: string | null, ...portMappings: JsonObject[]): JsonObject => ({
  networkMode,
  containerDefinitions: [{ ...web, portMappings }],
});

/** The rules about a task definition, the same under EcsService's template. */
export const templateCases: readonly RuleCase[] = [
  {
    rule: 'no-task-definition-wrapper',
    because: 'a pasted answer of AWS gets one message that says what to paste',
    accepted: [taskDefinition, { ...taskDefinition, taskDefinition: null }],
    refused: [{ taskDefinition: { family: 'web', containerDefinitions: [web], status: 'ACTIVE' }, tags: [] }],
  },
  {
    rule: 'has-containers',
    because: 'a task definition without containers is a mistake',
    accepted: [taskDefinition],
    refused: [
      { family: 'web' },
      { family: 'web', containerDefinitions: [] },
      { family: 'web', containerDefinitions: null },
    ],
  },
  {
    rule: 'one-container-essential',
    because: 'an absent "essential" is true to AWS',
    accepted: [
      taskDefinition,
      containers({ ...web, essential: null }),
      containers({ ...web, essential: false }, { ...web, name: 'b' }),
      containers({ ...web, essential: false }, { ...web, name: 'b', essential: true }),
    ],
    refused: [
      containers({ ...web, essential: false }),
      containers({ ...web, essential: false }, { ...web, name: 'b', essential: false }),
    ],
  },
  {
    rule: 'container-names-fit-aws',
    because: 'a placeholder that nobody filled in is told',
    accepted: [containers({ ...web, name: 'A_b-1' })],
    refused: [
      containers({ ...web, name: '' }),
      containers({ ...web, name: '{{ must_env `NAME` }}' }),
      containers({ ...web, name: 'a.b' }),
    ],
  },
  {
    rule: 'containers-have-images',
    because: 'an image that a pipeline should have filled in is told',
    accepted: [taskDefinition],
    refused: [
      containers({ ...web, image: '' }),
      containers({ ...web, image: null }),
      containers(web, { ...web, name: 'b', image: '' }),
    ],
  },
  {
    rule: 'images-fit-aws',
    because: 'AWS would refuse it without saying which character, or where',
    accepted: [
      containers({ ...web, image: 'public.ecr.aws/docker/library/httpd:2.4' }),
      containers({ ...web, image: `localhost:5000/a_b/c@sha256:${'0'.repeat(64)}` }),
    ],
    refused: [
      containers({ ...web, image: '<IMAGE1_NAME>' }),
      containers({ ...web, image: '$REGISTRY/app:latest' }),
      containers(web, { ...web, name: 'b', image: 'nginx:1 ' }),
    ],
  },
  {
    rule: 'containers-have-memory',
    because: 'AWS refuses a container without memory in a task without memory',
    accepted: [
      containers({ name: 'a', image: 'x', memory: '128' }),
      containers({ name: 'a', image: 'x', memoryReservation: 64 }),
      { memory: '512', ...containers({ name: 'a', image: 'x' }) },
      { memory: 512, ...containers({ name: 'a', image: 'x', memory: null }) },
    ],
    refused: [
      containers({ name: 'a', image: 'x' }),
      containers({ name: 'a', image: 'x', memory: 0 }),
      containers({ name: 'a', image: 'x', memory: '' }),
      { memory: '', ...containers({ name: 'a', image: 'x', memory: null }) },
      containers(web, { name: 'b', image: 'x' }),
    ],
  },
  {
    rule: 'awsvpc-host-ports-equal',
    because: 'under awsvpc the container has its own address; 80 and "80" are the same',
    accepted: [
      ports('awsvpc', { containerPort: 80, hostPort: 80 }),
      ports('awsvpc', { containerPort: 80, hostPort: '80' }),
      ports(
        'awsvpc',
        { containerPort: '80' },
        { containerPort: 81, hostPort: null },
        { containerPort: 82, hostPort: 0 },
      ),
      ports('bridge', { containerPort: 80, hostPort: 8080 }),
      ports(null, { containerPort: 80, hostPort: 8080 }),
    ],
    refused: [
      ports('awsvpc', { containerPort: 80, hostPort: 8080 }),
      ports('awsvpc', { containerPort: 80 }, { containerPort: '81', hostPort: '8081' }),
    ],
  },
  {
    rule: 'dependencies-exist',
    because: 'a container waits for one that is there',
    accepted: [
      containers(web, { ...web, name: 'b', dependsOn: [{ containerName: 'web', condition: 'START' }] }),
      containers({ ...web, dependsOn: [] }),
      containers({ ...web, dependsOn: null }),
    ],
    refused: [containers({ ...web, dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] })],
  },
  {
    rule: 'fargate-needs-awsvpc',
    because: 'Fargate knows one network mode, which is not the default',
    accepted: [
      fargate(256, 512),
      { ...taskDefinition, requiresCompatibilities: ['EC2'] },
      { ...taskDefinition, requiresCompatibilities: null },
    ],
    refused: [
      { ...fargate(256, 512), networkMode: 'bridge' },
      { ...fargate(256, 512), networkMode: null },
      { ...fargate(256, 512), requiresCompatibilities: ['EC2', 'FARGATE'], networkMode: '' },
    ],
  },
  {
    rule: 'fargate-size-exists',
    because: '"No Fargate configuration exists for given values" is known beforehand',
    accepted: [
      fargate(256, 512),
      fargate('256', '2048'),
      fargate(512, 4096),
      fargate(1024, '8192'),
      fargate(2048, 5120),
      fargate('4096', 30_720),
      fargate(8192, 20_480),
      fargate(16_384, 122_880),
      fargate('1 vCPU', '2 GB'),
      fargate(32_768, 65_536),
    ],
    refused: [
      fargate(256, 4096),
      fargate('256', '768'),
      fargate(512, 1536),
      fargate(8192, 17_408),
      fargate(300, 512),
      fargate(128, 256),
      fargate(256, null),
      fargate('', 512),
    ],
  },
  ecsNameCase('family', 'family-fits-aws', taskDefinition),
  ...tagCases(taskDefinition),
];

export const taskDefinitionCases: readonly RuleCase[] = [
  ...templateCases,
  fixedCase('family', 'family-is-fixed', taskDefinition, ['one', 'two']),
  stayedAwayCase('family', 'family-is-fixed', taskDefinition, 'one'),
  objectNameCase('family', 'object-name-fits-family', taskDefinition),
];
