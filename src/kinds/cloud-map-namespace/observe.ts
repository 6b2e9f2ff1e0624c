import type { AwsSession, ObserveInput } from '../../reconcile/kind.ts';
import { type CloudMapOperation, readOperation } from '../cloud-map-operation.ts';
import { findNamespace } from './find.ts';
import { leaving, missing, observedOf, readNamespace } from './read.ts';
import type { CloudMapNamespaceSpec, CloudMapNamespaceStatus } from './schema.ts';
import type { NamespaceDesired, NamespaceObserved } from './types.ts';

export type NamespaceObserveInput = ObserveInput<CloudMapNamespaceSpec, CloudMapNamespaceStatus, NamespaceDesired>;

/**
 * Reads what AWS holds: how the operation fares that we wait for, and the namespace by its id, or, where we asked for
 * one and do not know its id, by its name.
 * @throws AwsCallError
 */
export async function observeNamespace(input: NamespaceObserveInput, aws: AwsSession): Promise<NamespaceObserved> {
  const { status } = input.object;
  if (isNew(input)) return missing(undefined, { certain: false });
  const operation = await readOperation(status?.operation, aws);
  const creation = operation?.type === 'CREATE_NAMESPACE' ? operation : undefined;
  const deletion = operation?.type === 'DELETE_NAMESPACE' ? operation : undefined;
  if (creation?.state === 'pending') return missing(creation, { certain: true });
  if (deletion?.state === 'pending') {
    return leaving(status?.arn ?? input.desired.name, input.identity.tags, deletion);
  }
  const id = creation === undefined ? status?.id : creation.state === 'succeeded' ? creation.namespaceId : undefined;
  const known = id === undefined ? undefined : await readNamespace(id, aws);
  if (known !== undefined) {
    // Reads may lag behind the operation.
    if (deletion?.state === 'succeeded') return leaving(known.presence.arn, known.presence.tags, deletion);
    return observedOf(known, operation);
  }
  if (deletion?.state === 'succeeded') return missing(deletion, { certain: true });
  if (creation?.state === 'succeeded') return missing(creation, { certain: false });
  // What we had is gone; what we may have asked for since is found by its name.
  if (status?.arn !== undefined) return missing(operation, { certain: false });
  return searched(input, operation, aws);
}

/** It was asked for, and the answer was lost or the operation failed. */
async function searched(
  input: NamespaceObserveInput,
  operation: CloudMapOperation | undefined,
  aws: AwsSession,
): Promise<NamespaceObserved> {
  const found = await findNamespace(input, operation, aws);
  const none = missing(operation, { certain: operation?.state === 'failed' });
  if (found === undefined) {
    const { metadata } = input.object;
    const mayAppear = metadata.deletionTimestamp !== undefined && operation === undefined;
    if (!mayAppear || !(await areCreationsPending(aws))) return none;
    const message = 'its creation was asked for and may still be under way; waiting for all that AWS has at hand';
    return { ...none, obstacle: { reason: 'CreationsPending', message } };
  }
  return 'obstacle' in found ? { ...none, obstacle: found.obstacle } : observedOf(found, operation);
}

/** Whether AWS is at making any namespace. Which one, it tells only of those that are done. @throws AwsCallError */
async function areCreationsPending(aws: AwsSession): Promise<boolean> {
  let token: string | undefined;
  do {
    const page = await aws.call('servicediscovery.ListOperations', {
      Filters: [
        { Name: 'TYPE', Values: ['CREATE_NAMESPACE'], Condition: 'EQ' },
        { Name: 'STATUS', Values: ['SUBMITTED', 'PENDING'], Condition: 'IN' },
      ],
      MaxResults: 100,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    if ((page.Operations ?? []).length > 0) return true;
    token = page.NextToken;
  } while (token !== undefined);
  return false;
}

/** Nothing was asked of AWS for this object yet: no need to look, since creating tells what is there already. */
function isNew({ object: { status, metadata }, held }: NamespaceObserveInput): boolean {
  const asked = status?.applied !== undefined || status?.arn !== undefined || status?.id !== undefined;
  // What is held creates nothing that would tell, and is shown what it would do.
  return !asked && held !== true && metadata.deletionTimestamp === undefined;
}
