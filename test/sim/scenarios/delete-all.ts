import { must, mustBeGone } from './look.ts';
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
  ends: (hands) => {
    const left = hands.kube.objects();
    must(left.length === 0, `still there: ${left.map(({ kind }) => kind).join(', ')}`);
    mustBeGone(hands);
  },
};
