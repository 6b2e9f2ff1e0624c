import { isList, isObject, type Json, type JsonObject, type Structure } from '../../shape/shape.ts';
import { serviceShape } from '../../shape/shapes.ts';
import { controllerOf, isDaemon } from './fields.ts';

/** Defaults that stand on no member by itself, or that depend on the service. */
function special(path: string, service: JsonObject): Json | undefined {
  switch (path) {
    case 'deploymentConfiguration.maximumPercent':
      return isDaemon(service) ? 100 : 200;
    case 'deploymentConfiguration.minimumHealthyPercent':
      return isDaemon(service) ? 0 : 100;
    case 'deploymentConfiguration.deploymentCircuitBreaker.thresholdConfiguration.type':
      return 'BOUNDED_PERCENT';
    case 'deploymentConfiguration.deploymentCircuitBreaker.thresholdConfiguration.value':
      return 50;
    case 'deploymentConfiguration.earlySuccessCriteria.enable':
      return false;
    case 'availabilityZoneRebalancing':
      return canRebalance(service) ? 'ENABLED' : 'DISABLED';
    default:
      return undefined;
  }
}

/**
 * What AWS would hold at a path (of structure members only) if it had never been declared; undefined where there is no
 * such value. `service`: what the service will hold otherwise.
 */
export function defaultAt(path: string, service: JsonObject): Json | undefined {
  const known = special(path, service);
  if (known !== undefined) return known;
  let shape: Structure = serviceShape;
  const names = path.split('.');
  for (const [index, name] of names.entries()) {
    const member = shape.members[name];
    if (member === undefined) return undefined;
    if (index === names.length - 1) {
      if (member.awsDefault !== undefined) return member.awsDefault;
      return member.shape.type === 'list' ? [] : undefined;
    }
    if (member.shape.type !== 'structure') return undefined;
    shape = member.shape;
  }
  return undefined;
}

/**
 * Whether AWS turns Availability Zone rebalancing on for a service that says nothing of it.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
 */
function canRebalance(service: JsonObject): boolean {
  if (isDaemon(service) || controllerOf(service) === 'EXTERNAL') return false;
  const configuration = service.deploymentConfiguration;
  const maximum = isObject(configuration) ? configuration.maximumPercent : undefined;
  if (typeof maximum === 'number' && maximum <= 100) return false;
  const balancers = service.loadBalancers;
  if (isList(balancers) && balancers.some((item) => isObject(item) && item.loadBalancerName)) return false;
  const strategy = service.placementStrategy;
  const first = isList(strategy) ? strategy[0] : undefined;
  if (first === undefined) return true;
  return isObject(first) && first.type === 'spread' && first.field === 'attribute:ecs.availability-zone';
}
