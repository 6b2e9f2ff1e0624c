import { mustHaveDeployed, mustRun } from './look.ts';
import { smallShop, template } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const failedThenFixed: Scenario = {
  name: 'failed-then-fixed',
  about: 'a deployment that fails and stays is Stalled, and the next image heals it',
  steps: [
    {
      name: 'everything is applied',
      act: ({ kube, aws }) => {
        aws.controls.addTaskRule({ match: { image: 'broken' }, fate: { kind: 'start-failure' } });
        const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: false } };
        return kube.create(...smallShop('shop/api:1', { deploymentConfiguration }));
      },
    },
    {
      name: 'an image is given that cannot start',
      act: ({ kube }) => kube.patch('EcsService', 'api', { spec: { taskDefinitionTemplate: template('shop/broken') } }),
    },
    {
      name: 'a good image is given',
      act: ({ kube }) => {
        kube.expectCondition('EcsService', 'api', { type: 'Stalled', status: 'True', reason: 'DeploymentFailed' });
        return kube.patch('EcsService', 'api', { spec: { taskDefinitionTemplate: template('shop/api:3') } });
      },
    },
  ],
  struckFrom: 'an image is given that cannot start',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:3');
    mustHaveDeployed(hands, 3);
  },
};
