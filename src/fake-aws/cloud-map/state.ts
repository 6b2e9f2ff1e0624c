import type {
  DnsConfig,
  HealthCheckConfig,
  HealthCheckCustomConfig,
  HealthStatus,
  NamespaceType,
  ServiceType,
} from '@aws-sdk/client-servicediscovery';
import { AwsError } from '../core/aws-error.ts';
import type { FakeScope } from '../core/scope.ts';

/** A namespace; times are milliseconds since the epoch. */
export interface NamespaceRecord {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  /** Unique in the account and region; differs from the name when that was used before. */
  readonly httpName: string;
  readonly type: NamespaceType;
  readonly createdAt: number;
  readonly creatorRequestId: string | undefined;
  /** The hosted zone and its VPC, for DNS namespaces. */
  readonly hostedZoneId: string | undefined;
  readonly vpc: string | undefined;
  description: string | undefined;
  soaTtl: number | undefined;
  readonly tags: Map<string, string>;
  /** `creating` ones are not to be seen yet; `deleting` ones still are. */
  phase: 'creating' | 'active' | 'deleting';
}

/** An instance, with what health checking says of it. */
export interface InstanceRecord {
  readonly id: string;
  attributes: Readonly<Record<string, string>>;
  creatorRequestId: string | undefined;
  health: HealthStatus;
}

/** A service with its instances. */
export interface ServiceRecord {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly namespaceId: string;
  readonly createdAt: number;
  readonly creatorRequestId: string | undefined;
  readonly customHealth: HealthCheckCustomConfig | undefined;
  type: ServiceType;
  description: string | undefined;
  dns: DnsConfig | undefined;
  healthCheck: HealthCheckConfig | undefined;
  readonly tags: Map<string, string>;
  readonly attributes: Map<string, string>;
  readonly instances: Map<string, InstanceRecord>;
  /** Grows with every change of the instances. */
  revision: number;
}

/** Every namespace and service of one account and region. */
export class CloudMapState {
  readonly scope: FakeScope;
  readonly namespaces = new Map<string, NamespaceRecord>();
  readonly services = new Map<string, ServiceRecord>();

  constructor(scope: FakeScope) {
    this.scope = scope;
  }

  /**
   * @param idOrArn the namespace's id or ARN.
   * @throws AwsError NamespaceNotFound; one that is still being created is not there yet.
   */
  namespace(idOrArn: string): NamespaceRecord {
    const namespace = this.namespaces.get(idOf(idOrArn, 'namespace'));
    if (!namespace || namespace.phase === 'creating' || !fitsArn(idOrArn, namespace.arn)) {
      throw notFound('NamespaceNotFound', `Namespace ${idOrArn} is not found.`);
    }
    return namespace;
  }

  /**
   * @param idOrArn the service's id or ARN.
   * @throws AwsError ServiceNotFound.
   */
  service(idOrArn: string): ServiceRecord {
    const service = this.services.get(idOf(idOrArn, 'service'));
    if (!service || !fitsArn(idOrArn, service.arn)) {
      throw notFound('ServiceNotFound', `Service ${idOrArn} is not found.`);
    }
    return service;
  }

  servicesIn(namespaceId: string): ServiceRecord[] {
    return [...this.services.values()].filter((service) => service.namespaceId === namespaceId);
  }
}

/** The id at the end of an ARN like `arn:aws:servicediscovery:…:namespace/ns-…`, or the id itself. */
function idOf(idOrArn: string, kind: 'namespace' | 'service'): string {
  if (!idOrArn.startsWith('arn:')) return idOrArn;
  const marker = `:${kind}/`;
  const at = idOrArn.indexOf(marker);
  return at === -1 ? '' : idOrArn.slice(at + marker.length);
}

/** An ARN of another account or region names nothing here, even when its id does. */
function fitsArn(idOrArn: string, arn: string): boolean {
  return !idOrArn.startsWith('arn:') || idOrArn === arn;
}

function notFound(code: string, message: string): AwsError {
  return new AwsError({ code, message });
}

/** AWS's InvalidInput. */
export function invalidInput(message: string): AwsError {
  return new AwsError({ code: 'InvalidInput', message });
}
