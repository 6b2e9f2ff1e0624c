import { mustRun, mustShow, serviceIn } from './look.ts';
import { smallShop, template } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const scaledByOthers: Scenario = {
  name: 'scaled-by-others',
  about: 'a count that the spec leaves out belongs to others, also across a rollout',
  steps: [
    {
      name: 'everything is applied, without a count',
      act: ({ kube }) => kube.create(...smallShop('shop/api:1', { desiredCount: null })),
    },
    {
      name: 'somebody scales it in AWS',
      act: ({ aws }) => void aws.call('ecs', 'UpdateService', { cluster: 'shop', service: 'api', desiredCount: 5 }),
    },
    {
      name: 'the image is changed',
      when: 'resynced',
      act: ({ kube }) => kube.patch('EcsService', 'api', { spec: { taskDefinitionTemplate: template('shop/api:2') } }),
    },
  ],
  struckFrom: 'somebody scales it in AWS',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:2');
    mustShow(serviceIn(hands), { desiredCount: 5, runningCount: 5 });
  },
};
