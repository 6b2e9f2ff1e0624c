import { mustBeGone } from './look.ts';
import { SHOP } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const deleteNamespace: Scenario = {
  name: 'delete-namespace',
  about: 'a namespace that is deleted takes everything with it out of AWS, and does not hang',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) },
    { name: 'the namespace is deleted', act: ({ kube }) => kube.delete('Namespace', 'shop') },
  ],
  struckFrom: 'the namespace is deleted',
  ends: mustBeGone,
};
