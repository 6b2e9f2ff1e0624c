import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kubeconfigFor } from '../../src/devcluster/kubeconfig.ts';
import { type OwnControlPlane, ownControlPlane, uniqueName } from '../harness/control-plane.ts';
import { type OperatorProcess, startOperatorProcess } from '../harness/process.ts';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.ts';
import { fargateService, fargateTask, World, waitFor } from '../harness/world.ts';

let cluster: OwnControlPlane;
beforeAll(async () => {
  // Without a history of its own the API server has none to help out with once etcd's is compacted.
  cluster = await ownControlPlane({ apiServerArgs: ['--watch-cache=false'] });
});
afterAll(() => cluster.stop());

/** A world whose operator, a process of its own, reaches the API server through a door of its own. */
interface Scene extends AsyncDisposable {
  readonly world: World;
  readonly door: TcpProxy;
  readonly operator: OperatorProcess;
}

async function start(): Promise<Scene> {
  await using opened = new AsyncDisposableStack();
  const door = opened.use(await startTcpProxy(Number(new URL(cluster.url).port)));
  const kubeconfigPath = join(cluster.directory, uniqueName('kubeconfig'));
  await writeFile(kubeconfigPath, kubeconfigFor({ ...cluster.access, url: `https://127.0.0.1:${door.port}` }));
  const world = opened.use(
    await World.start({ cluster: { ...cluster, kubeconfigPath }, operator: false, fake: { throttle: false } }),
  );
  const operator = opened.use(await startOperatorProcess(world, { args: ['--resync=1s', '--log-level=debug'] }));
  await world.apply('EcsCluster', 'main', {});
  for (const name of ['stays', 'changes', 'goes']) {
    await world.apply('EcsTaskDefinition', name, fargateTask());
    await world.apply('EcsService', name, fargateService(name));
  }
  for (const name of ['stays', 'changes', 'goes']) await world.ready('EcsService', name);
  const all = opened.move();
  return { world, door, operator, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** What people do while the operator does not see it: something comes, something changes, something goes. */
async function changeThings(world: World): Promise<void> {
  await world.apply('EcsTaskDefinition', 'comes', fargateTask());
  await world.apply('EcsService', 'comes', fargateService('comes'));
  await world.apply('EcsTaskDefinition', 'changes', fargateTask('app:2'));
  await world.delete('EcsService', 'goes');
}

async function expectChanged(world: World, since: number): Promise<void> {
  await world.gone('EcsService', 'goes');
  await world.ready('EcsService', 'comes');
  await world.ready('EcsTaskDefinition', 'changes');
  await world.ready('EcsService', 'changes');
  expect(world.service('main', 'goes')?.status).not.toBe('ACTIVE');
  expect(world.service('main', 'comes')).toMatchObject({ status: 'ACTIVE', runningCount: 1 });
  expect(String(world.service('main', 'changes')?.taskDefinition)).toMatch(/changes:2$/);
  // Nothing more than that, and nothing twice.
  const done = world.writes(since).map(({ operation }) => operation);
  expect(done.filter((operation) => operation !== 'DeregisterTaskDefinition').sort()).toEqual([
    'CreateService',
    'DeleteService',
    'RegisterTaskDefinition',
    'RegisterTaskDefinition',
    'UpdateService',
  ]);
}

/** Waits until the operator has looked at AWS so many times more: it is alive, whatever Kubernetes does. */
async function looks(world: World, since: number, count: number): Promise<void> {
  await waitFor(() => world.calls('DescribeServices', since).length, {
    describe: `${count} looks at AWS`,
    until: (seen) => seen >= count,
  });
}

test('kube-apiserver stopped and started again: the operator goes on without a restart, leaves AWS as it is meanwhile, and sees the next change', async () => {
  await using scene = await start();
  const { world, operator } = scene;
  const since = world.mark();
  await cluster.stopApiServer();
  await looks(world, since, 3);
  expect(world.writes(since)).toEqual([]);

  await cluster.startApiServer();
  await changeThings(world);
  await expectChanged(world, since);
  expect(operator.running()).toBe(true);
});

test('an object that cannot be told of a change in Kubernetes is not changed in AWS either', async () => {
  await using scene = await start();
  const { world, door, operator } = scene;
  const since = world.mark();
  door.sever();
  // Somebody changes AWS, and the way back needs no word to Kubernetes; a service that is gone has to be written down.
  world.aws('ecs', 'UpdateService', { cluster: 'main', service: 'changes', desiredCount: 3 });
  world.aws('ecs', 'DeleteService', { cluster: 'main', service: 'goes', force: true });
  await waitFor(() => world.service('main', 'changes')?.desiredCount === 1, { describe: 'the count is put right' });
  await looks(world, world.mark(), 2);
  expect(world.writes(since).map(({ operation }) => operation)).toEqual(['UpdateService']);

  door.restore();
  await waitFor(() => world.service('main', 'goes')?.status === 'ACTIVE', { describe: 'the service is made anew' });
  await world.ready('EcsService', 'goes');
  expect(world.calls('CreateService', since)).toHaveLength(1);
  expect(operator.running()).toBe(true);
});

test('watch connections cut again and again: what changes in between is seen', async () => {
  await using scene = await start();
  const { world, door, operator } = scene;
  const since = world.mark();
  door.sever();
  await changeThings(world);
  door.restore();
  await expectChanged(world, since);

  for (const count of [2, 3, 4]) {
    await waitFor(() => door.open() > 0, { describe: 'the operator is connected' });
    door.cut();
    await world.apply('EcsService', 'stays', fargateService('stays', { desiredCount: count }));
    await waitFor(() => world.service('main', 'stays')?.desiredCount === count, { describe: `count ${count} arrives` });
  }
  expect(operator.running()).toBe(true);
});

test('410 Gone, after etcd was compacted while the operator was cut off: everything is listed anew, and no change is missed', async () => {
  await using scene = await start();
  const { world, door, operator } = scene;
  const since = world.mark();
  door.sever();
  await changeThings(world);
  await cluster.compactEtcd();
  door.restore();
  await expectChanged(world, since);
  expect(operator.output()).toContain('the watch is too old to be resumed');
  expect(operator.running()).toBe(true);
});
