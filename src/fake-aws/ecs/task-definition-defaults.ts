import type { ContainerDefinition, PortMapping, RegisterTaskDefinitionRequest, Volume } from '@aws-sdk/client-ecs';
import type { Checked } from './checked-input.ts';
import { cpuUnits, memoryMib } from './fargate-sizes.ts';

/** What AWS makes of a registered task definition: the request with its own defaults filled in. */
export function withDefaults(input: Checked<RegisterTaskDefinitionRequest>) {
  const { tags: _, ...rest } = input;
  const networkMode = input.networkMode ?? 'bridge';
  return {
    ...rest,
    containerDefinitions: input.containerDefinitions.map((container) => containerDefaults(container, networkMode)),
    // On Windows there is no default; "bridge" is what Linux gets (RegisterTaskDefinition.networkMode).
    networkMode,
    volumes: (input.volumes ?? []).map(volumeDefaults),
    placementConstraints: input.placementConstraints ?? [],
    ...(input.cpu === undefined ? {} : { cpu: String(cpuUnits(input.cpu)) }),
    ...(input.memory === undefined ? {} : { memory: String(memoryMib(input.memory)) }),
    enableFaultInjection: input.enableFaultInjection ?? false,
  };
}

function containerDefaults(container: ContainerDefinition, networkMode: string): ContainerDefinition {
  const { healthCheck, environment, secrets } = container;
  return {
    ...container,
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    portMappings: (container.portMappings ?? []).map((mapping) => portDefaults(mapping, networkMode)),
    // AWS promises no order of environment and secrets; whoever compares them by place has to notice here.
    environment: reordered(environment ?? []),
    ...(secrets ? { secrets: reordered(secrets) } : {}),
    environmentFiles: container.environmentFiles ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: container.systemControls ?? [],
    ulimits: container.ulimits ?? [],
    ...(healthCheck ? { healthCheck: { interval: 30, timeout: 5, retries: 3, ...healthCheck } } : {}),
  };
}

function portDefaults(mapping: PortMapping, networkMode: string): PortMapping {
  const protocol = mapping.protocol ?? 'tcp';
  if (mapping.containerPortRange !== undefined) return { ...mapping, protocol };
  // Under awsvpc and host the container's port is the host's; under bridge 0 means a dynamic one.
  const hostPort = mapping.hostPort ?? (networkMode === 'bridge' ? 0 : mapping.containerPort);
  return { ...mapping, hostPort, protocol };
}

function volumeDefaults(volume: Volume): Volume {
  const { efsVolumeConfiguration: efs, dockerVolumeConfiguration: docker } = volume;
  if (efs) return { ...volume, efsVolumeConfiguration: { rootDirectory: '/', ...efs } };
  if (docker) return { ...volume, dockerVolumeConfiguration: { scope: 'task', ...docker } };
  const other = volume.fsxWindowsFileServerVolumeConfiguration ?? volume.configuredAtLaunch ?? volume.host;
  return other === undefined ? { ...volume, host: {} } : volume;
}

/**
 * In another order than was given, as AWS may answer. Of two with one name the last one counts, so those keep theirs:
 * the meaning stays.
 */
function reordered<T extends { readonly name?: string | undefined }>(items: readonly T[]): T[] {
  const names = [...new Set(items.map(({ name }) => name))].toReversed();
  return names.flatMap((name) => items.filter((item) => item.name === name));
}
