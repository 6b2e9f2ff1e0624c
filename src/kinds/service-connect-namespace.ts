import { isMissing } from '../aws/errors.ts';
import type { AwsSession } from '../reconcile/kind.ts';

/** A Cloud Map namespace by both of its names. */
export interface NamedNamespace {
  readonly name: string;
  readonly arn: string;
}

/**
 * AWS prints a Service Connect namespace as an ARN; which one a name means, Cloud Map knows.
 * @param asked what the spec says, @param held what AWS holds
 * @returns undefined where there is nothing to tell apart. @throws AwsCallError
 */
export async function readNamespace(
  { asked, held }: { readonly asked: string | undefined; readonly held: string | undefined },
  aws: AwsSession,
): Promise<NamedNamespace | undefined> {
  if (asked === undefined || held === undefined || asked.startsWith('arn:') || !held.startsWith('arn:')) {
    return undefined;
  }
  const id = held.slice(held.lastIndexOf('/') + 1);
  try {
    const { Namespace } = await aws.call('servicediscovery.GetNamespace', { Id: id });
    return Namespace?.Name === undefined ? undefined : { name: Namespace.Name, arn: held };
  } catch (error) {
    if (isMissing(error, 'namespace')) return undefined;
    throw error;
  }
}
