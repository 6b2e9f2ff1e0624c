import { CLUSTER } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const somebodyElses: Scenario = {
  name: 'somebody-elses',
  about: 'a cluster of the same name that somebody else made is left as it is, and the object says that it is not ours',
  before: ({ aws }) => void aws.call('ecs', 'CreateCluster', { clusterName: 'shop' }),
  steps: [
    { name: 'a cluster of that name is declared', act: ({ kube }) => kube.create(CLUSTER) },
    { name: 'the object is deleted', when: 'resynced', act: ({ kube }) => kube.delete('EcsCluster', 'shop') },
  ],
  ends: ({ kube, aws }) => {
    if (kube.objects().length > 0) throw new Error('the object is still there');
    const [cluster] = aws.state().ecs.clusters;
    if (cluster?.status !== 'ACTIVE') throw new Error('the cluster is gone');
    if ((cluster.tags ?? []).length > 0) throw new Error('the cluster was tagged');
  },
};
