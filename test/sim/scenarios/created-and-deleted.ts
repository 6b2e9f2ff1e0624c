import { mustBeGone } from './look.ts';
import { SHOP } from './objects.ts';
import type { Hands, Scenario } from './scenario.ts';

export const createdAndDeleted: Scenario = {
  name: 'created-and-deleted',
  about: 'what is deleted while it is still being made leaves nothing behind',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) },
    ...[
      ['EcsTaskDefinition', 'api', 12],
      ['EcsCluster', 'shop', 140],
      ['CloudMapNamespace', 'local', 300],
      ['CloudMapService', 'api', 5_000],
      ['EcsService', 'api', 5_000],
      ['AwsAccount', 'default', 5],
    ].map(([kind, name, after]) => ({
      name: `${kind} ${name} is deleted`,
      when: { after: Number(after) },
      act: ({ kube }: Hands) => kube.delete(String(kind), String(name)),
    })),
  ],
  ends: mustBeGone,
};
