import {
  ACCOUNT,
  CLOUD_MAP_NAMESPACE,
  CLOUD_MAP_SERVICE,
  CLUSTER,
  SERVICE,
  SHOP,
  TARGET_GROUP,
  taskDefinition,
} from '../scenarios/objects.ts';
import type { Manifest } from '../world/person.ts';
import { NOT_TAKEN } from './expected.ts';
import type { Leaf } from './leaves.ts';

const ROLE = 'arn:aws:iam::123456789012:role/shop-one';
const EC2 = { requiresCompatibilities: ['EC2'], networkMode: 'bridge' };
const BALANCED = { loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: 'main', containerPort: 80 }] };

/** What else the spec says, for leaves that AWS takes with it only: by the beginning of their names. The longest counts. */
const WITH: readonly (readonly [beginning: string, spec: object])[] = [
  ['EcsCluster.defaultCapacityProviderStrategy', { capacityProviders: ['FARGATE', 'FARGATE_SPOT'] }],
  ['EcsTaskDefinition', { executionRoleArn: ROLE }],
  ...[
    'containerDefinitions.links',
    'containerDefinitions.privileged',
    'containerDefinitions.resourceRequirements',
    'networkMode',
    'volumes.host',
    'volumes.dockerVolumeConfiguration',
    'placementConstraints',
    'ipcMode',
    'containerDefinitions.portMappings.hostPort',
  ].map((name): [string, object] => [`EcsTaskDefinition.${name}`, EC2]),
  ...['mountPoints', 'volumesFrom'].map((name): [string, object] => [
    `EcsTaskDefinition.containerDefinitions.${name}`,
    { volumes: [{ name: 'data' }, { name: 'more' }] },
  ]),
  ['EcsService.healthCheckGracePeriodSeconds', BALANCED],
  ['EcsService.capacityProviderStrategy', { launchType: undefined }],
  ['CloudMapService.healthCheckConfig', { healthCheckCustomConfig: undefined }],
];

/** Route 53 asks tasks of public namespaces only. */
const PUBLIC: Manifest = { ...CLOUD_MAP_NAMESPACE, spec: { type: 'DNS_PUBLIC', name: 'shop.example' } };

/** What is applied where the leaf is tried: as much as shows it. */
export function surroundingsOf({ kind, name }: Leaf): readonly Manifest[] {
  const [, more = {}] = WITH.filter(([beginning]) => name.startsWith(beginning)).at(-1) ?? [];
  const enriched = (manifest: Manifest): Manifest =>
    manifest.kind === kind ? { ...manifest, spec: { ...manifest.spec, ...more } } : manifest;
  switch (kind) {
    case 'EcsTaskDefinition':
      return [ACCOUNT, taskDefinition('shop/api:1')].map(enriched);
    case 'EcsCluster':
      return [ACCOUNT, CLUSTER].map(enriched);
    case 'CloudMapNamespace':
      return [ACCOUNT, CLOUD_MAP_NAMESPACE].map(enriched);
    case 'CloudMapService':
      return [ACCOUNT, name.includes('.healthCheckConfig.') ? PUBLIC : CLOUD_MAP_NAMESPACE, CLOUD_MAP_SERVICE].map(
        enriched,
      );
    default:
      return [
        ...SHOP.filter((one) => one.kind !== 'EcsTaskDefinition' && one !== SERVICE),
        definitionFor(name),
        SERVICE,
      ].map(enriched);
  }
}

/** What the service runs: with what Service Connect, load balancers and ECS Exec need. */
function definitionFor(name: string): Manifest {
  const base = taskDefinition('shop/api:1');
  const container = {
    name: 'main',
    image: 'shop/api:1',
    portMappings: [
      { containerPort: 80, name: 'web', appProtocol: 'http' },
      { containerPort: 81, name: 'admin', appProtocol: 'http' },
    ],
  };
  const log = { name: 'log', image: 'shop/log:1', portMappings: [{ containerPort: 82 }] };
  const volumes = name.startsWith('EcsService.volumeConfigurations')
    ? { volumes: [{ name: 'data', configuredAtLaunch: true }] }
    : {};
  return {
    ...base,
    spec: {
      ...base.spec,
      taskRoleArn: ROLE,
      executionRoleArn: ROLE,
      containerDefinitions: [container, log],
      ...volumes,
    },
  };
}

/** Everything at once, for sequences of changes. */
export const COMMON_SHOP: readonly Manifest[] = [
  ...SHOP.filter((one) => one.kind !== 'EcsTaskDefinition' && one !== SERVICE),
  definitionFor('EcsService'),
  SERVICE,
];

/** Whether AWS takes the leaf in that shop, in both its values. */
export function isTakenInShop({ kind, name }: Leaf): boolean {
  const needsMore = WITH.some(([beginning]) => beginning !== kind && name.startsWith(beginning));
  return !needsMore && NOT_TAKEN[name] === undefined && !name.startsWith('EcsService.volumeConfigurations');
}
