import type { ServiceConnectConfiguration } from '@aws-sdk/client-ecs';
import type { NamespaceFacts } from '../core/cloud-map-port.ts';
import type { EcsContext } from './context.ts';
import { invalidParameter, namespaceNotFound } from './errors.ts';
import type { ClusterRecord, ServiceRecord, TaskDefinitionRecord } from './records.ts';

/** The namespace of a Service Connect configuration: its own, else the cluster's default. */
export function connectNamespace(
  ctx: EcsContext,
  cluster: ClusterRecord,
  configuration: ServiceConnectConfiguration,
): NamespaceFacts | undefined {
  const reference = configuration.namespace ?? cluster.serviceConnectDefaults?.namespace;
  return reference === undefined ? undefined : ctx.cloudMap.findNamespace(reference);
}

/** @throws AwsError where AWS refuses the configuration. */
export function checkConnect(
  ctx: EcsContext,
  cluster: ClusterRecord,
  options: {
    readonly configuration: ServiceConnectConfiguration;
    readonly definition: TaskDefinitionRecord | undefined;
  },
): void {
  const { configuration, definition } = options;
  if (!configuration.enabled) return;
  const reference = configuration.namespace ?? cluster.serviceConnectDefaults?.namespace;
  if (reference === undefined) {
    throw invalidParameter(
      'Namespace must be specified in the Service Connect configuration or as the default of the cluster.',
    );
  }
  if (!ctx.cloudMap.findNamespace(reference)) throw namespaceNotFound(reference);
  if (!definition) return;
  const mappings = (definition.definition.containerDefinitions ?? []).flatMap((c) => c.portMappings ?? []);
  const names = new Set(mappings.map(({ name }) => name));
  for (const { portName } of configuration.services ?? []) {
    if (!names.has(portName)) {
      throw invalidParameter(
        `The portName(s) '${portName}' are not defined in the task definition. Specify a valid portName and try again.`,
      );
    }
  }
  if (definition.definition.networkMode === 'host' || definition.definition.networkMode === 'none') {
    throw invalidParameter('Service Connect supports only the awsvpc and bridge network modes.');
  }
}

/** Takes the Cloud Map service of this name into use, which is made when it is missing. @returns its ARN. */
export function useConnectService(
  ctx: EcsContext,
  service: ServiceRecord,
  name: { readonly namespaceArn: string; readonly name: string },
): string {
  const { arn, made } = ctx.cloudMap.ensureConnectService(name);
  const entry = ctx.state.connectServices.get(arn) ?? { made, users: new Set() };
  entry.users.add(service);
  ctx.state.connectServices.set(arn, entry);
  return arn;
}

/** Removes what Service Connect made in Cloud Map for a service that is gone, some time after, unless another uses it. */
export function dropConnectServices(ctx: EcsContext, service: ServiceRecord): void {
  for (const [arn, { made, users }] of ctx.state.connectServices) {
    if (!users.delete(service) || users.size > 0 || !made) continue;
    ctx.scope.timers.after(ctx.durations.lateDeregistration, () => {
      if (users.size > 0) return;
      ctx.state.connectServices.delete(arn);
      ctx.cloudMap.dropConnectService(arn);
    });
  }
}
