import * as sdk from '@aws-sdk/client-ecs';
import { InputChecker, type SdkSchema } from '../core/input.ts';
import type { CallContext } from '../core/request.ts';
import { listAccountSettings, putAccountSetting } from './account-settings.ts';
import {
  createCapacityProvider,
  deleteCapacityProvider,
  describeCapacityProviders,
  updateCapacityProvider,
} from './capacity-providers.ts';
import type { Checked } from './checked-input.ts';
import {
  createCluster,
  deleteCluster,
  describeClusters,
  listClusters,
  putClusterCapacityProviders,
  updateCluster,
  updateClusterSettings,
} from './clusters.ts';
import { describeContainerInstances, listContainerInstances } from './container-instances.ts';
import type { EcsContext } from './context.ts';
import { createService } from './create-service.ts';
import { deleteService } from './delete-service.ts';
import { runTask, stopTaskOperation } from './run-task.ts';
import {
  describeServiceDeployments,
  describeServiceRevisions,
  listServiceDeployments,
  stopServiceDeployment,
} from './service-deployment-operations.ts';
import { describeServices, listServices, listServicesByNamespace } from './service-reads.ts';
import { listTagsForResource, tagResource, untagResource } from './tagging.ts';
import {
  deleteTaskDefinitions,
  deregisterTaskDefinition,
  describeTaskDefinition,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  registerTaskDefinition,
} from './task-definitions.ts';
import { describeTasks, listTasks } from './task-reads.ts';
import {
  createTaskSet,
  deleteTaskSet,
  describeTaskSets,
  updateServicePrimaryTaskSet,
  updateTaskSet,
} from './task-sets.ts';
import { updateService } from './update-service.ts';

/** One operation: takes the raw input, answers in the SDK's shape. */
export type Operation = (ctx: EcsContext, input: unknown, call: CallContext) => object;

const checker = new InputChecker({ invalidCode: 'InvalidParameterException' });

function operation<Input extends object>(
  schema: SdkSchema,
  run: (ctx: EcsContext, input: Checked<Input>, call: CallContext) => object,
): Operation {
  // Safe: the checker has held the input to the schema that the SDK derives this very type from.
  return (ctx, input, call) => run(ctx, checker.check(schema, input) as Checked<Input>, call);
}

/** Every operation that the fake answers, by AWS's name. */
export const operations: Readonly<Record<string, Operation>> = {
  CreateCluster: operation(sdk.CreateClusterRequest$, createCluster),
  UpdateCluster: operation(sdk.UpdateClusterRequest$, updateCluster),
  UpdateClusterSettings: operation(sdk.UpdateClusterSettingsRequest$, updateClusterSettings),
  PutClusterCapacityProviders: operation(sdk.PutClusterCapacityProvidersRequest$, putClusterCapacityProviders),
  DeleteCluster: operation(sdk.DeleteClusterRequest$, deleteCluster),
  DescribeClusters: operation(sdk.DescribeClustersRequest$, describeClusters),
  ListClusters: operation(sdk.ListClustersRequest$, listClusters),

  RegisterTaskDefinition: operation(sdk.RegisterTaskDefinitionRequest$, registerTaskDefinition),
  DeregisterTaskDefinition: operation(sdk.DeregisterTaskDefinitionRequest$, deregisterTaskDefinition),
  DeleteTaskDefinitions: operation(sdk.DeleteTaskDefinitionsRequest$, deleteTaskDefinitions),
  DescribeTaskDefinition: operation(sdk.DescribeTaskDefinitionRequest$, describeTaskDefinition),
  ListTaskDefinitions: operation(sdk.ListTaskDefinitionsRequest$, listTaskDefinitions),
  ListTaskDefinitionFamilies: operation(sdk.ListTaskDefinitionFamiliesRequest$, listTaskDefinitionFamilies),

  CreateService: operation(sdk.CreateServiceRequest$, createService),
  UpdateService: operation(sdk.UpdateServiceRequest$, updateService),
  DeleteService: operation(sdk.DeleteServiceRequest$, deleteService),
  DescribeServices: operation(sdk.DescribeServicesRequest$, describeServices),
  ListServices: operation(sdk.ListServicesRequest$, listServices),
  ListServicesByNamespace: operation(sdk.ListServicesByNamespaceRequest$, listServicesByNamespace),
  DescribeServiceDeployments: operation(sdk.DescribeServiceDeploymentsRequest$, describeServiceDeployments),
  ListServiceDeployments: operation(sdk.ListServiceDeploymentsRequest$, listServiceDeployments),
  StopServiceDeployment: operation(sdk.StopServiceDeploymentRequest$, stopServiceDeployment),
  DescribeServiceRevisions: operation(sdk.DescribeServiceRevisionsRequest$, describeServiceRevisions),

  CreateTaskSet: operation(sdk.CreateTaskSetRequest$, createTaskSet),
  UpdateTaskSet: operation(sdk.UpdateTaskSetRequest$, updateTaskSet),
  DeleteTaskSet: operation(sdk.DeleteTaskSetRequest$, deleteTaskSet),
  DescribeTaskSets: operation(sdk.DescribeTaskSetsRequest$, describeTaskSets),
  UpdateServicePrimaryTaskSet: operation(sdk.UpdateServicePrimaryTaskSetRequest$, updateServicePrimaryTaskSet),

  RunTask: operation(sdk.RunTaskRequest$, runTask),
  StopTask: operation(sdk.StopTaskRequest$, stopTaskOperation),
  DescribeTasks: operation(sdk.DescribeTasksRequest$, describeTasks),
  ListTasks: operation(sdk.ListTasksRequest$, listTasks),

  TagResource: operation(sdk.TagResourceRequest$, tagResource),
  UntagResource: operation(sdk.UntagResourceRequest$, untagResource),
  ListTagsForResource: operation(sdk.ListTagsForResourceRequest$, listTagsForResource),

  CreateCapacityProvider: operation(sdk.CreateCapacityProviderRequest$, createCapacityProvider),
  UpdateCapacityProvider: operation(sdk.UpdateCapacityProviderRequest$, updateCapacityProvider),
  DeleteCapacityProvider: operation(sdk.DeleteCapacityProviderRequest$, deleteCapacityProvider),
  DescribeCapacityProviders: operation(sdk.DescribeCapacityProvidersRequest$, describeCapacityProviders),

  DescribeContainerInstances: operation(sdk.DescribeContainerInstancesRequest$, describeContainerInstances),
  ListContainerInstances: operation(sdk.ListContainerInstancesRequest$, listContainerInstances),

  ListAccountSettings: operation(sdk.ListAccountSettingsRequest$, listAccountSettings),
  PutAccountSetting: operation(sdk.PutAccountSettingRequest$, putAccountSetting),
  PutAccountSettingDefault: operation(sdk.PutAccountSettingDefaultRequest$, putAccountSetting),
};
