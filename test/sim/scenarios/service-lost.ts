import { activeImages, must, mustHaveDeployed, mustRun } from './look.ts';
import { smallShop } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const serviceLost: Scenario = {
  name: 'service-lost',
  about: 'a service that somebody deletes in AWS is made anew, once, with the revision that it ran',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    {
      name: 'somebody deletes the service in AWS',
      act: ({ aws }) => void aws.call('ecs', 'DeleteService', { cluster: 'shop', service: 'api', force: true }),
    },
  ],
  struckFrom: 'somebody deletes the service in AWS',
  last: 'resynced',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:1');
    mustHaveDeployed(hands, 1);
    must(activeImages(hands) === 'shop/api:1', 'another revision was made');
  },
};
