import { AvailabilityZoneRebalancing, DeploymentControllerType, type UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { canonical } from './canonical.ts';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { defaultPlatform } from './default-platform.ts';
import { startDeployment } from './deployments.ts';
import { checkEnum, checkRange } from './enum-checks.ts';
import { invalidParameter, serviceNotActive } from './errors.ts';
import { lookSoon } from './look.ts';
import type { RevisionContent, ServiceRecord } from './records.ts';
import { checkContent } from './revision-checks.ts';
import { deploymentConfiguration, networkDefaults, placementDefaults } from './service-defaults.ts';
import { onFargate } from './service-revisions.ts';
import { checkSettings, type ServiceSettings } from './service-settings-checks.ts';
import { serviceView } from './service-view.ts';
import { publishServiceAction } from './state-change-events.ts';
import { normalStrategy } from './strategies.ts';
import { usableTaskDefinition } from './task-definitions.ts';

type Input = Checked<UpdateServiceRequest>;

/** Everything is checked before anything changes: a refused update leaves no trace. */
export function updateService(ctx: EcsContext, input: Input): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  const service = ctx.state.existingService(cluster, input.service);
  if (service.status !== 'ACTIVE') throw serviceNotActive();
  checkEnum({
    name: 'deploymentController.type',
    value: input.deploymentController?.type,
    of: DeploymentControllerType,
  });
  checkEnum({
    name: 'availabilityZoneRebalancing',
    value: input.availabilityZoneRebalancing,
    of: AvailabilityZoneRebalancing,
  });
  const controller = input.deploymentController?.type ?? service.controller;
  if (controller !== 'ECS') checkForeignController(input, controller);
  checkCount(service, input);
  const content = updatedContent(ctx, service, input);
  const settings = updatedSettings(service, input, controller);
  checkContent(ctx, cluster, content);
  checkSettings(settings, content);
  checkExec(input, content);
  apply(ctx, service, { input, content, settings });
  return { service: serviceView(ctx, service, { tags: false }) };
}

interface Update {
  readonly input: Input;
  readonly content: RevisionContent;
  readonly settings: ServiceSettings;
}

function apply(ctx: EcsContext, service: ServiceRecord, { input, content, settings }: Update): void {
  const counted = input.desiredCount !== undefined && input.desiredCount !== service.desiredCount;
  const takenOver = service.controller !== 'ECS' && settings.controller === 'ECS';
  const changed = contentKey(content) !== contentKey(service.content);
  Object.assign(service, settings);
  service.enableECSManagedTags = input.enableECSManagedTags ?? service.enableECSManagedTags;
  if (counted && input.desiredCount !== undefined) {
    service.desiredCount = input.desiredCount;
    publishServiceAction(ctx, service, 'SERVICE_DESIRED_COUNT_UPDATED');
  }
  // The old task sets go; the new deployment takes the service over.
  if (takenOver) for (const set of service.taskSets) set.status = 'DRAINING';
  const deploys = changed || input.forceNewDeployment === true || takenOver;
  if (deploys && service.controller === 'ECS') startDeployment(ctx, service, content);
  else service.content = content;
  lookSoon(ctx, service, ctx.durations.schedule);
}

/** What two contents are compared by: a change of it starts a deployment. */
function contentKey({ taskDefinition, ...rest }: RevisionContent): string {
  return canonical({ ...rest, taskDefinition: taskDefinition?.arn });
}

function updatedContent(ctx: EcsContext, service: ServiceRecord, input: Input): RevisionContent {
  const former = service.content;
  const runsOn = updatedRunsOn(service, input);
  const keptPlatform = onFargate(runsOn) ? former.platformVersion : undefined;
  return {
    ...runsOn,
    taskDefinition:
      input.taskDefinition === undefined ? former.taskDefinition : usableAgain(ctx, former, input.taskDefinition),
    platformVersion: input.platformVersion ?? keptPlatform ?? defaultPlatform(runsOn),
    networkConfiguration:
      input.networkConfiguration === undefined
        ? former.networkConfiguration
        : networkDefaults(input.networkConfiguration),
    loadBalancers: input.loadBalancers ?? former.loadBalancers,
    serviceRegistries: input.serviceRegistries ?? former.serviceRegistries,
    serviceConnectConfiguration: input.serviceConnectConfiguration ?? former.serviceConnectConfiguration,
    volumeConfigurations: input.volumeConfigurations ?? former.volumeConfigurations,
    vpcLatticeConfigurations: input.vpcLatticeConfigurations ?? former.vpcLatticeConfigurations,
    gatewayConnectors: input.gatewayConnectors ?? former.gatewayConnectors,
    monitoring: input.monitoring ?? former.monitoring,
  };
}

/** Naming the revision that the service runs anyway is no new work: it may be INACTIVE by now. */
function usableAgain(ctx: EcsContext, former: RevisionContent, reference: string) {
  const found = ctx.state.taskDefinition(reference);
  return found !== undefined && found === former.taskDefinition ? found : usableTaskDefinition(ctx, reference);
}

function updatedRunsOn(
  service: ServiceRecord,
  input: Input,
): Pick<RevisionContent, 'launchType' | 'capacityProviderStrategy'> {
  const { launchType, capacityProviderStrategy: former } = service.content;
  if (input.capacityProviderStrategy === undefined) return { launchType, capacityProviderStrategy: former };
  const strategy = normalStrategy(input.capacityProviderStrategy);
  if (canonical(strategy) === canonical(former)) return { launchType, capacityProviderStrategy: former };
  if (input.forceNewDeployment !== true) {
    throw invalidParameter(
      'When switching from launch type to capacity provider strategy on an existing service, or making a change to a ' +
        'capacity provider strategy on a service that is already using one, you must force a new deployment.',
    );
  }
  if (strategy.length > 0) return { launchType: undefined, capacityProviderStrategy: strategy };
  // An empty list goes back to the launch type (UpdateService.capacityProviderStrategy).
  const back = former.some(({ capacityProvider }) => /^FARGATE/.test(capacityProvider ?? '')) ? 'FARGATE' : 'EC2';
  return { launchType: back, capacityProviderStrategy: [] };
}

function updatedSettings(service: ServiceRecord, input: Input, controller: DeploymentControllerType): ServiceSettings {
  return {
    schedulingStrategy: service.schedulingStrategy,
    controller,
    deploymentConfiguration: deploymentConfiguration({
      given: input.deploymentConfiguration,
      former: service.deploymentConfiguration,
      scheduling: service.schedulingStrategy,
    }),
    placementConstraints: input.placementConstraints ?? service.placementConstraints,
    placementStrategy:
      input.placementStrategy === undefined ? service.placementStrategy : placementDefaults(input.placementStrategy),
    gracePeriod: input.healthCheckGracePeriodSeconds ?? service.gracePeriod,
    propagateTags: input.propagateTags ?? service.propagateTags,
    zoneRebalancing: input.availabilityZoneRebalancing ?? service.zoneRebalancing,
    enableExecuteCommand: input.enableExecuteCommand ?? service.enableExecuteCommand,
  };
}

function checkCount(service: ServiceRecord, { desiredCount }: Input): void {
  if (desiredCount === undefined) return;
  if (service.schedulingStrategy === 'DAEMON') {
    throw invalidParameter(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and ' +
        'try again',
    );
  }
  checkRange({ name: 'desiredCount', value: desiredCount, from: 0, to: 5000 });
}

/** What belongs to CodeDeploy or to the task sets cannot be updated on the service (UpdateService). */
function checkForeignController(input: Input, controller: 'CODE_DEPLOY' | 'EXTERNAL'): void {
  const advice = controller === 'CODE_DEPLOY' ? ' Use AWS CodeDeploy to trigger a new deployment.' : '';
  const refuse = (what: string): never => {
    throw invalidParameter(`Unable to update ${what} on services with a ${controller} deployment controller.${advice}`);
  };
  if (input.taskDefinition !== undefined) refuse('task definition');
  if (input.networkConfiguration !== undefined) refuse('network parameters');
  if (input.platformVersion !== undefined) refuse('platform version');
  if (input.loadBalancers !== undefined) refuse('load balancers');
  if (input.serviceRegistries !== undefined) refuse('service registries');
  if (input.serviceConnectConfiguration !== undefined) refuse('service connect configuration');
  if (input.capacityProviderStrategy !== undefined) refuse('capacity provider strategy');
  if (input.volumeConfigurations !== undefined) refuse('volume configurations');
  if (input.vpcLatticeConfigurations !== undefined) refuse('VPC Lattice configurations');
  if (input.enableExecuteCommand !== undefined) refuse('enable execute command');
  if (input.forceNewDeployment === true) refuse('force new deployment');
  if (controller === 'EXTERNAL' && input.deploymentConfiguration !== undefined) refuse('deployment configuration');
}

function checkExec(input: Input, content: RevisionContent): void {
  if (input.enableExecuteCommand !== true || content.taskDefinition?.definition.taskRoleArn !== undefined) return;
  throw invalidParameter(
    "The service couldn't be updated because a valid taskRoleArn is not being used. Specify a valid task role in your task " +
      'definition and try again.',
  );
}
