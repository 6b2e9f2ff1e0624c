const UNCHANGEABLE = /cannot be changed|cannot change/;

/** Leaves that are not taken in every value here, and what is said then: by the API server's rules, the operator or AWS. */
export const NOT_TAKEN: Readonly<Record<string, RegExp>> = {
  'EcsCluster.clusterName': UNCHANGEABLE,
  'EcsCluster.configuration.executeCommandConfiguration.logging':
    /needs? .*logConfiguration|executeCommandConfiguration.loggi/,
  'EcsTaskDefinition.family': UNCHANGEABLE,
  'EcsTaskDefinition.containerDefinitions.essential': /at least one container/,
  'EcsTaskDefinition.networkMode': /Port mappings are not supported when networkMode=none/,
  'EcsTaskDefinition.cpu': /Fargate needs cpu and memory/,
  'EcsTaskDefinition.pidMode': /Fargate does not support pidMode host/,
  'EcsService.serviceName': UNCHANGEABLE,
  'EcsService.cluster': /give clusterRef .* or cluster/,
  'EcsService.taskDefinition': /say what to run, in one of three ways/,
  'EcsService.loadBalancers.loadBalancerName': /Classic Load Balancers are not supported with network mode awsvpc/,
  'EcsService.loadBalancers.containerName': /did not have a container port/,
  'EcsService.serviceRegistries.registryArn': /Invalid service registry ARN/,
  'EcsService.serviceRegistries.port': /a service registry needs cloudMap/,
  'EcsService.serviceRegistries.containerName': /a service registry needs cloudMap/,
  'EcsService.serviceRegistries.containerPort': /a service registry needs cloudMap/,
  'EcsService.launchType': UNCHANGEABLE,
  'EcsService.role': UNCHANGEABLE,
  'EcsService.placementConstraints.type': /not supported with FARGATE|Expression cannot be blank/,
  'EcsService.placementConstraints.expression': /not supported with FARGATE|Expression cannot be blank/,
  'EcsService.placementStrategy.type': /A field is required/,
  'EcsService.placementStrategy.field': /not supported with FARGATE/,
  'EcsService.schedulingStrategy': UNCHANGEABLE,
  'EcsService.deploymentController.type': /rebalancing is not supported .* CODE_DEPLOY/,
  'EcsService.volumeConfigurations.name': /does not exist in the task definition/,
  'CloudMapNamespace.name': UNCHANGEABLE,
  'CloudMapNamespace.vpc': UNCHANGEABLE,
  'CloudMapService.name': UNCHANGEABLE,
  'CloudMapService.namespaceId': /say which namespace it belongs to/,
  'CloudMapService.dnsConfig.dnsRecords.type': /AWS can change the ttl of DNS/,
  'CloudMapService.dnsConfig.namespaceId': /dnsConfig.namespaceId/,
  'CloudMapService.dnsConfig.routingPolicy': UNCHANGEABLE,
  'CloudMapService.healthCheckConfig.type': UNCHANGEABLE,
  'CloudMapService.healthCheckCustomConfig.failureThreshold': /failureThreshold/,
  'CloudMapService.type': UNCHANGEABLE,
};

/** How that looks which AWS shows in other words than those of the spec. */
export const IN_OTHER_WORDS: Readonly<Record<string, RegExp>> = {
  'EcsCluster.serviceConnectDefaults.namespace': /namespace: .*arn:aws:servicediscovery/,
  'CloudMapNamespace.tags.key': /\.tags\.key-\d: nothing → /,
  'CloudMapNamespace.tags.value': / → value-\d$/,
  'CloudMapNamespace.properties.dnsProperties.soa.ttl': /\.soaTtl: \d+ → 3[12]$/,
  'CloudMapService.tags.key': /\.tags\.key-\d: nothing → /,
  'CloudMapService.tags.value': / → value-\d$/,
};

/** What has one value only, which is AWS's default: to declare it changes nothing. */
export const ONLY_DEFAULT: ReadonlySet<string> = new Set(['EcsTaskDefinition.proxyConfiguration.type']);

/** What stays in AWS, though it left the spec: its own default, where it has no way to take it away. */
export const DEFAULTS_LEFT: readonly RegExp[] = [
  /\.executeCommandConfiguration\.logging: nothing → DEFAULT$/,
  /\.earlySuccessCriteria\.enable: nothing → false$/,
  /\.serviceConnectConfiguration\.enabled: nothing → false$/,
  /\.accessLogConfiguration\.includeQueryParameters: nothing → DISABLED$/,
  /\.linearConfiguration\.(stepPercent: nothing → 10|stepBakeTimeInMinutes: nothing → 6)$/,
  /\.canaryConfiguration\.(canaryPercent: nothing → 5|canaryBakeTimeInMinutes: nothing → 10)$/,
];

/** Leaves that leave something else behind, and why. */
export const LEAVES_BEHIND: Readonly<Record<string, RegExp>> = {
  // Without a strategy AWS keeps to what the service last ran on, which was nothing of its own before.
  'EcsService.capacityProviderStrategy.capacityProvider': /\.(launchType|platformVersion|platformFamily): /,
};
