import { must, mustHaveDeployed, mustShow, serviceIn } from './look.ts';
import { inlineService, smallShop } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const replaceService: Scenario = {
  name: 'replace-service',
  about: 'a service that is deleted and created again under its name is a new one in AWS, made once',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    { name: 'the service is deleted', act: ({ kube }) => kube.delete('EcsService', 'api') },
    {
      name: 'another of that name is created',
      act: ({ kube }) => kube.create(inlineService('shop/api:1', { enableExecuteCommand: true })),
    },
  ],
  struckFrom: 'the service is deleted',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustShow(serviceIn(hands), { enableExecuteCommand: true });
    mustHaveDeployed(hands, 1);
    must(serviceIn(hands).deployments.length === 1, 'there is more than one deployment');
  },
};
