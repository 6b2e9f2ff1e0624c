import { mustHaveDeployed, mustRun } from './look.ts';
import { ACCOUNT, CLOUD_MAP_NAMESPACE, CLOUD_MAP_SERVICE, CLUSTER, SERVICE, taskDefinition } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const dependencyLate: Scenario = {
  name: 'dependency-late',
  about: 'an object that is there before what it refers to waits, and is made when that appears',
  steps: [
    { name: 'the service is applied', act: ({ kube }) => kube.create(SERVICE, CLOUD_MAP_SERVICE) },
    {
      name: 'the account and the cluster are applied',
      when: { after: 20_000 },
      act: ({ kube }) => kube.create(ACCOUNT, CLUSTER),
    },
    {
      name: 'the task definition is applied',
      when: { after: 20_000 },
      act: ({ kube }) => kube.create(taskDefinition('shop/api:1')),
    },
    {
      name: 'the Cloud Map namespace is applied',
      when: { after: 20_000 },
      act: ({ kube }) => kube.create(CLOUD_MAP_NAMESPACE),
    },
  ],
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:1');
    mustHaveDeployed(hands, 1);
  },
};
