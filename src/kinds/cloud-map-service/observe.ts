import type { Service } from '@aws-sdk/client-servicediscovery';
import { AwsCallError, isMissing } from '../../aws/errors.ts';
import type { AwsSession, ObserveInput, Presence } from '../../reconcile/kind.ts';
import { type CloudMapOperation, readOperation } from '../cloud-map-operation.ts';
import { readCloudMapTags } from '../cloud-map-tags.ts';
import type { CloudMapServiceSpec, CloudMapServiceStatus } from './schema.ts';
import type { DiscoveryServiceDesired, DiscoveryServiceObserved } from './types.ts';

export type DiscoveryServiceObserveInput = ObserveInput<
  CloudMapServiceSpec,
  CloudMapServiceStatus,
  DiscoveryServiceDesired
>;

/**
 * Reads the service by its id, or, where we asked for one and do not know its id, by its name in the namespace.
 * @throws AwsCallError
 */
export async function observeDiscoveryService(
  input: DiscoveryServiceObserveInput,
  aws: AwsSession,
): Promise<DiscoveryServiceObserved> {
  const { status } = input.object;
  if (isNew(input)) return noService({ certain: false });
  const operation = await readOperation(status?.operation, aws);
  const id = status?.arn === undefined ? await findService(input, aws) : status.id;
  const found = id === undefined ? undefined : await readService(id, aws);
  return found === undefined ? noService({ certain: false }) : observedOf(found, operation);
}

/** A service with its tags. */
export interface TaggedService {
  readonly service: Service;
  readonly presence: Extract<Presence, { state: 'present' }>;
}

/** @returns undefined when there is none with that id. @throws AwsCallError */
export async function readService(id: string, aws: AwsSession): Promise<TaggedService | undefined> {
  const operation = 'servicediscovery.GetService';
  try {
    const { Service: service } = await aws.call(operation, { Id: id });
    const arn = service?.Arn;
    if (service === undefined || arn === undefined) {
      const message = `GetService: the answer for ${id} holds no ARN`;
      throw new AwsCallError(message, { kind: 'Transient', code: 'Incomplete', operation, effect: 'none' });
    }
    const tags = await readCloudMapTags(arn, aws);
    return tags === undefined ? undefined : { service, presence: { state: 'present', arn, tags } };
  } catch (error) {
    if (isMissing(error, 'service')) return undefined;
    throw error;
  }
}

/** What a service that was read says. */
export function observedOf(
  { service, presence }: TaggedService,
  operation: CloudMapOperation | undefined,
): DiscoveryServiceObserved {
  return { presence, service, operation, obstacle: undefined };
}

/** There is none. */
export function noService({ certain }: { readonly certain: boolean }): DiscoveryServiceObserved {
  return { presence: { state: 'absent', certain }, service: undefined, operation: undefined, obstacle: undefined };
}

/** The id of the service with our name; names are unique in a namespace. */
async function findService(
  { desired: { name, namespaceId } }: DiscoveryServiceObserveInput,
  aws: AwsSession,
): Promise<string | undefined> {
  if (namespaceId === undefined) return undefined;
  let token: string | undefined;
  try {
    do {
      const page = await aws.call('servicediscovery.ListServices', {
        Filters: [{ Name: 'NAMESPACE_ID', Values: [namespaceId], Condition: 'EQ' }],
        MaxResults: 100,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      const found = page.Services?.find((service) => service.Name === name);
      if (found?.Id !== undefined) return found.Id;
      token = page.NextToken;
    } while (token !== undefined);
    return undefined;
  } catch (error) {
    // Without its namespace a service cannot be.
    if (isMissing(error, 'namespace')) return undefined;
    throw error;
  }
}

/** Nothing was asked of AWS for this object yet: no need to look, since creating tells what is there already. */
function isNew({ object: { status, metadata }, held }: DiscoveryServiceObserveInput): boolean {
  const asked = status?.applied !== undefined || status?.arn !== undefined;
  // What is held creates nothing that would tell, and is shown what it would do.
  return !asked && held !== true && metadata.deletionTimestamp === undefined;
}
