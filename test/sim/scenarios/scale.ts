import { mustHaveDeployed, mustShow, serviceIn } from './look.ts';
import { smallShop } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const scale: Scenario = {
  name: 'scale',
  about: 'a higher and then a lower count are enforced, without a new deployment',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    { name: 'the count is raised', act: ({ kube }) => kube.patch('EcsService', 'api', { spec: { desiredCount: 4 } }) },
    { name: 'the count is lowered', act: ({ kube }) => kube.patch('EcsService', 'api', { spec: { desiredCount: 1 } }) },
  ],
  struckFrom: 'the count is raised',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustShow(serviceIn(hands), { desiredCount: 1, runningCount: 1 });
    mustHaveDeployed(hands, 1);
  },
};
