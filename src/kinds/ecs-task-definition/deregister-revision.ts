import { isMissing } from '../../aws/errors.ts';
import type { AwsSession, Identity } from '../../reconcile/kind.ts';
import { isStillOwn, readRevision } from './observe-revisions.ts';
import type { ObservedRevisions } from './revision.ts';

/**
 * Takes a revision out of use; what runs on it goes on running. It is looked at first: what status remembers of it may
 * be long past, and whoever has put other tags on it since keeps it.
 * @throws AwsCallError
 */
export async function deregisterRevision(
  {
    arn,
    observed,
    identity,
  }: { readonly arn: string; readonly observed: ObservedRevisions; readonly identity: Identity },
  aws: AwsSession,
): Promise<ObservedRevisions> {
  const described = await readRevision(arn, aws);
  const isForeign = described !== undefined && !isStillOwn(described.tags, identity);
  // What no read shows yet was registered a moment ago: by us, for we know its ARN.
  if (!isForeign && described?.definition.status !== 'INACTIVE') await deregister(arn, aws);
  return {
    ...observed,
    wanted: observed.wanted?.arn === arn ? undefined : observed.wanted,
    own: observed.own.filter((record) => record.arn !== arn),
    foreignRevisions: observed.foreignRevisions + (isForeign ? 1 : 0),
    certain: true,
  };
}

async function deregister(arn: string, aws: AwsSession): Promise<void> {
  try {
    await aws.call('ecs.DeregisterTaskDefinition', { taskDefinition: arn });
  } catch (error) {
    // Somebody was faster.
    if (!isMissing(error, 'taskDefinition')) throw error;
  }
}
