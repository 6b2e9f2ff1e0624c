import { mustHaveDeployed, mustRun } from './look.ts';
import { smallShop } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const restart: Scenario = {
  name: 'restart',
  about: 'a new restartedAt makes exactly one new deployment of the same revision',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    {
      name: 'a restart is asked for',
      act: ({ kube }) => kube.patch('EcsService', 'api', { spec: { restartedAt: '2030-01-01T00:00:00Z' } }),
    },
  ],
  struckFrom: 'a restart is asked for',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:1');
    mustHaveDeployed(hands, 2);
  },
};
