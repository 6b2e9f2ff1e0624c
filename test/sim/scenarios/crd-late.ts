import { ACCOUNT, CLOUD_MAP_NAMESPACE, CLOUD_MAP_SERVICE, CLUSTER, SERVICE, taskDefinition } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const crdLate: Scenario = {
  name: 'crd-late',
  about: 'an operator that starts before the CRDs are there begins its work when the last of them is',
  withoutCrds: ['EcsService', 'AwsAccount'],
  steps: [
    {
      name: 'what can be applied is applied',
      act: ({ kube }) => kube.create(CLUSTER, CLOUD_MAP_NAMESPACE, CLOUD_MAP_SERVICE, taskDefinition('shop/api:1')),
    },
    {
      name: 'the first of the missing kinds comes',
      when: { after: 7_000 },
      act: ({ kube }) => kube.installCrd('AwsAccount'),
    },
    {
      name: 'the last one comes',
      when: { after: 3_000 },
      // Work begins after this. An account that came later still would find things made without it, rightly.
      act: async ({ kube }) => {
        await kube.create(ACCOUNT);
        await kube.installCrd('EcsService');
      },
    },
    { name: 'the rest is applied', when: { after: 500 }, act: ({ kube }) => kube.create(SERVICE) },
  ],
  ends: ({ kube, aws }) => {
    kube.expectAllReady();
    if (aws.state().ecs.clusters[0]?.services.length !== 1) throw new Error('there is not exactly one service');
  },
};
