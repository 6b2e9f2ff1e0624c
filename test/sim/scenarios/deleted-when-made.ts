import { mustBeGone } from './look.ts';
import { CLUSTER } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const deletedWhenMade: Scenario = {
  name: 'deleted-when-made',
  about: "what is deleted when it has just been made is deleted in AWS too, though AWS's reads may not show it yet",
  steps: [
    { name: 'a cluster is declared', act: ({ kube }) => kube.create(CLUSTER) },
    { name: 'it is deleted', when: { after: 600 }, act: ({ kube }) => kube.delete('EcsCluster', 'shop') },
  ],
  ends: mustBeGone,
};
