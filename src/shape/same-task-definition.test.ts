import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { requestFromDescription } from './described.ts';
import { normalise } from './normalise.ts';
import { sameTaskDefinition } from './same-task-definition.ts';
import type { JsonObject } from './shape.ts';
import { taskDefinitionShape } from './shapes.ts';

const requested: JsonObject = {
  family: 'web',
  networkMode: 'awsvpc',
  cpu: '1 vCPU',
  memory: '2 GB',
  executionRoleArn: 'ecsTaskExecutionRole',
  requiresCompatibilities: ['FARGATE'],
  containerDefinitions: [
    {
      name: 'web',
      image: 'nginx:1.27',
      portMappings: [{ containerPort: 80 }],
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
  ],
  tags: [{ key: 'team', value: 'a' }],
};

/** As DescribeTaskDefinition answers, with what AWS fills in. */
const described = {
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:3',
  family: 'web',
  revision: 3,
  status: 'ACTIVE' as const,
  networkMode: 'awsvpc' as const,
  cpu: '1024',
  memory: '2048',
  executionRoleArn: 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole',
  requiresCompatibilities: ['FARGATE' as const],
  compatibilities: ['EC2' as const, 'FARGATE' as const],
  requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
  registeredAt: new Date(0),
  registeredBy: 'arn:aws:iam::123456789012:user/me',
  placementConstraints: [],
  volumes: [],
  containerDefinitions: [
    {
      name: 'web',
      image: 'nginx:1.27',
      cpu: 0,
      essential: true,
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
      portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' as const }],
      environment: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
    },
  ],
} satisfies TaskDefinition;

function withContainer(members: ContainerDefinition): TaskDefinition {
  const [first] = described.containerDefinitions;
  return { ...described, containerDefinitions: [{ ...first, ...members }] };
}

describe('a revision that somebody registered', () => {
  test('is the same when AWS made it of the same request, so adopting it rolls nothing out', () => {
    expect(sameTaskDefinition(requested, requestFromDescription(withContainer({})))).toBe(true);
  });

  test.each<[string, ContainerDefinition]>([
    ['another image', { image: 'nginx:1.28' }],
    ['something more than was asked, which AWS does not fill in', { command: ['sleep', '1'] }],
    ['a memory limit that was not asked', { memory: 128 }],
    ['another variable', { environment: [{ name: 'A', value: '1' }] }],
    ['a secret', { secrets: [{ name: 'S', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/s' }] }],
    ['a container that is not essential', { essential: false }],
  ])('is not with %s', (_why, members) => {
    expect(sameTaskDefinition(requested, requestFromDescription(withContainer(members)))).toBe(false);
  });

  test('is not with a second container', () => {
    const one = withContainer({});
    const [first] = one.containerDefinitions ?? [];
    const two = { ...one, containerDefinitions: [...(one.containerDefinitions ?? []), { ...first, name: 'sidecar' }] };
    expect(sameTaskDefinition(requested, requestFromDescription(two))).toBe(false);
  });

  test('is not in another family', () => {
    expect(sameTaskDefinition({ ...requested, family: 'api' }, requestFromDescription(withContainer({})))).toBe(false);
  });
});

test('a pasted description is the request that would register it again', () => {
  const pasted = normalise(JSON.parse(JSON.stringify(described)), taskDefinitionShape);
  expect(pasted.problems).toEqual([]);
  expect(pasted.value).toEqual(requestFromDescription(withContainer({})));
  expect(sameTaskDefinition(pasted.value, requestFromDescription(withContainer({})))).toBe(true);
});
