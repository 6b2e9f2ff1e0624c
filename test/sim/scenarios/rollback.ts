import { activeImages, must, mustHaveDeployed, mustRun } from './look.ts';
import { smallShop, template } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const rollback: Scenario = {
  name: 'rollback',
  about: 'what the circuit breaker rolled back is told and tried once, not again',
  steps: [
    {
      name: 'everything is applied',
      act: ({ kube, aws }) => {
        aws.controls.addTaskRule({ match: { image: 'broken' }, fate: { kind: 'start-failure' } });
        const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
        return kube.create(...smallShop('shop/api:1', { deploymentConfiguration }));
      },
    },
    {
      name: 'an image is given that cannot start',
      act: ({ kube }) => kube.patch('EcsService', 'api', { spec: { taskDefinitionTemplate: template('shop/broken') } }),
    },
  ],
  struckFrom: 'an image is given that cannot start',
  last: 'resynced',
  ownHistory: 'whether the operator sees the new revision in AWS before it is rolled back depends on when it looks',
  ends: (hands) => {
    hands.kube.expectCondition('EcsService', 'api', { type: 'Stalled', status: 'True', reason: 'RolledBack' });
    mustRun(hands, 'shop/api:1');
    mustHaveDeployed(hands, 2);
    must(activeImages(hands) === 'shop/api:1,shop/broken', `ACTIVE are ${activeImages(hands)}`);
  },
};
