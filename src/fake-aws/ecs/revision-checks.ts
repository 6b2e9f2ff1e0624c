import { LaunchType, type LoadBalancer, type ServiceRegistry } from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import type { EcsContext } from './context.ts';
import { checkEnum } from './enum-checks.ts';
import { invalidParameter } from './errors.ts';
import type { ClusterRecord, RevisionContent, TaskDefinitionRecord } from './records.ts';
import { checkConnect } from './service-connect.ts';
import { onFargate } from './service-revisions.ts';
import { checkStrategy } from './strategies.ts';

/** AWS's rules for what a service or task set is to run. @throws AwsError as AWS words it. */
export function checkContent(ctx: EcsContext, cluster: ClusterRecord, content: RevisionContent): void {
  const definition = content.taskDefinition;
  checkStrategy(ctx, content.capacityProviderStrategy, cluster);
  checkEnum({ name: 'launchType', value: content.launchType, of: LaunchType });
  if (definition) checkDefinition(content, definition);
  if (content.loadBalancers.length > 5) {
    throw invalidParameter('You can specify a maximum of 5 load balancers for each service.');
  }
  for (const balancer of content.loadBalancers) checkBalancer(ctx, balancer, definition);
  if (content.serviceRegistries.length > 1) {
    throw invalidParameter('Each service may be associated with one service registry.');
  }
  for (const registry of content.serviceRegistries) checkRegistry(ctx, registry, definition);
  if (content.serviceConnectConfiguration) {
    checkConnect(ctx, cluster, { configuration: content.serviceConnectConfiguration, definition });
  }
  if (definition) checkVolumes(content, definition);
}

function checkDefinition(content: RevisionContent, definition: TaskDefinitionRecord): void {
  const { networkMode, compatibilities = [] } = definition.definition;
  const network = content.networkConfiguration?.awsvpcConfiguration;
  if (networkMode === 'awsvpc' && !network) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (networkMode !== 'awsvpc' && network) {
    throw invalidParameter('Network Configuration is not valid for the given networkMode of this task definition.');
  }
  if (network) {
    const subnets = network.subnets ?? [];
    if (subnets.length === 0) throw invalidParameter('subnets can not be empty.');
    if (subnets.length > 16) throw invalidParameter('You can specify a maximum of 16 subnets.');
    if ((network.securityGroups ?? []).length > 5) {
      throw invalidParameter('You can specify a maximum of 5 security groups.');
    }
  }
  const fargate = onFargate(content);
  const wanted = fargate ? 'FARGATE' : content.launchType;
  if (wanted !== undefined && wanted !== 'MANAGED_INSTANCES' && !compatibilities.includes(wanted)) {
    throw invalidParameter(`Task definition does not support launch_type ${wanted}.`);
  }
  const { platformVersion } = content;
  if (platformVersion === undefined) return;
  if (!fargate) throw invalidParameter('The platform version must be null when specifying an EC2 launch type.');
  if (!/^(LATEST|1\.[0-4]\.0)$/.test(platformVersion)) {
    throw new AwsError({ code: 'PlatformUnknownException', message: 'The specified platform does not exist.' });
  }
}

function checkBalancer(ctx: EcsContext, balancer: LoadBalancer, definition: TaskDefinitionRecord | undefined): void {
  const { targetGroupArn, loadBalancerName, containerName, containerPort } = balancer;
  if (targetGroupArn === undefined && loadBalancerName === undefined) {
    throw invalidParameter('A load balancer needs a targetGroupArn or a loadBalancerName.');
  }
  if (targetGroupArn !== undefined && !/^arn:[^:]+:elasticloadbalancing:.+:targetgroup\/.+/.test(targetGroupArn)) {
    throw invalidParameter(`Invalid target group ARN: ${targetGroupArn}`);
  }
  if (targetGroupArn !== undefined && ctx.state.looseTargetGroups.has(targetGroupArn)) {
    throw invalidParameter(
      `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
    );
  }
  if (definition?.definition.networkMode === 'awsvpc' && loadBalancerName !== undefined) {
    throw invalidParameter('Classic Load Balancers are not supported with network mode awsvpc.');
  }
  if (!definition) return;
  if (containerName === undefined || containerPort === undefined) {
    throw invalidParameter('A load balancer needs a containerName and a containerPort.');
  }
  checkPort(definition, containerName, containerPort);
}

/** @throws AwsError unless the container exists and maps the port. */
function checkPort(definition: TaskDefinitionRecord, containerName: string, containerPort: number): void {
  const container = definition.definition.containerDefinitions?.find(({ name }) => name === containerName);
  if (!container) throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
  const mapped = (container.portMappings ?? []).some(
    (mapping) => mapping.containerPort === containerPort || inRange(mapping.containerPortRange, containerPort),
  );
  if (!mapped) {
    throw invalidParameter(`The container ${containerName} did not have a container port ${containerPort} defined.`);
  }
}

function inRange(range: string | undefined, port: number): boolean {
  const [from, to] = (range ?? '').split('-').map(Number);
  return from !== undefined && to !== undefined && port >= from && port <= to;
}

function checkRegistry(ctx: EcsContext, registry: ServiceRegistry, definition: TaskDefinitionRecord | undefined): void {
  const { registryArn = '', port, containerName, containerPort } = registry;
  if (!/^arn:[^:]+:servicediscovery:[^:]+:\d{12}:service\/.+/.test(registryArn)) {
    throw invalidParameter(`Invalid service registry ARN: ${registryArn}`);
  }
  const facts = ctx.cloudMap.findService(registryArn);
  if (!facts) throw invalidParameter(`The service registry ${registryArn} was not found.`);
  if (port !== undefined && containerPort !== undefined) {
    throw invalidParameter('Specify either a port or a containerPort for a service registry, not both.');
  }
  if (!definition) return;
  if (containerName !== undefined && containerPort !== undefined) checkPort(definition, containerName, containerPort);
  const { networkMode } = definition.definition;
  const named = containerName !== undefined && containerPort !== undefined;
  if ((networkMode === 'bridge' || networkMode === 'host') && !named) {
    throw invalidParameter(
      "When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and 'containerPort' must be " +
        'specified from the task definition.',
    );
  }
  if (networkMode !== 'awsvpc' && facts.recordTypes.some((type) => type === 'A' || type === 'AAAA')) {
    throw invalidParameter(
      'A service registry with A or AAAA records requires the awsvpc network mode; use SRV records.',
    );
  }
  if (facts.recordTypes.includes('SRV') && port === undefined && !named) {
    throw invalidParameter(
      'A service registry with SRV records requires a port, or a containerName and containerPort.',
    );
  }
}

function checkVolumes(content: RevisionContent, definition: TaskDefinitionRecord): void {
  const volumes = definition.definition.volumes ?? [];
  if (content.volumeConfigurations.length > 1) {
    throw invalidParameter('Only one volume configuration is supported for each service.');
  }
  for (const { name } of content.volumeConfigurations) {
    if (!volumes.some((volume) => volume.name === name && volume.configuredAtLaunch)) {
      throw invalidParameter(
        `The volume ${name} does not exist in the task definition with configuredAtLaunch set to true.`,
      );
    }
  }
  const ports = (definition.definition.containerDefinitions ?? []).flatMap((c) => c.portMappings ?? []);
  for (const { portName } of content.vpcLatticeConfigurations) {
    if (!ports.some(({ name }) => name === portName)) {
      throw invalidParameter(`The portName '${portName}' is not defined in the task definition.`);
    }
  }
}
