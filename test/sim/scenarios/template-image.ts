import { mustHaveDeployed, mustRun } from './look.ts';
import { smallShop, template } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const templateImage: Scenario = {
  name: 'template-image',
  about: 'a new image in a template makes one new revision and one new deployment',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    {
      name: 'the image is changed',
      act: ({ kube }) => kube.patch('EcsService', 'api', { spec: { taskDefinitionTemplate: template('shop/api:2') } }),
    },
  ],
  struckFrom: 'the image is changed',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:2');
    mustHaveDeployed(hands, 2);
  },
};
