import type { Attribute, Compatibility, ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import type { Checked } from './checked-input.ts';
import { cpuUnits, isFargateSize, memoryMib } from './fargate-sizes.ts';

type Definition = Checked<RegisterTaskDefinitionRequest>;

/** The launch types that AWS finds a task definition fit for (TaskDefinition.compatibilities). */
export function compatibilitiesOf(definition: Definition): Compatibility[] {
  const found: Compatibility[] = [];
  if (definition.networkMode !== 'awsvpc') found.push('EXTERNAL');
  found.push('EC2');
  if (fargateObstacle(definition) === undefined) found.push('FARGATE');
  return found;
}

/** Why Fargate would not run this task definition, in AWS's words; undefined when it would. */
export function fargateObstacle(definition: Definition): string | undefined {
  const containers = definition.containerDefinitions;
  if (definition.networkMode !== 'awsvpc') return 'Fargate only supports network mode ‘awsvpc’.';
  if (definition.cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (definition.memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  const cpu = cpuUnits(definition.cpu);
  const memory = memoryMib(definition.memory);
  if (cpu === undefined || memory === undefined || !isFargateSize(cpu, memory)) {
    return 'No Fargate configuration exists for given values.';
  }
  if (definition.ipcMode !== undefined) return 'Fargate does not support ipcMode.';
  if (definition.pidMode === 'host') return 'Fargate does not support pidMode host.';
  if ((definition.placementConstraints ?? []).length > 0) return 'Fargate does not support placement constraints.';
  if ((definition.volumes ?? []).some((volume) => volume.host?.sourcePath !== undefined)) {
    return "When the task definition is compatible with Fargate, 'host.sourcePath' should not be set for a volume.";
  }
  if ((definition.volumes ?? []).some((volume) => volume.dockerVolumeConfiguration)) {
    return "When the task definition is compatible with Fargate, 'dockerVolumeConfiguration' should not be set.";
  }
  if (containers.some(({ privileged }) => privileged)) return 'Fargate does not support privileged containers.';
  if (definition.executionRoleArn !== undefined) return undefined;
  const byRole = containers.find(needsExecutionRole);
  return byRole && `Fargate requires task definition to have execution role ARN to support ${roleReason(byRole)}.`;
}

function needsExecutionRole(container: ContainerDefinition): boolean {
  return roleReason(container) !== undefined;
}

function roleReason(container: ContainerDefinition): string | undefined {
  if (container.logConfiguration?.logDriver === 'awslogs') return 'log driver awslogs';
  if (/^\d{12}\.dkr\.ecr\./.test(container.image ?? '')) return 'ECR images';
  return (container.secrets ?? []).length > 0 ? 'secrets' : undefined;
}

/** The agent's capabilities that a task definition needs, as AWS prints them (TaskDefinition.requiresAttributes). */
export function requiredAttributes(definition: Definition): Attribute[] {
  const names = new Set<string>(['com.amazonaws.ecs.capability.docker-remote-api.1.18']);
  if (definition.networkMode === 'awsvpc') names.add('ecs.capability.task-eni');
  if (definition.taskRoleArn !== undefined) names.add('com.amazonaws.ecs.capability.task-iam-role');
  for (const container of definition.containerDefinitions) {
    const driver = container.logConfiguration?.logDriver;
    if (driver !== undefined) names.add(`com.amazonaws.ecs.capability.logging-driver.${driver}`);
    if (driver === 'awslogs' && definition.executionRoleArn !== undefined) {
      names.add('ecs.capability.execution-role-awslogs');
    }
    if (/\.dkr\.ecr\./.test(container.image ?? '')) names.add('com.amazonaws.ecs.capability.ecr-auth');
    for (const { valueFrom } of container.secrets ?? []) {
      const store = valueFrom?.includes(':secretsmanager:') ? 'asm' : 'ssm';
      names.add(`ecs.capability.secrets.${store}.environment-variables`);
    }
    if (container.healthCheck) names.add('ecs.capability.container-health-check');
    if (container.privileged) names.add('com.amazonaws.ecs.capability.privileged-container');
  }
  return [...names].map((name) => ({ name }));
}
