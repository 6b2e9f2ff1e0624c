import { ACCOUNT_ID } from './release.ts';

const apiVersion = 'ecs-operator.dev/v1alpha1';

export function namespace(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

export function cluster(name: string, namespace: string): object {
  return { apiVersion, kind: 'EcsCluster', metadata: { name, namespace }, spec: { capacityProviders: ['FARGATE'] } };
}

/** A task definition of one container. */
export function taskDefinition(options: {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
}): object {
  const { name, namespace, image } = options;
  return { apiVersion, kind: 'EcsTaskDefinition', metadata: { name, namespace }, spec: task(image) };
}

/** A service on Fargate with two tasks, by a reference to its task definition or, with an image, by a template of its own. */
export function service(options: {
  readonly name: string;
  readonly namespace: string;
  readonly cluster: string;
  readonly runs: { readonly taskDefinition: string } | { readonly image: string };
  /** More members of the spec. */
  readonly more?: object;
}): object {
  const { name, namespace, cluster, runs, more = {} } = options;
  const runsWhat =
    'image' in runs
      ? { taskDefinitionTemplate: task(runs.image) }
      : { taskDefinitionRef: { name: runs.taskDefinition } };
  return {
    apiVersion,
    kind: 'EcsService',
    metadata: { name, namespace },
    spec: {
      clusterRef: { name: cluster },
      launchType: 'FARGATE',
      desiredCount: 2,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d4e5f67890'] } },
      ...runsWhat,
      ...more,
    },
  };
}

function task(image: string): object {
  return {
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: 256,
    memory: 512,
    executionRoleArn: `arn:aws:iam::${ACCOUNT_ID}:role/ecsTaskExecutionRole`,
    containerDefinitions: [{ name: 'app', image, portMappings: [{ containerPort: 80 }] }],
  };
}
