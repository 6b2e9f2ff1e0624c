import { mustHaveDeployed, mustRun } from './look.ts';
import { smallShop, template } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const grantTaken: Scenario = {
  name: 'grant-taken',
  about:
    'without its account’s grant an object changes nothing in AWS; with it again, what was asked meanwhile is done',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop()) },
    {
      name: 'the account refuses the namespace',
      act: ({ kube }) => kube.patch('AwsAccount', 'default', { spec: { allowedNamespaces: { names: ['others'] } } }),
    },
    {
      name: 'the image is changed',
      act: ({ kube }) => {
        const reason = 'AccountNotPermitted';
        kube.expectCondition('EcsService', 'api', { type: 'Stalled', status: 'True', reason });
        return kube.patch('EcsService', 'api', { spec: { taskDefinitionTemplate: template('shop/api:2') } });
      },
    },
    {
      name: 'the account allows it again',
      when: 'resynced',
      act: async (hands) => {
        mustRun(hands, 'shop/api:1');
        await hands.kube.patch('AwsAccount', 'default', { spec: { allowedNamespaces: { names: ['shop'] } } });
      },
    },
  ],
  struckFrom: 'the account refuses the namespace',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:2');
    mustHaveDeployed(hands, 2);
  },
};
