import type {
  AutoScalingGroupProvider,
  CapacityProviderStrategyItem,
  ClusterConfiguration,
  ClusterServiceConnectDefaults,
  ClusterSetting,
  DeploymentConfiguration,
  DeploymentEphemeralStorage,
  DeploymentRolloutState,
  EphemeralStorage,
  GatewayConnector,
  LaunchType,
  LoadBalancer,
  ManagedInstancesProvider,
  MonitoringConfiguration,
  NetworkConfiguration,
  PlacementConstraint,
  PlacementStrategy,
  ServiceConnectConfiguration,
  ServiceConnectServiceResource,
  ServiceDeploymentLifecycleStage,
  ServiceDeploymentStatus,
  ServiceEvent,
  ServiceRegistry,
  ServiceVolumeConfiguration,
  Tag,
  TaskDefinition,
  TaskOverride,
  TaskStopCode,
  VpcLatticeConfiguration,
} from '@aws-sdk/client-ecs';
import type { Timer } from '../../runtime/clock.ts';

/** The state of ECS as it is held. What calls see is made from it by the `…-view.ts` files. */
export interface ClusterRecord {
  readonly name: string;
  readonly arn: string;
  status: 'ACTIVE' | 'INACTIVE';
  /** When it became INACTIVE (ms since the epoch): describable for a while after. */
  goneAt?: number;
  settings: readonly ClusterSetting[];
  configuration?: ClusterConfiguration | undefined;
  capacityProviders: readonly string[];
  defaultStrategy: readonly CapacityProviderStrategyItem[];
  serviceConnectDefaults?: ClusterServiceConnectDefaults | undefined;
  /** Busy while attachments of Auto Scaling group providers change. */
  attachmentsStatus?: 'UPDATE_IN_PROGRESS' | 'UPDATE_COMPLETE';
  tags: readonly Tag[];
  readonly services: Map<string, ServiceRecord>;
  /** By ARN; stopped tasks stay for an hour. */
  readonly tasks: Map<string, TaskRecord>;
  /** Stopped tasks in the order in which they stopped, so that forgetting them costs nothing while none is due. */
  stopped: TaskRecord[];
  readonly instances: Map<string, InstanceRecord>;
  /** Why no task can be placed at present, when a test filled the cluster. */
  full?: string | undefined;
  /** Whether its instances are only those that a test gave it; else capacity on EC2 has no end. */
  bounded: boolean;
  /** Idempotency tokens of CreateService: the canonical request that each stood for. */
  readonly serviceTokens: Map<string, { readonly request: string; readonly service: ServiceRecord }>;
  readonly runTaskTokens: Map<string, { readonly request: string; readonly tasks: readonly TaskRecord[] }>;
}

export interface InstanceRecord {
  readonly arn: string;
  readonly ec2InstanceId: string;
  readonly zone: string;
  status: 'ACTIVE' | 'DRAINING';
  /** Made by the fake because a cluster has capacity without end until a test says otherwise; goes with its last task. */
  readonly implicit: boolean;
  readonly cpu: number;
  readonly memory: number;
  readonly registeredAt: Date;
  readonly tasks: Set<TaskRecord>;
  tags: readonly Tag[];
}

export interface CapacityProviderRecord {
  readonly name: string;
  readonly arn: string;
  readonly type: 'EC2_AUTOSCALING' | 'FARGATE' | 'FARGATE_SPOT' | 'MANAGED_INSTANCES';
  /** The cluster's name, for a Managed Instances provider. */
  readonly cluster?: string | undefined;
  status: 'ACTIVE' | 'DEPROVISIONING' | 'INACTIVE';
  updateStatus?: string;
  autoScalingGroupProvider?: AutoScalingGroupProvider | undefined;
  managedInstancesProvider?: ManagedInstancesProvider | undefined;
  tags: readonly Tag[];
}

export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** With AWS's defaults filled in; replaced, never changed in place. */
  definition: TaskDefinition;
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  tags: readonly Tag[];
  /** Services' revisions in use plus tasks that have not stopped: DeleteTaskDefinitions waits for 0. */
  users: number;
  deleteRequestedAt?: Date;
}

/** What a deployment carries out: a change of any of these makes a new service revision and a new deployment. */
export interface RevisionContent {
  readonly taskDefinition: TaskDefinitionRecord | undefined;
  readonly launchType: LaunchType | undefined;
  readonly capacityProviderStrategy: readonly CapacityProviderStrategyItem[];
  /** As asked, e.g. `LATEST`; only on Fargate. */
  readonly platformVersion: string | undefined;
  readonly networkConfiguration: NetworkConfiguration | undefined;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly serviceRegistries: readonly ServiceRegistry[];
  readonly serviceConnectConfiguration: ServiceConnectConfiguration | undefined;
  readonly volumeConfigurations: readonly ServiceVolumeConfiguration[];
  readonly vpcLatticeConfigurations: readonly VpcLatticeConfiguration[];
  readonly gatewayConnectors: readonly GatewayConnector[];
  readonly monitoring: MonitoringConfiguration | undefined;
}

/** A service revision: never changes once it is made. */
export interface RevisionRecord {
  readonly arn: string;
  readonly createdAt: Date;
  readonly content: RevisionContent;
  /** The Cloud Map services of its Service Connect ports. */
  readonly connectResources: readonly ServiceConnectServiceResource[];
  readonly ephemeralStorage: DeploymentEphemeralStorage | undefined;
}

/** Tasks that are kept at a count together: those of a deployment or of a task set. */
export interface TaskGroup {
  /** `ecs-svc/` and 19 digits; also the tasks' `startedBy`. */
  readonly id: string;
  revision: RevisionRecord;
  /** Tasks that have not reached STOPPED. */
  readonly tasks: Set<TaskRecord>;
  readonly createdAt: Date;
  updatedAt: Date;
  /** What the scheduler aims at, at present. */
  desired: number;
  failedTasks: number;
  /** Tasks that failed in a row: the next start waits the longer. */
  failuresInRow: number;
  /** No start before this moment (ms since the epoch). */
  retryAt: number;
}

export interface DeploymentRecord extends TaskGroup {
  status: 'PRIMARY' | 'ACTIVE';
  rolloutState: DeploymentRolloutState | undefined;
  rolloutStateReason: string | undefined;
  serviceDeployment: ServiceDeploymentRecord | undefined;
  /** Whether it said that minimum and maximum percent leave it no way to go on. */
  stuckReported: boolean;
}

export interface TaskSetRecord extends TaskGroup {
  readonly arn: string;
  readonly externalId: string | undefined;
  readonly startedBy: string | undefined;
  status: 'PRIMARY' | 'ACTIVE' | 'DRAINING';
  scale: number;
  stable: boolean;
  stableAt: Date;
  tags: readonly Tag[];
}

export interface ServiceDeploymentRecord {
  readonly arn: string;
  readonly service: ServiceRecord;
  readonly createdAt: Date;
  target: RevisionRecord;
  readonly sources: readonly RevisionRecord[];
  readonly configuration: DeploymentConfiguration;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  startedAt?: Date;
  finishedAt?: Date;
  stoppedAt?: Date;
  updatedAt: Date;
  stage?: ServiceDeploymentLifecycleStage | undefined;
  /** Per cent of production traffic on the target revision, where traffic is shifted. */
  productionWeight: number;
  failures: number;
  threshold: number;
  breaker: 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED' | 'DISABLED';
  rollback?: { readonly reason: string; readonly startedAt: Date; readonly to: RevisionRecord };
  /** When the present stage may end (ms since the epoch). */
  stageUntil: number;
}

export interface ServiceRecord {
  readonly name: string;
  readonly arn: string;
  readonly cluster: ClusterRecord;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly roleArn: string;
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  /** The request that made it, canonical: CreateService with the same one answers with this service. */
  readonly request: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  goneAt?: number;
  controller: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  desiredCount: number;
  content: RevisionContent;
  deploymentConfiguration: DeploymentConfiguration;
  placementConstraints: readonly PlacementConstraint[];
  placementStrategy: readonly PlacementStrategy[];
  gracePeriod: number;
  enableECSManagedTags: boolean;
  enableExecuteCommand: boolean;
  propagateTags: string;
  zoneRebalancing: 'ENABLED' | 'DISABLED';
  tags: readonly Tag[];
  /** Newest first, at most 100. */
  events: ServiceEvent[];
  /** PRIMARY first, then newest first. */
  deployments: DeploymentRecord[];
  taskSets: TaskSetRecord[];
  /** Every revision that it ever had, by ARN. */
  readonly revisions: Map<string, RevisionRecord>;
  /** Newest first. */
  serviceDeployments: ServiceDeploymentRecord[];
  /** What a rollback goes back to. */
  lastCompleted: RevisionRecord | undefined;
  /** When it last said that it is steady (ms since the epoch); undefined while it is not. */
  steadyAt: number | undefined;
  /** Placement failures in a row. */
  placementFailures: number;
  /** The scheduler's next look, when one is due. */
  look: { readonly at: number; readonly timer: Timer } | undefined;
  /** A test holds the rollout: nothing is started, stopped or completed. */
  held: boolean;
}

export interface ContainerRecord {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly arn: string;
  readonly runtimeId: string;
  exitCode?: number | undefined;
  reason?: string | undefined;
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export interface TaskRecord {
  readonly id: string;
  readonly arn: string;
  readonly cluster: ClusterRecord;
  readonly definition: TaskDefinitionRecord;
  readonly service: ServiceRecord | undefined;
  readonly set: TaskGroup | undefined;
  readonly launchType: LaunchType;
  readonly capacityProvider: string | undefined;
  readonly platformVersion: string | undefined;
  readonly instance: InstanceRecord | undefined;
  readonly zone: string;
  readonly network: { readonly ip: string; readonly eni: string; readonly subnet: string } | undefined;
  readonly group: string;
  readonly startedBy: string | undefined;
  readonly overrides: TaskOverride | undefined;
  readonly enableExecuteCommand: boolean;
  readonly ephemeralStorage: EphemeralStorage | undefined;
  readonly createdAt: Date;
  readonly containers: readonly ContainerRecord[];
  tags: readonly Tag[];
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  health: 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';
  /** Counts towards the minimum of healthy tasks: checks passed, or ran long enough where there are none. */
  healthy: boolean;
  /** Stopped by a fault of its own before it was healthy. */
  failed: boolean;
  /** Cloud Map services (ARNs) that it is an instance of. */
  registeredWith: readonly string[];
  version: number;
  pullStartedAt?: Date;
  pullStoppedAt?: Date;
  startedAt?: Date;
  stoppingAt?: Date;
  executionStoppedAt?: Date;
  stoppedAt?: Date;
  stopCode?: TaskStopCode;
  stoppedReason?: string;
  /** The next step of its life. */
  timer: Timer | undefined;
}
