import { must, mustRun } from './look.ts';
import { SHOP } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const retain: Scenario = {
  name: 'retain',
  about: 'with deletion Retain the objects go and all of AWS stays and runs on',
  steps: [
    {
      name: 'everything is applied, to be retained',
      act: ({ kube }) =>
        kube.create(
          ...SHOP.map((one) =>
            one.kind === 'AwsAccount' ? one : { ...one, spec: { ...one.spec, policy: { deletion: 'Retain' } } },
          ),
        ),
    },
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
    mustRun(hands, 'shop/api:1');
    const { namespaces, services } = hands.aws.state().servicediscovery;
    must(namespaces.length === 1 && services.length === 1, 'Cloud Map does not have all of it any more');
  },
  exempt: { orphans: 'what is retained has no object any more: that is what was asked for' },
};
