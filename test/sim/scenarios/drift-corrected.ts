import { clusterIn, must, mustRun, mustShow, serviceIn, tagsOf } from './look.ts';
import { smallShop, template } from './objects.ts';
import type { Scenario } from './scenario.ts';

const PLACE = { cluster: 'shop', service: 'api' };

export const driftCorrected: Scenario = {
  name: 'drift-corrected',
  about: 'what somebody changes in AWS behind our back is set back: count, tags, settings, task definition',
  steps: [
    {
      name: 'everything is applied',
      act: ({ kube }) => kube.create(...smallShop('shop/api:1', { tags: [{ key: 'team', value: 'shop' }] })),
    },
    {
      name: 'somebody changes everything in AWS',
      act: ({ aws }) => {
        aws.call('ecs', 'RegisterTaskDefinition', {
          ...template('theirs:1'),
          family: 'theirs',
          cpu: '256',
          memory: '512',
        });
        aws.call('ecs', 'UpdateService', { ...PLACE, desiredCount: 7, taskDefinition: 'theirs:1' });
        const resourceArn = String(serviceIn({ aws }).serviceArn);
        aws.call('ecs', 'TagResource', { resourceArn, tags: [{ key: 'team', value: 'theirs' }] });
        aws.controls.patchCluster('shop', { settings: [{ name: 'containerInsights', value: 'disabled' }] });
      },
    },
  ],
  struckFrom: 'somebody changes everything in AWS',
  last: 'resynced',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:1');
    mustShow(serviceIn(hands), { desiredCount: 2, runningCount: 2 });
    mustShow(tagsOf(serviceIn(hands)), { team: 'shop' });
    mustShow(clusterIn(hands), { settings: [{ name: 'containerInsights', value: 'enabled' }] });
    const ours = hands.aws.state().ecs.taskDefinitions.filter(({ family }) => family === 'api');
    must(ours.length === 1, 'another revision was made');
  },
};
