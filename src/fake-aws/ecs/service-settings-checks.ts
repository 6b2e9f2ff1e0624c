import {
  type DeploymentConfiguration,
  DeploymentStrategy,
  type PlacementConstraint,
  PlacementConstraintType,
  type PlacementStrategy,
  PlacementStrategyType,
  PropagateTags,
} from '@aws-sdk/client-ecs';
import { checkEnum, checkRange } from './enum-checks.ts';
import { invalidParameter } from './errors.ts';
import type { RevisionContent, ServiceRecord } from './records.ts';
import { onFargate } from './service-revisions.ts';

/** The settings of a service that do not belong to a revision. */
export type ServiceSettings = Pick<
  ServiceRecord,
  | 'schedulingStrategy'
  | 'controller'
  | 'deploymentConfiguration'
  | 'placementConstraints'
  | 'placementStrategy'
  | 'gracePeriod'
  | 'propagateTags'
  | 'zoneRebalancing'
  | 'enableExecuteCommand'
>;

/** AWS's rules for a service's settings, against what its tasks are. @throws AwsError InvalidParameterException. */
export function checkSettings(settings: ServiceSettings, content: RevisionContent): void {
  checkEnum({ name: 'propagateTags', value: settings.propagateTags, of: PropagateTags });
  checkDeploymentConfiguration(settings);
  checkPlacement(settings, content);
  checkRange({ name: 'healthCheckGracePeriodSeconds', value: settings.gracePeriod, from: 0, to: 2_147_483_647 });
  const behindBalancer = content.loadBalancers.length > 0 || content.vpcLatticeConfigurations.length > 0;
  if (settings.gracePeriod > 0 && !behindBalancer && settings.controller === 'ECS') {
    throw invalidParameter('Health check grace period is only valid for services configured to use load balancers');
  }
  if (settings.schedulingStrategy === 'DAEMON') checkDaemon(settings, content);
  if (settings.zoneRebalancing === 'ENABLED') {
    const obstacle = rebalancingObstacle(settings, content);
    if (obstacle !== undefined) throw invalidParameter(obstacle);
  }
}

/** Why availability zone rebalancing cannot be on (CreateService.availabilityZoneRebalancing); undefined when it can. */
export function rebalancingObstacle(settings: ServiceSettings, content: RevisionContent): string | undefined {
  const says = (why: string) => `Availability Zone rebalancing is not supported for ${why}.`;
  if (settings.schedulingStrategy === 'DAEMON') return says('services with the DAEMON scheduling strategy');
  if (settings.controller !== 'ECS') return says(`services with the ${settings.controller} deployment controller`);
  if ((settings.deploymentConfiguration.maximumPercent ?? 200) <= 100) return says('a maximumPercent of 100 or less');
  if (content.loadBalancers.some(({ loadBalancerName }) => loadBalancerName !== undefined)) {
    return says('services with a Classic Load Balancer');
  }
  if (content.launchType === 'EXTERNAL') return says('the EXTERNAL launch type');
  const [first] = settings.placementStrategy;
  if (first && !(first.type === 'spread' && first.field === 'attribute:ecs.availability-zone')) {
    return says('a placement strategy that does not spread by availability zone first');
  }
  return undefined;
}

function checkDeploymentConfiguration({
  deploymentConfiguration,
  schedulingStrategy,
  controller,
}: ServiceSettings): void {
  const { maximumPercent: most = 200, minimumHealthyPercent: least = 100, strategy } = deploymentConfiguration;
  checkEnum({ name: 'deploymentConfiguration.strategy', value: strategy, of: DeploymentStrategy });
  checkRange({ name: 'maximumPercent', value: most, from: 0, to: 100_000 });
  checkRange({ name: 'minimumHealthyPercent', value: least, from: 0, to: 100_000 });
  if (most < least) {
    throw invalidParameter('maximumPercent must be greater than or equal to minimumHealthyPercent.');
  }
  if (least >= 100 && most <= 100 && schedulingStrategy === 'REPLICA' && controller === 'ECS') {
    throw invalidParameter(
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    );
  }
  checkStrategyMembers(deploymentConfiguration);
  if (controller !== 'ECS' && deploymentConfiguration.deploymentCircuitBreaker?.enable) {
    throw invalidParameter(`Deployment circuit breaker is not supported with the ${controller} deployment controller.`);
  }
}

function checkStrategyMembers(configuration: DeploymentConfiguration): void {
  const { strategy, bakeTimeInMinutes = 0, canaryConfiguration, linearConfiguration } = configuration;
  checkRange({ name: 'bakeTimeInMinutes', value: bakeTimeInMinutes, from: 0, to: 1440 });
  if (strategy === 'ROLLING' && bakeTimeInMinutes > 0 && configuration.earlySuccessCriteria?.enable !== true) {
    throw invalidParameter('bakeTimeInMinutes is not supported with the ROLLING deployment strategy.');
  }
  if (canaryConfiguration && strategy !== 'CANARY') {
    throw invalidParameter('canaryConfiguration is only supported with the CANARY deployment strategy.');
  }
  if (linearConfiguration && strategy !== 'LINEAR') {
    throw invalidParameter('linearConfiguration is only supported with the LINEAR deployment strategy.');
  }
  checkRange({ name: 'canaryPercent', value: canaryConfiguration?.canaryPercent, from: 0.1, to: 100 });
  checkRange({ name: 'stepPercent', value: linearConfiguration?.stepPercent, from: 3, to: 100 });
}

function checkPlacement(settings: ServiceSettings, content: RevisionContent): void {
  const { placementConstraints: constraints, placementStrategy: strategies } = settings;
  checkPlacementLists(constraints, strategies);
  if (!onFargate(content)) return;
  if (constraints.length > 0) {
    throw invalidParameter('Placement constraints are not supported with FARGATE launch type.');
  }
  if (strategies.length > 0) throw invalidParameter('Placement strategies are not supported with FARGATE launch type.');
}

/** AWS's rules for placement constraints and strategies by themselves. @throws AwsError InvalidParameterException. */
export function checkPlacementLists(
  constraints: readonly PlacementConstraint[],
  strategies: readonly PlacementStrategy[],
): void {
  if (strategies.length > 5)
    throw invalidParameter('You can specify a maximum of five strategy rules for each service.');
  if (constraints.length > 10) throw invalidParameter('You can specify a maximum of 10 constraints for each service.');
  for (const { type, expression } of constraints) {
    checkEnum({ name: 'placementConstraints.type', value: type, of: PlacementConstraintType });
    if (type === 'memberOf' && (expression ?? '') === '') {
      throw invalidParameter('Expression cannot be blank for placement constraint memberOf.');
    }
    if (type === 'distinctInstance' && expression !== undefined) {
      throw invalidParameter('Expression is not supported for placement constraint distinctInstance.');
    }
  }
  for (const { type, field } of strategies) {
    checkEnum({ name: 'placementStrategy.type', value: type, of: PlacementStrategyType });
    if (type !== 'random' && field === undefined) {
      throw invalidParameter(`A field is required for placement strategy ${type}.`);
    }
  }
}

function checkDaemon(settings: ServiceSettings, content: RevisionContent): void {
  if (onFargate(content)) {
    throw invalidParameter('The daemon scheduling strategy does not support the FARGATE launch type.');
  }
  if (settings.controller !== 'ECS') {
    throw invalidParameter(
      `The daemon scheduling strategy does not support the ${settings.controller} deployment controller.`,
    );
  }
  if ((settings.deploymentConfiguration.maximumPercent ?? 100) > 100) {
    throw invalidParameter('The daemon scheduling strategy does not support values above 100 for maximumPercent.');
  }
  if (settings.placementStrategy.length > 0) {
    throw invalidParameter('The daemon scheduling strategy does not support placement strategies.');
  }
}
