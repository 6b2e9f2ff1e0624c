import { afterAll, beforeAll, expect, test } from 'vitest';
import { elements, member } from '../../src/devcluster/json.ts';
import { type OwnControlPlane, ownControlPlane, uniqueName } from '../harness/control-plane.ts';
import { installCrds } from '../harness/crds.ts';
import { applyWhole, holdings, nudge, readyWhole, templateService, WHOLE } from '../harness/whole.ts';
import { conditionOf, fargateService, fargateTask, World, waitFor } from '../harness/world.ts';

// AwsAccounts and CRDs are nobody's namespace's: they must not be in other tests' way.
let cluster: OwnControlPlane;
beforeAll(async () => {
  cluster = await ownControlPlane();
});
afterAll(() => cluster.stop());

const PROTECTED = 'ecs-operator.dev/deletion-protected';
const PAUSED = 'ecs-operator.dev/paused';

/** Annotates something that is not one of our objects; null takes an annotation off. */
async function annotateNamespace(world: World, annotations: Readonly<Record<string, string | null>>): Promise<void> {
  await world.cluster.client.request({
    method: 'PATCH',
    path: `/api/v1/namespaces/${world.namespace}`,
    contentType: 'application/merge-patch+json',
    body: { metadata: { annotations } },
  });
}

/** An AwsAccount of this world's own, which its namespace uses; gone at the end. */
async function withAccount(world: World): Promise<{ readonly name: string } & AsyncDisposable> {
  const name = uniqueName('account');
  const grants = { passRoleArns: ['*'], clusters: ['*'], allowedNamespaces: { names: [world.namespace] } };
  await world.apply('AwsAccount', name, { region: 'eu-central-1', ...grants });
  await annotateNamespace(world, { 'ecs-operator.dev/account': name });
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await world.delete('AwsAccount', name);
      await world.patch('AwsAccount', name, { metadata: { finalizers: null } }).catch(() => {});
    },
  };
}

test('what is protected is not deleted in AWS: by annotation of the object, its Namespace or its AwsAccount', async () => {
  await using world = await World.start({ cluster });
  await using account = await withAccount(world);
  await applyWhole(world);
  await readyWhole(world);
  const before = holdings(world);
  await world.patch('EcsService', 'web', { metadata: { annotations: { [PROTECTED]: 'true' } } });
  await annotateNamespace(world, { [PROTECTED]: '' });
  await world.patch('AwsAccount', account.name, { metadata: { annotations: { [PROTECTED]: 'true' } } });
  const since = world.mark();
  for (const [kind, name] of WHOLE) await world.delete(kind, name);
  const held = async (where: string) => {
    const object = await waitFor(() => world.get('EcsService', 'web'), {
      describe: `held by ${where}`,
      until: (seen) => conditionOf(seen, 'Ready')?.message.startsWith(`${where} is annotated`) === true,
    });
    expect(conditionOf(object, 'Ready')).toMatchObject({ status: 'False', reason: 'DeletionProtected' });
    expect(conditionOf(object, 'Ready')?.message).toContain('would DeleteService');
  };

  await held('the object');
  await world.patch('EcsService', 'web', { metadata: { annotations: { [PROTECTED]: null } } });
  await held('its Namespace');
  await annotateNamespace(world, { [PROTECTED]: null });
  await held('its AwsAccount');
  expect(world.writes(since)).toEqual([]);
  expect(holdings(world)).toEqual(before);

  await world.patch('AwsAccount', account.name, { metadata: { annotations: { [PROTECTED]: null } } });
  for (const [kind, name] of WHOLE) await world.gone(kind, name);
  expect(holdings(world)).toEqual([]);
});

test('protection holds the pruning of old revisions too, and nothing else', async () => {
  await using world = await World.start({ cluster });
  await world.apply('EcsCluster', 'main', {});
  const annotations = { [PROTECTED]: 'true' };
  for (const version of [1, 2, 3]) {
    const task = fargateTask(`app:${version}`);
    await world.apply('EcsTaskDefinition', 'web', { ...task, revisionHistoryLimit: 1 }, { annotations });
    await world.apply('EcsService', 'inline', templateService(task, { revisionHistoryLimit: 1 }), { annotations });
    await world.ready('EcsTaskDefinition', 'web');
    await world.ready('EcsService', 'inline');
  }
  expect(world.calls('DeregisterTaskDefinition')).toEqual([]);
  for (const [kind, name] of [
    ['EcsTaskDefinition', 'web'],
    ['EcsService', 'inline'],
  ] as const) {
    await world.patch(kind, name, { metadata: { annotations: { [PROTECTED]: null } } });
  }
  await waitFor(
    () =>
      holdings(world)
        .filter((held) => held.startsWith('task definition'))
        .join(),
    {
      describe: 'the old revisions go',
      until: (held) => held === 'task definition inline:3,task definition web:3',
    },
  );
});

test('what is paused is looked at and reported, and nothing is changed: by spec, and by annotation of the object, its Namespace or its AwsAccount', async () => {
  await using world = await World.start({ cluster, settings: { resyncMs: 500 } });
  await using account = await withAccount(world);
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web'));
  await world.ready('EcsService', 'web');
  const set = (value: string | null) => ({ metadata: { annotations: { [PAUSED]: value } } });
  const ways: Readonly<Record<string, (on: boolean) => Promise<unknown>>> = {
    'spec.policy.paused is true': (paused) => world.patch('EcsService', 'web', { spec: { policy: { paused } } }),
    'the object is annotated': (on) => world.patch('EcsService', 'web', set(on ? 'true' : null)),
    'its Namespace is annotated': (on) => annotateNamespace(world, { [PAUSED]: on ? '' : null }),
    'its AwsAccount is annotated': (on) => world.patch('AwsAccount', account.name, set(on ? 'true' : null)),
  };
  let count = 1;
  for (const [words, pause] of Object.entries(ways)) {
    await pause(true);
    const since = world.mark();
    // A change of the spec and one that somebody makes in AWS, which a resync sees.
    await world.patch('EcsService', 'web', { spec: { desiredCount: ++count } });
    const held = await world.condition('EcsService', 'web', 'Ready', { status: 'False', reason: 'Paused' });
    expect(conditionOf(held, 'Ready')?.message).toContain(words);
    expect(conditionOf(held, 'Ready')?.message).toContain(`UpdateService desiredCount ${count - 1} → ${count}`);
    world.aws('ecs', 'UpdateService', { cluster: 'main', service: 'web', enableExecuteCommand: true, desiredCount: 7 });
    await waitFor(() => world.get('EcsService', 'web'), {
      describe: 'what it would do is kept up to date',
      until: (seen) => conditionOf(seen, 'Ready')?.message.includes(`desiredCount 7 → ${count}`) === true,
    });
    expect(world.writes(since)).toEqual([]);

    await pause(false);
    await world.ready('EcsService', 'web');
    expect(world.service('main', 'web')).toMatchObject({ desiredCount: count });
  }
  // Nothing is made and nothing deleted while it is paused, either.
  await annotateNamespace(world, { [PAUSED]: 'true' });
  const since = world.mark();
  await world.apply('EcsCluster', 'later', {});
  await world.delete('EcsService', 'web');
  const later = await world.condition('EcsCluster', 'later', 'Ready', { status: 'False', reason: 'Paused' });
  expect(conditionOf(later, 'Ready')?.message).toContain('would CreateCluster');
  expect(later.metadata.finalizers ?? []).toEqual([]);
  const deleted = await world.condition('EcsService', 'web', 'Ready', { status: 'False', reason: 'Paused' });
  expect(conditionOf(deleted, 'Ready')?.message).toContain('would DeleteService');
  expect(world.writes(since)).toEqual([]);
  await annotateNamespace(world, { [PAUSED]: null });
  await world.gone('EcsService', 'web');
  await world.ready('EcsCluster', 'later');
});

test('no more is deleted in a minute than --max-deletes-per-minute allows, and the others say that they wait', async () => {
  await using world = await World.start({ cluster, operator: false });
  const first = await world.startOperator();
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names) {
    await world.apply('EcsCluster', name, {});
    await world.ready('EcsCluster', name);
  }
  await first.stop();
  const limited = await world.startOperator({ maxDeletesPerMinute: 2 });
  for (const name of names) await world.delete('EcsCluster', name);
  const waiting = await waitFor(
    async () => {
      const left = await world.list('EcsCluster');
      return left.every((one) => conditionOf(one, 'Ready')?.reason === 'DeletionsLimited') ? left : [];
    },
    { describe: 'two wait for their turn', until: (left) => left.length === 2 },
  );
  expect(conditionOf(waiting[0], 'Ready')?.message).toContain('would DeleteCluster');
  expect(world.calls('DeleteCluster')).toHaveLength(2);
  expect(holdings(world)).toHaveLength(2);
  await limited.stop();
  await world.startOperator();
  for (const name of names) await world.gone('EcsCluster', name);
});

test('with --read-only the status says what would be done, and neither AWS nor anything but status is written', async () => {
  await using world = await World.start({ cluster, operator: false });
  const writing = await world.startOperator();
  await applyWhole(world);
  await readyWhole(world);
  await writing.stop();

  const reading = await world.startOperator({ readOnly: true, resyncMs: 500 });
  const since = world.mark();
  await world.patch('EcsService', 'web', { spec: { desiredCount: 3 } });
  await world.delete('EcsService', 'inline');
  await world.apply('EcsCluster', 'new', {});
  await world.apply('CloudMapNamespace', 'new', { type: 'HTTP' });
  const told = async (kind: 'EcsService' | 'EcsCluster' | 'CloudMapNamespace', name: string, would: string) => {
    const held = await world.condition(kind, name, 'Ready', { status: 'False', reason: 'ReadOnly' });
    expect(conditionOf(held, 'Ready')?.message).toContain(`would ${would}`);
    return held;
  };
  await told('EcsService', 'web', 'UpdateService desiredCount 1 → 3');
  await told('EcsService', 'inline', 'DeleteService');
  for (const kind of ['EcsCluster', 'CloudMapNamespace'] as const) {
    const { metadata, status } = await told(kind, 'new', kind === 'EcsCluster' ? 'CreateCluster' : 'CreateNamespace');
    expect(metadata.finalizers ?? []).toEqual([]);
    expect(status?.applied).toBeUndefined();
  }
  // What it would make needs no goodbye.
  await world.delete('EcsCluster', 'new');
  await world.gone('EcsCluster', 'new');
  expect(world.writes(since)).toEqual([]);
  await reading.stop();

  await world.startOperator();
  await world.gone('EcsService', 'inline');
  await world.ready('EcsService', 'web');
  await world.ready('CloudMapNamespace', 'new');
  expect(world.service('main', 'web')).toMatchObject({ desiredCount: 3 });
});

test('with --read-only an AWS that holds what people made by hand is judged as it is', async () => {
  await using world = await World.start({ cluster, operator: false });
  world.aws('ecs', 'CreateCluster', { clusterName: 'main' });
  world.aws('servicediscovery', 'CreateHttpNamespace', { Name: 'apps' });
  const id = await waitFor(
    () => (world.aws('servicediscovery', 'ListNamespaces', {}).Namespaces as { Id: string }[])[0]?.Id,
    { describe: 'the namespace is there' },
  );
  world.aws('servicediscovery', 'CreateService', { Name: 'web', NamespaceId: id });
  await world.startOperator({ readOnly: true });
  const since = world.mark();
  const policy = { adoption: 'Adopt' };
  await world.apply('EcsCluster', 'main', { policy });
  await world.apply('CloudMapNamespace', 'apps', { type: 'HTTP', policy });
  await world.apply('CloudMapService', 'web', { namespaceId: id, policy });
  for (const [kind, name] of [
    ['EcsCluster', 'main'],
    ['CloudMapNamespace', 'apps'],
    ['CloudMapService', 'web'],
  ] as const) {
    const held = await world.condition(kind, name, 'Ready', { status: 'False', reason: 'ReadOnly' });
    expect(conditionOf(held, 'Ready')?.message).toContain('would adopt arn:aws:');
  }
  expect(world.writes(since)).toEqual([]);
});

test('with --read-only an AwsAccount is looked at without a finalizer', async () => {
  await using world = await World.start({ cluster, operator: false });
  await using account = await withAccount(world);
  await world.startOperator({ readOnly: true });
  const ready = await world.ready('AwsAccount', account.name);
  expect(ready.status?.accountId).toBe('123456789012');
  expect(ready.metadata.finalizers ?? []).toEqual([]);
  await nudge(world, 'AwsAccount', account.name, 'again');
  await world.delete('AwsAccount', account.name);
  await world.gone('AwsAccount', account.name);
});

/** The CRDs of our kinds. */
async function deleteCrds(): Promise<readonly string[]> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const { body } = await cluster.client.request({ method: 'GET', path });
  const paths = elements(member(body, 'items')).map((crd) => `${path}/${String(member(crd, 'metadata', 'name'))}`);
  for (const one of paths) await cluster.client.request({ method: 'DELETE', path: one });
  return paths;
}

test('deleting the CRDs deletes nothing in AWS and says so; with Retain they go, and made anew everything is taken over', async () => {
  await using world = await World.start({ cluster });
  await applyWhole(world);
  await readyWhole(world);
  const before = holdings(world);
  const since = world.mark();
  const crds = await deleteCrds();
  for (const name of ['web', 'inline']) {
    const held = await world.condition('EcsService', name, 'Ready', { reason: 'CustomResourceDefinitionBeingDeleted' });
    expect(conditionOf(held, 'Ready')?.message).toContain('spec.policy.deletion: Retain');
  }
  expect(world.writes(since)).toEqual([]);

  for (const [kind, name] of WHOLE) await world.patch(kind, name, { spec: { policy: { deletion: 'Retain' } } });
  for (const path of crds) {
    await waitFor(async () => (await cluster.client.request({ method: 'GET', path })).status === 404, {
      describe: `${path} is gone`,
    });
  }
  expect(holdings(world)).toEqual(before);
  expect(world.writes(since)).toEqual([]);

  // The same operator goes on when they are back.
  await installCrds(cluster.client);
  await applyWhole(world);
  await readyWhole(world);
  expect(holdings(world)).toEqual(before);
  const taken = world.writes(since).filter(({ effective }) => effective);
  expect([...new Set(taken.map(({ operation }) => operation))]).toEqual(['TagResource']);
});
