import { isIPv4, isIPv6 } from 'node:net';
import { checkText } from './patterns.ts';
import { invalidInput, type NamespaceRecord, type ServiceRecord } from './state.ts';

/** What Cloud Map itself gives a meaning (model of RegisterInstance.Attributes). */
const RESERVED = [
  'AWS_ALIAS_DNS_NAME',
  'AWS_EC2_INSTANCE_ID',
  'AWS_INIT_HEALTH_STATUS',
  'AWS_INSTANCE_CNAME',
  'AWS_INSTANCE_IPV4',
  'AWS_INSTANCE_IPV6',
  'AWS_INSTANCE_PORT',
];
const MAX_CUSTOM = 30;
const MAX_SIZE = 5_000;

export interface InstanceCheck {
  readonly namespace: NamespaceRecord;
  readonly service: ServiceRecord;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Checks the attributes of RegisterInstance against the service's records and health checks.
 * @throws AwsError InvalidInput with what is wrong.
 */
export function checkInstanceAttributes(check: InstanceCheck): void {
  const { attributes } = check;
  const entries = Object.entries(attributes);
  for (const [key, value] of entries) {
    checkText({ at: 'attributes.key', value: key, rule: 'attributeKey' });
    checkText({ at: `attributes.${key}`, value, rule: 'attributeValue' });
    if (key.startsWith('AWS_') && !RESERVED.includes(key)) {
      throw invalidInput(`The attribute ${key} is not supported: keys that start with AWS_ are reserved.`);
    }
  }
  if (entries.filter(([key]) => !RESERVED.includes(key)).length > MAX_CUSTOM) {
    throw invalidInput(`An instance can have at most ${MAX_CUSTOM} custom attributes.`);
  }
  if (entries.reduce((size, [key, value]) => size + key.length + value.length, 0) > MAX_SIZE) {
    throw invalidInput(`The attributes of an instance must not exceed ${MAX_SIZE} characters.`);
  }
  checkFormats(attributes);
  checkAgainstNamespace(check);
  checkAgainstRecords(check);
}

function checkFormats(attributes: Readonly<Record<string, string>>): void {
  const { AWS_INSTANCE_IPV4: ipv4, AWS_INSTANCE_IPV6: ipv6, AWS_INSTANCE_PORT: port } = attributes;
  if (ipv4 !== undefined && !isIPv4(ipv4)) throw invalidInput(`AWS_INSTANCE_IPV4 is not an IPv4 address: ${ipv4}`);
  if (ipv6 !== undefined && !isIPv6(ipv6)) throw invalidInput(`AWS_INSTANCE_IPV6 is not an IPv6 address: ${ipv6}`);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw invalidInput(`AWS_INSTANCE_PORT is not a port: ${port}`);
  }
}

function checkAgainstNamespace({ namespace, service, attributes }: InstanceCheck): void {
  const { AWS_INIT_HEALTH_STATUS: health } = attributes;
  if (health !== undefined) {
    if (!service.customHealth)
      throw invalidInput('AWS_INIT_HEALTH_STATUS needs a service with HealthCheckCustomConfig.');
    if (health !== 'HEALTHY' && health !== 'UNHEALTHY') {
      throw invalidInput(`AWS_INIT_HEALTH_STATUS must be HEALTHY or UNHEALTHY, not ${health}.`);
    }
  }
  if (attributes.AWS_EC2_INSTANCE_ID === undefined) return;
  if (namespace.type !== 'HTTP') throw invalidInput('AWS_EC2_INSTANCE_ID is supported for HTTP namespaces only.');
  const others = Object.keys(attributes).filter(
    (key) => key !== 'AWS_EC2_INSTANCE_ID' && key !== 'AWS_INIT_HEALTH_STATUS',
  );
  if (others.length > 0) {
    throw invalidInput('With AWS_EC2_INSTANCE_ID, the only other attribute can be AWS_INIT_HEALTH_STATUS.');
  }
}

function checkAgainstRecords({ service, attributes }: InstanceCheck): void {
  const types = new Set(service.dns?.DnsRecords?.map(({ Type }) => Type));
  const require = (key: string, reason: string) => {
    if (attributes[key] === undefined) throw invalidInput(`${key} is required: the service ${reason}.`);
  };
  if (attributes.AWS_ALIAS_DNS_NAME !== undefined) {
    if (!types.has('A') && !types.has('AAAA')) throw invalidInput('AWS_ALIAS_DNS_NAME needs an A or AAAA record.');
    if (service.dns?.RoutingPolicy !== 'WEIGHTED') {
      throw invalidInput('AWS_ALIAS_DNS_NAME needs the routing policy WEIGHTED.');
    }
    if (Object.keys(attributes).some((key) => key.startsWith('AWS_INSTANCE_'))) {
      throw invalidInput('AWS_ALIAS_DNS_NAME cannot be combined with AWS_INSTANCE attributes.');
    }
    return;
  }
  if (types.has('A')) require('AWS_INSTANCE_IPV4', 'has an A record');
  if (types.has('AAAA')) require('AWS_INSTANCE_IPV6', 'has an AAAA record');
  if (types.has('CNAME')) require('AWS_INSTANCE_CNAME', 'has a CNAME record');
  if (types.has('SRV')) {
    require('AWS_INSTANCE_PORT', 'has an SRV record');
    if (attributes.AWS_INSTANCE_IPV6 === undefined) require('AWS_INSTANCE_IPV4', 'has an SRV record');
  }
  if (service.healthCheck) require('AWS_INSTANCE_PORT', 'has a health check');
}
