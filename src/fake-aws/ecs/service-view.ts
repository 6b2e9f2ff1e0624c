import type { Deployment, Service, TaskSet } from '@aws-sdk/client-ecs';
import type { EcsContext } from './context.ts';
import type { DeploymentRecord, RevisionContent, ServiceRecord, TaskGroup, TaskSetRecord } from './records.ts';
import { isOpen, revisionSummary } from './service-deployments.ts';
import { addDueSteadyEvents } from './service-events.ts';
import { onFargate } from './service-revisions.ts';
import { platformFamily } from './task-view.ts';
import { isActive, resolvedPlatform } from './tasks.ts';

/** A service as DescribeServices shows it. */
export function serviceView(ctx: EcsContext, service: ServiceRecord, options: { readonly tags: boolean }): Service {
  addDueSteadyEvents(ctx, service);
  const { content } = service;
  const groups: readonly TaskGroup[] = [...service.deployments, ...service.taskSets];
  const counts = groups.map(countsOf);
  const sum = (key: 'running' | 'pending') => counts.reduce((total, group) => total + group[key], 0);
  const open = service.serviceDeployments.find(isOpen);
  const fargate = onFargate(content);
  const family = platformFamily(content.taskDefinition?.definition.runtimePlatform);
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    loadBalancers: [...content.loadBalancers],
    serviceRegistries: [...content.serviceRegistries],
    status: service.status,
    desiredCount: service.status === 'ACTIVE' ? service.desiredCount : 0,
    runningCount: sum('running'),
    pendingCount: sum('pending'),
    ...runsOnView(content),
    ...(fargate ? { platformVersion: content.platformVersion ?? 'LATEST', platformFamily: family } : {}),
    ...(content.taskDefinition ? { taskDefinition: content.taskDefinition.arn } : {}),
    deploymentConfiguration: service.deploymentConfiguration,
    ...(service.controller === 'ECS' && service.taskSets.length === 0
      ? {}
      : { taskSets: service.taskSets.map((set) => taskSetView(service, set)) }),
    deployments: service.deployments.map(deploymentView),
    roleArn: service.roleArn,
    events: [...service.events],
    createdAt: service.createdAt,
    ...(open ? { currentServiceDeployment: open.arn } : {}),
    ...(service.controller === 'ECS' ? { currentServiceRevisions: currentRevisions(service) } : {}),
    placementConstraints: [...service.placementConstraints],
    placementStrategy: [...service.placementStrategy],
    ...(content.networkConfiguration ? { networkConfiguration: content.networkConfiguration } : {}),
    healthCheckGracePeriodSeconds: service.gracePeriod,
    schedulingStrategy: service.schedulingStrategy,
    deploymentController: { type: service.controller },
    ...(options.tags ? { tags: [...service.tags] } : {}),
    createdBy: service.createdBy,
    enableECSManagedTags: service.enableECSManagedTags,
    // Stored as it was checked: one of AWS's three values.
    propagateTags: service.propagateTags as NonNullable<Service['propagateTags']>,
    enableExecuteCommand: service.enableExecuteCommand,
    availabilityZoneRebalancing: service.zoneRebalancing,
    resourceManagementType: 'CUSTOMER',
  };
}

export function taskSetView(service: ServiceRecord, set: TaskSetRecord): TaskSet {
  const { content } = set.revision;
  const counts = countsOf(set);
  return {
    id: set.id,
    taskSetArn: set.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    startedBy: set.startedBy,
    externalId: set.externalId,
    status: set.status,
    taskDefinition: content.taskDefinition?.arn,
    computedDesiredCount: set.desired,
    pendingCount: counts.pending,
    runningCount: counts.running,
    createdAt: set.createdAt,
    updatedAt: set.updatedAt,
    ...runsOnView(content),
    ...(onFargate(content)
      ? {
          platformVersion: resolvedPlatform(content.platformVersion),
          platformFamily: platformFamily(content.taskDefinition?.definition.runtimePlatform),
        }
      : {}),
    ...(content.networkConfiguration ? { networkConfiguration: content.networkConfiguration } : {}),
    loadBalancers: [...content.loadBalancers],
    serviceRegistries: [...content.serviceRegistries],
    scale: { value: set.scale, unit: 'PERCENT' },
    stabilityStatus: set.stable ? 'STEADY_STATE' : 'STABILIZING',
    stabilityStatusAt: set.stableAt,
    tags: [...set.tags],
  };
}

/** Service Connect, volume and VPC Lattice settings stand here only, not on the service (Deployment). */
function deploymentView(deployment: DeploymentRecord): Deployment {
  const { content, connectResources } = deployment.revision;
  const counts = countsOf(deployment);
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: content.taskDefinition?.arn,
    desiredCount: deployment.desired,
    pendingCount: counts.pending,
    runningCount: counts.running,
    failedTasks: deployment.failedTasks,
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    ...runsOnView(content),
    ...(onFargate(content)
      ? {
          platformVersion: resolvedPlatform(content.platformVersion),
          platformFamily: platformFamily(content.taskDefinition?.definition.runtimePlatform),
        }
      : {}),
    ...(content.networkConfiguration ? { networkConfiguration: content.networkConfiguration } : {}),
    ...(deployment.rolloutState === undefined
      ? {}
      : { rolloutState: deployment.rolloutState, rolloutStateReason: deployment.rolloutStateReason }),
    ...(content.serviceConnectConfiguration
      ? { serviceConnectConfiguration: content.serviceConnectConfiguration }
      : {}),
    ...(connectResources.length > 0 ? { serviceConnectResources: [...connectResources] } : {}),
    ...(content.volumeConfigurations.length > 0 ? { volumeConfigurations: [...content.volumeConfigurations] } : {}),
    ...(content.vpcLatticeConfigurations.length > 0
      ? { vpcLatticeConfigurations: [...content.vpcLatticeConfigurations] }
      : {}),
  };
}

function runsOnView(content: RevisionContent): Pick<Service, 'launchType' | 'capacityProviderStrategy'> {
  return content.capacityProviderStrategy.length > 0
    ? { capacityProviderStrategy: [...content.capacityProviderStrategy] }
    : { launchType: content.launchType };
}

function currentRevisions(service: ServiceRecord): NonNullable<Service['currentServiceRevisions']> {
  return service.deployments.map(({ revision }) => {
    const { arn, requestedTaskCount, runningTaskCount, pendingTaskCount } = revisionSummary(service, revision, 100);
    return { arn, requestedTaskCount, runningTaskCount, pendingTaskCount };
  });
}

/** Running and pending tasks of a group; what was told to stop is pending no more. */
function countsOf(group: TaskGroup): { running: number; pending: number } {
  let running = 0;
  let pending = 0;
  for (const task of group.tasks) {
    if (task.lastStatus === 'RUNNING') running++;
    else if (isActive(task)) pending++;
  }
  return { running, pending };
}
