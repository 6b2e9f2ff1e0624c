import { clusterIn, mustHaveDeployed, mustRun } from './look.ts';
import { smallShop } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const clusterLost: Scenario = {
  name: 'cluster-lost',
  about: 'a cluster that somebody deletes in AWS, with its service, is made anew, and the service in it',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    {
      name: 'somebody deletes the service in AWS',
      act: ({ aws }) => void aws.call('ecs', 'DeleteService', { cluster: 'shop', service: 'api', force: true }),
    },
    {
      name: 'and the cluster, as soon as its tasks are gone',
      when: { after: 1 },
      act: async ({ aws, world }) => {
        const isEmpty = (): boolean => clusterIn({ aws }).tasks.every(({ lastStatus }) => lastStatus === 'STOPPED');
        for (let ms = 0; ms < 120_000 && !isEmpty(); ms += 500) await world.pass(500);
        // Whoever was quicker has made the service again by now; then the cluster stays.
        if (isEmpty()) aws.call('ecs', 'DeleteCluster', { cluster: 'shop' });
      },
    },
  ],
  struckFrom: 'somebody deletes the service in AWS',
  last: 'resynced',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:1');
    mustHaveDeployed(hands, 1);
  },
};
