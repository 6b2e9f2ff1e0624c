import { mustShow, serviceIn, tagsOf } from './look.ts';
import { smallShop } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const driftReported: Scenario = {
  name: 'drift-reported',
  about: 'with policy.drift Report a change by others is told and left, and a change of the spec is applied',
  steps: [
    {
      name: 'everything is applied',
      act: ({ kube }) =>
        kube.create(
          ...smallShop('shop/api:1', { policy: { drift: 'Report' }, tags: [{ key: 'team', value: 'shop' }] }),
        ),
    },
    {
      name: 'somebody scales it in AWS',
      act: ({ aws }) => void aws.call('ecs', 'UpdateService', { cluster: 'shop', service: 'api', desiredCount: 5 }),
    },
    {
      name: 'the tag is changed',
      when: 'resynced',
      act: ({ kube }) => kube.patch('EcsService', 'api', { spec: { tags: [{ key: 'team', value: 'checkout' }] } }),
    },
  ],
  struckFrom: 'somebody scales it in AWS',
  last: 'resynced',
  ends: (hands) => {
    hands.kube.expectCondition('EcsService', 'api', { type: 'Drifted', status: 'True' });
    mustShow(serviceIn(hands), { desiredCount: 5 });
    mustShow(tagsOf(serviceIn(hands)), { team: 'checkout' });
  },
};
