import { mustBeGone } from './look.ts';
import { smallShop } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const deletedAtOnce: Scenario = {
  name: 'deleted-at-once',
  about: 'what is deleted between the read and the finalizer is not brought back, and leaves nothing behind',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    {
      name: 'the service and the cluster are deleted',
      when: { after: 9 },
      act: async ({ kube }) => {
        await kube.delete('EcsService', 'api');
        await kube.delete('EcsCluster', 'shop');
      },
    },
  ],
  ends: mustBeGone,
};
