import { mustHaveDeployed, mustRun, mustShow, serviceIn } from './look.ts';
import { smallShop, template } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const pauseResume: Scenario = {
  name: 'pause-resume',
  about: 'while an object is paused nothing of it changes in AWS, and afterwards all at once',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    {
      name: 'it is paused, and changed',
      act: ({ kube }) =>
        kube.patch('EcsService', 'api', {
          spec: { policy: { paused: true }, desiredCount: 3, taskDefinitionTemplate: template('shop/api:2') },
        }),
    },
    {
      name: 'it goes on',
      when: 'resynced',
      act: async (hands) => {
        mustRun(hands, 'shop/api:1');
        mustShow(serviceIn(hands), { desiredCount: 2 });
        await hands.kube.patch('EcsService', 'api', { spec: { policy: { paused: null } } });
      },
    },
  ],
  struckFrom: 'it is paused, and changed',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:2');
    mustShow(serviceIn(hands), { desiredCount: 3 });
    mustHaveDeployed(hands, 2);
  },
};
