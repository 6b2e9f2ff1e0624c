import type {
  Cluster,
  CreateClusterCommandInput,
  PutClusterCapacityProvidersCommandInput,
  UpdateClusterCommandInput,
} from '@aws-sdk/client-ecs';
import { isMissing } from '../../aws/errors.ts';
import type { AwsSession, Identity } from '../../reconcile/kind.ts';
import { tagsOf } from '../tags.ts';
import { NO_CLUSTER, observeCluster, observedOf } from './observe.ts';
import type { ClusterAction, ClusterDesired, ClusterObserved } from './types.ts';

export interface ClusterActInput {
  readonly desired: ClusterDesired;
  readonly observed: ClusterObserved;
  readonly identity: Identity;
}

/** Does one action. The requests were normalised by the SDK's own schemas: hence the casts. @throws AwsCallError */
export async function actOnCluster(
  action: ClusterAction,
  { desired, observed, identity }: ClusterActInput,
  aws: AwsSession,
): Promise<ClusterObserved> {
  const cluster = desired.name;
  switch (action.type) {
    case 'CreateCluster': {
      const tags = tagsOf({ ...desired.tags, ...identity.tags });
      const input = { ...action.request, clusterName: cluster, tags } as unknown as CreateClusterCommandInput;
      const created = await aws.call('ecs.CreateCluster', input);
      // CreateCluster answers with a cluster that was there already, too: then its tags tell whose it is.
      return created.cluster === undefined ? observeCluster(desired, aws) : observedOf(created.cluster, desired, aws);
    }
    case 'UpdateCluster': {
      const input = { ...action.request, cluster } as unknown as UpdateClusterCommandInput;
      const updated = await aws.call('ecs.UpdateCluster', input);
      return folded(updated.cluster, { desired, observed }, aws);
    }
    case 'PutClusterCapacityProviders': {
      const input = { ...action.request, cluster } as unknown as PutClusterCapacityProvidersCommandInput;
      const updated = await aws.call('ecs.PutClusterCapacityProviders', input);
      return folded(updated.cluster, { desired, observed }, aws);
    }
    case 'TagResource':
      await aws.call('ecs.TagResource', { resourceArn: action.arn, tags: tagsOf(action.tags) });
      return retagged(observed, (tags) => ({ ...tags, ...action.tags }));
    case 'UntagResource':
      await aws.call('ecs.UntagResource', { resourceArn: action.arn, tagKeys: [...action.keys] });
      return retagged(observed, (tags) =>
        Object.fromEntries(Object.entries(tags).filter(([key]) => !action.keys.includes(key))),
      );
    case 'DeleteCluster':
      try {
        const deleted = await aws.call('ecs.DeleteCluster', { cluster });
        return deleted.cluster === undefined ? observeCluster(desired, aws) : observedOf(deleted.cluster, desired, aws);
      } catch (error) {
        if (!isMissing(error, 'cluster')) throw error;
        return { ...NO_CLUSTER, presence: { state: 'absent', certain: true } };
      }
    default:
      return action satisfies never;
  }
}

/** Updates answer without what was not asked for (tags): that stays as it was. */
async function folded(
  answered: Cluster | undefined,
  { desired, observed }: Pick<ClusterActInput, 'desired' | 'observed'>,
  aws: AwsSession,
): Promise<ClusterObserved> {
  const { presence, cluster } = observed;
  if (presence.state !== 'present' || answered === undefined) return observed;
  const { tags: _tags, ...rest } = answered;
  const { namespace, cluster: now } = await observedOf({ ...cluster, ...withoutUndefined(rest) }, desired, aws);
  return { presence, cluster: now, namespace };
}

function withoutUndefined(cluster: Cluster): Cluster {
  return Object.fromEntries(Object.entries(cluster).filter(([, value]) => value !== undefined));
}

function retagged(
  observed: ClusterObserved,
  change: (tags: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): ClusterObserved {
  const { presence } = observed;
  return presence.state === 'present'
    ? { ...observed, presence: { ...presence, tags: change(presence.tags) } }
    : observed;
}
