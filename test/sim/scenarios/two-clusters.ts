import { livingOf } from '../judges/living.ts';
import type { Manifest } from '../world/person.ts';
import { must, mustHaveDeployed, mustRun } from './look.ts';
import { inlineService, smallShop } from './objects.ts';
import type { Scenario } from './scenario.ts';

/** Everything whose name AWS gives once: private DNS namespaces of one name may stand beside each other. */
export const CLAIMED: readonly Manifest[] = [
  ...smallShop(),
  { kind: 'CloudMapNamespace', metadata: { name: 'local' }, spec: { type: 'HTTP', name: 'shop.local' } },
  { kind: 'CloudMapService', metadata: { name: 'api' }, spec: { namespaceRef: { name: 'local' } } },
];

/** A service that names the first cluster's ECS cluster, without an object for it. */
const DIRECT: Manifest = {
  ...inlineService('shop/other:1', { clusterRef: undefined, cluster: 'shop', serviceName: 'api' }),
  metadata: { name: 'direct' },
};

export const twoClusters: Scenario = {
  name: 'two-clusters',
  about: 'of two clusters that claim the same names the first keeps them, and the second says whose they are',
  clusters: 2,
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...CLAIMED) },
    {
      name: 'the same is applied in another cluster',
      act: async ({ other }) => {
        await other.create(...CLAIMED, DIRECT);
        await other.patch('AwsAccount', 'default', { spec: { clusters: ['shop'] } });
      },
    },
  ],
  struckFrom: 'the same is applied in another cluster',
  last: 'resynced',
  chance: {
    paths: /^second-\w+\/shop\/\w+\.status\.(?!conditions|observedGeneration)/,
    why: 'what was intended before it turned out whose the name is stays in the status; it depends on what was read',
  },
  ends: (hands) => {
    const { kube, other, aws } = hands;
    kube.expectAllReady();
    for (const [kind, name] of [
      ['EcsCluster', 'shop'],
      ['CloudMapNamespace', 'local'],
      ['EcsService', 'direct'],
    ] as const) {
      other.expectCondition(kind, name, { type: 'Stalled', status: 'True', reason: 'OwnedByOtherInstallation' });
    }
    other.expectCondition('EcsService', 'api', { type: 'Ready', status: 'False', reason: 'RefNotReady' });
    other.expectCondition('CloudMapService', 'api', { type: 'Ready', status: 'False', reason: 'RefNotReady' });
    for (const { arn, installation } of livingOf(aws.state())) {
      must(installation === kube.clusterUid(), `${arn} belongs to installation ${installation}`);
    }
    mustRun(hands, 'shop/api:1');
    mustHaveDeployed(hands, 1);
  },
};
