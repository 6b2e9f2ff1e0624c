import { afterAll, beforeAll, expect, test } from 'vitest';
import { conditionOf, fargateService, fargateTask, type Live, World } from '../../harness/world.ts';
import { act, healthOf, mergePatch } from '../argo-vm.ts';
import { LuaSandbox } from '../lua-sandbox.ts';

let lua: LuaSandbox;
beforeAll(async () => {
  lua = await LuaSandbox.create();
});
afterAll(() => lua.close());

const SPEC = fargateService('web');

/** Presses the button in Argo CD: its API server sends what the script changed as a merge patch. */
async function press(world: World, action: string): Promise<Live> {
  // Safe: an object of Kubernetes.
  const obj = (await world.get('EcsService', 'web')) as unknown as Readonly<Record<string, unknown>>;
  return world.patch('EcsService', 'web', mergePatch(obj, act(lua, { kind: 'EcsService', action, obj })));
}

async function running(world: World): Promise<void> {
  await world.apply('EcsCluster', 'main', {});
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:1'));
  await world.apply('EcsService', 'web', SPEC);
  await world.ready('EcsService', 'web');
}

const shown = async (world: World) => healthOf(lua, 'EcsService', await world.get('EcsService', 'web')).status;

test('restart in Argo CD makes one new deployment, and a sync of what is in git leaves it so', async () => {
  await using world = await World.start();
  await running(world);
  const since = world.mark();
  await press(world, 'restart');
  const restarted = await world.ready('EcsService', 'web');
  const started = () => world.calls('UpdateService', since).length;
  expect(started()).toBe(1);

  const synced = await world.apply('EcsService', 'web', SPEC);
  expect(synced.metadata.generation).toBe(restarted.metadata.generation);
  expect(synced.spec.restartedAt).toBe(restarted.spec.restartedAt);
  expect(started()).toBe(1);
});

test('pause in Argo CD holds what is synced from git, a sync does not lift it, and resume lets it go on', async () => {
  await using world = await World.start();
  await running(world);
  await press(world, 'pause');
  expect(await shown(world)).toBe('Suspended');

  const since = world.mark();
  await world.apply('EcsService', 'web', { ...SPEC, desiredCount: 2 });
  const held = await world.condition('EcsService', 'web', 'Ready', { status: 'False', reason: 'Paused' });
  expect(conditionOf(held, 'Ready')?.message).toContain('desiredCount');
  expect(await shown(world)).toBe('Suspended');
  expect(world.writes(since)).toEqual([]);

  await press(world, 'resume');
  await world.ready('EcsService', 'web');
  expect(await shown(world)).toBe('Healthy');
  expect(world.service('main', 'web')).toMatchObject({ desiredCount: 2 });
});
