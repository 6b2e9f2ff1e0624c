import type { ServiceConnectServiceResource, ServiceRevision } from '@aws-sdk/client-ecs';
import { nowOf } from '../core/scope.ts';
import { newRevisionArn } from './arns.ts';
import type { EcsContext } from './context.ts';
import type { RevisionContent, RevisionRecord, ServiceRecord } from './records.ts';
import { connectNamespace, useConnectService } from './service-connect.ts';
import { platformFamily } from './task-view.ts';
import { resolvedPlatform } from './tasks.ts';

/** Makes a revision of the service; it never changes afterwards. */
export function newRevision(ctx: EcsContext, service: ServiceRecord, content: RevisionContent): RevisionRecord {
  const revision: RevisionRecord = {
    arn: newRevisionArn(ctx.scope, service),
    createdAt: nowOf(ctx.scope),
    content,
    connectResources: connectResources(ctx, service, content),
    ephemeralStorage: undefined,
  };
  service.revisions.set(revision.arn, revision);
  return revision;
}

/** Whether the content's tasks run on Fargate, by launch type or capacity provider. */
export function onFargate(content: Pick<RevisionContent, 'launchType' | 'capacityProviderStrategy'>): boolean {
  const [first] = content.capacityProviderStrategy;
  if (first) return first.capacityProvider === 'FARGATE' || first.capacityProvider === 'FARGATE_SPOT';
  return content.launchType === 'FARGATE';
}

export function revisionView(service: ServiceRecord, revision: RevisionRecord): ServiceRevision {
  const { content } = revision;
  const definition = content.taskDefinition?.definition;
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: content.taskDefinition?.arn,
    ...(content.capacityProviderStrategy.length > 0
      ? { capacityProviderStrategy: [...content.capacityProviderStrategy] }
      : { launchType: content.launchType }),
    ...(onFargate(content)
      ? {
          platformVersion: resolvedPlatform(content.platformVersion),
          platformFamily: platformFamily(definition?.runtimePlatform),
        }
      : {}),
    loadBalancers: [...content.loadBalancers],
    serviceRegistries: [...content.serviceRegistries],
    networkConfiguration: content.networkConfiguration,
    containerImages: (definition?.containerDefinitions ?? []).map(({ name, image }) => ({
      containerName: name,
      image,
    })),
    guardDutyEnabled: false,
    serviceConnectConfiguration: content.serviceConnectConfiguration,
    volumeConfigurations: [...content.volumeConfigurations],
    createdAt: revision.createdAt,
    vpcLatticeConfigurations: [...content.vpcLatticeConfigurations],
    ...(content.gatewayConnectors.length > 0 ? { gatewayConnectors: [...content.gatewayConnectors] } : {}),
    ...(content.monitoring === undefined ? {} : { monitoring: content.monitoring }),
  };
}

/** The Cloud Map services under which Service Connect makes this revision's ports known. */
function connectResources(
  ctx: EcsContext,
  service: ServiceRecord,
  content: RevisionContent,
): ServiceConnectServiceResource[] {
  const configuration = content.serviceConnectConfiguration;
  if (!configuration?.enabled) return [];
  const namespace = connectNamespace(ctx, service.cluster, configuration);
  if (!namespace) return [];
  return (configuration.services ?? []).map(({ discoveryName, portName }) => {
    const name = discoveryName ?? portName ?? '';
    return {
      discoveryName: name,
      discoveryArn: useConnectService(ctx, service, { namespaceArn: namespace.arn, name }),
    };
  });
}
