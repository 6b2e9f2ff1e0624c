import type {
  DescribeServicesRequest,
  Failure,
  ListServicesByNamespaceRequest,
  ListServicesRequest,
  Service,
} from '@aws-sdk/client-ecs';
import { pageOf } from '../core/paging.ts';
import { serviceArn } from './arns.ts';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { invalidParameter, namespaceNotFound } from './errors.ts';
import { pageSize } from './page-size.ts';
import type { ServiceRecord } from './records.ts';
import { connectNamespace } from './service-connect.ts';
import { serviceView } from './service-view.ts';

export function describeServices(ctx: EcsContext, input: Checked<DescribeServicesRequest>): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  if (input.services.length === 0) throw invalidParameter('Services cannot be empty.');
  if (input.services.length > 10) throw invalidParameter('A maximum of 10 services can be described at once.');
  const tags = input.include?.includes('TAGS') ?? false;
  const services: Service[] = [];
  const failures: Failure[] = [];
  for (const reference of input.services) {
    const service = ctx.state.service(cluster, reference);
    if (service) services.push(serviceView(ctx, service, { tags }));
    else {
      const arn = reference.startsWith('arn:') ? reference : serviceArn(ctx.scope, cluster, reference);
      failures.push({ arn, reason: 'MISSING' });
    }
  }
  return { services, failures };
}

/** ACTIVE services only: a draining one has left the list (DeleteService). */
export function listServices(ctx: EcsContext, input: ListServicesRequest): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  const { launchType, schedulingStrategy, nextToken } = input;
  const all = [...cluster.services.values()].filter(
    (service) =>
      service.status === 'ACTIVE' &&
      (launchType === undefined || service.content.launchType === launchType) &&
      (schedulingStrategy === undefined || service.schedulingStrategy === schedulingStrategy),
  );
  const maxResults = pageSize(input.maxResults, { usual: 10, most: 100 });
  const page = pageOf({ all, keyOf: ({ arn }) => arn, maxResults, nextToken });
  return { serviceArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken };
}

/** Services that Service Connect knows in a namespace. */
export function listServicesByNamespace(ctx: EcsContext, input: Checked<ListServicesByNamespaceRequest>): object {
  const namespace = ctx.cloudMap.findNamespace(input.namespace);
  if (!namespace) throw namespaceNotFound(input.namespace);
  const uses = (service: ServiceRecord) => {
    const configuration = service.content.serviceConnectConfiguration;
    if (service.status !== 'ACTIVE' || !configuration?.enabled) return false;
    return connectNamespace(ctx, service.cluster, configuration)?.id === namespace.id;
  };
  const all = ctx.state.clusters.flatMap((cluster) => [...cluster.services.values()].filter(uses));
  const maxResults = pageSize(input.maxResults, { usual: 10, most: 100 });
  const page = pageOf({ all, keyOf: ({ arn }) => arn, maxResults, nextToken: input.nextToken });
  return { serviceArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken };
}
