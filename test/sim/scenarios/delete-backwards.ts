import { must, mustBeGone } from './look.ts';
import { SHOP } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const deleteBackwards: Scenario = {
  name: 'delete-backwards',
  about: 'what others still use waits with its deletion, however long; it goes when the last user went',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) },
    {
      name: 'all but the service is deleted',
      act: async ({ kube }) => {
        for (const { kind, metadata } of SHOP) if (kind !== 'EcsService') await kube.delete(kind, metadata.name);
      },
    },
    {
      name: 'the service is deleted',
      when: { after: 150_000 },
      act: async ({ kube, aws }) => {
        const [cluster] = aws.state().ecs.clusters;
        must(cluster?.services[0]?.status === 'ACTIVE', 'the service is gone already');
        must(kube.objects().length === SHOP.length, 'something was let go while the service used it');
        await kube.delete('EcsService', 'api');
      },
    },
  ],
  struckFrom: 'all but the service is deleted',
  ends: (hands) => {
    mustBeGone(hands);
    must(hands.kube.objects().length === 0, 'the account is still there');
  },
};
