import { livingOf } from '../judges/living.ts';
import type { Manifest } from '../world/person.ts';
import { must, mustHaveDeployed, mustRun } from './look.ts';
import { inlineService, smallShop } from './objects.ts';
import type { Hands, Scenario } from './scenario.ts';

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
  about:
    'of two clusters that claim the same names the first keeps them; the second says whose they are, and goes in peace',
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
    {
      name: 'it is deleted there',
      when: 'resynced',
      act: async ({ kube, other }) => {
        kube.expectAllReady();
        mustBeRefused(other);
        for (const { kind, metadata } of [...CLAIMED, DIRECT]) await other.delete(kind, metadata.name);
      },
    },
  ],
  struckFrom: 'the same is applied in another cluster',
  ownHistory: 'a service that one read did not show has a revision registered before AWS says that its name is taken',
  last: 'resynced',
  ends: (hands) => {
    const { kube, other, aws } = hands;
    kube.expectAllReady();
    must(other.objects().length === 0, 'the second cluster still has objects');
    for (const { arn, installation } of livingOf(aws.state())) {
      must(installation === kube.clusterUid(), `${arn} belongs to installation ${installation}`);
    }
    mustRun(hands, 'shop/api:1');
    mustHaveDeployed(hands, 1);
  },
};

function mustBeRefused(other: Hands['other']): void {
  for (const [kind, name] of [
    ['EcsCluster', 'shop'],
    ['CloudMapNamespace', 'local'],
    ['EcsService', 'direct'],
  ] as const) {
    other.expectCondition(kind, name, { type: 'Stalled', status: 'True', reason: 'OwnedByOtherInstallation' });
  }
  other.expectCondition('EcsService', 'api', { type: 'Ready', status: 'False', reason: 'RefNotReady' });
  other.expectCondition('CloudMapService', 'api', { type: 'Ready', status: 'False', reason: 'RefNotReady' });
}
