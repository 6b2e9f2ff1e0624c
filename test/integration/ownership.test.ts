import { expect, test } from 'vitest';
import { ownControlPlane } from '../harness/control-plane.ts';
import { applyWhole, nudge, readyWhole, stripTags, tagsOf, untag, WHOLE } from '../harness/whole.ts';
import { conditionOf, fargateService, fargateTask, type Kind, World, waitFor } from '../harness/world.ts';

const TAG = 'ecs-operator.dev';

/** Takes the objects out of Kubernetes as a lost cluster does: AWS hears nothing of it. */
async function forget(world: World): Promise<void> {
  for (const [kind, name] of WHOLE) {
    await world.patch(kind, name, { metadata: { finalizers: null } });
    await world.delete(kind, name);
    await world.gone(kind, name);
  }
}

/**
 * The names of the calls that changed AWS, each once. Cloud Map tells what there is already by refusing to make it
 * again, so refused creations are no change.
 */
function changes(world: World, since: number): readonly string[] {
  const taken = world.writes(since).filter(({ effective }) => effective);
  return [...new Set(taken.map(({ operation }) => operation))];
}

/** A cluster, a task definition and a service in it, as a person makes them by hand. */
function madeByHand(world: World, tags: object = {}): void {
  world.aws('ecs', 'CreateCluster', { clusterName: 'main', ...tags });
  const containers = [{ name: 'app', image: 'app:0', memory: 64 }];
  world.aws('ecs', 'RegisterTaskDefinition', { family: 'web', containerDefinitions: containers, ...tags });
  world.aws('ecs', 'CreateService', {
    cluster: 'main',
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 1,
    ...tags,
  });
}

/** A Cloud Map namespace and a service in it, as a person makes them by hand. */
async function discoveryByHand(world: World, Tags: readonly object[] = []): Promise<void> {
  world.aws('servicediscovery', 'CreateHttpNamespace', { Name: 'apps', Tags });
  const id = await waitFor(
    () => (world.aws('servicediscovery', 'ListNamespaces', {}).Namespaces as { Id: string }[])[0]?.Id,
    { describe: 'the namespace is there' },
  );
  world.aws('servicediscovery', 'CreateService', { Name: 'web', NamespaceId: id, Tags });
}

test.concurrent('objects restored with other UIDs are taken over with an Event each, and nothing rolls', async () => {
  await using world = await World.start({ operator: false, settings: { installationId: 'prod' } });
  const before = await world.startOperator();
  await applyWhole(world);
  const old = await readyWhole(world);
  await before.stop();
  await forget(world);

  const since = world.mark();
  await applyWhole(world);
  await world.startOperator();
  const restored = await readyWhole(world);

  expect(changes(world, since)).toEqual(['TagResource']);
  for (const [index, object] of restored.entries()) {
    expect(object.metadata.uid).not.toBe(old[index]?.metadata.uid);
    // All that the old object knew of AWS, the new one knows too.
    for (const member of ['arn', 'name', 'account', 'id'] as const) {
      expect(object.status?.[member], `${object.kind} ${member}`).toEqual(old[index]?.status?.[member]);
    }
    expect(object.status?.ownerUid).toBe(object.metadata.uid);
    expect(tagsOf(world, String(object.status?.arn))[`${TAG}/uid`]).toBe(object.metadata.uid);
  }
  const events = `/apis/events.k8s.io/v1/namespaces/${world.namespace}/events`;
  await waitFor(
    async () => {
      const { body } = await world.cluster.client.request({ method: 'GET', path: events });
      const { items } = body as { items: { reason: string; regarding: { kind: string; name: string } }[] };
      return items
        .filter(({ reason }) => reason === 'TakenOver')
        .map(({ regarding }) => `${regarding.kind} ${regarding.name}`)
        .sort();
    },
    {
      describe: 'everybody is told',
      until: (told) =>
        told.join() ===
        WHOLE.map(([kind, name]) => `${kind} ${name}`)
          .sort()
          .join(),
    },
  );
});

test.concurrent('two clusters that claim the same objects both end in TwoOwners, and nothing is fought over', async () => {
  await using first = await World.start({ settings: { installationId: 'prod', resyncMs: 500 } });
  await applyWhole(first);
  await readyWhole(first);

  // The second cluster: the same names and the same installation, so the same namespace name, on its own API server.
  await using cluster = await ownControlPlane();
  await using second = await World.beside(first, cluster);
  await applyWhole(second);

  // What depends on them waits in the second; in the first it goes on unharmed.
  const contested: readonly (readonly [Kind, string])[] = [
    ['EcsCluster', 'main'],
    ['CloudMapNamespace', 'local'],
    ['EcsTaskDefinition', 'web'],
  ];
  for (const world of [first, second]) {
    for (const [kind, name] of contested) {
      const stalled = await world.condition(kind, name, 'Stalled', { status: 'True', reason: 'TwoOwners' });
      expect(conditionOf(stalled, 'Ready')?.message).toContain('spec.policy.deletion: Retain');
    }
  }
  const since = first.mark();
  for (const world of [first, second]) {
    for (const [kind, name] of contested) await nudge(world, kind, name, 'again');
  }
  for (const operation of ['DescribeClusters', 'GetNamespace', 'DescribeTaskDefinition']) {
    await waitFor(() => first.calls(operation, since).length >= 2, { describe: `both have called ${operation} again` });
  }
  expect(first.writes(since)).toEqual([]);
  expect(first.service('main', 'web')).toMatchObject({ status: 'ACTIVE', desiredCount: 1 });

  // It ends as the conditions say: one of the two lets go, and the other has it to itself.
  for (const [kind, name] of [...WHOLE].reverse()) {
    await second.patch(kind, name, { spec: { policy: { deletion: 'Retain' } } });
    await second.delete(kind, name);
    await second.gone(kind, name);
  }
  for (const [kind, name] of WHOLE) {
    const arn = String((await first.get(kind, name))?.status?.arn);
    untag(first, arn, [`${TAG}/contested-by`, `${TAG}/uid`]);
    await nudge(first, kind, name, 'and again');
  }
  for (const { kind, metadata, status } of await readyWhole(first)) {
    await waitFor(() => tagsOf(first, String(status?.arn))[`${TAG}/uid`] === metadata.uid, {
      describe: `${kind} ${metadata.name} has its own tags again`,
    });
  }
});

const NAMESAKES: readonly (readonly [Kind, string, object])[] = [
  ['EcsCluster', 'main', { settings: [{ name: 'containerInsights', value: 'enabled' }] }],
  ['CloudMapNamespace', 'apps', { type: 'HTTP', description: 'ours' }],
];

test("a person's resources of the same names are never touched, and the conditions say what to do", async () => {
  await using world = await World.start();
  madeByHand(world);
  await discoveryByHand(world);

  const since = world.mark();
  for (const [kind, name, spec] of NAMESAKES) {
    await world.apply(kind, name, spec);
    const stalled = await world.condition(kind, name, 'Stalled', { reason: 'NotOwned' });
    expect(conditionOf(stalled, 'Ready')?.message).toContain('spec.policy.adoption: Adopt');
  }
  const [namespace] = world.aws('servicediscovery', 'ListNamespaces', {}).Namespaces as { Id: string }[];
  await world.apply('CloudMapService', 'web', { namespaceId: namespace?.Id, description: 'ours' });
  await world.condition('CloudMapService', 'web', 'Stalled', { reason: 'NotOwned' });
  const service = { ...fargateService('', { cluster: 'main', taskDefinition: 'web:1', desiredCount: 5 }) };
  await world.apply('EcsService', 'web', { ...service, clusterRef: undefined, taskDefinitionRef: undefined });
  await world.condition('EcsService', 'web', 'Stalled', { reason: 'NotOwned' });

  for (const [kind, name] of [...NAMESAKES, ['CloudMapService', 'web'], ['EcsService', 'web']] as const) {
    await world.delete(kind, name);
    await world.gone(kind, name);
  }
  // CreateCluster and the like say by AlreadyExists that something is there; nothing of it was taken in.
  expect(changes(world, since)).toEqual([]);
  expect(world.service('main', 'web')).toMatchObject({ status: 'ACTIVE', desiredCount: 1 });
  expect(world.tags(String(world.service('main', 'web')?.serviceArn))).toEqual({});
});

test("others' revisions in a task definition's family are left alone and counted, also by the deletion", async () => {
  await using world = await World.start();
  const containers = [{ name: 'app', image: 'theirs', memory: 64 }];
  world.aws('ecs', 'RegisterTaskDefinition', { family: 'web', containerDefinitions: containers });
  const since = world.mark();
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  const ready = await world.ready('EcsTaskDefinition', 'web');
  expect(ready.status).toMatchObject({ revision: 2, foreignRevisions: 1 });
  await world.delete('EcsTaskDefinition', 'web');
  await world.gone('EcsTaskDefinition', 'web');
  expect(world.aws('ecs', 'ListTaskDefinitions', { status: 'ACTIVE' }).taskDefinitionArns).toEqual([
    expect.stringMatching(/web:1$/),
  ]);
  expect(changes(world, since)).toEqual(['RegisterTaskDefinition', 'DeregisterTaskDefinition']);
});

test("another installation's resources are never touched, and the conditions say whose they are", async () => {
  await using world = await World.start({ operator: false });
  const theirs = await world.startOperator({ installationId: 'theirs' });
  await applyWhole(world);
  await readyWhole(world);
  await theirs.stop();
  await forget(world);

  const since = world.mark();
  await world.startOperator({ installationId: 'ours' });
  await applyWhole(world);
  for (const [kind, name] of [
    ['EcsCluster', 'main'],
    ['CloudMapNamespace', 'local'],
  ] as const) {
    const stalled = await world.condition(kind, name, 'Stalled', { reason: 'OwnedByOtherInstallation' });
    expect(conditionOf(stalled, 'Ready')?.message).toContain('--installation-id theirs');
  }
  // A family is shared by revision: theirs stays theirs.
  const revision = await world.condition('EcsTaskDefinition', 'web', 'Synced', { status: 'True' });
  expect(revision.status).toMatchObject({ revision: 2, foreignRevisions: 1 });
  for (const [kind, name] of [...WHOLE].reverse()) {
    await world.delete(kind, name);
    await world.gone(kind, name);
  }
  expect(changes(world, since).filter((operation) => !/TaskDefinition/.test(operation))).toEqual([]);
});

test.concurrent('what CloudFormation owns is refused by the name of its stack, even with adoption', async () => {
  await using world = await World.start();
  const key = 'aws:cloudformation:stack-name';
  madeByHand(world, { tags: [{ key: 'team', value: 'shop' }] });
  await discoveryByHand(world);
  // No caller may set such tags: CloudFormation itself puts them there.
  const ecs = world.fake.fake.region().ecs;
  ecs.patchCluster('main', { tags: [{ key, value: 'shop-stack' }] });
  ecs.patchService({ cluster: 'main', service: 'web' }, { tags: [{ key, value: 'shop-stack' }] });

  const since = world.mark();
  const policy = { adoption: 'Adopt' };
  await world.apply('EcsCluster', 'main', { policy });
  const plain = { cluster: 'main', taskDefinition: 'web:1', clusterRef: undefined, taskDefinitionRef: undefined };
  await world.apply('EcsService', 'web', fargateService('', { ...plain, policy }));
  for (const [kind, name] of [
    ['EcsCluster', 'main'],
    ['EcsService', 'web'],
  ] as const) {
    const stalled = await world.condition(kind, name, 'Stalled', { reason: 'OwnedByCloudFormation' });
    expect(conditionOf(stalled, 'Ready')?.message).toContain('stack shop-stack');
  }
  expect(world.writes(since).filter(({ operation }) => operation !== 'CreateCluster')).toEqual([]);
});

test.concurrent('of two objects that claim one AWS name the second is told who has it, and gets it when the first goes', async () => {
  await using world = await World.start();
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  const pairs: readonly (readonly [Kind, object])[] = [
    ['EcsService', fargateService('web', { serviceName: 'shared' })],
    ['EcsTaskDefinition', fargateTask('app:1', { family: 'shared' })],
    ['CloudMapNamespace', { type: 'HTTP', name: 'shared' }],
    ['EcsCluster', { clusterName: 'shared' }],
  ];
  await Promise.all(
    pairs.map(async ([kind, spec]) => {
      await world.apply(kind, 'first', spec);
      await world.ready(kind, 'first');
      await world.apply(kind, 'second', spec);
      const stalled = await world.condition(kind, 'second', 'Stalled', { reason: 'NameTaken' });
      expect(conditionOf(stalled, 'Ready')?.message).toContain('first');

      await world.delete(kind, 'first');
      await world.gone(kind, 'first');
      await world.ready(kind, 'second');
    }),
  );
});

test.concurrent('a name stays taken while its owner is being deleted, also across a restart', async () => {
  await using world = await World.start({ operator: false });
  const before = await world.startOperator();
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'first', fargateService('web', { serviceName: 'shared' }));
  await world.ready('EcsService', 'first');
  await before.stop();
  world.fake.fake.region().ecs.hold({ cluster: 'main', service: 'shared' });
  await world.delete('EcsService', 'first');
  await world.apply('EcsService', 'second', fargateService('web', { serviceName: 'shared' }));

  await world.startOperator();
  await world.condition('EcsService', 'second', 'Ready', { status: 'False' });
  world.fake.fake.region().ecs.release({ cluster: 'main', service: 'shared' });
  await world.gone('EcsService', 'first');
  const ready = await world.ready('EcsService', 'second');
  expect(world.tags(String(ready.status?.arn))[`${TAG}/name`]).toBe('second');
});

test.concurrent('ownership tags that somebody took off are put back, on every kind', async () => {
  await using world = await World.start({ settings: { resyncMs: 500 } });
  await applyWhole(world);
  const objects = await readyWhole(world);
  const since = world.mark();
  for (const { kind, status } of objects) {
    const arn = String(status?.arn);
    const own = stripTags(world, arn);
    await waitFor(() => Object.keys(tagsOf(world, arn)).sort().join(), {
      describe: `the tags of ${kind} are back`,
      until: (tags) => tags === own.join(),
    });
  }
  expect(changes(world, since)).toEqual(['TagResource']);
});
