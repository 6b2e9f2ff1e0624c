import { ACCOUNT, SHOP } from './objects.ts';
import type { Scenario } from './scenario.ts';

const OTHER = { ...ACCOUNT, metadata: { name: 'west' }, spec: { ...ACCOUNT.spec, region: 'eu-west-1' } };

export const accountByAnnotation: Scenario = {
  name: 'account-by-annotation',
  about: 'what is applied right after its namespace was given another account is made there, and nowhere else',
  steps: [
    { name: 'two accounts are applied', act: ({ kube }) => kube.create(ACCOUNT, OTHER) },
    {
      name: 'the namespace is given the second, and everything is applied',
      when: { after: 5_000 },
      act: async ({ kube }) => {
        const annotations = { 'ecs-operator.dev/account': OTHER.metadata.name };
        await kube.patch('Namespace', 'shop', { metadata: { annotations } });
        await kube.create(...SHOP.filter((manifest) => manifest !== ACCOUNT));
      },
    },
  ],
  // What was made in the first would be stalled by now: an account cannot be changed.
  ends: ({ kube }) => kube.expectAllReady(),
};
