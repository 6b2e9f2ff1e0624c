import {
  AvailabilityZoneRebalancing,
  type CreateServiceRequest,
  DeploymentControllerType,
  type LaunchType,
  SchedulingStrategy,
} from '@aws-sdk/client-ecs';
import type { CallContext } from '../core/request.ts';
import { nowOf } from '../core/scope.ts';
import { checkTags } from '../core/tags.ts';
import { serviceArn } from './arns.ts';
import { canonical } from './canonical.ts';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { defaultPlatform } from './default-platform.ts';
import { startDeployment } from './deployments.ts';
import { checkEnum, checkRange } from './enum-checks.ts';
import { invalidParameter } from './errors.ts';
import { plainTags } from './plain-tags.ts';
import type { ClusterRecord, RevisionContent, ServiceRecord } from './records.ts';
import { checkContent } from './revision-checks.ts';
import { deploymentConfiguration, networkDefaults, placementDefaults } from './service-defaults.ts';
import { checkSettings, rebalancingObstacle } from './service-settings-checks.ts';
import { serviceView } from './service-view.ts';
import { normalStrategy } from './strategies.ts';
import { usableTaskDefinition } from './task-definitions.ts';
import { addTaskSet } from './task-sets.ts';

type Input = Checked<CreateServiceRequest>;

export function createService(ctx: EcsContext, input: Input, call: CallContext): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(input.serviceName)) {
    throw invalidParameter('Invalid service name. Service names can have letters, numbers, hyphens and underscores.');
  }
  const { clientToken, ...rest } = input;
  const request = canonical(rest);
  const same = alreadyMade(ctx, cluster, { input, request });
  if (same) return { service: serviceView(ctx, same, { tags: true }) };
  const service = newService(ctx, { cluster, input, request, caller: call.caller });
  cluster.services.set(service.name, service);
  if (clientToken !== undefined) cluster.serviceTokens.set(clientToken, { request, service });
  if (service.controller === 'ECS') startDeployment(ctx, service, service.content);
  else if (service.controller === 'CODE_DEPLOY') {
    addTaskSet(ctx, service, { content: service.content, scale: 100, status: 'PRIMARY' });
  }
  return { service: serviceView(ctx, service, { tags: true }) };
}

/** The service that an equal request made before. @throws AwsError when the name or the token stands for another one. */
function alreadyMade(
  ctx: EcsContext,
  cluster: ClusterRecord,
  { input, request }: { readonly input: Input; readonly request: string },
): ServiceRecord | undefined {
  const token = input.clientToken;
  if (token !== undefined && token.length > 36) throw invalidParameter('clientToken can have 36 characters at most.');
  const earlier = token === undefined ? undefined : cluster.serviceTokens.get(token);
  const notIdempotent = 'Creation of service was not idempotent.';
  // A token is good for one service: also when that one is gone, it makes no second one.
  if (earlier && (earlier.request !== request || earlier.service.status !== 'ACTIVE')) {
    throw invalidParameter(notIdempotent);
  }
  if (earlier) return earlier.service;
  const existing = ctx.state.service(cluster, input.serviceName);
  if (!existing || existing.status === 'INACTIVE') return undefined;
  if (existing.status === 'DRAINING') throw invalidParameter('Unable to Start a service that is still Draining.');
  if (existing.request !== request) throw invalidParameter(notIdempotent);
  return existing;
}

interface NewService {
  readonly cluster: ClusterRecord;
  readonly input: Input;
  readonly request: string;
  readonly caller: string;
}

function newService(ctx: EcsContext, { cluster, input, request, caller }: NewService): ServiceRecord {
  checkEnum({ name: 'schedulingStrategy', value: input.schedulingStrategy, of: SchedulingStrategy });
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
  checkTags(plainTags(input.tags), 'InvalidParameterException');
  const scheduling = input.schedulingStrategy ?? 'REPLICA';
  const controller = input.deploymentController?.type ?? 'ECS';
  const content = newContent(ctx, cluster, { input, controller });
  const settings = {
    schedulingStrategy: scheduling,
    controller,
    deploymentConfiguration: deploymentConfiguration({
      given: input.deploymentConfiguration,
      former: undefined,
      scheduling,
    }),
    placementConstraints: input.placementConstraints ?? [],
    placementStrategy: placementDefaults(input.placementStrategy ?? []),
    gracePeriod: input.healthCheckGracePeriodSeconds ?? 0,
    propagateTags: input.propagateTags ?? 'NONE',
    enableExecuteCommand: input.enableExecuteCommand ?? false,
  };
  // Without a word about it, rebalancing is on wherever it can be (CreateService.availabilityZoneRebalancing).
  const possible = rebalancingObstacle({ ...settings, zoneRebalancing: 'ENABLED' }, content) === undefined;
  const zoneRebalancing = input.availabilityZoneRebalancing ?? (possible ? 'ENABLED' : 'DISABLED');
  const all = { ...settings, zoneRebalancing };
  const desiredCount = initialCount(input, { scheduling, controller });
  checkContent(ctx, cluster, content);
  checkSettings(all, content);
  checkRole(input, content);
  if (all.enableExecuteCommand && content.taskDefinition?.definition.taskRoleArn === undefined) {
    throw invalidParameter(
      "The service couldn't be created because a valid taskRoleArn is not being used. Specify a valid task role in your " +
        'task definition and try again.',
    );
  }
  return {
    ...all,
    name: input.serviceName,
    arn: serviceArn(ctx.scope, cluster, input.serviceName),
    cluster,
    createdAt: nowOf(ctx.scope),
    createdBy: caller,
    roleArn: input.role ?? linkedRole(ctx),
    request,
    status: 'ACTIVE',
    desiredCount,
    content,
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    tags: input.tags ?? [],
    events: [],
    deployments: [],
    taskSets: [],
    revisions: new Map(),
    serviceDeployments: [],
    lastCompleted: undefined,
    steadyAt: undefined,
    placementFailures: 0,
    look: undefined,
    held: false,
  };
}

function newContent(
  ctx: EcsContext,
  cluster: ClusterRecord,
  { input, controller }: { readonly input: Input; readonly controller: DeploymentControllerType },
): RevisionContent {
  if (controller === 'EXTERNAL') checkExternal(input);
  else if (input.taskDefinition === undefined || input.taskDefinition === '') {
    throw invalidParameter('TaskDefinition can not be blank.');
  }
  if (input.launchType !== undefined && (input.capacityProviderStrategy ?? []).length > 0) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  const given = input.capacityProviderStrategy ?? [];
  const chosen = given.length > 0 || input.launchType !== undefined || controller === 'EXTERNAL';
  const strategy = normalStrategy(chosen ? given : cluster.defaultStrategy);
  const launchType: LaunchType | undefined = strategy.length > 0 ? undefined : (input.launchType ?? 'EC2');
  return {
    taskDefinition: input.taskDefinition === undefined ? undefined : usableTaskDefinition(ctx, input.taskDefinition),
    launchType,
    capacityProviderStrategy: strategy,
    platformVersion: input.platformVersion ?? defaultPlatform({ launchType, capacityProviderStrategy: strategy }),
    networkConfiguration: networkDefaults(input.networkConfiguration),
    loadBalancers: input.loadBalancers ?? [],
    serviceRegistries: input.serviceRegistries ?? [],
    serviceConnectConfiguration: input.serviceConnectConfiguration,
    volumeConfigurations: input.volumeConfigurations ?? [],
    vpcLatticeConfigurations: input.vpcLatticeConfigurations ?? [],
    gatewayConnectors: input.gatewayConnectors ?? [],
    monitoring: input.monitoring,
  };
}

/** What belongs to the task sets of an EXTERNAL service cannot stand on the service. */
function checkExternal(input: Input): void {
  const members = [
    'taskDefinition',
    'loadBalancers',
    'serviceRegistries',
    'networkConfiguration',
    'platformVersion',
    'capacityProviderStrategy',
    'serviceConnectConfiguration',
  ] as const;
  const given = members.filter((member) => input[member] !== undefined);
  if (given.length > 0) {
    throw invalidParameter(
      `${given.join(', ')} can not be specified for a service with an EXTERNAL deployment controller: give it to the ` +
        'task set.',
    );
  }
}

function initialCount(
  input: Input,
  { scheduling, controller }: { readonly scheduling: SchedulingStrategy; readonly controller: string },
): number {
  const { desiredCount } = input;
  if (scheduling === 'DAEMON') {
    if (desiredCount !== undefined) {
      throw invalidParameter(
        'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value ' +
          'and try again',
      );
    }
    return 0;
  }
  if (desiredCount === undefined && controller !== 'EXTERNAL') {
    throw invalidParameter('Desired count is required for services with the REPLICA scheduling strategy.');
  }
  checkRange({ name: 'desiredCount', value: desiredCount, from: 0, to: 5000 });
  return desiredCount ?? 0;
}

/** A role of one's own only goes with one load balancer and a network mode other than awsvpc (CreateService.role). */
function checkRole(input: Input, content: RevisionContent): void {
  if (input.role === undefined) return;
  const awsvpc = content.taskDefinition?.definition.networkMode === 'awsvpc';
  if (awsvpc || content.serviceRegistries.length > 0 || content.loadBalancers.length > 1) {
    throw invalidParameter('You cannot specify an IAM role for services that require a service linked role.');
  }
  if (content.loadBalancers.length === 0) {
    throw invalidParameter('A role can only be specified for services that use a load balancer.');
  }
}

function linkedRole({ scope }: EcsContext): string {
  const path = 'role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS';
  return `arn:${scope.partition}:iam::${scope.accountId}:${path}`;
}
