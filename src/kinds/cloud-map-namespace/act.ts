import { AwsCallError, isMissing } from '../../aws/errors.ts';
import type { Operation, OperationInput } from '../../aws/operations.ts';
import { clientToken } from '../../aws/token.ts';
import type { AwsSession, TagMap } from '../../reconcile/kind.ts';
import { toAws } from '../../shape/aws-names.ts';
import { valueAt } from '../../shape/leaves.ts';
import { isObject, type JsonObject } from '../../shape/shape.ts';
import { cloudMapNamespaceShape } from '../../shape/shapes.ts';
import { startedOperation } from '../cloud-map-operation.ts';
import { cloudMapTags, removeCloudMapTags, withoutTags, writeCloudMapTags } from '../cloud-map-tags.ts';
import { SOA_TTL } from './desired.ts';
import type { NamespaceObserveInput } from './observe.ts';
import { leaving, missing, observedOf, readNamespace } from './read.ts';
import type { NamespaceAction, NamespaceChange, NamespaceObserved, NamespaceType } from './types.ts';

export interface NamespaceActInput extends NamespaceObserveInput {
  readonly observed: NamespaceObserved;
  readonly incarnation: number;
}

const CREATE = {
  HTTP: 'servicediscovery.CreateHttpNamespace',
  DNS_PRIVATE: 'servicediscovery.CreatePrivateDnsNamespace',
  DNS_PUBLIC: 'servicediscovery.CreatePublicDnsNamespace',
} as const satisfies Record<NamespaceType, Operation>;

const UPDATE = {
  HTTP: 'servicediscovery.UpdateHttpNamespace',
  DNS_PRIVATE: 'servicediscovery.UpdatePrivateDnsNamespace',
  DNS_PUBLIC: 'servicediscovery.UpdatePublicDnsNamespace',
} as const satisfies Record<NamespaceType, Operation>;

/** Does one action. @throws AwsCallError */
export async function actOnNamespace(
  action: NamespaceAction,
  input: NamespaceActInput,
  aws: AwsSession,
): Promise<NamespaceObserved> {
  const { observed } = input;
  switch (action.type) {
    case 'CreateNamespace':
      return createNamespace(input, aws);
    case 'UpdateNamespace': {
      const call = UPDATE[input.desired.type];
      const answer = aws.call(call, { Id: action.id, Namespace: changeRequest(action.change) });
      return { ...observed, operation: await startedOperation({ call, type: 'UPDATE_NAMESPACE' }, answer) };
    }
    case 'TagResource':
      await writeCloudMapTags(action.arn, action.tags, aws);
      return retagged(observed, (tags) => ({ ...tags, ...action.tags }));
    case 'UntagResource':
      await removeCloudMapTags(action.arn, action.keys, aws);
      return retagged(observed, (tags) => withoutTags(tags, action.keys));
    case 'DeleteNamespace':
      return deleteNamespace(action.id, input, aws);
    default:
      return action satisfies never;
  }
}

async function createNamespace(input: NamespaceActInput, aws: AwsSession): Promise<NamespaceObserved> {
  try {
    const call = CREATE[input.desired.type];
    const answer = aws.call(call, creationRequest(input));
    return missing(await startedOperation({ call, type: 'CREATE_NAMESPACE' }, answer), { certain: true });
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.kind !== 'AlreadyExists') throw error;
    const id = error.existing?.namespaceId;
    // Whose it is, its tags tell.
    const existing = id === undefined ? undefined : await readNamespace(id, aws);
    if (existing === undefined) throw error;
    return observedOf(existing, undefined);
  }
}

function creationRequest(input: NamespaceActInput): OperationInput<(typeof CREATE)[NamespaceType]> {
  const { object, desired, identity, incarnation } = input;
  const { type, name, request } = desired;
  const { description, vpc, properties } = request;
  const dns = type !== 'HTTP' && valueAt(request, SOA_TTL) !== undefined;
  const value: JsonObject = {
    name,
    ...(description !== undefined && { description }),
    ...(type === 'DNS_PRIVATE' && vpc !== undefined && { vpc }),
    ...(dns && properties !== undefined && { properties }),
  };
  const inAwsNames = toAws(value, cloudMapNamespaceShape);
  const tags = cloudMapTags({ ...desired.tags, ...identity.tags });
  const asked = { ...(isObject(inAwsNames) ? inAwsNames : {}), Tags: tags };
  const { uid } = object.metadata;
  const CreatorRequestId = clientToken({ uid, operation: CREATE[type], request: asked, incarnation });
  // Safe: normalised and named by the SDK's own schemas of these requests.
  return { ...asked, CreatorRequestId } as unknown as OperationInput<(typeof CREATE)[NamespaceType]>;
}

/**
 * Without a token of ours: the same change is asked for again when a spec goes to and fro, and must not be answered
 * with the operation of the first time. Doing it twice does no harm.
 */
function changeRequest({ description, soaTtl }: NamespaceChange) {
  return {
    Description: description,
    ...(soaTtl !== undefined && { Properties: { DnsProperties: { SOA: { TTL: soaTtl } } } }),
  };
}

async function deleteNamespace(
  id: string,
  { observed: { presence }, desired, identity }: NamespaceActInput,
  aws: AwsSession,
): Promise<NamespaceObserved> {
  const { arn, tags } = presence.state === 'absent' ? { arn: desired.name, tags: identity.tags } : presence;
  try {
    const call = 'servicediscovery.DeleteNamespace';
    const operation = await startedOperation({ call, type: 'DELETE_NAMESPACE' }, aws.call(call, { Id: id }));
    return leaving(arn, tags, operation);
  } catch (error) {
    if (!isMissing(error, 'namespace')) throw error;
    return missing(undefined, { certain: true });
  }
}

function retagged(observed: NamespaceObserved, change: (tags: TagMap) => TagMap): NamespaceObserved {
  const { presence } = observed;
  return presence.state === 'present'
    ? { ...observed, presence: { ...presence, tags: change(presence.tags) } }
    : observed;
}
