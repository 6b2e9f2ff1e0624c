import type { Namespace } from '@aws-sdk/client-servicediscovery';
import { AwsCallError, isMissing } from '../../aws/errors.ts';
import type { AwsSession, Presence } from '../../reconcile/kind.ts';
import type { CloudMapOperation } from '../cloud-map-operation.ts';
import { readCloudMapTags } from '../cloud-map-tags.ts';
import type { NamespaceObserved } from './types.ts';

/** A namespace with its tags. */
export interface TaggedNamespace {
  readonly namespace: Namespace;
  readonly presence: Extract<Presence, { state: 'present' }>;
}

/** @returns undefined when there is none with that id. @throws AwsCallError */
export async function readNamespace(id: string, aws: AwsSession): Promise<TaggedNamespace | undefined> {
  const operation = 'servicediscovery.GetNamespace';
  try {
    const { Namespace: namespace } = await aws.call(operation, { Id: id });
    const arn = namespace?.Arn;
    if (namespace === undefined || arn === undefined) {
      const message = `GetNamespace: the answer for ${id} holds no ARN`;
      throw new AwsCallError(message, { kind: 'Transient', code: 'Incomplete', operation, effect: 'none' });
    }
    const tags = await readCloudMapTags(arn, aws);
    return tags === undefined ? undefined : { namespace, presence: { state: 'present', arn, tags } };
  } catch (error) {
    if (isMissing(error, 'namespace')) return undefined;
    throw error;
  }
}

/** What a namespace that was read says. */
export function observedOf(
  { namespace, presence }: TaggedNamespace,
  operation: CloudMapOperation | undefined,
): NamespaceObserved {
  return { presence, namespace, operation, obstacle: undefined };
}

/** There is none, or not yet. */
export function missing(
  operation: CloudMapOperation | undefined,
  { certain }: { certain: boolean },
): NamespaceObserved {
  return { presence: { state: 'absent', certain }, namespace: undefined, operation, obstacle: undefined };
}

/** On its way out: it was ours when we asked for that, and AWS tells nothing new of it until it is gone. */
export function leaving(
  arn: string,
  tags: Readonly<Record<string, string>>,
  operation: CloudMapOperation,
): NamespaceObserved {
  const presence: Presence = { state: 'leaving', arn, tags, message: `${arn} is being deleted in AWS` };
  return { presence, namespace: undefined, operation, obstacle: undefined };
}
