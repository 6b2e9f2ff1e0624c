/** Our group and version. */
export const GROUP = 'ecs-operator.dev/v1alpha1';
/** Where everything is made. */
export const NAMESPACE = 'bench';
/** The name of the one ECS cluster. */
export const CLUSTER = 'main';

/** An object to be applied. */
export interface Manifest {
  /** Its path at the API server. */
  readonly path: string;
  readonly object: object;
}

export const PATHS = {
  EcsCluster: `/apis/${GROUP}/namespaces/${NAMESPACE}/ecsclusters`,
  EcsTaskDefinition: `/apis/${GROUP}/namespaces/${NAMESPACE}/ecstaskdefinitions`,
  EcsService: `/apis/${GROUP}/namespaces/${NAMESPACE}/ecsservices`,
} as const;

/** The name that the task definition and the service of one pair share. */
export function pairName(index: number): string {
  return `app-${String(index).padStart(4, '0')}`;
}

/** What stands for an image before and after a change. */
export function imageOf(index: number, version: number): string {
  return `registry.example.com/shop/${pairName(index)}:1.${version}`;
}

/** The cluster, then for each pair its task definition and the service that refers to it, as people write them. */
export function* manifests(pairs: number): Generator<Manifest> {
  yield manifest('EcsCluster', CLUSTER, { tags: [{ key: 'team', value: 'shop' }] });
  for (let index = 0; index < pairs; index++) {
    const name = pairName(index);
    yield manifest('EcsTaskDefinition', name, taskDefinition(index));
    yield manifest('EcsService', name, service(name));
  }
}

function manifest(kind: keyof typeof PATHS, name: string, spec: object): Manifest {
  return {
    path: `${PATHS[kind]}/${name}`,
    object: { apiVersion: GROUP, kind, metadata: { name, namespace: NAMESPACE, labels: { app: name } }, spec },
  };
}

function taskDefinition(index: number): object {
  const name = pairName(index);
  return {
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: 256,
    memory: 512,
    executionRoleArn: 'arn:aws:iam::111122223333:role/ecsTaskExecutionRole',
    taskRoleArn: `arn:aws:iam::111122223333:role/${name}`,
    containerDefinitions: [
      {
        name: 'app',
        image: imageOf(index, 0),
        portMappings: [{ containerPort: 8080, name: 'http', appProtocol: 'http' }],
        environment: [
          { name: 'PORT', value: '8080' },
          { name: 'LOG_LEVEL', value: 'info' },
          { name: 'DATABASE_HOST', value: `${name}.db.internal` },
        ],
        secrets: [
          {
            name: 'DATABASE_PASSWORD',
            valueFrom: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`,
          },
        ],
        healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'] },
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': `/ecs/${name}`,
            'awslogs-region': 'eu-central-1',
            'awslogs-stream-prefix': 'app',
          },
        },
      },
    ],
    tags: [{ key: 'team', value: 'shop' }],
  };
}

function service(name: string): object {
  return {
    clusterRef: { name: CLUSTER },
    taskDefinitionRef: { name },
    launchType: 'FARGATE',
    desiredCount: 1,
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: ['subnet-0a1b2c3d4e5f67890', 'subnet-0f9e8d7c6b5a43210'],
        securityGroups: ['sg-0123456789abcdef0'],
        assignPublicIp: 'DISABLED',
      },
    },
    deploymentConfiguration: {
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    propagateTags: 'SERVICE',
    tags: [{ key: 'team', value: 'shop' }],
  };
}
