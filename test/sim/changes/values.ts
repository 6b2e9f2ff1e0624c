import type { Json, JsonObject } from '../../../src/shape/shape.ts';
import { TARGET_GROUP } from '../scenarios/objects.ts';

const ROLES: readonly [Json, Json] = [
  'arn:aws:iam::123456789012:role/shop-one',
  'arn:aws:iam::123456789012:role/shop-two',
];
const [ROLE] = ROLES;
const OTHER_GROUP = TARGET_GROUP.replace('targetgroup/api/', 'targetgroup/other/');
const THIRD_GROUP = TARGET_GROUP.replace('targetgroup/api/', 'targetgroup/third/');
const RULE = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/shop/1/2/';
const PORTS: readonly [Json, Json] = [81, 82];

/** Values that AWS takes, where any word or number would be refused or say nothing: by path, or by structure and member. */
export const VALUES: Readonly<Record<string, readonly [Json, Json]>> = {
  'EcsCluster.settings.value': ['enhanced', 'disabled'],
  'EcsCluster.capacityProviders': [['FARGATE'], ['FARGATE', 'FARGATE_SPOT']],
  'CapacityProviderStrategyItem.capacityProvider': ['FARGATE', 'FARGATE_SPOT'],
  'ClusterServiceConnectDefaultsRequest.namespace': ['mesh', 'other'],
  'ExecuteCommandConfiguration.logging': ['NONE', 'OVERRIDE'],

  'EcsTaskDefinition.containerDefinitions.links': [['log'], ['log:logs']],
  'EcsTaskDefinition.containerDefinitions.memory': [300, 400],
  'EcsTaskDefinition.containerDefinitions.memoryReservation': [130, 140],
  'EcsTaskDefinition.containerDefinitions.versionConsistency': ['disabled', 'enabled'],
  'EcsTaskDefinition.containerDefinitions.dependsOn.containerName': ['log', 'side'],
  'EcsTaskDefinition.containerDefinitions.dependsOn.condition': ['COMPLETE', 'SUCCESS'],
  'EcsTaskDefinition.containerDefinitions.mountPoints.sourceVolume': ['data', 'more'],
  'EcsTaskDefinition.containerDefinitions.volumesFrom.sourceContainer': ['log', 'side'],
  'EcsTaskDefinition.containerDefinitions.name': ['web', 'api'],
  'EcsTaskDefinition.containerDefinitions.image': ['shop/api:2', 'shop/api:3'],
  'PortMapping.containerPort': PORTS,
  'PortMapping.hostPort': PORTS,
  'PortMapping.containerPortRange': ['8000-8010', '9000-9010'],
  'HealthCheck.retries': [4, 5],
  'HealthCheck.interval': [31, 32],
  'HealthCheck.timeout': [6, 7],
  'Ulimit.name': ['nofile', 'nproc'],
  'Ulimit.softLimit': [1024, 1025],
  'Ulimit.hardLimit': [4096, 4097],
  'ResourceRequirement.value': ['1', '2'],
  'LogConfiguration.logDriver': ['awslogs', 'splunk'],
  'EcsTaskDefinition.taskRoleArn': ROLES,
  'EcsTaskDefinition.executionRoleArn': ROLES,
  'EcsTaskDefinition.networkMode': ['host', 'none'],
  'EcsTaskDefinition.cpu': ['512', '1024'],
  'EcsTaskDefinition.memory': ['1024', '2048'],
  'EcsTaskDefinition.pidMode': ['task', 'host'],
  'EcsTaskDefinition.requiresCompatibilities': [['EC2'], ['FARGATE', 'EC2']],
  'EphemeralStorage.sizeInGiB': [31, 32],
  'RuntimePlatform.operatingSystemFamily': ['WINDOWS_SERVER_2019_CORE', 'WINDOWS_SERVER_2022_CORE'],

  'EcsService.desiredCount': [3, 4],
  'EcsService.platformVersion': ['1.3.0', '1.4.0'],
  'LoadBalancer.targetGroupArn': [TARGET_GROUP, OTHER_GROUP],
  'LoadBalancer.containerName': ['main', 'log'],
  'LoadBalancer.containerPort': [80, 81],
  'AdvancedConfiguration.alternateTargetGroupArn': [OTHER_GROUP, THIRD_GROUP],
  'AdvancedConfiguration.productionListenerRule': [`${RULE}3`, `${RULE}4`],
  'AdvancedConfiguration.testListenerRule': [`${RULE}5`, `${RULE}6`],
  'AdvancedConfiguration.roleArn': ROLES,
  'VpcLatticeConfiguration.roleArn': ROLES,
  'VpcLatticeConfiguration.portName': ['web', 'admin'],
  'VpcLatticeConfiguration.targetGroupArn': [
    'arn:aws:vpc-lattice:eu-central-1:123456789012:targetgroup/tg-1',
    'arn:aws:vpc-lattice:eu-central-1:123456789012:targetgroup/tg-2',
  ],
  'DeploymentConfiguration.maximumPercent': [150, 160],
  'DeploymentLifecycleHook.roleArn': ROLES,
  'DeploymentLifecycleHook.hookTargetArn': [
    'arn:aws:lambda:eu-central-1:123456789012:function:one',
    'arn:aws:lambda:eu-central-1:123456789012:function:two',
  ],
  'EcsService.deploymentConfiguration.strategy': ['BLUE_GREEN', 'LINEAR'],
  'PlacementStrategy.type': ['spread', 'binpack'],
  'ServiceConnectConfiguration.namespace': ['mesh', 'other'],
  'ServiceConnectService.portName': ['web', 'admin'],
  'ServiceConnectTlsConfiguration.roleArn': ROLES,
  'ServiceVolumeConfiguration.name': ['data', 'more'],
  'ServiceManagedEBSVolumeConfiguration.roleArn': ROLES,
  'CloudMapService.healthCheckConfig.failureThreshold': [3, 4],
  'CloudMapService.healthCheckConfig.resourcePath': ['/health', '/alive'],
};

/** What a structure has to hold for AWS to take it, besides what its model requires: by path, or by structure. */
export const FRAMES: Readonly<Record<string, JsonObject>> = {
  'EcsCluster.settings': { name: 'containerInsights', value: 'enhanced' },
  ContainerDefinition: { name: 'main', image: 'shop/api:1' },
  PortMapping: { containerPort: 80 },
  ContainerDependency: { containerName: 'log', condition: 'START' },
  KeyValuePair: { name: 'A' },
  MountPoint: { sourceVolume: 'data', containerPath: '/data' },
  VolumeFrom: { sourceContainer: 'log' },
  Volume: { name: 'data' },
  'EcsService.loadBalancers': { targetGroupArn: TARGET_GROUP, containerName: 'main', containerPort: 80 },
  AdvancedConfiguration: { alternateTargetGroupArn: OTHER_GROUP, productionListenerRule: `${RULE}3`, roleArn: ROLE },
  DeploymentLifecycleHook: {
    hookTargetArn: 'arn:aws:lambda:eu-central-1:123456789012:function:one',
    roleArn: ROLE,
    lifecycleStages: ['POST_SCALE_UP'],
  },
  ServiceConnectConfiguration: { enabled: true, namespace: 'mesh' },
  DeploymentAlarms: { alarmNames: ['one'], enable: true, rollback: true },
  ServiceManagedEBSVolumeConfiguration: { roleArn: ROLE, sizeInGiB: 20 },
};

/** Other items of a list, for what refers to them. */
export const BESIDES: Readonly<Record<string, readonly Json[]>> = {
  'EcsTaskDefinition.containerDefinitions': [
    { name: 'log', image: 'shop/log:1', essential: false },
    { name: 'side', image: 'shop/side:1', essential: false },
  ],
};

/** Members beside a member, without which AWS does not take it; by path. */
export const GO_WITH: Readonly<Record<string, JsonObject>> = {
  'EcsService.deploymentConfiguration.linearConfiguration': { strategy: 'LINEAR' },
  'EcsService.deploymentConfiguration.canaryConfiguration': { strategy: 'CANARY' },
  'EcsService.deploymentConfiguration.bakeTimeInMinutes': { strategy: 'BLUE_GREEN' },
};
