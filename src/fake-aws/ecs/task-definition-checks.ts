import {
  Compatibility,
  IpcMode,
  NetworkMode,
  PidMode,
  type RegisterTaskDefinitionRequest,
  TaskDefinitionPlacementConstraintType,
} from '@aws-sdk/client-ecs';
import { checkTags } from '../core/tags.ts';
import type { Checked } from './checked-input.ts';
import { checkContainer } from './container-checks.ts';
import { checkEnum, checkRange } from './enum-checks.ts';
import { clientError } from './errors.ts';
import { cpuUnits, memoryMib } from './fargate-sizes.ts';
import { plainTags } from './plain-tags.ts';
import { fargateObstacle } from './task-definition-capabilities.ts';

type Definition = Checked<RegisterTaskDefinitionRequest>;

const maxContainers = 10;
const maxBytes = 65_536;

/** AWS's rules for RegisterTaskDefinition. @throws AwsError as AWS words it. */
export function checkTaskDefinition(input: Definition): void {
  const { family, containerDefinitions: containers } = input;
  if (family === '') throw clientError('Family should not be null or empty.');
  if (!/^[a-zA-Z0-9_-]*$/.test(family)) throw clientError('Family contains invalid characters.');
  if (family.length > 255) throw clientError('Family is too long.');
  if (containers.length === 0) throw clientError('Container list cannot be empty.');
  if (containers.length > maxContainers) {
    throw clientError(`Too many containers: ${containers.length}. A task definition can have ${maxContainers}.`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > maxBytes) throw clientError(`Actual length: '${bytes}'. Max allowed length is '${maxBytes}' bytes.`);
  checkEnums(input);
  checkSize(input);
  for (const container of containers) checkContainer(input, container);
  checkNames(input);
  if (!containers.some(({ essential }) => essential ?? true)) {
    throw clientError('At least one container in a task definition must be essential.');
  }
  checkVolumes(input);
  checkRange({ name: 'ephemeralStorage.sizeInGiB', value: input.ephemeralStorage?.sizeInGiB, from: 21, to: 200 });
  const obstacle = input.requiresCompatibilities?.includes('FARGATE') ? fargateObstacle(input) : undefined;
  if (obstacle !== undefined) throw clientError(obstacle);
  checkTags(plainTags(input.tags), 'InvalidParameterException');
}

function checkEnums(input: Definition): void {
  checkEnum({ name: 'networkMode', value: input.networkMode, of: NetworkMode });
  checkEnum({ name: 'pidMode', value: input.pidMode, of: PidMode });
  checkEnum({ name: 'ipcMode', value: input.ipcMode, of: IpcMode });
  for (const value of input.requiresCompatibilities ?? []) {
    checkEnum({ name: 'requiresCompatibilities', value, of: Compatibility });
  }
  for (const { type } of input.placementConstraints ?? []) {
    checkEnum({ name: 'placementConstraints.type', value: type, of: TaskDefinitionPlacementConstraintType });
  }
}

function checkSize({ cpu, memory }: Definition): void {
  const more = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';
  if (cpu !== undefined && cpuUnits(cpu) === undefined) throw clientError(`Invalid 'cpu' setting for task. ${more}`);
  if (memory !== undefined && memoryMib(memory) === undefined) {
    throw clientError(`Invalid 'memory' setting for task. ${more}`);
  }
}

function checkNames({ containerDefinitions }: Definition): void {
  const containers = new Set<string | undefined>();
  const ports = new Set<string>();
  for (const { name, portMappings } of containerDefinitions) {
    if (containers.has(name)) throw clientError(`Container names must be unique: '${name}' stands twice.`);
    containers.add(name);
    for (const { name: port } of portMappings ?? []) {
      if (port === undefined) continue;
      if (ports.has(port)) throw clientError(`Port mapping names must be unique: '${port}' stands twice.`);
      ports.add(port);
    }
  }
}

function checkVolumes({ volumes = [] }: Definition): void {
  const names = new Set<string>();
  for (const { name = '' } of volumes) {
    if (name === '') throw clientError('Volume.name should not be null or empty.');
    if (names.has(name)) throw clientError(`Volume names must be unique: '${name}' stands twice.`);
    names.add(name);
  }
}
