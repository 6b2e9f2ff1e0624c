import { livingOf } from '../judges/living.ts';
import type { Aws } from '../world/aws-hands.ts';
import type { Manifest } from '../world/person.ts';
import { activeImages, must, mustHaveDeployed, serviceIn } from './look.ts';
import { ACCOUNT, CLOUD_MAP_NAMESPACE, CLUSTER, inlineService, taskDefinition } from './objects.ts';
import type { Hands, Scenario } from './scenario.ts';

const ACCOUNT_WITH_CLUSTER: Manifest = { ...ACCOUNT, spec: { ...ACCOUNT.spec, clusters: ['shop'] } };
/** None refers to another: what waits for one that is contested is not looked at, and may be contested or not. */
const INDEPENDENT: readonly Manifest[] = [
  inlineService('shop/api:1', { clusterRef: undefined, cluster: 'shop' }),
  taskDefinition('shop/worker:1', 'worker'),
];

/** A Cloud Map service in a namespace that is nobody's. */
function registry(aws: Aws): Manifest {
  const id = aws.state().servicediscovery.namespaces.find(({ name }) => name === 'common')?.id;
  return { kind: 'CloudMapService', metadata: { name: 'api' }, spec: { namespaceId: id } };
}

export const twoClustersOneId: Scenario = {
  name: 'two-clusters-one-id',
  about: 'a cluster restored beside the old one, which still runs: both notice, both stop, and nothing is fought over',
  clusters: 2,
  settings: { installationId: 'shop' },
  before: ({ aws }) => void aws.call('servicediscovery', 'CreateHttpNamespace', { Name: 'common' }),
  steps: [
    {
      name: 'what is needed is applied',
      act: ({ kube }) => kube.create(ACCOUNT_WITH_CLUSTER, CLUSTER, CLOUD_MAP_NAMESPACE),
    },
    { name: 'and what needs it', act: ({ kube, aws }) => kube.create(...INDEPENDENT, registry(aws)) },
    {
      name: 'all of it is restored in another cluster, and both have looked again',
      act: async ({ other, aws, world }) => {
        await other.create(ACCOUNT_WITH_CLUSTER, CLUSTER, CLOUD_MAP_NAMESPACE, ...INDEPENDENT, registry(aws));
        await world.pass(330_000);
      },
    },
  ],
  struckFrom: 'all of it is restored in another cluster, and both have looked again',
  chance: {
    paths: /^(second-)?\w+\/shop\/\w+\.status\.(?!conditions\[(Ready|Synced|Stalled|Reconciling)|observedGeneration)/,
    why: 'what a status tells of something contested is from when its object last had it to itself, if ever',
  },
  ends: (hands) => {
    for (const { person } of hands.world.clusters) mustAllBeContested(person);
    const { length } = livingOf(hands.aws.state());
    must(length === 7, `there are ${length} things in AWS, not seven`);
    mustHaveDeployed(hands, 1);
    must(serviceIn(hands).status === 'ACTIVE', 'the service is gone');
    must(activeImages(hands) === 'shop/api:1,shop/worker:1', 'another revision was made, or one is gone');
  },
};

function mustAllBeContested(person: Hands['kube']): void {
  for (const { kind, metadata } of person.objects()) {
    if (kind === 'AwsAccount') continue;
    person.expectCondition(kind, metadata.name, { type: 'Stalled', status: 'True', reason: 'TwoOwners' });
  }
}
