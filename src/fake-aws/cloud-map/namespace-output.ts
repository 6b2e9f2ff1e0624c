import type { Namespace, NamespaceSummary } from '@aws-sdk/client-servicediscovery';
import type { CloudMapState, NamespaceRecord } from './state.ts';

/** A namespace as ListNamespaces prints it. */
export function namespaceSummary(state: CloudMapState, record: NamespaceRecord): NamespaceSummary {
  return {
    Id: record.id,
    Arn: record.arn,
    ResourceOwner: state.scope.accountId,
    Name: record.name,
    Type: record.type,
    ...(record.description === undefined ? {} : { Description: record.description }),
    ServiceCount: state.servicesIn(record.id).length,
    Properties: {
      DnsProperties: {
        ...(record.hostedZoneId === undefined ? {} : { HostedZoneId: record.hostedZoneId }),
        // AWS prints an empty SOA for an HTTP namespace.
        SOA: { TTL: record.soaTtl },
      },
      HttpProperties: { HttpName: record.httpName },
    },
    CreateDate: new Date(record.createdAt),
  };
}

/** A namespace as GetNamespace prints it. */
export function namespaceOutput(state: CloudMapState, record: NamespaceRecord): Namespace {
  return {
    ...namespaceSummary(state, record),
    ...(record.creatorRequestId === undefined ? {} : { CreatorRequestId: record.creatorRequestId }),
  };
}
