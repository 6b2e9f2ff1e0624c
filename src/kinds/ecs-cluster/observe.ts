import type { Cluster } from '@aws-sdk/client-ecs';
import { describeCluster } from '../../aws/reads.ts';
import type { AwsSession } from '../../reconcile/kind.ts';
import { tagMapOfList } from '../tags.ts';
import type { ClusterObserved } from './types.ts';

/** @throws AwsCallError */
export async function observeCluster(name: string, aws: AwsSession): Promise<ClusterObserved> {
  const cluster = await describeCluster(aws, name);
  // A cluster that was made a moment ago may still be MISSING.
  if (cluster === 'MISSING') return { presence: { state: 'absent', certain: false }, cluster: undefined };
  return observedOf(cluster);
}

/** What a described or answered cluster says. @throws Error when AWS left the ARN out. */
export function observedOf(cluster: Cluster): ClusterObserved {
  const { clusterArn: arn, status } = cluster;
  if (status === 'INACTIVE') return { presence: { state: 'absent', certain: true }, cluster: undefined };
  if (arn === undefined) throw new Error('ECS answered with a cluster that has no clusterArn');
  const tags = tagMapOfList(cluster.tags);
  if (status === 'DEPROVISIONING') {
    return { presence: { state: 'leaving', arn, tags, message: `${arn} is being deleted in AWS` }, cluster };
  }
  return { presence: { state: 'present', arn, tags }, cluster };
}
