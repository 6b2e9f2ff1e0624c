import {
  ApplicationProtocol,
  type ContainerDefinition,
  LogDriver,
  type RegisterTaskDefinitionRequest,
  TransportProtocol,
} from '@aws-sdk/client-ecs';
import type { Checked } from './checked-input.ts';
import { checkEnum, checkRange } from './enum-checks.ts';
import { clientError } from './errors.ts';
import { memoryMib } from './fargate-sizes.ts';

type Definition = Checked<RegisterTaskDefinitionRequest>;

/** AWS's rules for one container of a task definition. @throws AwsError ClientException, as AWS words it. */
export function checkContainer(definition: Definition, container: ContainerDefinition): void {
  const { name = '', image = '' } = container;
  if (name === '') throw clientError('Container.name should not be null or empty.');
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(name)) throw clientError(`Container.name contains invalid characters: ${name}`);
  if (image === '') throw clientError('Container.image should not be null or empty.');
  if (!/^[a-zA-Z0-9_.:/@#-]{1,255}$/.test(image)) throw clientError('Container.image contains invalid characters.');
  checkMemory(definition, container);
  checkPorts(definition, container);
  checkLinks(definition, container);
  checkDependencies(definition, container);
  checkMounts(definition, container);
  checkHealth(container);
  checkEnum({
    name: `containerDefinitions.${name}.logConfiguration.logDriver`,
    value: container.logConfiguration?.logDriver,
    of: LogDriver,
  });
  for (const { name: variable } of container.environment ?? []) {
    if (variable === undefined || variable === '') throw clientError(`Environment variable name is empty: ${name}`);
  }
  checkRange({ name: 'stopTimeout', value: container.stopTimeout, from: 0, to: 86_400 });
}

function checkMemory(definition: Definition, { name, memory, memoryReservation }: ContainerDefinition): void {
  if (memory === undefined && memoryReservation === undefined && definition.memory === undefined) {
    throw clientError(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  if (memory !== undefined && memory < 4) {
    throw clientError(`Invalid setting for container '${name}'. 'memory' must be at least 4 MiB.`);
  }
  if (memory !== undefined && memoryReservation !== undefined && memoryReservation > memory) {
    throw clientError(`Invalid setting for container '${name}'. 'memory' must be greater than 'memoryReservation'.`);
  }
  const limit = definition.memory === undefined ? undefined : memoryMib(definition.memory);
  if (limit !== undefined && memory !== undefined && memory > limit) {
    throw clientError(
      `Invalid setting for container '${name}'. 'memory' of the container must not exceed 'memory' of the task.`,
    );
  }
}

function checkPorts(definition: Definition, container: ContainerDefinition): void {
  // "If the network mode is set to none, you can't specify port mappings" (API reference, TaskDefinition.networkMode).
  if (definition.networkMode === 'none' && (container.portMappings ?? []).length > 0) {
    throw clientError('Port mappings are not supported when networkMode=none.');
  }
  const shared = definition.networkMode === 'awsvpc' || definition.networkMode === 'host';
  for (const mapping of container.portMappings ?? []) {
    const { containerPort, hostPort, containerPortRange, protocol, appProtocol } = mapping;
    if (containerPort === undefined && containerPortRange === undefined) {
      throw clientError(`Container port must be specified in a port mapping of container '${container.name}'.`);
    }
    checkRange({ name: 'containerPort', value: containerPort, from: 0, to: 65_535 });
    checkRange({ name: 'hostPort', value: hostPort, from: 0, to: 65_535 });
    checkEnum({ name: 'portMappings.protocol', value: protocol, of: TransportProtocol });
    checkEnum({ name: 'portMappings.appProtocol', value: appProtocol, of: ApplicationProtocol });
    if (shared && hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort) {
      throw clientError(
        `When networkMode=${definition.networkMode}, the host ports and container ports in port mappings must match.`,
      );
    }
  }
}

function checkLinks(definition: Definition, { links = [] }: ContainerDefinition): void {
  const { networkMode = 'bridge' } = definition;
  if (links.length > 0 && networkMode !== 'bridge') {
    throw clientError(`Links are not supported when networkMode=${networkMode}.`);
  }
}

function checkDependencies(definition: Definition, { name, dependsOn = [] }: ContainerDefinition): void {
  for (const { containerName, condition } of dependsOn) {
    const target = definition.containerDefinitions.find((other) => other.name === containerName);
    if (!target) throw clientError(`Invalid 'dependsOn' setting for container '${name}': unknown '${containerName}'.`);
    if (condition === 'HEALTHY' && !target.healthCheck) {
      throw clientError(`Container '${containerName}' has no health check, which condition HEALTHY requires.`);
    }
    if (condition !== 'START' && condition !== 'HEALTHY' && (target.essential ?? true)) {
      throw clientError(`A container that is a dependency with condition ${condition} cannot be essential.`);
    }
  }
}

function checkMounts(definition: Definition, { name, mountPoints = [], volumesFrom = [] }: ContainerDefinition): void {
  const volumes = new Set((definition.volumes ?? []).map((volume) => volume.name));
  for (const { sourceVolume } of mountPoints) {
    if (!volumes.has(sourceVolume)) throw clientError(`Unknown volume '${sourceVolume}'.`);
  }
  for (const { sourceContainer = '' } of volumesFrom) {
    if (!hasContainer(definition, sourceContainer)) {
      throw clientError(`Invalid 'volumesFrom' setting for container '${name}': unknown '${sourceContainer}'.`);
    }
  }
}

function checkHealth({ healthCheck }: ContainerDefinition): void {
  if (!healthCheck) return;
  if ((healthCheck.command ?? []).length === 0) throw clientError('HealthCheck.command should not be empty.');
  checkRange({ name: 'healthCheck.interval', value: healthCheck.interval, from: 5, to: 300 });
  checkRange({ name: 'healthCheck.timeout', value: healthCheck.timeout, from: 2, to: 120 });
  checkRange({ name: 'healthCheck.retries', value: healthCheck.retries, from: 1, to: 10 });
  checkRange({ name: 'healthCheck.startPeriod', value: healthCheck.startPeriod, from: 0, to: 300 });
}

function hasContainer(definition: Definition, name: string): boolean {
  return definition.containerDefinitions.some((container) => container.name === name);
}
