import { SHOP } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const createAll: Scenario = {
  name: 'create-all',
  about: 'one apply of every kind makes everything in AWS, once, and everything becomes Ready',
  steps: [{ name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) }],
  ends: ({ kube, aws }) => {
    kube.expectAllReady();
    const [cluster] = aws.state().ecs.clusters;
    if (cluster?.services.length !== 1) throw new Error('there is not exactly one service');
    if (cluster.services[0]?.deployments.length !== 1) throw new Error('there is not exactly one deployment');
  },
};
