import type * as Ecs from '@aws-sdk/client-ecs';
import type * as CloudMap from '@aws-sdk/client-servicediscovery';
import type * as Sts from '@aws-sdk/client-sts';
import type { AwsService } from './send.ts';

/**
 * Every operation that the operator calls, with what it takes and gives. The service stands in front because ECS and
 * Cloud Map share names (CreateService, TagResource, …).
 */
interface Operations {
  'ecs.CreateCluster': [Ecs.CreateClusterCommandInput, Ecs.CreateClusterCommandOutput];
  'ecs.UpdateCluster': [Ecs.UpdateClusterCommandInput, Ecs.UpdateClusterCommandOutput];
  'ecs.UpdateClusterSettings': [Ecs.UpdateClusterSettingsCommandInput, Ecs.UpdateClusterSettingsCommandOutput];
  'ecs.PutClusterCapacityProviders': [
    Ecs.PutClusterCapacityProvidersCommandInput,
    Ecs.PutClusterCapacityProvidersCommandOutput,
  ];
  'ecs.DeleteCluster': [Ecs.DeleteClusterCommandInput, Ecs.DeleteClusterCommandOutput];
  'ecs.DescribeClusters': [Ecs.DescribeClustersCommandInput, Ecs.DescribeClustersCommandOutput];
  'ecs.RegisterTaskDefinition': [Ecs.RegisterTaskDefinitionCommandInput, Ecs.RegisterTaskDefinitionCommandOutput];
  'ecs.DeregisterTaskDefinition': [Ecs.DeregisterTaskDefinitionCommandInput, Ecs.DeregisterTaskDefinitionCommandOutput];
  'ecs.DescribeTaskDefinition': [Ecs.DescribeTaskDefinitionCommandInput, Ecs.DescribeTaskDefinitionCommandOutput];
  'ecs.ListTaskDefinitions': [Ecs.ListTaskDefinitionsCommandInput, Ecs.ListTaskDefinitionsCommandOutput];
  'ecs.DeleteTaskDefinitions': [Ecs.DeleteTaskDefinitionsCommandInput, Ecs.DeleteTaskDefinitionsCommandOutput];
  'ecs.CreateService': [Ecs.CreateServiceCommandInput, Ecs.CreateServiceCommandOutput];
  'ecs.UpdateService': [Ecs.UpdateServiceCommandInput, Ecs.UpdateServiceCommandOutput];
  'ecs.DeleteService': [Ecs.DeleteServiceCommandInput, Ecs.DeleteServiceCommandOutput];
  'ecs.DescribeServices': [Ecs.DescribeServicesCommandInput, Ecs.DescribeServicesCommandOutput];
  'ecs.ListServices': [Ecs.ListServicesCommandInput, Ecs.ListServicesCommandOutput];
  'ecs.DescribeServiceDeployments': [
    Ecs.DescribeServiceDeploymentsCommandInput,
    Ecs.DescribeServiceDeploymentsCommandOutput,
  ];
  'ecs.ListServiceDeployments': [Ecs.ListServiceDeploymentsCommandInput, Ecs.ListServiceDeploymentsCommandOutput];
  'ecs.DescribeServiceRevisions': [Ecs.DescribeServiceRevisionsCommandInput, Ecs.DescribeServiceRevisionsCommandOutput];
  'ecs.DescribeTasks': [Ecs.DescribeTasksCommandInput, Ecs.DescribeTasksCommandOutput];
  'ecs.ListTasks': [Ecs.ListTasksCommandInput, Ecs.ListTasksCommandOutput];
  'ecs.DescribeTaskSets': [Ecs.DescribeTaskSetsCommandInput, Ecs.DescribeTaskSetsCommandOutput];
  'ecs.TagResource': [Ecs.TagResourceCommandInput, Ecs.TagResourceCommandOutput];
  'ecs.UntagResource': [Ecs.UntagResourceCommandInput, Ecs.UntagResourceCommandOutput];
  'ecs.ListTagsForResource': [Ecs.ListTagsForResourceCommandInput, Ecs.ListTagsForResourceCommandOutput];

  'servicediscovery.CreateHttpNamespace': [
    CloudMap.CreateHttpNamespaceCommandInput,
    CloudMap.CreateHttpNamespaceCommandOutput,
  ];
  'servicediscovery.CreatePrivateDnsNamespace': [
    CloudMap.CreatePrivateDnsNamespaceCommandInput,
    CloudMap.CreatePrivateDnsNamespaceCommandOutput,
  ];
  'servicediscovery.CreatePublicDnsNamespace': [
    CloudMap.CreatePublicDnsNamespaceCommandInput,
    CloudMap.CreatePublicDnsNamespaceCommandOutput,
  ];
  'servicediscovery.UpdateHttpNamespace': [
    CloudMap.UpdateHttpNamespaceCommandInput,
    CloudMap.UpdateHttpNamespaceCommandOutput,
  ];
  'servicediscovery.UpdatePrivateDnsNamespace': [
    CloudMap.UpdatePrivateDnsNamespaceCommandInput,
    CloudMap.UpdatePrivateDnsNamespaceCommandOutput,
  ];
  'servicediscovery.UpdatePublicDnsNamespace': [
    CloudMap.UpdatePublicDnsNamespaceCommandInput,
    CloudMap.UpdatePublicDnsNamespaceCommandOutput,
  ];
  'servicediscovery.DeleteNamespace': [CloudMap.DeleteNamespaceCommandInput, CloudMap.DeleteNamespaceCommandOutput];
  'servicediscovery.GetNamespace': [CloudMap.GetNamespaceCommandInput, CloudMap.GetNamespaceCommandOutput];
  'servicediscovery.ListNamespaces': [CloudMap.ListNamespacesCommandInput, CloudMap.ListNamespacesCommandOutput];
  'servicediscovery.CreateService': [CloudMap.CreateServiceCommandInput, CloudMap.CreateServiceCommandOutput];
  'servicediscovery.UpdateService': [CloudMap.UpdateServiceCommandInput, CloudMap.UpdateServiceCommandOutput];
  'servicediscovery.DeleteService': [CloudMap.DeleteServiceCommandInput, CloudMap.DeleteServiceCommandOutput];
  'servicediscovery.GetService': [CloudMap.GetServiceCommandInput, CloudMap.GetServiceCommandOutput];
  'servicediscovery.ListServices': [CloudMap.ListServicesCommandInput, CloudMap.ListServicesCommandOutput];
  'servicediscovery.GetOperation': [CloudMap.GetOperationCommandInput, CloudMap.GetOperationCommandOutput];
  'servicediscovery.ListOperations': [CloudMap.ListOperationsCommandInput, CloudMap.ListOperationsCommandOutput];
  'servicediscovery.ListInstances': [CloudMap.ListInstancesCommandInput, CloudMap.ListInstancesCommandOutput];
  'servicediscovery.DeregisterInstance': [
    CloudMap.DeregisterInstanceCommandInput,
    CloudMap.DeregisterInstanceCommandOutput,
  ];
  'servicediscovery.TagResource': [CloudMap.TagResourceCommandInput, CloudMap.TagResourceCommandOutput];
  'servicediscovery.UntagResource': [CloudMap.UntagResourceCommandInput, CloudMap.UntagResourceCommandOutput];
  'servicediscovery.ListTagsForResource': [
    CloudMap.ListTagsForResourceCommandInput,
    CloudMap.ListTagsForResourceCommandOutput,
  ];

  'sts.GetCallerIdentity': [Sts.GetCallerIdentityCommandInput, Sts.GetCallerIdentityCommandOutput];
}

/** E.g. `ecs.CreateService`. */
export type Operation = keyof Operations;
export type OperationInput<O extends Operation> = Operations[O][0];
export type OperationOutput<O extends Operation> = Operations[O][1];

/**
 * What shares one of AWS's token buckets.
 * @see `buckets.ts` for their sizes.
 */
export type Category =
  | 'cluster-modify'
  | 'cluster-read'
  | 'task-definition-modify'
  | 'task-definition-delete'
  | 'task-definition-read'
  | 'service-modify'
  | 'service-read'
  | 'service-deployment-read'
  | 'service-revision-read'
  | 'task-read'
  | 'task-set-read'
  | 'tags-modify'
  | 'tags-read'
  | 'cloud-map-namespace-create'
  | 'cloud-map-namespace-list'
  | 'cloud-map-service-create'
  | 'cloud-map-service-list'
  | 'cloud-map-instance-modify'
  | 'cloud-map-operation-read'
  | 'cloud-map-modify'
  | 'cloud-map-read'
  | 'sts';

/** What the gateway has to know of an operation. */
export interface OperationFacts {
  readonly service: AwsService;
  /** AWS's name, without the service. */
  readonly name: string;
  readonly category: Category;
  readonly effect: 'read' | 'write';
  /** The IAM action that allows it; none where AWS allows it to everybody. */
  readonly action?: string;
}

type Row = readonly [category: Category, effect: 'read' | 'write'];

const ROWS: Readonly<Record<Operation, Row>> = {
  'ecs.CreateCluster': ['cluster-modify', 'write'],
  'ecs.UpdateCluster': ['cluster-modify', 'write'],
  'ecs.UpdateClusterSettings': ['cluster-modify', 'write'],
  'ecs.PutClusterCapacityProviders': ['cluster-modify', 'write'],
  'ecs.DeleteCluster': ['cluster-modify', 'write'],
  'ecs.DescribeClusters': ['cluster-read', 'read'],
  'ecs.RegisterTaskDefinition': ['task-definition-modify', 'write'],
  'ecs.DeregisterTaskDefinition': ['task-definition-modify', 'write'],
  'ecs.DescribeTaskDefinition': ['task-definition-read', 'read'],
  'ecs.ListTaskDefinitions': ['task-definition-read', 'read'],
  'ecs.DeleteTaskDefinitions': ['task-definition-delete', 'write'],
  'ecs.CreateService': ['service-modify', 'write'],
  'ecs.UpdateService': ['service-modify', 'write'],
  'ecs.DeleteService': ['service-modify', 'write'],
  'ecs.DescribeServices': ['service-read', 'read'],
  'ecs.ListServices': ['service-read', 'read'],
  'ecs.DescribeServiceDeployments': ['service-deployment-read', 'read'],
  'ecs.ListServiceDeployments': ['service-deployment-read', 'read'],
  'ecs.DescribeServiceRevisions': ['service-revision-read', 'read'],
  'ecs.DescribeTasks': ['task-read', 'read'],
  'ecs.ListTasks': ['task-read', 'read'],
  'ecs.DescribeTaskSets': ['task-set-read', 'read'],
  'ecs.TagResource': ['tags-modify', 'write'],
  'ecs.UntagResource': ['tags-modify', 'write'],
  'ecs.ListTagsForResource': ['tags-read', 'read'],
  'servicediscovery.CreateHttpNamespace': ['cloud-map-namespace-create', 'write'],
  'servicediscovery.CreatePrivateDnsNamespace': ['cloud-map-namespace-create', 'write'],
  'servicediscovery.CreatePublicDnsNamespace': ['cloud-map-namespace-create', 'write'],
  'servicediscovery.UpdateHttpNamespace': ['cloud-map-modify', 'write'],
  'servicediscovery.UpdatePrivateDnsNamespace': ['cloud-map-modify', 'write'],
  'servicediscovery.UpdatePublicDnsNamespace': ['cloud-map-modify', 'write'],
  'servicediscovery.DeleteNamespace': ['cloud-map-modify', 'write'],
  'servicediscovery.GetNamespace': ['cloud-map-read', 'read'],
  'servicediscovery.ListNamespaces': ['cloud-map-namespace-list', 'read'],
  'servicediscovery.CreateService': ['cloud-map-service-create', 'write'],
  'servicediscovery.UpdateService': ['cloud-map-modify', 'write'],
  'servicediscovery.DeleteService': ['cloud-map-modify', 'write'],
  'servicediscovery.GetService': ['cloud-map-read', 'read'],
  'servicediscovery.ListServices': ['cloud-map-service-list', 'read'],
  'servicediscovery.GetOperation': ['cloud-map-operation-read', 'read'],
  'servicediscovery.ListOperations': ['cloud-map-operation-read', 'read'],
  'servicediscovery.ListInstances': ['cloud-map-read', 'read'],
  'servicediscovery.DeregisterInstance': ['cloud-map-instance-modify', 'write'],
  'servicediscovery.TagResource': ['cloud-map-modify', 'write'],
  'servicediscovery.UntagResource': ['cloud-map-modify', 'write'],
  'servicediscovery.ListTagsForResource': ['cloud-map-read', 'read'],
  'sts.GetCallerIdentity': ['sts', 'read'],
};

/** What the gateway has to know of each operation. */
export const OPERATIONS: Readonly<Record<Operation, OperationFacts>> = Object.fromEntries(
  Object.entries(ROWS).map(([operation, [category, effect]]) => {
    const dot = operation.indexOf('.');
    const service = operation.slice(0, dot);
    const name = operation.slice(dot + 1);
    // GetCallerIdentity needs no permission, and none can deny it.
    const action = service === 'sts' ? {} : { action: `${service}:${name}` };
    return [operation, { service, name, category, effect, ...action }];
  }),
  // Keys and services are those of ROWS, which the compiler checked to be every Operation.
) as Record<Operation, OperationFacts>;
