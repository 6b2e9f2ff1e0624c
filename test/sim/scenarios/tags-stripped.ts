import { livingOf } from '../judges/living.ts';
import { must, mustHaveDeployed } from './look.ts';
import { SHOP } from './objects.ts';
import type { Scenario } from './scenario.ts';

const KEYS = ['installation', 'kind', 'namespace', 'name', 'uid'].map((name) => `ecs-operator.dev/${name}`);

export const tagsStripped: Scenario = {
  name: 'tags-stripped',
  about: 'tags of ours that somebody takes off come back; nothing is made anew',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) },
    {
      name: 'somebody takes our tags off everything',
      act: ({ aws }) => {
        for (const { arn, type } of livingOf(aws.state())) {
          if (type.startsWith('cloudMap')) {
            aws.call('servicediscovery', 'UntagResource', { ResourceARN: arn, TagKeys: KEYS });
          } else aws.call('ecs', 'UntagResource', { resourceArn: arn, tagKeys: KEYS });
        }
      },
    },
  ],
  struckFrom: 'somebody takes our tags off everything',
  last: 'resynced',
  ends: (hands) => {
    hands.kube.expectAllReady();
    const living = livingOf(hands.aws.state());
    must(living.length === 5, `there are ${living.length} things in AWS, not five`);
    for (const { arn, owner } of living) must(owner !== undefined, `${arn} lacks our tags`);
    mustHaveDeployed(hands, 1);
  },
};
