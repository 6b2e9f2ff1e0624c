import type { JsonObject } from '../../shape/shape.ts';
import { isList, isObject } from '../../shape/shape.ts';
import type { Controller } from './types.ts';

/** How a member of CreateService changes later. */
export interface FieldRules {
  /** Its change starts a deployment by itself. */
  readonly starts?: true;
  /** AWS refuses its change without forceNewDeployment. */
  readonly forces?: true;
  /** UpdateService takes it under these controllers too, and not only under ECS. */
  readonly controllers?: readonly Controller[];
  /** Never changes; what differs is not compared, or has a rule of its own. */
  readonly fixed?: true;
  /** A list, cleared by an empty one. */
  readonly list?: true;
  /** Not on the service but in its service revision. */
  readonly inRevision?: true;
}

const ALL: readonly Controller[] = ['CODE_DEPLOY', 'EXTERNAL'];
const NOT_EXTERNAL: readonly Controller[] = ['CODE_DEPLOY'];

/**
 * The members of CreateService that the generic comparison handles.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html for what UpdateService takes,
 * what starts a deployment and what the controllers allow. That a changed capacity provider strategy must be forced is
 * what AWS answers ("you must force a new deployment"), against that page. What only a service revision holds takes a new
 * revision to change, and so a deployment.
 */
export const FIELDS: Readonly<Record<string, FieldRules>> = {
  availabilityZoneRebalancing: {},
  capacityProviderStrategy: { starts: true, forces: true, list: true },
  deploymentConfiguration: { controllers: NOT_EXTERNAL },
  deploymentController: { controllers: ALL },
  enableECSManagedTags: { controllers: ALL },
  enableExecuteCommand: {},
  gatewayConnectors: { list: true, inRevision: true, starts: true },
  healthCheckGracePeriodSeconds: { controllers: ALL },
  launchType: { fixed: true },
  loadBalancers: { starts: true, list: true },
  monitoring: { inRevision: true, starts: true },
  networkConfiguration: { starts: true },
  placementConstraints: { list: true, controllers: ALL },
  placementStrategy: { list: true, controllers: ALL },
  platformVersion: { starts: true },
  propagateTags: { controllers: ALL },
  role: { fixed: true },
  schedulingStrategy: { fixed: true },
  serviceConnectConfiguration: { starts: true },
  serviceRegistries: { starts: true, list: true },
  volumeConfigurations: { starts: true, list: true },
  vpcLatticeConfigurations: { starts: true, list: true },
};

/** The rules of a member. One that AWS added later is taken for a plain setting. */
export function rulesOf(member: string): FieldRules {
  return FIELDS[member] ?? {};
}

/** Whether UpdateService takes a member under a controller. */
export function isUpdatable(member: string, controller: Controller): boolean {
  const rules = rulesOf(member);
  if (rules.fixed === true) return false;
  return controller === 'ECS' || (rules.controllers?.includes(controller) ?? false);
}

/** The deployment controller that a request declares, or that AWS shows. */
export function controllerOf(request: JsonObject): Controller {
  const controller = request.deploymentController;
  const type = isObject(controller) ? controller.type : undefined;
  return type === 'CODE_DEPLOY' || type === 'EXTERNAL' ? type : 'ECS';
}

/** Whether the service runs one task on each instance. */
export function isDaemon(request: JsonObject): boolean {
  return request.schedulingStrategy === 'DAEMON';
}

/** Whether deployments shift traffic between two target groups (blue/green, linear, canary). */
export function shiftsTraffic(request: JsonObject): boolean {
  const configuration = request.deploymentConfiguration;
  const strategy = isObject(configuration) ? configuration.strategy : undefined;
  return strategy !== undefined && strategy !== null && strategy !== 'ROLLING';
}

/** Whether a capacity provider strategy is there. */
export function hasStrategy(request: JsonObject): boolean {
  const strategy = request.capacityProviderStrategy;
  return isList(strategy) && strategy.length > 0;
}
