/** How fast AWS lets calls of one category through: a token bucket. */
export interface Bucket {
  /** The category's name, as it stands in errors and in the fake's state. */
  readonly category: string;
  /** Calls that may come at once. */
  readonly burst: number;
  /** Calls per second afterwards. */
  readonly refill: number;
}

const bucket = (category: string, burst: number, refill: number, operations: string): [string, Bucket][] =>
  operations.split(' ').map((operation) => [operation, { category, burst, refill }]);

/**
 * The buckets which ECS documents, each shared by the operations of its category.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
const ECS: ReadonlyMap<string, Bucket> = new Map([
  ...bucket(
    'cluster-modify',
    20,
    1,
    'CreateCluster DeleteCluster UpdateCluster UpdateClusterSettings PutClusterCapacityProviders',
  ),
  ...bucket('cluster-read', 50, 20, 'DescribeClusters ListClusters'),
  ...bucket('task-definition-modify', 20, 1, 'RegisterTaskDefinition DeregisterTaskDefinition'),
  ...bucket('task-definition-delete', 5, 1, 'DeleteTaskDefinitions'),
  ...bucket('task-definition-read', 50, 20, 'DescribeTaskDefinition ListTaskDefinitions ListTaskDefinitionFamilies'),
  ...bucket('capacity-provider-modify', 10, 1, 'CreateCapacityProvider DeleteCapacityProvider UpdateCapacityProvider'),
  ...bucket('capacity-provider-read', 50, 20, 'DescribeCapacityProviders'),
  ...bucket('service-modify', 50, 5, 'CreateService DeleteService UpdateService'),
  ...bucket('service-read', 100, 20, 'DescribeServices ListServices'),
  ...bucket('tags-modify', 20, 10, 'TagResource UntagResource'),
  ...bucket('tags-read', 50, 20, 'ListTagsForResource'),
  ...bucket('account-modify', 10, 1, 'PutAccountSetting PutAccountSettingDefault DeleteAccountSetting'),
  ...bucket('account-read', 50, 20, 'ListAccountSettings'),
  ...bucket('task-modify', 100, 40, 'RunTask StartTask StopTask ExecuteCommand'),
  ...bucket(
    'task-read',
    100,
    20,
    'DescribeTasks ListTasks DescribeContainerInstances ListContainerInstances UpdateContainerInstancesState',
  ),
  ...bucket('service-deployment-read', 50, 20, 'DescribeServiceDeployments ListServiceDeployments'),
  ...bucket('service-revision-read', 50, 20, 'DescribeServiceRevisions'),
  ...bucket('task-protection', 200, 80, 'GetTaskProtection UpdateTaskProtection'),
  ...bucket('service-by-namespace-read', 10, 1, 'ListServicesByNamespace'),
]);

/** Only DiscoverInstances is documented; the others are what the AWS Cloud Map controller for Kubernetes keeps to. */
const CLOUD_MAP: ReadonlyMap<string, Bucket> = new Map([
  ...bucket('discover', 2000, 1000, 'DiscoverInstances DiscoverInstancesRevision'),
  ...bucket('service-create', 50, 5, 'CreateService'),
  ...bucket('service-list', 10, 2, 'ListServices'),
  ...bucket('namespace-create', 5, 0.5, 'CreateHttpNamespace CreatePrivateDnsNamespace CreatePublicDnsNamespace'),
  ...bucket('namespace-list', 5, 0.5, 'ListNamespaces'),
  ...bucket('instance-modify', 100, 50, 'RegisterInstance DeregisterInstance'),
  ...bucket('operation-read', 200, 100, 'GetOperation'),
]);

/** The bucket that an operation draws from, or undefined where AWS documents none: such a call is never throttled. */
export function bucketOf(service: string, operation: string): Bucket | undefined {
  switch (service) {
    case 'ecs':
      return ECS.get(operation);
    case 'servicediscovery':
      return CLOUD_MAP.get(operation);
    default:
      return undefined;
  }
}
