import { cloudMapEnums } from './enums.gen.ts';
import type { Overlay } from './overlay.ts';

/** What Cloud Map's schemas do not say. Defaults are those of the API reference of CreateService. */
export const cloudMapOverlay: Overlay = {
  enums: cloudMapEnums,
  members: {
    'CreateHttpNamespaceRequest.tags': { key: 'key' },
    'CreatePrivateDnsNamespaceRequest.tags': { key: 'key' },
    'CreatePublicDnsNamespaceRequest.tags': { key: 'key' },
    'CreateHttpNamespaceRequest.description': { emptyIsValue: true, awsDefault: '' },
    'CreatePrivateDnsNamespaceRequest.description': { emptyIsValue: true, awsDefault: '' },
    'CreatePublicDnsNamespaceRequest.description': { emptyIsValue: true, awsDefault: '' },
    // What GetNamespace prints of an HTTP namespace has properties without these.
    'PrivateDnsNamespaceProperties.dnsProperties': { required: false },
    'PrivateDnsPropertiesMutable.soa': { required: false },
    'CreateServiceRequest.tags': { key: 'key' },
    'CreateServiceRequest.description': { emptyIsValue: true, awsDefault: '' },
    // {} alone means "health is reported from outside", which ECS needs.
    'CreateServiceRequest.healthCheckCustomConfig': { presenceMatters: true },
    'HealthCheckCustomConfig.failureThreshold': { awsDefault: 1 },
    'HealthCheckConfig.failureThreshold': { awsDefault: 1 },
    'DnsConfig.dnsRecords': { unordered: true },
    'DnsConfig.routingPolicy': { closed: true, awsDefault: 'MULTIVALUE' },
    'Tag.value': { emptyIsValue: true, required: false, whenMissing: '' },
  },
};
