import type { CreateServiceCommandInput, ServiceChange } from '@aws-sdk/client-servicediscovery';
import { AwsCallError, isMissing } from '../../aws/errors.ts';
import { clientToken } from '../../aws/token.ts';
import type { AwsSession, TagMap } from '../../reconcile/kind.ts';
import { toAws } from '../../shape/aws-names.ts';
import { isWithin } from '../../shape/path.ts';
import { isObject, type JsonObject } from '../../shape/shape.ts';
import { cloudMapServiceShape } from '../../shape/shapes.ts';
import { startedOperation } from '../cloud-map-operation.ts';
import { cloudMapTags, removeCloudMapTags, withoutTags, writeCloudMapTags } from '../cloud-map-tags.ts';
import { type DiscoveryServiceObserveInput, noService, observedOf, readService } from './observe.ts';
import type { DiscoveryServiceAction, DiscoveryServiceObserved } from './types.ts';

export interface DiscoveryServiceActInput extends DiscoveryServiceObserveInput {
  readonly observed: DiscoveryServiceObserved;
  readonly incarnation: number;
}

/** Does one action. @throws AwsCallError */
export async function actOnDiscoveryService(
  action: DiscoveryServiceAction,
  input: DiscoveryServiceActInput,
  aws: AwsSession,
): Promise<DiscoveryServiceObserved> {
  const { observed } = input;
  switch (action.type) {
    case 'CreateService':
      return createService(input, aws);
    case 'UpdateService': {
      const call = 'servicediscovery.UpdateService';
      const request = await updatable(action, observed, aws);
      // Safe: normalised by the SDK's own schema of CreateService, whose members these are.
      const answer = aws.call(call, { Id: action.id, Service: request as ServiceChange });
      return { ...observed, operation: await startedOperation({ call, type: 'UPDATE_SERVICE' }, answer) };
    }
    case 'TagResource':
      await writeCloudMapTags(action.arn, action.tags, aws);
      return retagged(observed, (tags) => ({ ...tags, ...action.tags }));
    case 'UntagResource':
      await removeCloudMapTags(action.arn, action.keys, aws);
      return retagged(observed, (tags) => withoutTags(tags, action.keys));
    case 'DeleteService':
      try {
        await aws.call('servicediscovery.DeleteService', { Id: action.id });
      } catch (error) {
        if (!isMissing(error, 'service')) throw error;
      }
      return noService({ certain: true });
    default:
      return action satisfies never;
  }
}

async function createService(
  { object, desired, identity, incarnation }: DiscoveryServiceActInput,
  aws: AwsSession,
): Promise<DiscoveryServiceObserved> {
  const operation = 'servicediscovery.CreateService';
  const tags = { ...desired.tags, ...identity.tags };
  const asked = {
    ...inAwsNames(desired.request),
    Name: desired.name,
    NamespaceId: desired.namespaceId,
    Tags: cloudMapTags(tags),
  };
  const CreatorRequestId = clientToken({ uid: object.metadata.uid, operation, request: asked, incarnation });
  try {
    // Safe: normalised and named by the SDK's own schema of this request.
    const answer = await aws.call(operation, { ...asked, CreatorRequestId } as CreateServiceCommandInput);
    const arn = answer.Service?.Arn;
    if (answer.Service !== undefined && arn !== undefined) {
      return observedOf({ service: answer.Service, presence: { state: 'present', arn, tags } }, undefined);
    }
    const message = 'CreateService: the answer holds no service';
    throw new AwsCallError(message, { kind: 'Transient', code: 'Incomplete', operation, effect: 'unknown' });
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.kind !== 'AlreadyExists') throw error;
    const id = error.existing?.serviceId;
    // Whose it is, its tags tell.
    const existing = id === undefined ? undefined : await readService(id, aws);
    if (existing === undefined) throw error;
    const { Name } = existing.service;
    if (Name === desired.name) return observedOf(existing, undefined);
    const message = `AWS takes ${desired.name} for the same name as ${Name} (${existing.presence.arn}) in this namespace: give one of the two another name`;
    return { ...noService({ certain: true }), obstacle: { reason: 'NameTaken', message } };
  }
}

/**
 * The settings of a service in an HTTP namespace cannot be changed, and AWS refuses an update that only repeats them;
 * anywhere else they are lost when they are left out.
 */
async function updatable(
  { request, changes }: Extract<DiscoveryServiceAction, { type: 'UpdateService' }>,
  { service }: DiscoveryServiceObserved,
  aws: AwsSession,
): Promise<JsonObject> {
  const { healthCheckConfig, ...rest } = request;
  const repeated = healthCheckConfig !== undefined && !changes.some((path) => isWithin(path, 'healthCheckConfig'));
  if (repeated && service?.Type === 'HTTP' && service.NamespaceId !== undefined) {
    const { Namespace } = await aws.call('servicediscovery.GetNamespace', { Id: service.NamespaceId });
    if (Namespace?.Type === 'HTTP') return inAwsNames(rest);
  }
  return inAwsNames(request);
}

function inAwsNames(request: JsonObject): JsonObject {
  const named = toAws(request, cloudMapServiceShape);
  return isObject(named) ? named : {};
}

function retagged(observed: DiscoveryServiceObserved, change: (tags: TagMap) => TagMap): DiscoveryServiceObserved {
  const { presence } = observed;
  return presence.state === 'present'
    ? { ...observed, presence: { ...presence, tags: change(presence.tags) } }
    : observed;
}
