import { SHOP, taskDefinition } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const imageChange: Scenario = {
  name: 'image-change',
  about: 'a new image makes one new revision and one new deployment, and the old revision stays for a rollback',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) },
    {
      name: 'the image is changed',
      act: ({ kube }) => kube.patch('EcsTaskDefinition', 'api', { spec: taskDefinition('shop/api:2').spec ?? {} }),
    },
  ],
  struckFrom: 'the image is changed',
  ends: ({ kube, aws }) => {
    kube.expectAllReady();
    const { clusters, taskDefinitions } = aws.state().ecs;
    if (taskDefinitions.length !== 2) throw new Error(`there are ${taskDefinitions.length} revisions, not two`);
    const [service] = clusters[0]?.services ?? [];
    if (!service?.taskDefinition?.endsWith('api:2')) throw new Error('the service does not run the second revision');
    if (service.serviceDeployments.length !== 2) throw new Error('there was not exactly one new deployment');
  },
};
