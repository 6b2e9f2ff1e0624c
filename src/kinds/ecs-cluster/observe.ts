import type { Cluster } from '@aws-sdk/client-ecs';
import { lacking } from '../../aws/answer.ts';
import { describeCluster } from '../../aws/reads.ts';
import type { AwsSession, Presence } from '../../reconcile/kind.ts';
import { isObject } from '../../shape/shape.ts';
import { readNamespace } from '../service-connect-namespace.ts';
import { tagMapOfList } from '../tags.ts';
import type { ClusterDesired, ClusterObserved } from './types.ts';

/** What is known of a cluster that is not there. */
export const NO_CLUSTER = { cluster: undefined, namespace: undefined } as const;

/** @throws AwsCallError */
export async function observeCluster(desired: ClusterDesired, aws: AwsSession): Promise<ClusterObserved> {
  const cluster = await describeCluster(aws, desired.name);
  // A cluster that was made a moment ago may still be MISSING.
  if (cluster === 'MISSING') return { ...NO_CLUSTER, presence: { state: 'absent', certain: false } };
  return observedOf(cluster, desired, aws);
}

/** What a described or answered cluster says. @throws AwsCallError, also when AWS left the ARN out. */
export async function observedOf(
  cluster: Cluster,
  { request }: Pick<ClusterDesired, 'request'>,
  aws: AwsSession,
): Promise<ClusterObserved> {
  const presence = presenceOf(cluster);
  if (presence.state === 'absent') return { ...NO_CLUSTER, presence };
  const { serviceConnectDefaults: defaults } = request;
  const asked = isObject(defaults) && typeof defaults.namespace === 'string' ? defaults.namespace : undefined;
  const namespace = await readNamespace({ asked, held: cluster.serviceConnectDefaults?.namespace }, aws);
  return { presence, cluster, namespace };
}

function presenceOf({ clusterArn: arn, status, tags: list }: Cluster): Presence {
  if (status === 'INACTIVE') return { state: 'absent', certain: true };
  if (!arn) throw lacking('ecs.DescribeClusters', 'clusters[].clusterArn');
  const tags = tagMapOfList(list);
  return status === 'DEPROVISIONING'
    ? { state: 'leaving', arn, tags, message: `${arn} is being deleted in AWS` }
    : { state: 'present', arn, tags };
}
