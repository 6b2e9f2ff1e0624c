import { must, mustRun, serviceIn } from './look.ts';
import { inlineService, smallShop } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const rename: Scenario = {
  name: 'rename',
  about: 'an object under another name that claims the same name in AWS waits until the old one went, then is made',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    {
      name: 'the object is renamed, its service is not',
      act: async ({ kube }) => {
        await kube.create({ ...inlineService('shop/api:1', { serviceName: 'api' }), metadata: { name: 'backend' } });
        await kube.delete('EcsService', 'api');
      },
    },
  ],
  struckFrom: 'the object is renamed, its service is not',
  ownHistory: 'how many revisions of the old object the new one meets depends on when it looks',
  ends: (hands) => {
    hands.kube.expectAllReady();
    must(hands.kube.object('EcsService', 'api') === undefined, 'the old object is still there');
    must(JSON.stringify(serviceIn(hands).tags).includes('"backend"'), 'the service is not that of the new object');
    mustRun(hands, 'shop/api:1');
  },
};
