import { SHOP, taskDefinition } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const withoutResync: Scenario = {
  name: 'without-resync',
  about: 'no change needs a resync to be noticed, and no failed call needs one to be tried again',
  settings: { resyncMs: 0 },
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) },
    {
      name: 'the image is changed',
      act: ({ kube }) => kube.patch('EcsTaskDefinition', 'api', { spec: taskDefinition('shop/api:2').spec ?? {} }),
    },
    {
      // What they count in their statuses is as of the last look, and there is no other one.
      name: 'cluster and Cloud Map service are touched',
      act: async ({ kube }) => {
        const touched = { metadata: { annotations: { 'example.com/look': 'again' } } };
        await kube.patch('EcsCluster', 'shop', touched);
        await kube.patch('CloudMapService', 'api', touched);
      },
    },
  ],
  ends: ({ kube, aws }) => {
    kube.expectAllReady();
    const [service] = aws.state().ecs.clusters[0]?.services ?? [];
    if (!service?.taskDefinition?.endsWith('api:2')) throw new Error('the service does not run the second revision');
  },
};
