import type { Manifest } from '../world/person.ts';

/** The objects of the core scenarios: one of each kind, each as people write it. */
export const ACCOUNT: Manifest = {
  kind: 'AwsAccount',
  metadata: { name: 'default' },
  spec: {
    region: 'eu-central-1',
    allowedNamespaces: { names: ['shop'] },
    passRoleArns: ['arn:aws:iam::*:role/shop-*'],
  },
};

export const CLUSTER: Manifest = {
  kind: 'EcsCluster',
  metadata: { name: 'shop' },
  spec: {
    settings: [{ name: 'containerInsights', value: 'enabled' }],
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    tags: [{ key: 'team', value: 'shop' }],
  },
};

export const CLOUD_MAP_NAMESPACE: Manifest = {
  kind: 'CloudMapNamespace',
  metadata: { name: 'local' },
  spec: { type: 'DNS_PRIVATE', name: 'shop.local', vpc: 'vpc-0a1b2c3d', description: 'the shop' },
};

export const CLOUD_MAP_SERVICE: Manifest = {
  kind: 'CloudMapService',
  metadata: { name: 'api' },
  spec: {
    namespaceRef: { name: 'local' },
    dnsConfig: { dnsRecords: [{ type: 'A', ttl: 15 }] },
    healthCheckCustomConfig: {},
  },
};

/** A task definition with an image. */
export function taskDefinition(image: string, name = 'api'): Manifest {
  return {
    kind: 'EcsTaskDefinition',
    metadata: { name },
    spec: {
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: 256,
      memory: 512,
      containerDefinitions: [{ name: 'main', image, portMappings: [{ containerPort: 80 }] }],
    },
  };
}

export const SERVICE: Manifest = {
  kind: 'EcsService',
  metadata: { name: 'api' },
  spec: {
    clusterRef: { name: 'shop' },
    taskDefinitionRef: { name: 'api' },
    launchType: 'FARGATE',
    desiredCount: 2,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] } },
    serviceRegistries: [{ cloudMapServiceRef: { name: 'api' } }],
  },
};

/** Everything at once, dependents after what they need. */
export const SHOP: readonly Manifest[] = [
  ACCOUNT,
  CLUSTER,
  CLOUD_MAP_NAMESPACE,
  CLOUD_MAP_SERVICE,
  taskDefinition('shop/api:1'),
  SERVICE,
];

/** A service that holds its task definition inline, as most people write it, with whatever else it is to say. */
export function inlineService(image: string, more: object = {}): Manifest {
  return {
    kind: 'EcsService',
    metadata: { name: 'api' },
    spec: {
      clusterRef: { name: 'shop' },
      taskDefinitionTemplate: template(image),
      launchType: 'FARGATE',
      desiredCount: 2,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } },
      ...more,
    },
  };
}

/** What an inline service runs. ECS Exec needs the role. */
export function template(image: string): object {
  return { ...taskDefinition(image).spec, taskRoleArn: 'arn:aws:iam::123456789012:role/shop-api' };
}

/** A cluster and an inline service: the smallest shop that runs something. */
export function smallShop(image = 'shop/api:1', more: object = {}): readonly Manifest[] {
  return [ACCOUNT, CLUSTER, inlineService(image, more)];
}

/** Cloud Map alone, and a cluster. */
export const SURROUNDINGS: readonly Manifest[] = [ACCOUNT, CLUSTER, CLOUD_MAP_NAMESPACE, CLOUD_MAP_SERVICE];

export const TARGET_GROUP = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/api/0123456789abcdef';
