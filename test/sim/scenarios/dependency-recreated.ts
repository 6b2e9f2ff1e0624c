import { mustHaveDeployed, mustRun } from './look.ts';
import { SHOP, taskDefinition } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const dependencyRecreated: Scenario = {
  name: 'dependency-recreated',
  about: 'a task definition that is let go and comes back with another UID is followed, with one rollout',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) },
    {
      name: 'the task definition is let go',
      act: async ({ kube }) => {
        await kube.patch('EcsTaskDefinition', 'api', { spec: { policy: { deletion: 'Retain' } } });
        await kube.delete('EcsTaskDefinition', 'api');
      },
    },
    {
      name: 'it is created again, with another image',
      when: { after: 20_000 },
      act: async ({ kube }) => {
        // In a run in which a fault held it up, a person would take the finalizer away.
        if (kube.object('EcsTaskDefinition', 'api') !== undefined) {
          await kube.patch('EcsTaskDefinition', 'api', { metadata: { finalizers: null } });
        }
        await kube.create(taskDefinition('shop/api:2'));
      },
    },
  ],
  struckFrom: 'the task definition is let go',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:2');
    mustHaveDeployed(hands, 2);
  },
};
