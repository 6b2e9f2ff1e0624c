import type { Attachment, Container, Task } from '@aws-sdk/client-ecs';
import type { ContainerRecord, TaskRecord } from './records.ts';

/** A task as DescribeTasks shows it, tags included. */
export function taskView(task: TaskRecord): Task {
  const { definition } = task.definition;
  return {
    attachments: task.network ? [attachment(task, task.network)] : [],
    attributes: [{ name: 'ecs.cpu-architecture', value: definition.runtimePlatform?.cpuArchitecture ?? 'X86_64' }].map(
      (attribute) => ({ ...attribute, value: attribute.value.toLowerCase() }),
    ),
    availabilityZone: task.zone,
    ...(task.capacityProvider === undefined ? {} : { capacityProviderName: task.capacityProvider }),
    clusterArn: task.cluster.arn,
    connectivity: 'CONNECTED',
    connectivityAt: task.createdAt,
    ...(task.instance ? { containerInstanceArn: task.instance.arn } : {}),
    containers: task.containers.map((container) => containerView(task, container)),
    cpu: task.overrides?.cpu ?? definition.cpu ?? '0',
    createdAt: task.createdAt,
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: task.enableExecuteCommand,
    executionStoppedAt: task.executionStoppedAt,
    group: task.group,
    healthStatus: task.health,
    lastStatus: task.lastStatus,
    launchType: task.launchType,
    memory: task.overrides?.memory ?? definition.memory ?? '0',
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...task.overrides },
    ...(task.platformVersion === undefined
      ? {}
      : { platformVersion: task.platformVersion, platformFamily: platformFamily(definition.runtimePlatform) }),
    pullStartedAt: task.pullStartedAt,
    pullStoppedAt: task.pullStoppedAt,
    startedAt: task.startedAt,
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedAt: task.stoppedAt,
    stoppedReason: task.stoppedReason,
    stoppingAt: task.stoppingAt,
    tags: [...task.tags],
    taskArn: task.arn,
    taskDefinitionArn: task.definition.arn,
    version: task.version,
    ...(task.launchType === 'FARGATE' ? { ephemeralStorage: task.ephemeralStorage ?? { sizeInGiB: 20 } } : {}),
  };
}

/** The platform family that AWS prints for a task definition's runtime platform. */
export function platformFamily(platform: { operatingSystemFamily?: string | undefined } | undefined): string {
  const family = platform?.operatingSystemFamily ?? 'LINUX';
  return family === 'LINUX' ? 'Linux' : family;
}

function containerView(task: TaskRecord, container: ContainerRecord): Container {
  const definition = task.definition.definition.containerDefinitions?.find(({ name }) => name === container.name);
  const ran = task.startedAt !== undefined;
  return {
    containerArn: container.arn,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    ...(ran ? { runtimeId: container.runtimeId } : {}),
    lastStatus: containerStatus(task, ran),
    exitCode: container.exitCode,
    reason: container.reason,
    networkBindings: task.network ? [] : bindings(definition?.portMappings ?? []),
    networkInterfaces: task.network ? [{ attachmentId: attachmentId(task), privateIpv4Address: task.network.ip }] : [],
    healthStatus: definition?.healthCheck ? task.health : 'UNKNOWN',
    cpu: String(definition?.cpu ?? 0),
    ...(definition?.memory === undefined ? {} : { memory: String(definition.memory) }),
    ...(definition?.memoryReservation === undefined ? {} : { memoryReservation: String(definition.memoryReservation) }),
  };
}

function containerStatus(task: TaskRecord, ran: boolean): string {
  if (task.executionStoppedAt) return 'STOPPED';
  return ran ? 'RUNNING' : 'PENDING';
}

function bindings(
  mappings: readonly {
    containerPort?: number | undefined;
    hostPort?: number | undefined;
    protocol?: string | undefined;
  }[],
) {
  return mappings.flatMap(({ containerPort, hostPort, protocol }) =>
    containerPort === undefined
      ? []
      : [
          {
            bindIP: '0.0.0.0',
            containerPort,
            hostPort: hostPort || 32_768 + (containerPort % 16_384),
            protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const),
          },
        ],
  );
}

function attachment(task: TaskRecord, network: NonNullable<TaskRecord['network']>): Attachment {
  const detail = (name: string, value: string) => ({ name, value });
  const statuses: Partial<Record<TaskRecord['lastStatus'], string>> = {
    PROVISIONING: 'PRECREATED',
    DEPROVISIONING: 'DETACHING',
    STOPPED: 'DELETED',
  };
  return {
    id: attachmentId(task),
    type: 'ElasticNetworkInterface',
    status: statuses[task.lastStatus] ?? 'ATTACHED',
    details: [
      detail('subnetId', network.subnet),
      detail('networkInterfaceId', network.eni),
      detail('privateDnsName', `ip-${network.ip.replaceAll('.', '-')}.ec2.internal`),
      detail('privateIPv4Address', network.ip),
    ],
  };
}

/** An id of an attachment: the task's own, in the form of a UUID. */
function attachmentId(task: TaskRecord): string {
  const { id } = task;
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20, 32)}`;
}
