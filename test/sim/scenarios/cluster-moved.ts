import { livingOf } from '../judges/living.ts';
import { must, mustHaveDeployed, mustRun } from './look.ts';
import type { Scenario } from './scenario.ts';
import { CLAIMED } from './two-clusters.ts';

export const clusterMoved: Scenario = {
  name: 'cluster-moved',
  about: 'a cluster that replaces one that is lost takes over what is in AWS once it is told its id, and nothing rolls',
  clusters: 2,
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...CLAIMED) },
    { name: 'the same is applied in another cluster', act: ({ other }) => other.create(...CLAIMED) },
    {
      name: 'the first cluster is lost, and the other is told its id',
      act: ({ kube, world }) => {
        const [lost, heir] = world.clusters;
        for (const replica of lost.replicas) replica.killForGood();
        for (const replica of heir?.replicas ?? []) replica.set({ installationId: kube.clusterUid() });
      },
    },
  ],
  struckFrom: 'the first cluster is lost, and the other is told its id',
  last: 'resynced',
  ends: (hands) => {
    const { other, aws } = hands;
    other.expectAllReady();
    const uids = other.objects().map(({ metadata }) => metadata.uid);
    for (const { arn, tags } of livingOf(aws.state())) {
      must(uids.includes(tags['ecs-operator.dev/uid'] ?? ''), `${arn} was not taken over`);
    }
    mustRun(hands, 'shop/api:1');
    mustHaveDeployed(hands, 1);
  },
};
