import type { Plan, PlanInput } from '../../reconcile/kind.ts';
import { cloudMapRules } from '../../shape/cloud-map-rules.ts';
import { compareDeclared } from '../../shape/compare.ts';
import { cloudMapServiceFromDescription } from '../../shape/described.ts';
import { isWithin } from '../../shape/path.ts';
import { isObject, type JsonObject } from '../../shape/shape.ts';
import { cloudMapServiceShape } from '../../shape/shapes.ts';
import { mayTryAgain, OPERATION_POLL_MS } from '../cloud-map-operation.ts';
import { planTags } from '../tag-plan.ts';
import type { CloudMapServiceSpec, CloudMapServiceStatus } from './schema.ts';
import type { DiscoveryServiceAction, DiscoveryServiceDesired, DiscoveryServiceObserved } from './types.ts';
import { updateOf } from './update.ts';

type Input = PlanInput<CloudMapServiceSpec, CloudMapServiceStatus, DiscoveryServiceDesired, DiscoveryServiceObserved>;
type ServicePlan = Plan<DiscoveryServiceAction, CloudMapServiceStatus>;

/** How often instances that are in the way are counted again: ECS takes up to two minutes for its own. Milliseconds. */
const INSTANCES_POLL_MS = 5_000;
/** Members that UpdateService does not take. */
const FIXED = ['type', 'healthCheckCustomConfig'];

/** What has to be done so that AWS holds what is declared. Pure. */
export function planDiscoveryService(input: Input): ServicePlan {
  const { desired, observed, unset } = input;
  const { presence, service, operation, obstacle } = observed;
  if (obstacle !== undefined) return { actions: [], reported: [], stalled: obstacle };
  if (presence.state !== 'present' || service?.Id === undefined) {
    return { actions: [{ type: 'CreateService' }], reported: [] };
  }
  if (operation?.state === 'pending') return updating(presence.arn);
  const live = cloudMapServiceFromDescription(service);
  const differences = compareDeclared({
    declared: without(desired.request, FIXED),
    live,
    shape: cloudMapServiceShape,
    rules: cloudMapRules,
    confirmed: (path) => input.confirmed(path),
  });
  const apply = differences.filter(({ path }) => input.judge(path) === 'apply').map(({ path }) => path);
  const reported = differences.filter(({ path }) => input.judge(path) === 'report');
  const immutable = changedForGood(input, live, apply);
  if (immutable !== undefined) {
    return { actions: [], reported, stalled: { reason: 'ImmutableField', message: immutable } };
  }
  const request = updateOf({ declared: desired.request, live, apply, unset });
  const tags = planTags({ declared: desired.tags, live: presence.tags, unset, judge: (path) => input.judge(path) });

  const actions: DiscoveryServiceAction[] = [];
  if (request !== undefined) {
    const changes = [...apply, ...unset.filter((path) => !isWithin(path, 'tags'))];
    actions.push({ type: 'UpdateService', id: service.Id, request, changes });
  }
  if (Object.keys(tags.set).length > 0) actions.push({ type: 'TagResource', arn: presence.arn, tags: tags.set });
  if (tags.remove.length > 0) actions.push({ type: 'UntagResource', arn: presence.arn, keys: tags.remove });
  const plan: ServicePlan = { actions, reported: [...reported, ...tags.reported] };
  if (request === undefined || operation?.state !== 'failed') return plan;
  const { now, object } = input;
  const attempt = {
    now,
    generation: object.metadata.generation,
    observedGeneration: object.status?.observedGeneration,
  };
  if (mayTryAgain(operation, attempt)) return { ...plan, intent: { operation: undefined } };
  const message = `AWS could not change ${presence.arn}: ${operation.failure}; tried again when the spec changes, and every ten minutes`;
  return { actions: [], reported: plan.reported, stalled: { reason: 'UpdateFailed', message } };
}

/** Pure. */
export function planDiscoveryServiceDeletion({ observed }: Input): ServicePlan {
  const { presence, service, operation } = observed;
  if (presence.state !== 'present' || service?.Id === undefined) return { actions: [], reported: [] };
  if (operation?.state === 'pending') return updating(presence.arn);
  const count = service.InstanceCount ?? 0;
  if (count > 0) {
    const message = `${count === 1 ? '1 instance is' : `${count} instances are`} still registered in ${presence.arn}; ECS takes out its own up to two minutes after its service is gone, others have to be deregistered by whoever registered them`;
    return {
      actions: [],
      reported: [],
      waiting: { reason: 'InstancesRegistered', message, pollMs: INSTANCES_POLL_MS },
    };
  }
  return { actions: [{ type: 'DeleteService', id: service.Id }], reported: [] };
}

/** What the CRD or AWS refuses to change, changed all the same, or found otherwise in what was adopted. */
function changedForGood({ object, desired, observed, unset }: Input, live: JsonObject, apply: readonly string[]) {
  const undo = 'put the former value back, or delete this object and make another';
  const { name } = object.spec;
  if (name != null && name !== '' && name !== desired.name) {
    return `spec.name cannot be changed from ${desired.name}: ${undo}`;
  }
  const namespaceId = observed.service?.NamespaceId;
  if (namespaceId !== undefined && namespaceId !== desired.namespaceId) {
    return `the namespace cannot be changed from ${namespaceId} to ${desired.namespaceId}: ${undo}`;
  }
  if (desired.request.type === 'HTTP' && live.type !== undefined && live.type !== 'HTTP') {
    return `spec.type cannot be changed from ${live.type}: ${undo}`;
  }
  const custom = desired.request.healthCheckCustomConfig !== undefined;
  const gone = !custom && unset.some((path) => isWithin(path, 'healthCheckCustomConfig'));
  // Its threshold is always 1, whatever was asked (API reference of HealthCheckCustomConfig).
  if (live.healthCheckCustomConfig === undefined ? custom : gone) {
    return `AWS takes healthCheckCustomConfig only when a service is made: ${undo}`;
  }
  if (apply.includes('dnsConfig.routingPolicy') && isObject(live.dnsConfig)) {
    return `dnsConfig.routingPolicy cannot be changed: ${undo}`;
  }
  return undefined;
}

function without(request: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(request).filter(([member]) => !members.includes(member)));
}

function updating(arn: string): ServicePlan {
  const waiting = { reason: 'Updating', message: `AWS is changing ${arn}`, pollMs: OPERATION_POLL_MS };
  return { actions: [], reported: [], waiting };
}
