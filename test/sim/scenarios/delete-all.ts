import { SHOP } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const deleteAll: Scenario = {
  name: 'delete-all',
  about: 'deleting everything at once takes everything out of AWS, in the right order, and then the objects go',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) },
    {
      name: 'everything is deleted',
      act: async ({ kube }) => {
        for (const { kind, metadata } of SHOP) await kube.delete(kind, metadata.name);
      },
    },
  ],
  struckFrom: 'everything is deleted',
  ends: ({ kube, aws }) => {
    const left = kube.objects();
    if (left.length > 0) throw new Error(`still there: ${left.map(({ kind }) => kind).join(', ')}`);
    const { ecs, servicediscovery } = aws.state();
    const living = [
      ...ecs.clusters.filter(({ status }) => status !== 'INACTIVE').map(({ clusterArn }) => clusterArn),
      ...ecs.taskDefinitions.filter(({ status }) => status === 'ACTIVE').map((one) => one.taskDefinitionArn),
      ...servicediscovery.namespaces.map(({ arn }) => arn),
      ...servicediscovery.services.map(({ arn }) => arn),
    ];
    if (living.length > 0) throw new Error(`still in AWS: ${living.join(', ')}`);
  },
};
