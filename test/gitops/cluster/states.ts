import { elements, member } from '../../../src/devcluster/json.ts';
import {
  conditionOf,
  fargateService,
  fargateTask,
  type Kind,
  type Live,
  type World,
  waitFor,
} from '../../harness/world.ts';
import type { State } from './testdata.ts';

/** What the tests of states work with. */
export interface Stage {
  readonly world: World;
  /** The AwsAccount that everything uses. */
  readonly account: string;
  keep(state: State): Promise<void>;
}

/** One of each kind, linked. */
export const ALL = [
  ['EcsCluster', 'main'],
  ['CloudMapNamespace', 'local'],
  ['CloudMapService', 'web'],
  ['EcsTaskDefinition', 'web'],
  ['EcsService', 'web'],
  ['AwsAccount', 'production'],
] as const satisfies readonly (readonly [Kind, string])[];

const PAUSED = 'ecs-operator.dev/paused';
const BREAKER = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };

/** What is declared; `change` is merged in. */
export async function declare(world: World, kind: Kind, change: object = {}): Promise<Live> {
  const with_ = (name: string, spec: object) => world.apply(kind, name, { ...spec, ...change });
  switch (kind) {
    case 'EcsCluster':
      return with_('main', { capacityProviders: ['FARGATE'], tags: [{ key: 'team', value: 'shop' }] });
    case 'CloudMapNamespace':
      return with_('local', { type: 'DNS_PRIVATE', name: 'shop.local', vpc: 'vpc-0a1b2c3d4e5f67890' });
    case 'CloudMapService':
      return with_('web', { namespaceRef: { name: 'local' }, dnsConfig: { dnsRecords: [{ type: 'A', ttl: 15 }] } });
    case 'EcsTaskDefinition':
      return with_('web', fargateTask('app:1'));
    case 'EcsService':
      return with_('web', {
        ...fargateService('web'),
        ...BREAKER,
        serviceRegistries: [{ cloudMapServiceRef: { name: 'web' } }],
      });
    case 'AwsAccount':
      return with_('production', {
        region: 'eu-central-1',
        accountId: '123456789012',
        allowedNamespaces: { names: [world.namespace] },
        passRoleArns: ['arn:aws:iam::123456789012:role/app'],
      });
    default:
      return kind satisfies never;
  }
}

/** A change that is due in AWS, of each kind that has something there. */
const CHANGES = {
  EcsService: { desiredCount: 2 },
  EcsTaskDefinition: fargateTask('app:3'),
  CloudMapService: { description: 'where the web is' },
  CloudMapNamespace: { description: 'where the shop is' },
  EcsCluster: { tags: [{ key: 'team', value: 'platform' }] },
  AwsAccount: { clusters: ['shared'] },
} as const satisfies Record<Kind, object>;

/** Nobody has looked yet. */
export async function asApplied({ world, keep }: Stage): Promise<void> {
  const words = 'Waiting for the operator';
  for (const [kind] of ALL) {
    const live = await declare(world, kind);
    await keep({ kind, file: 'progressing_noStatus', health: 'Progressing', says: { words }, live });
  }
}

/** All is well. */
export async function wellDone({ world, keep }: Stage): Promise<void> {
  for (const [kind, name] of ALL) {
    const live = await world.ready(kind, name);
    await keep({ kind, file: 'healthy', health: 'Healthy', says: 'Ready', live });
  }
}

/** A rollout, held in the middle. */
export async function rollingOut({ world, keep }: Stage): Promise<void> {
  const { ecs } = world.fake.fake.region();
  ecs.hold({ cluster: 'main', service: 'web' });
  await declare(world, 'EcsTaskDefinition', fargateTask('app:2'));
  for (const [kind, reason] of [
    ['EcsService', 'RollingOut'],
    ['EcsTaskDefinition', 'ServicesRolling'],
  ] as const) {
    const live = await world.condition(kind, 'web', 'Reconciling', { reason });
    await keep({ kind, file: 'progressing_rollingOut', health: 'Progressing', says: 'Reconciling', live });
  }
  ecs.release({ cluster: 'main', service: 'web' });
  await declare(world, 'EcsTaskDefinition');
  await world.ready('EcsService', 'web');
}

/** A rollout that AWS took back. */
export async function rolledBack({ world, keep }: Stage): Promise<void> {
  const { ecs } = world.fake.fake.region();
  const reason = 'CannotPullContainerError: pull image manifest has been retried 5 time(s): app:broken: not found';
  const rule = ecs.addTaskRule({ match: { image: 'app:broken' }, fate: { kind: 'start-failure', reason } });
  await declare(world, 'EcsTaskDefinition', fargateTask('app:broken'));
  const service = await waitFor(() => world.get('EcsService', 'web'), {
    describe: 'the service is rolled back, with what its tasks died of',
    until: (seen) =>
      conditionOf(seen, 'Stalled')?.reason === 'RolledBack' && elements(seen?.status?.recentFailures).length > 0,
  });
  if (service === undefined) throw new Error('the service is gone');
  await keep({ kind: 'EcsService', file: 'degraded_rolledBack', health: 'Degraded', says: 'Stalled', live: service });
  const live = await world.condition('EcsTaskDefinition', 'web', 'Stalled', { reason: 'ServiceStalled' });
  await keep({ kind: 'EcsTaskDefinition', file: 'degraded_serviceStalled', health: 'Degraded', says: 'Stalled', live });
  ecs.removeTaskRule(rule);
  await declare(world, 'EcsTaskDefinition');
  await world.ready('EcsService', 'web');
  await world.ready('EcsTaskDefinition', 'web');
}

/** What only a person can put right, before anything is made. */
export async function refused({ world, account, keep }: Stage): Promise<void> {
  const stalled = async (kind: Kind, name: string, reason: string) => {
    const live = await world.condition(kind, name, 'Stalled', { status: 'True', reason });
    const file = `degraded_${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
    await keep({ kind, file, health: 'Degraded', says: 'Stalled', live });
  };
  world.aws('ecs', 'CreateCluster', { clusterName: 'theirs' });
  world.aws('servicediscovery', 'CreateHttpNamespace', { Name: 'theirs' });
  await waitFor(() => elements(world.aws('servicediscovery', 'ListNamespaces', {}).Namespaces), {
    describe: 'the namespace of somebody else',
    until: (all) => all.some((one) => member(one, 'Name') === 'theirs'),
  });
  const accountRef = { name: account };
  await world.apply('EcsCluster', 'theirs', { accountRef });
  await stalled('EcsCluster', 'theirs', 'NotOwned');
  await world.apply('CloudMapNamespace', 'theirs', { accountRef, type: 'HTTP', name: 'theirs' });
  await stalled('CloudMapNamespace', 'theirs', 'NotOwned');

  const message = 'DNS record type A cannot be combined with this routing policy.';
  const operation = 'CreateService';
  world.fake.faults.add({ kind: 'fail', service: 'servicediscovery', operation, code: 'InvalidInput', message });
  const dnsConfig = { dnsRecords: [{ type: 'A', ttl: 15 }] };
  await world.apply('CloudMapService', 'refused', { accountRef, namespaceRef: { name: 'local' }, dnsConfig });
  await stalled('CloudMapService', 'refused', 'Refused');
  world.fake.faults.clear();

  const allowedNamespaces = { names: [world.namespace] };
  await world.apply('AwsAccount', 'mistaken', { region: 'eu-central-1', accountId: '999999999999', allowedNamespaces });
  await stalled('AwsAccount', 'mistaken', 'AccountMismatch');
}

/** What waits for something else. */
export async function waiting({ world, account, keep }: Stage): Promise<void> {
  const waits = async (kind: Kind, name: string, reason: string) => {
    const live = await world.condition(kind, name, 'Reconciling', { status: 'True', reason });
    const file = `progressing_${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
    await keep({ kind, file, health: 'Progressing', says: 'Reconciling', live });
  };
  const accountRef = { name: 'not-yet' };
  await world.apply('EcsCluster', 'waiting', { accountRef });
  await waits('EcsCluster', 'waiting', 'AccountNotFound');
  await world.apply('CloudMapNamespace', 'waiting', { accountRef, type: 'HTTP' });
  await waits('CloudMapNamespace', 'waiting', 'AccountNotFound');
  await world.apply('CloudMapService', 'waiting', { accountRef: { name: account }, namespaceRef: { name: 'not-yet' } });
  await waits('CloudMapService', 'waiting', 'RefNotFound');
  world.fake.faults.add({ kind: 'fail', service: 'sts', code: 'ServiceUnavailable', status: 503 });
  await world.apply('AwsAccount', 'unreachable', { region: 'eu-central-1', allowedNamespaces: { names: ['shop'] } });
  await waits('AwsAccount', 'unreachable', 'AwsUnavailable');
  world.fake.faults.clear();
  const codeDeploy = { type: 'CODE_DEPLOY' };
  const live = await world.apply('EcsService', 'code-deploy', {
    ...fargateService('not-yet'),
    deploymentController: codeDeploy,
  });
  const seen = await world.condition('EcsService', live.metadata.name, 'Reconciling', { status: 'True' });
  const file = 'progressing_codeDeploy';
  await keep({ kind: 'EcsService', file, health: 'Progressing', says: 'Reconciling', live: seen });
  await world.delete('EcsService', 'code-deploy');
  await world.gone('EcsService', 'code-deploy');
}

/** Paused, by annotation with a change that is due, and by the spec. */
export async function paused({ world, keep }: Stage): Promise<void> {
  const annotate = (kind: Kind, name: string, value: string | null) =>
    world.patch(kind, name, { metadata: { annotations: { [PAUSED]: value } } });
  for (const kind of [
    'EcsService',
    'EcsTaskDefinition',
    'CloudMapService',
    'CloudMapNamespace',
    'EcsCluster',
  ] as const) {
    const [, name = ''] = ALL.find((one) => one[0] === kind) ?? [];
    await annotate(kind, name, 'true');
    await declare(world, kind, CHANGES[kind]);
    const live = await world.condition(kind, name, 'Ready', { reason: 'Paused' });
    await keep({ kind, file: 'suspended_paused', health: 'Suspended', says: 'Ready', live });
    await annotate(kind, name, null);
    await declare(world, kind);
    await world.ready(kind, name);
  }
  const live = await annotate('AwsAccount', 'production', 'true');
  const words = { words: `Paused; ${conditionOf(live, 'Ready')?.message}` };
  await keep({ kind: 'AwsAccount', file: 'suspended_paused', health: 'Suspended', says: words, live });
  await annotate('AwsAccount', 'production', null);

  await declare(world, 'EcsService', { policy: { paused: true } });
  const service = await world.condition('EcsService', 'web', 'Ready');
  const bySpec = { words: `Paused; ${conditionOf(service, 'Ready')?.message}` };
  const file = 'suspended_pausedBySpec';
  await keep({ kind: 'EcsService', file, health: 'Suspended', says: bySpec, live: service });
  await declare(world, 'EcsService');
  await world.ready('EcsService', 'web');
}

/** Changed in AWS by somebody, and left so by policy. */
export async function drifted({ world, keep }: Stage): Promise<void> {
  await declare(world, 'EcsService', { policy: { drift: 'Report' } });
  await world.ready('EcsService', 'web');
  world.aws('ecs', 'UpdateService', { cluster: 'main', service: 'web', desiredCount: 3 });
  await world.patch('EcsService', 'web', { metadata: { annotations: { 'ecs-operator.dev/look': 'now' } } });
  const live = await waitFor(() => world.get('EcsService', 'web'), {
    describe: 'the drift is told, and the tasks that it brings run',
    until: (seen) => conditionOf(seen, 'Ready')?.reason === 'DriftReported' && !conditionOf(seen, 'Reconciling'),
  });
  if (live === undefined) throw new Error('the service is gone');
  await keep({ kind: 'EcsService', file: 'suspended_driftReported', health: 'Suspended', says: 'Ready', live });
  await declare(world, 'EcsService');
  await world.ready('EcsService', 'web');
}

/** A change that the operator has not seen: the conditions speak of what was before. The operator must not run. */
export async function stale({ world, keep }: Stage): Promise<void> {
  const words = 'Waiting for the operator to take up the last change';
  for (const [kind] of ALL) {
    const live = await declare(world, kind, CHANGES[kind]);
    await keep({ kind, file: 'progressing_earlierGeneration', health: 'Progressing', says: { words }, live });
  }
}

/** Being deleted: in use, protected, on its way. */
export async function deleting({ world, keep }: Stage): Promise<void> {
  await world.ready('EcsService', 'web');
  const PROTECTED = 'ecs-operator.dev/deletion-protected';
  for (const [kind, name] of ALL) {
    if (kind === 'EcsService') continue;
    await world.delete(kind, name);
    const live = await world.condition(kind, name, 'Reconciling', { reason: 'InUse' });
    await keep({ kind, file: 'progressing_deleting', health: 'Progressing', says: 'Reconciling', live });
  }
  await world.patch('EcsService', 'web', { metadata: { annotations: { [PROTECTED]: 'true' } } });
  await world.delete('EcsService', 'web');
  const held = await world.condition('EcsService', 'web', 'Ready', { reason: 'DeletionProtected' });
  const file = 'suspended_deletionProtected';
  await keep({ kind: 'EcsService', file, health: 'Suspended', says: 'Ready', live: held });
  world.fake.fake.region().ecs.hold({ cluster: 'main', service: 'web' });
  await world.patch('EcsService', 'web', { metadata: { annotations: { [PROTECTED]: null } } });
  const live = await world.condition('EcsService', 'web', 'Reconciling', { reason: 'Deleting' });
  await keep({ kind: 'EcsService', file: 'progressing_deleting', health: 'Progressing', says: 'Reconciling', live });
  world.fake.fake.region().ecs.release({ cluster: 'main', service: 'web' });
  await world.gone('EcsService', 'web');
}
