import { expect, test } from 'vitest';
import { member } from '../../src/devcluster/json.ts';
import { applyWhole, nudge, readyWhole, templateService } from '../harness/whole.ts';
import { conditionOf, fargateService, fargateTask, type Kind, type Live, World, waitFor } from '../harness/world.ts';

/** Two namespaces under one operator. */
async function neighbours(labels: Record<string, string> = {}): Promise<{ ours: World; theirs: World }> {
  const theirs = await World.start({ operator: false });
  const ours = await World.start({ operator: false, namespace: { labels } });
  await ours.startOperator({ namespaces: [ours.namespace, theirs.namespace] });
  return { ours, theirs };
}

async function labelNamespace(world: World, labels: Readonly<Record<string, string | null>>): Promise<void> {
  const path = `/api/v1/namespaces/${world.namespace}`;
  const contentType = 'application/merge-patch+json';
  await world.cluster.client.request({ method: 'PATCH', path, contentType, body: { metadata: { labels } } });
}

const taskDefinitionOf = (world: World, name: string) => String(world.service('main', name)?.taskDefinition);

test.concurrent('an object waits for what it refers to, says what is missing, and is Ready once that is there', async () => {
  await using world = await World.start();
  // No resync comes to help: only watches.
  const defaults = { serviceConnectDefaults: { namespaceRef: { name: 'connect' } } };
  const connect = { serviceConnectConfiguration: { enabled: true, namespaceRef: { name: 'connect' } } };
  const registries = { serviceRegistries: [{ cloudMapServiceRef: { name: 'web' } }] };
  await world.apply('EcsService', 'web', fargateService('web', { ...registries, ...connect }));
  const missing = async (kind: Kind, name: string, path: string, what: string) => {
    const waiting = await waitFor(() => world.get(kind, name), {
      describe: `${kind} ${name} waits for ${what}`,
      until: (seen) => conditionOf(seen, 'Ready')?.message.includes(`${path}: ${what}`) === true,
    });
    expect(conditionOf(waiting, 'Ready')).toMatchObject({ status: 'False', reason: 'RefNotFound' });
    expect(conditionOf(waiting, 'Stalled')).toBeUndefined();
  };
  const at = (kind: Kind, name: string) => `${kind} ${world.namespace}/${name} does not exist`;
  await missing('EcsService', 'web', 'clusterRef', at('EcsCluster', 'main'));
  await world.apply('EcsCluster', 'main', defaults);
  await missing('EcsCluster', 'main', 'serviceConnectDefaults.namespaceRef', at('CloudMapNamespace', 'connect'));
  await world.apply('CloudMapNamespace', 'connect', { type: 'HTTP' });
  await world.ready('EcsCluster', 'main');
  await missing('EcsService', 'web', 'taskDefinitionRef', at('EcsTaskDefinition', 'web'));
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await missing('EcsService', 'web', 'serviceRegistries[0].cloudMapServiceRef', at('CloudMapService', 'web'));
  const dnsConfig = { dnsRecords: [{ type: 'A', ttl: 15 }] };
  await world.apply('CloudMapService', 'web', { namespaceRef: { name: 'local' }, dnsConfig });
  await missing('CloudMapService', 'web', 'namespaceRef', at('CloudMapNamespace', 'local'));
  await world.apply('CloudMapNamespace', 'local', { type: 'DNS_PRIVATE', name: 'apps.local', vpc: 'vpc-1' });
  await world.ready('EcsService', 'web');
  expect(world.calls('CreateService').filter(({ service }) => service === 'ecs')).toHaveLength(1);
});

test.concurrent('what an object refers to is shown with its own trouble, until that is over', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  const fault = world.fake.faults.add({
    kind: 'fail',
    operation: 'RegisterTaskDefinition',
    code: 'ClientException',
    message: 'No such thing.',
  });
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web'));
  const waiting = await waitFor(() => world.get('EcsService', 'web'), {
    describe: 'the trouble of the task definition is shown',
    until: (seen) => conditionOf(seen, 'Ready')?.message.includes('No such thing.') === true,
  });
  expect(conditionOf(waiting, 'Ready')).toMatchObject({ status: 'False', reason: 'RefNotReady' });
  world.fake.faults.remove(fault);
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:2'));
  await world.ready('EcsService', 'web');
});

/** Each kind of reference to another namespace's object: where in a spec, and what it is called there. */
const FOREIGN: readonly (readonly [Kind, target: string, (ref: object) => object])[] = [
  ['EcsService', 'main', (clusterRef) => fargateService('web', { clusterRef })],
  ['CloudMapService', 'local', (namespaceRef) => ({ namespaceRef })],
  ['EcsCluster', 'local', (namespaceRef) => ({ serviceConnectDefaults: { namespaceRef } })],
];

test.concurrent('another namespace is let in by name: not before, not after, and nobody learns what is there', async () => {
  const { ours, theirs } = await neighbours();
  await using _ours = ours;
  await using _theirs = theirs;
  await theirs.apply('EcsCluster', 'main', {});
  await theirs.apply('CloudMapNamespace', 'local', { type: 'HTTP' });
  await theirs.ready('CloudMapNamespace', 'local');
  await ours.apply('EcsTaskDefinition', 'web', fargateTask());
  await ours.condition('EcsTaskDefinition', 'web', 'Synced', { status: 'True' });
  const since = ours.mark();
  const { namespace } = theirs;
  for (const [kind, target, spec] of FOREIGN) {
    const refused = async (object: string, name: string) => {
      await ours.apply(kind, object, spec({ name, namespace }));
      const stalled = await ours.condition(kind, object, 'Stalled', { status: 'True', reason: 'RefNotPermitted' });
      return (conditionOf(stalled, 'Ready')?.message ?? '').replace(`${namespace}/${name} `, 'it ');
    };
    const words = await refused('web', target);
    expect(words).toContain(`it does not let namespace ${ours.namespace} refer to it, or does not exist`);
    // One that is not there is spoken of in the same words.
    expect(await refused('nowhere', 'no')).toBe(words);
  }
  expect(ours.writes(since)).toEqual([]);

  const allowedNamespaces = { names: [ours.namespace] };
  await theirs.apply('EcsCluster', 'main', { allowedNamespaces });
  await theirs.apply('CloudMapNamespace', 'local', { type: 'HTTP', allowedNamespaces });
  for (const [kind] of FOREIGN) await ours.ready(kind, 'web');

  // Taken back: nothing is torn down, and nothing is changed any more.
  await theirs.apply('EcsCluster', 'main', {});
  const stopped = await ours.condition('EcsService', 'web', 'Stalled', { status: 'True', reason: 'RefNotPermitted' });
  expect(conditionOf(stopped, 'Ready')?.status).toBe('False');
  const after = ours.mark();
  await ours.patch('EcsService', 'web', { spec: { desiredCount: 3 } });
  await ours.condition('EcsService', 'web', 'Stalled', { status: 'True', reason: 'RefNotPermitted' });
  expect(ours.writes(after)).toEqual([]);
  expect(ours.service('main', 'web')).toMatchObject({ status: 'ACTIVE', desiredCount: 1 });
  // Its deletion still knows the way.
  await ours.delete('EcsService', 'web');
  await ours.gone('EcsService', 'web');
  expect(ours.service('main', 'web')?.status).toMatch(/DRAINING|INACTIVE/);
});

test.concurrent('another namespace is let in by its labels as soon as it has them', async () => {
  const { ours, theirs } = await neighbours({ team: 'ops' });
  await using _ours = ours;
  await using _theirs = theirs;
  const allowedNamespaces = { selector: { matchLabels: { team: 'shop' } } };
  await theirs.apply('EcsCluster', 'main', { allowedNamespaces });
  await ours.apply('EcsTaskDefinition', 'web', fargateTask());
  const clusterRef = { name: 'main', namespace: theirs.namespace };
  await ours.apply('EcsService', 'web', fargateService('web', { clusterRef }));
  await ours.condition('EcsService', 'web', 'Stalled', { status: 'True', reason: 'RefNotPermitted' });
  await labelNamespace(ours, { team: 'shop' });
  await ours.ready('EcsService', 'web');
  await labelNamespace(ours, { team: null });
  await ours.condition('EcsService', 'web', 'Stalled', { status: 'True', reason: 'RefNotPermitted' });
});

test.concurrent('what is being deleted is not referred to anew; made again with another UID, nothing rolls', async () => {
  await using world = await World.start();
  await applyWhole(world);
  await readyWhole(world);
  await world.delete('EcsTaskDefinition', 'web');
  const waiting = await world.condition('EcsService', 'web', 'Ready', { status: 'False', reason: 'RefBeingDeleted' });
  expect(conditionOf(waiting, 'Ready')?.message).toContain(`EcsTaskDefinition ${world.namespace}/web is being deleted`);
  await world.condition('EcsTaskDefinition', 'web', 'Ready', { status: 'False', reason: 'InUse' });
  await world.patch('EcsTaskDefinition', 'web', { spec: { policy: { deletion: 'Retain' } } });
  await world.gone('EcsTaskDefinition', 'web');
  await world.condition('EcsService', 'web', 'Ready', { status: 'False', reason: 'RefNotFound' });

  const since = world.mark();
  const again = await world.apply('EcsTaskDefinition', 'web', fargateTask('app:1'));
  await world.ready('EcsService', 'web');
  await world.ready('EcsTaskDefinition', 'web');
  expect(world.writes(since).map(({ operation }) => operation)).toEqual(['TagResource']);
  const arn = taskDefinitionOf(world, 'web');
  expect(world.tags(arn)['ecs-operator.dev/uid']).toBe(again.metadata.uid);
});

test.concurrent('an object waits for a dependency whose change is not in AWS yet, so that there is one rollout', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:1'));
  await world.apply('EcsService', 'web', fargateService('web'));
  await world.ready('EcsService', 'web');

  const since = world.mark();
  const fault = world.fake.faults.add({ kind: 'throttle', operation: 'RegisterTaskDefinition' });
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:2'));
  // Two watches know no order between them: only what the operator has seen can be waited for.
  await waitFor(() => world.calls('RegisterTaskDefinition', since).length >= 2, { describe: 'AWS refuses for now' });
  await world.apply('EcsService', 'web', fargateService('web', { desiredCount: 2 }));
  await world.condition('EcsService', 'web', 'Synced', { status: 'False' });
  expect(world.calls('UpdateService', since)).toEqual([]);
  world.fake.faults.remove(fault);
  await world.ready('EcsService', 'web');
  await world.ready('EcsTaskDefinition', 'web');
  expect(world.calls('UpdateService', since)).toHaveLength(1);
  expect(world.service('main', 'web')).toMatchObject({ desiredCount: 2, deployments: [{ desiredCount: 2 }] });
  expect(taskDefinitionOf(world, 'web')).toMatch(/web:2$/);
});

test.concurrent('a service that is pinned to a revision stays on it, and waits for one that is not there yet', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', { ...fargateTask('app:1'), revisionHistoryLimit: 1 });
  const pinned = (revision: number) => fargateService('web', { taskDefinitionRef: { name: 'web', revision } });
  await world.apply('EcsService', 'pinned', pinned(1));
  await world.apply('EcsService', 'newest', fargateService('web'));
  await world.apply('EcsService', 'early', pinned(3));
  await world.ready('EcsService', 'pinned');
  await world.ready('EcsService', 'newest');
  const early = await world.condition('EcsService', 'early', 'Stalled', { status: 'True', reason: 'RevisionNotFound' });
  expect(conditionOf(early, 'Ready')?.message).toContain('no revision 3');

  for (const version of [2, 3]) {
    await world.apply('EcsTaskDefinition', 'web', { ...fargateTask(`app:${version}`), revisionHistoryLimit: 1 });
    // Rolled out is what follows it: the pinned one does not.
    await world.ready('EcsTaskDefinition', 'web');
  }
  await world.ready('EcsService', 'early');
  await world.ready('EcsService', 'newest');
  await world.ready('EcsService', 'pinned');
  expect(['pinned', 'newest', 'early'].map((name) => taskDefinitionOf(world, name).split(':').at(-1))).toEqual([
    '1',
    '3',
    '3',
  ]);
  // What is pinned is in use, and is not pruned.
  const { taskDefinitionArns } = await waitFor(() => world.aws('ecs', 'ListTaskDefinitions', { status: 'ACTIVE' }), {
    describe: 'what nobody uses goes',
    until: ({ taskDefinitionArns: arns }) => (arns as string[]).length === 2,
  });
  expect(taskDefinitionArns).toEqual([expect.stringMatching(/web:1$/), expect.stringMatching(/web:3$/)]);
  await world.apply('EcsService', 'pinned', fargateService('web'));
  await world.ready('EcsService', 'pinned');
  expect(taskDefinitionOf(world, 'pinned')).toMatch(/web:3$/);
});

test.concurrent('a service changes between a reference, a name and a template that mean the same without a deployment', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web'));
  const ready = await world.ready('EcsService', 'web');
  const deployment = (object: Live) => member(object.status?.deployment, 'id');
  const since = world.mark();
  const { taskDefinitionRef: _ref, clusterRef: _cluster, ...rest } = fargateService('web') as Record<string, unknown>;
  const named = { ...rest, cluster: 'main', taskDefinition: taskDefinitionOf(world, 'web') };
  await world.apply('EcsService', 'web', named);
  await world.ready('EcsService', 'web');
  await world.apply('EcsService', 'web', fargateService('web'));
  await nudge(world, 'EcsService', 'web', 'again');
  const again = await world.ready('EcsService', 'web');
  expect(deployment(again)).toBe(deployment(ready));
  expect(world.writes(since)).toEqual([]);
  // A template makes a revision of its own: that is a change, and one rollout.
  await world.apply('EcsService', 'web', templateService(fargateTask()));
  await world.ready('EcsService', 'web');
  expect(world.calls('UpdateService', since)).toHaveLength(1);
});
