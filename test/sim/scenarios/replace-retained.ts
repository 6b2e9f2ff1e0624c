import { mustHaveDeployed, mustRun, mustShow, serviceIn } from './look.ts';
import { inlineService, smallShop } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const replaceRetained: Scenario = {
  name: 'replace-retained',
  about: 'an object that is let go with Retain and created again at once takes its service over: nothing rolls',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    {
      name: 'it is to stay in AWS',
      act: ({ kube }) => kube.patch('EcsService', 'api', { spec: { policy: { deletion: 'Retain' } } }),
    },
    { name: 'the object is deleted', act: ({ kube }) => kube.delete('EcsService', 'api') },
    {
      name: 'it is created again, with another count',
      act: ({ kube }) => kube.create(inlineService('shop/api:1', { desiredCount: 3 })),
    },
  ],
  struckFrom: 'it is to stay in AWS',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:1');
    mustShow(serviceIn(hands), { desiredCount: 3 });
    mustHaveDeployed(hands, 1);
  },
};
