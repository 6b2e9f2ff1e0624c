import type {
  DnsConfig,
  DnsRecord,
  HealthCheckConfig,
  HealthCheckCustomConfig,
} from '@aws-sdk/client-servicediscovery';
import type { Checked } from './inputs.ts';
import { checkChoice, checkRange, checkText } from './patterns.ts';
import { invalidInput, type NamespaceRecord } from './state.ts';

/** The settings of a service that hang together. */
export interface ServiceSettings {
  readonly dns: Checked<DnsConfig> | undefined;
  readonly healthCheck: Checked<HealthCheckConfig> | undefined;
  readonly customHealth: Checked<HealthCheckCustomConfig> | undefined;
}

/** The combinations of record types that AWS takes (model of DnsRecord.Type). */
const COMBINATIONS = ['A', 'AAAA', 'A,AAAA', 'SRV', 'CNAME'];

/** The record types in one order, so that two lists can be compared. */
export function recordTypes(records: readonly Pick<DnsRecord, 'Type'>[] | undefined): string {
  return (records ?? [])
    .map(({ Type }) => Type)
    .toSorted()
    .join(',');
}

/**
 * Checks DNS and health-check settings against each other and against the namespace.
 * @throws AwsError InvalidInput with what is wrong.
 */
export function checkSettings(namespace: NamespaceRecord, settings: ServiceSettings): void {
  const { dns, healthCheck, customHealth } = settings;
  if (dns) checkDns(namespace, dns, healthCheck !== undefined);
  if (healthCheck && customHealth) {
    throw invalidInput('You can specify HealthCheckConfig or HealthCheckCustomConfig, but not both.');
  }
  checkRange({
    at: 'healthCheckCustomConfig.failureThreshold',
    value: customHealth?.FailureThreshold,
    min: 1,
    max: 10,
  });
  if (healthCheck) checkHealthCheck(namespace, healthCheck);
}

function checkDns(namespace: NamespaceRecord, dns: Checked<DnsConfig>, healthChecked: boolean): void {
  if (namespace.type === 'HTTP') {
    throw invalidInput(`DnsConfig is not supported for services in the HTTP namespace ${namespace.id}.`);
  }
  checkChoice({ at: 'dnsConfig.routingPolicy', value: dns.RoutingPolicy, choices: ['MULTIVALUE', 'WEIGHTED'] });
  for (const { Type, TTL } of dns.DnsRecords) {
    checkChoice({ at: 'dnsConfig.dnsRecords.type', value: Type, choices: ['A', 'AAAA', 'CNAME', 'SRV'] });
    checkRange({ at: 'dnsConfig.dnsRecords.tTL', value: TTL, min: 0, max: 2_147_483_647 });
  }
  const types = recordTypes(dns.DnsRecords);
  if (!COMBINATIONS.includes(types)) {
    throw invalidInput(`DnsRecords [${types}] cannot be combined; take A, AAAA, A and AAAA, SRV, or CNAME.`);
  }
  if (types !== 'CNAME') return;
  if (dns.RoutingPolicy !== 'WEIGHTED') throw invalidInput('A CNAME record needs the routing policy WEIGHTED.');
  if (healthChecked) throw invalidInput('A CNAME record and HealthCheckConfig cannot be specified together.');
}

function checkHealthCheck(namespace: NamespaceRecord, check: Checked<HealthCheckConfig>): void {
  if (namespace.type === 'DNS_PRIVATE') {
    throw invalidInput('HealthCheckConfig is not supported for services in a private DNS namespace.');
  }
  checkChoice({ at: 'healthCheckConfig.type', value: check.Type, choices: ['HTTP', 'HTTPS', 'TCP'] });
  checkText({ at: 'healthCheckConfig.resourcePath', value: check.ResourcePath, rule: 'resourcePath' });
  checkRange({ at: 'healthCheckConfig.failureThreshold', value: check.FailureThreshold, min: 1, max: 10 });
  if (check.Type === 'TCP' && check.ResourcePath !== undefined) {
    throw invalidInput('ResourcePath cannot be specified for a health check of type TCP.');
  }
}

/** The settings with what AWS fills in. */
export function withDefaults(settings: ServiceSettings): {
  dns: DnsConfig | undefined;
  healthCheck: HealthCheckConfig | undefined;
  customHealth: HealthCheckCustomConfig | undefined;
} {
  const { dns, healthCheck, customHealth } = settings;
  return {
    dns: dns && { RoutingPolicy: dns.RoutingPolicy ?? 'MULTIVALUE', DnsRecords: [...dns.DnsRecords] },
    healthCheck: healthCheck && {
      Type: healthCheck.Type,
      ...(healthCheck.Type === 'TCP' ? {} : { ResourcePath: healthCheck.ResourcePath ?? '/' }),
      FailureThreshold: healthCheck.FailureThreshold ?? 1,
    },
    // "No longer supported and always set to 1" (model of HealthCheckCustomConfig).
    customHealth: customHealth && { FailureThreshold: 1 },
  };
}
