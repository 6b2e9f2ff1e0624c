import type { EcsContext } from './context.ts';
import type { TaskRecord } from './records.ts';

/** Makes the task an instance of its service's Cloud Map services (service registries, Service Connect). */
export function registerTask(ctx: EcsContext, task: TaskRecord): void {
  const revision = task.set?.revision;
  if (!revision || !task.service) return;
  const registered: string[] = [];
  for (const registry of revision.content.serviceRegistries) {
    const service = registry.registryArn;
    if (service === undefined) continue;
    const port = registry.port ?? (registry.containerPort && hostPort(task, registry.containerPort));
    ctx.cloudMap.register({ service, instanceId: task.id, attributes: attributesOf(ctx, task, port) });
    registered.push(service);
  }
  for (const { discoveryName, discoveryArn } of revision.connectResources) {
    if (discoveryArn === undefined || discoveryName === undefined) continue;
    const port = connectPort(task, discoveryName);
    ctx.cloudMap.register({ service: discoveryArn, instanceId: task.id, attributes: attributesOf(ctx, task, port) });
    registered.push(discoveryArn);
  }
  task.registeredWith = registered;
}

/** Takes the task's instances back. */
export function deregisterTask(ctx: EcsContext, task: TaskRecord): void {
  for (const service of task.registeredWith) ctx.cloudMap.deregister({ service, instanceId: task.id });
  task.registeredWith = [];
}

/** The attributes that ECS gives an instance (ECS developer guide, "Use service discovery"). */
function attributesOf(ctx: EcsContext, task: TaskRecord, port: number | undefined): Record<string, string> {
  const attributes: Record<string, string> = {
    AVAILABILITY_ZONE: task.zone,
    AWS_INIT_HEALTH_STATUS: 'HEALTHY',
    AWS_INSTANCE_IPV4: task.network?.ip ?? '10.0.0.10',
    ECS_CLUSTER_NAME: task.cluster.name,
    ECS_SERVICE_NAME: task.service?.name ?? '',
    ECS_TASK_DEFINITION_FAMILY: task.definition.family,
    REGION: ctx.scope.region,
  };
  if (task.instance) attributes.EC2_INSTANCE_ID = task.instance.ec2InstanceId;
  if (port !== undefined) attributes.AWS_INSTANCE_PORT = String(port);
  return attributes;
}

/** The port under which a container's port is reached: itself under awsvpc and host, else the mapped one. */
function hostPort(task: TaskRecord, containerPort: number): number {
  const mappings = (task.definition.definition.containerDefinitions ?? []).flatMap((c) => c.portMappings ?? []);
  const mapped = mappings.find((mapping) => mapping.containerPort === containerPort)?.hostPort;
  // The dynamic ports of bridge mode: one fixed port per task is enough for a stand-in.
  return mapped || (task.network ? containerPort : 32_768 + (Number.parseInt(task.id.slice(0, 4), 16) % 16_384));
}

function connectPort(task: TaskRecord, discoveryName: string): number | undefined {
  const services = task.set?.revision.content.serviceConnectConfiguration?.services ?? [];
  const port = services.find((service) => (service.discoveryName ?? service.portName) === discoveryName)?.portName;
  const mappings = (task.definition.definition.containerDefinitions ?? []).flatMap((c) => c.portMappings ?? []);
  const found = mappings.find((mapping) => mapping.name === port)?.containerPort;
  return found === undefined ? undefined : hostPort(task, found);
}
