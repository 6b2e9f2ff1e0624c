import { expect, test } from 'vitest';
import { member } from '../../src/devcluster/json.ts';
import { type OperatorProcess, startOperatorProcess } from '../harness/process.ts';
import { fargateService, fargateTask, World, waitFor } from '../harness/world.ts';

/** A replica of the operator; its access key says in the fake's log which calls are its own. */
interface Replica {
  readonly key: string;
  readonly process: OperatorProcess;
}

async function startReplica(world: World, key: string): Promise<Replica> {
  const process = await startOperatorProcess(world, {
    args: ['--leader-elect', `--leader-elect-namespace=${world.namespace}`, '--resync=1s'],
    env: { AWS_ACCESS_KEY_ID: key },
  });
  return { key, process };
}

function callsOf(world: World, { key }: Replica, since = 0) {
  return world.calls(undefined, since).filter(({ accessKeyId }) => accessKeyId === key);
}

/** Waits until one of them works; it may be told apart by what it says. */
async function leaderOf(replicas: readonly Replica[]): Promise<Replica> {
  return waitFor(() => replicas.find(({ process }) => process.running() && process.output().includes('"working"')), {
    describe: 'one of the replicas works',
  });
}

function leasePath(world: World): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${world.namespace}/leases/ecs-operator`;
}

async function holder(world: World): Promise<unknown> {
  const { body } = await world.cluster.client.request({ method: 'GET', path: leasePath(world) });
  return member(body, 'spec', 'holderIdentity');
}

async function applyService(world: World): Promise<void> {
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask());
  await world.apply('EcsService', 'web', fargateService('web'));
}

const options = { operator: false, fake: { throttle: false } } as const;

test.concurrent('of two operators one works; when it dies the other goes on, and nothing is done twice', async () => {
  await using world = await World.start(options);
  const first = await startReplica(world, 'FIRST');
  await using _first = first.process;
  const second = await startReplica(world, 'SECOND');
  await using _second = second.process;
  const leader = await leaderOf([first, second]);
  const standby = leader === first ? second : first;

  await applyService(world);
  await world.ready('EcsService', 'web');
  expect(callsOf(world, standby)).toEqual([]);
  const held = await holder(world);

  leader.process.signal('SIGKILL');
  await leader.process.exited;
  const since = world.mark();
  await world.apply('EcsService', 'web', fargateService('web', { desiredCount: 2 }));
  await leaderOf([standby]);
  const ready = await world.ready('EcsService', 'web');

  expect(ready.metadata.generation).toBe(2);
  expect(await holder(world)).not.toBe(held);
  expect(world.service('main', 'web')).toMatchObject({ desiredCount: 2 });
  expect(world.writes(since).map(({ operation, accessKeyId }) => `${operation} ${accessKeyId}`)).toEqual([
    `UpdateService ${standby.key}`,
  ]);
});

test.concurrent('an operator that is asked to stop lets go of the lease, so that the next takes over without waiting for its end', async () => {
  await using world = await World.start(options);
  const leader = await startReplica(world, 'FIRST');
  await using _leader = leader.process;
  await leaderOf([leader]);
  await applyService(world);
  await world.ready('EcsService', 'web');
  const standby = await startReplica(world, 'SECOND');
  await using _standby = standby.process;

  leader.process.signal('SIGTERM');
  expect(await leader.process.exited).toBe(0);
  expect(leader.process.output()).toContain('released the lease');
  expect(callsOf(world, standby)).toEqual([]);
  await leaderOf([standby]);
  const since = world.mark();
  await world.apply('EcsService', 'web', fargateService('web', { desiredCount: 2 }));
  await world.ready('EcsService', 'web');
  expect(callsOf(world, leader, since)).toEqual([]);
});

/** What is not a line of the log: what a person at a terminal reads last. */
function plainLines({ process }: Replica): readonly string[] {
  return process
    .output()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{') && !line.startsWith('pid '));
}

test.concurrent('a leader that was paused while another took over starts no AWS call when it wakes, and ends with one line', async () => {
  await using world = await World.start(options);
  const first = await startReplica(world, 'FIRST');
  await using _first = first.process;
  await leaderOf([first]);
  await applyService(world);
  await world.ready('EcsService', 'web');

  first.process.signal('SIGSTOP');
  const second = await startReplica(world, 'SECOND');
  await using _second = second.process;
  // There is something to do for whoever wakes: a change, and all the resyncs that fell due meanwhile.
  await world.apply('EcsService', 'web', fargateService('web', { desiredCount: 3 }));
  await leaderOf([second]);
  const ready = await world.ready('EcsService', 'web');
  expect(world.service('main', 'web')).toMatchObject({ desiredCount: 3 });

  const since = world.mark();
  first.process.signal('SIGCONT');
  expect(await first.process.exited).toBe(1);
  expect(callsOf(world, first, since)).toEqual([]);
  expect(plainLines(first)).toEqual([expect.stringMatching(/^ecs-operator: lost the lease ecs-operator: /)]);
  // Nor did it write anything to Kubernetes.
  expect((await world.get('EcsService', 'web'))?.metadata.resourceVersion).toBe(ready.metadata.resourceVersion);
});

test.concurrent('an operator whose lease is taken from it ends with code 1 and one line, and another one takes over', async () => {
  await using world = await World.start(options);
  const first = await startReplica(world, 'FIRST');
  await using _first = first.process;
  await leaderOf([first]);
  await world.cluster.client.request({
    method: 'PATCH',
    path: leasePath(world),
    contentType: 'application/merge-patch+json',
    body: { spec: { holderIdentity: 'somebody-else' } },
  });
  expect(await first.process.exited).toBe(1);
  expect(plainLines(first)).toEqual(['ecs-operator: lost the lease ecs-operator: another one holds it']);

  const second = await startReplica(world, 'SECOND');
  await using _second = second.process;
  await leaderOf([second]);
  await applyService(world);
  await world.ready('EcsService', 'web');
});
