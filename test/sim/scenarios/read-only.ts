import { must } from './look.ts';
import { ACCOUNT, CLOUD_MAP_NAMESPACE, CLUSTER, taskDefinition } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const readOnly: Scenario = {
  name: 'read-only',
  about: 'with --read-only nothing at all happens in AWS, and the objects say what would',
  settings: { readOnly: true },
  steps: [
    {
      name: 'everything is applied',
      act: ({ kube }) => kube.create(ACCOUNT, CLUSTER, CLOUD_MAP_NAMESPACE, taskDefinition('shop/api:1')),
    },
  ],
  last: 'resynced',
  ends: ({ aws, kube }) => {
    const { ecs, servicediscovery } = aws.state();
    const made = [ecs.clusters, ecs.taskDefinitions, servicediscovery.namespaces, servicediscovery.services].flat();
    must(made.length === 0, `in AWS there is ${JSON.stringify(made)}`);
    kube.expectCondition('EcsCluster', 'shop', { type: 'Ready', status: 'False' });
  },
};
