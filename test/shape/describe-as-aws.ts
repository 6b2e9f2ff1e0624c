import { isList, isObject, type Json, type JsonObject } from '../../src/shape/shape.ts';

/**
 * A registered task definition as AWS would print it: its defaults filled in, its spellings, and another order of what
 * has none. Written from what describe calls print, without looking at the rules that it is to test.
 */
export function describedTaskDefinition(request: JsonObject): JsonObject {
  const mode = request.networkMode;
  const containers = isList(request.containerDefinitions) ? request.containerDefinitions : [];
  return {
    placementConstraints: [],
    volumes: [],
    ...(request.requiresCompatibilities === undefined ? { networkMode: mode ?? 'bridge' } : {}),
    ...request,
    containerDefinitions: containers.map((container) =>
      isObject(container) ? describedContainer(container, mode) : container,
    ),
    ...(request.cpu === undefined ? {} : { cpu: plainNumber(request.cpu) }),
    ...(request.memory === undefined ? {} : { memory: plainNumber(request.memory) }),
    ...fullRole(request, 'taskRoleArn'),
    ...fullRole(request, 'executionRoleArn'),
    enableFaultInjection: request.enableFaultInjection ?? false,
  };
}

function describedContainer(container: JsonObject, mode: Json | undefined): JsonObject {
  return {
    cpu: 0,
    essential: true,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...container,
    portMappings: listOf(container.portMappings).map((port) => ({
      protocol: 'tcp',
      hostPort: mode === 'awsvpc' || mode === 'host' ? (port.containerPort ?? 0) : 0,
      ...port,
    })),
    ...reversed(container, 'environment'),
    ...reversed(container, 'secrets'),
    ...(isObject(container.healthCheck)
      ? { healthCheck: { interval: 30, timeout: 5, retries: 3, ...container.healthCheck } }
      : {}),
    ...(isObject(container.logConfiguration)
      ? { logConfiguration: { secretOptions: [], ...container.logConfiguration } }
      : {}),
  };
}

/** Only where each name stands once: AWS's order of equal names is nobody's guess. */
function reversed(container: JsonObject, member: string): JsonObject {
  const items = listOf(container[member]);
  if (items.length === 0 || new Set(items.map(({ name }) => name)).size < items.length) return {};
  return { [member]: items.toReversed() };
}

function plainNumber(value: Json): Json {
  const [, amount, unit] = /^([\d.]+)\s*(vcpu|gb)$/i.exec(String(value)) ?? [];
  return unit === undefined ? value : String(Number(amount) * 1024);
}

function fullRole(content: JsonObject, member: string): JsonObject {
  const role = content[member];
  if (typeof role !== 'string' || role.startsWith('arn:')) return {};
  return { [member]: `arn:aws:iam::123456789012:role/${role}` };
}

/** A created service as DescribeServices would print it, in the names of CreateService. */
export function describedService(request: JsonObject): JsonObject {
  const isDaemon = request.schedulingStrategy === 'DAEMON';
  const deployment = isObject(request.deploymentConfiguration) ? request.deploymentConfiguration : {};
  return {
    loadBalancers: [],
    serviceRegistries: [],
    placementConstraints: [],
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    enableECSManagedTags: false,
    enableExecuteCommand: false,
    propagateTags: 'NONE',
    healthCheckGracePeriodSeconds: 0,
    platformVersion: 'LATEST',
    availabilityZoneRebalancing: 'ENABLED',
    ...request,
    cluster: fullName(request.cluster ?? 'default', 'cluster'),
    ...(typeof request.taskDefinition === 'string'
      ? { taskDefinition: fullTaskDefinition(request.taskDefinition) }
      : {}),
    ...(typeof request.role === 'string' ? fullRole(request, 'role') : {}),
    deploymentConfiguration: {
      maximumPercent: isDaemon ? 100 : 200,
      minimumHealthyPercent: isDaemon ? 0 : 100,
      strategy: 'ROLLING',
      bakeTimeInMinutes: 0,
      ...deployment,
      deploymentCircuitBreaker: {
        enable: false,
        rollback: false,
        resetOnHealthyTask: true,
        thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
        ...(isObject(deployment.deploymentCircuitBreaker) ? deployment.deploymentCircuitBreaker : {}),
      },
    },
    placementStrategy: listOf(request.placementStrategy).map(({ field, ...rest }) => ({
      ...rest,
      ...(typeof field === 'string' ? { field: field === 'host' ? 'instanceId' : binpackField(field) } : {}),
    })),
    ...(isObject(request.networkConfiguration)
      ? { networkConfiguration: describedNetwork(request.networkConfiguration) }
      : {}),
  };
}

function describedNetwork(network: JsonObject): JsonObject {
  const vpc = isObject(network.awsvpcConfiguration) ? network.awsvpcConfiguration : {};
  return {
    awsvpcConfiguration: {
      securityGroups: [],
      assignPublicIp: 'DISABLED',
      ...vpc,
      subnets: isList(vpc.subnets) ? vpc.subnets.toReversed() : [],
    },
  };
}

function binpackField(field: string): string {
  return field === 'cpu' || field === 'memory' ? field.toUpperCase() : field;
}

function fullName(name: Json, type: string): string {
  const text = String(name);
  return text.startsWith('arn:') ? text : `arn:aws:ecs:eu-west-1:123456789012:${type}/${text}`;
}

function fullTaskDefinition(name: string): string {
  return fullName(/:\d+$/.test(name) ? name : `${name}:7`, 'task-definition');
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}
