import { mustHaveDeployed, mustHaveRegistered, mustRun } from './look.ts';
import { SHOP, taskDefinition } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const imageChange: Scenario = {
  name: 'image-change',
  about: 'a new image makes one new revision and one new deployment, and the old revision stays for a rollback',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) },
    {
      name: 'the image is changed',
      act: ({ kube }) => kube.patch('EcsTaskDefinition', 'api', { spec: taskDefinition('shop/api:2').spec ?? {} }),
    },
  ],
  struckFrom: 'the image is changed',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustHaveRegistered(hands, 2);
    mustRun(hands, 'shop/api:2');
    mustHaveDeployed(hands, 2);
  },
};
