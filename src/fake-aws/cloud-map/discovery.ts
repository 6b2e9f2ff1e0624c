import {
  type DiscoverInstancesRequest,
  DiscoverInstancesRequest$,
  type DiscoverInstancesRevisionRequest,
  DiscoverInstancesRevisionRequest$,
  type HealthStatusFilter,
} from '@aws-sdk/client-servicediscovery';
import type { Random } from '../../runtime/random.ts';
import { AwsError } from '../core/aws-error.ts';
import { type Checked, type Operation, operation } from './inputs.ts';
import { checkChoice, checkRange } from './patterns.ts';
import type { CloudMapState, InstanceRecord, NamespaceRecord, ServiceRecord } from './state.ts';

/** DiscoverInstances and DiscoverInstancesRevision: the only calls that go by names. */
export function discoveryHandlers(state: CloudMapState): Readonly<Record<string, Operation>> {
  return {
    DiscoverInstances: operation<DiscoverInstancesRequest>(DiscoverInstancesRequest$, (input) => {
      checkRange({ at: 'maxResults', value: input.MaxResults, min: 1, max: 1_000 });
      const choices = ['HEALTHY', 'UNHEALTHY', 'ALL', 'HEALTHY_OR_ELSE_ALL'];
      checkChoice({ at: 'healthStatus', value: input.HealthStatus, choices });
      const { namespace, service } = find(state, input);
      const instances = shuffled(select(service, input), state.scope.random).slice(0, input.MaxResults ?? 100);
      return {
        Instances: instances.map(({ id, health, attributes }) => ({
          InstanceId: id,
          NamespaceName: namespace.httpName,
          ServiceName: service.name,
          HealthStatus: health,
          Attributes: attributes,
        })),
        InstancesRevision: service.revision,
      };
    }),
    DiscoverInstancesRevision: operation<DiscoverInstancesRevisionRequest>(
      DiscoverInstancesRevisionRequest$,
      (input) => ({ InstancesRevision: find(state, input).service.revision }),
    ),
  };
}

function find(
  state: CloudMapState,
  input: Checked<DiscoverInstancesRevisionRequest>,
): { namespace: NamespaceRecord; service: ServiceRecord } {
  const { NamespaceName, ServiceName } = input;
  const foreign = input.OwnerAccount !== undefined && input.OwnerAccount !== state.scope.accountId;
  const namespace = [...state.namespaces.values()].find(
    ({ httpName, phase }) => httpName === NamespaceName && phase !== 'creating',
  );
  if (!namespace || foreign) {
    throw new AwsError({ code: 'NamespaceNotFound', message: `Namespace ${NamespaceName} is not found.` });
  }
  const service = state.servicesIn(namespace.id).find(({ name }) => name === ServiceName);
  if (!service) {
    throw new AwsError({
      code: 'ServiceNotFound',
      message: `Service ${ServiceName} is not found in ${NamespaceName}.`,
    });
  }
  return { namespace, service };
}

function select(service: ServiceRecord, input: Checked<DiscoverInstancesRequest>): InstanceRecord[] {
  const has = (wanted: Readonly<Record<string, string>> | undefined) => (record: InstanceRecord) =>
    Object.entries(wanted ?? {}).every(([key, value]) => record.attributes[key] === value);
  const required = [...service.instances.values()].filter(has(input.QueryParameters));
  const preferred = required.filter(has(input.OptionalParameters));
  const found = preferred.length > 0 ? preferred : required;
  // "This parameter is ignored for services that don't have a health check configured."
  if (!service.healthCheck && !service.customHealth) return found;
  return byHealth(found, input.HealthStatus ?? 'HEALTHY_OR_ELSE_ALL');
}

function byHealth(instances: InstanceRecord[], filter: HealthStatusFilter): InstanceRecord[] {
  const healthy = instances.filter(({ health }) => health === 'HEALTHY');
  switch (filter) {
    case 'ALL':
      return instances;
    case 'HEALTHY':
      return healthy;
    case 'UNHEALTHY':
      return instances.filter(({ health }) => health === 'UNHEALTHY');
    case 'HEALTHY_OR_ELSE_ALL':
      return healthy.length > 0 ? healthy : instances;
    default:
      return filter satisfies never;
  }
}

/** "Returns a randomized list of instances" (model of DiscoverInstances): Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result: T[] = [];
  for (const item of items) {
    const at = Math.floor(random.next() * (result.length + 1));
    const displaced = result[at];
    if (displaced !== undefined) result.push(displaced);
    result[at] = item;
  }
  return result;
}
