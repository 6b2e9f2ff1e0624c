import { must, mustRun, serviceIn } from './look.ts';
import { inlineService, smallShop } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const nameTaken: Scenario = {
  name: 'name-taken',
  about: 'of two objects that claim one name in AWS the second is Stalled, and gets it when the first went',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    {
      name: 'another object claims the service',
      act: ({ kube }) =>
        kube.create({ ...inlineService('shop/other:1', { serviceName: 'api' }), metadata: { name: 'other' } }),
    },
    {
      name: 'the first is deleted',
      when: 'resynced',
      act: async (hands) => {
        hands.kube.expectCondition('EcsService', 'other', { type: 'Stalled', status: 'True', reason: 'NameTaken' });
        hands.kube.expectCondition('EcsService', 'api', { type: 'Ready', status: 'True' });
        mustRun(hands, 'shop/api:1');
        await hands.kube.delete('EcsService', 'api');
      },
    },
  ],
  struckFrom: 'another object claims the service',
  ownHistory: 'how many revisions of the old object the new one meets depends on when it looks',
  ends: (hands) => {
    hands.kube.expectAllReady();
    must(hands.kube.object('EcsService', 'api') === undefined, 'the first is still there');
    must(JSON.stringify(serviceIn(hands).tags).includes('"other"'), 'the service is not that of the second');
    mustRun(hands, 'shop/other:1');
  },
};
