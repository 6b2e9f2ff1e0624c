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

/** Removes what Service Connect keeps in Cloud Map for a service that is gone, some time after. */
export function dropConnectServices(ctx: EcsContext, service: ServiceRecord): void {
  const arns = new Set(
    [...service.revisions.values()].flatMap(({ connectResources }) =>
      connectResources.flatMap(({ discoveryArn }) => (discoveryArn === undefined ? [] : [discoveryArn])),
    ),
  );
  if (arns.size === 0) return;
  ctx.scope.timers.after(ctx.durations.lateDeregistration, () => {
    for (const arn of arns) ctx.cloudMap.dropConnectService(arn);
  });
}
