import type { Bounds } from './kind-schema.ts';

const name = { max: 255 } as const;
const port = { range: [0, 65_535] } as const;
const percent = { range: [0, 100] } as const;
/** A shell script may stand in one argument; the whole task definition may have 64 KiB. */
const words = { max: 500, itemMax: 65_536 } as const;
const short = { max: 64 } as const;
const fixed = 'Cannot be changed.';

/**
 * Bounds of AWS's members, by `Structure.member`, for Kubernetes to reckon the cost of CEL rules from. Those that AWS
 * documents as fixed are AWS's; where AWS's is a quota that can be raised, ours is well above it. What is not listed
 * gets DEFAULT_BOUNDS. Widening one later is always safe, narrowing never.
 */
export const BOUNDS: Readonly<Record<string, Bounds>> = {
  // Task definitions
  'RegisterTaskDefinitionRequest.family': { ...name, note: `By default the name of this object. ${fixed}` },
  'RegisterTaskDefinitionRequest.containerDefinitions': { max: 10 },
  'RegisterTaskDefinitionRequest.cpu': { max: 16, numberToo: true },
  'RegisterTaskDefinitionRequest.memory': { max: 16, numberToo: true },
  'RegisterTaskDefinitionRequest.requiresCompatibilities': { max: 10, itemMax: 64 },
  'RegisterTaskDefinitionRequest.placementConstraints': { max: 10 },
  'RegisterTaskDefinitionRequest.volumes': { max: 100 },
  'RegisterTaskDefinitionRequest.tags': { max: 50 },
  'ContainerDefinition.name': name,
  'ContainerDefinition.image': { max: 1024, optional: true },
  'ContainerDefinition.command': words,
  'ContainerDefinition.entryPoint': words,
  'ContainerDefinition.environment': { max: 1000 },
  'ContainerDefinition.secrets': { max: 500 },
  'ContainerDefinition.portMappings': { max: 100 },
  'ContainerDefinition.dependsOn': { max: 10 },
  'ContainerDefinition.dockerLabels': { max: 500, itemMax: 32_768 },
  'ContainerDependency.containerName': name,
  'KeyValuePair.name': { max: 1024 },
  'KeyValuePair.value': { max: 65_536 },
  'Secret.name': { max: 1024 },
  'HealthCheck.command': words,
  'PortMapping.containerPort': port,
  'PortMapping.hostPort': port,
  'PortMapping.name': short,
  'PortMapping.containerPortRange': { max: 16 },
  'LogConfiguration.options': { max: 100, itemMax: 8192 },
  'FirelensConfiguration.options': { max: 100, itemMax: 8192 },
  'LinuxParameters.swappiness': percent,
  'Volume.name': name,
  'MountPoint.sourceVolume': name,
  'TaskDefinitionPlacementConstraint.expression': { max: 2048 },
  'Tag.key': { max: 128 },
  'Tag.value': { max: 256 },

  // Services
  'CreateServiceRequest.serviceName': { ...name, note: `By default the name of this object. ${fixed}` },
  'CreateServiceRequest.cluster': { note: 'Use clusterRef for an EcsCluster. Cannot be changed.' },
  'CreateServiceRequest.taskDefinition': { note: 'Or taskDefinitionRef, or taskDefinitionTemplate.' },
  'CreateServiceRequest.desiredCount': {
    range: [0, 1_000_000],
    numberOnly: true,
    note: 'Left out: created with 1, then never touched, so that an autoscaler can own it.',
  },
  'CreateServiceRequest.schedulingStrategy': { note: fixed },
  'CreateServiceRequest.role': { note: fixed },
  'CreateServiceRequest.launchType': { note: 'Can only be left for a capacityProviderStrategy.' },
  'CreateServiceRequest.loadBalancers': { max: 20 },
  'CreateServiceRequest.serviceRegistries': { max: 5 },
  'CreateServiceRequest.capacityProviderStrategy': { max: 20 },
  'CreateServiceRequest.placementConstraints': { max: 10 },
  'CreateServiceRequest.placementStrategy': { max: 5 },
  'CreateServiceRequest.tags': { max: 50 },
  'CreateServiceRequest.volumeConfigurations': { max: 10 },
  'CreateServiceRequest.vpcLatticeConfigurations': { max: 20 },
  'CreateServiceRequest.healthCheckGracePeriodSeconds': { range: [0, 2_147_483_647] },
  'AwsVpcConfiguration.subnets': { max: 16, itemMax: 255 },
  'AwsVpcConfiguration.securityGroups': { max: 16, itemMax: 255 },
  'CapacityProviderStrategyItem.capacityProvider': { ...name, optional: true },
  'CapacityProviderStrategyItem.weight': { range: [0, 1000] },
  'CapacityProviderStrategyItem.base': { range: [0, 100_000] },
  'LoadBalancer.containerPort': port,
  'LoadBalancer.containerName': name,
  'ServiceRegistry.port': port,
  'ServiceRegistry.containerPort': port,
  'ServiceRegistry.containerName': name,
  'ServiceConnectClientAlias.port': port,
  'ServiceConnectService.ingressPortOverride': port,
  'ServiceConnectConfiguration.namespace': { max: 2048, note: 'Or namespaceRef.' },
  'ServiceRegistry.registryArn': { max: 2048, note: 'Or cloudMapServiceRef.' },
  'DeploymentConfiguration.maximumPercent': { range: [0, 1000] },
  'DeploymentConfiguration.bakeTimeInMinutes': { range: [0, 1440] },
  'LinearConfiguration.stepPercent': { range: [3, 100] },
  'LinearConfiguration.stepBakeTimeInMinutes': { range: [0, 1440] },
  'CanaryConfiguration.canaryPercent': { range: [0.1, 100] },
  'CanaryConfiguration.canaryBakeTimeInMinutes': { range: [0, 1440] },
  'DeploymentEarlySuccessCriteria.healthyPercent': percent,

  // Clusters
  'CreateClusterRequest.clusterName': { ...name, note: `By default the name of this object. ${fixed}` },
  'CreateClusterRequest.settings': { max: 20 },
  'CreateClusterRequest.capacityProviders': { max: 50, itemMax: 255 },
  'CreateClusterRequest.defaultCapacityProviderStrategy': { max: 20 },
  'CreateClusterRequest.tags': { max: 50 },
  'ClusterSetting.name': short,
  'ClusterServiceConnectDefaultsRequest.namespace': { max: 1024, optional: true, note: 'Or namespaceRef.' },

  // Cloud Map
  'CloudMapNamespace.name': { max: 1024, note: `By default the name of this object. ${fixed}` },
  'CloudMapNamespace.vpc': { max: 64, note: fixed },
  'CloudMapNamespace.description': { max: 1024 },
  'CloudMapNamespace.tags': { max: 50 },
  'PrivateDnsNamespaceProperties.dnsProperties': { optional: true },
  'PrivateDnsPropertiesMutable.soa': { optional: true },
  'SOA.ttl': { range: [0, 2_147_483_647], optional: true },
  'CloudMapService.name': { max: 127, note: `By default the name of this object. ${fixed}` },
  'CloudMapService.namespaceId': { max: 64, note: 'Or namespaceRef. Cannot be changed.' },
  'CloudMapService.description': { max: 1024 },
  'CloudMapService.tags': { max: 50 },
  'DnsConfig.dnsRecords': { max: 10 },
  'DnsRecord.type': { max: 16 },
  'DnsRecord.ttl': { range: [0, 2_147_483_647] },
  'HealthCheckConfig.resourcePath': { max: 255 },
  'HealthCheckConfig.failureThreshold': { range: [1, 10] },
  'HealthCheckCustomConfig.failureThreshold': { range: [1, 10] },
};

/** For what BOUNDS does not list. */
export const DEFAULT_BOUNDS = {
  string: 2048,
  list: 100,
  map: 100,
  /** Items of a list of strings, and values of a map of strings. */
  item: 2048,
  /** The API server reckons 4 bytes for each; more of them takes CEL rules over their budget. */
  number: 16,
} as const;
