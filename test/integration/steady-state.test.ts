import { expect, test } from 'vitest';
import { elements, member } from '../../src/devcluster/json.ts';
import { fargateService, fargateTask, World, waitFor } from '../harness/world.ts';

const PAIRS = 24;

async function fifty(world: World): Promise<void> {
  await world.apply('EcsCluster', 'main', { settings: [{ name: 'containerInsights', value: 'enabled' }] });
  await world.apply('CloudMapNamespace', 'local', { type: 'HTTP', name: 'local' });
  for (let n = 0; n < PAIRS; n++) {
    await world.apply(
      'EcsTaskDefinition',
      `app-${n}`,
      fargateTask(`app:${n}`, { tags: [{ key: 'n', value: String(n) }] }),
    );
    await world.apply('EcsService', `app-${n}`, fargateService(`app-${n}`, { tags: [{ key: 'n', value: String(n) }] }));
  }
  for (let n = 0; n < PAIRS; n++) await world.ready('EcsService', `app-${n}`);
  for (let n = 0; n < PAIRS; n++) await world.ready('EcsTaskDefinition', `app-${n}`);
  await world.ready('EcsCluster', 'main');
  await world.ready('CloudMapNamespace', 'local');
}

/** Name and resourceVersion of all our objects: the same as before when nobody wrote to Kubernetes. */
async function versions(world: World): Promise<readonly string[]> {
  const lists = await Promise.all(
    (['EcsCluster', 'EcsTaskDefinition', 'EcsService', 'CloudMapNamespace'] as const).map((kind) => world.list(kind)),
  );
  return lists.flat().map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`);
}

/** Waits until every service was described so many times more. */
async function looks(world: World, since: number, rounds: number): Promise<void> {
  await waitFor(
    () => {
      const seen = new Map<string, number>();
      for (const { input } of world.calls('DescribeServices', since)) {
        for (const name of elements(member(input, 'services')))
          seen.set(String(name), (seen.get(String(name)) ?? 0) + 1);
      }
      return seen.size < PAIRS ? 0 : Math.min(...seen.values());
    },
    { describe: `${rounds} looks at every service`, until: (least) => least >= rounds },
  );
}

test('fifty objects left alone through many resyncs cause not one write to AWS or to Kubernetes, nor does a restart', async () => {
  await using world = await World.start({ operator: false, settings: { resyncMs: 1_000 } });
  const operator = await world.startOperator();
  await fifty(world);
  // What was told as Events just now is still on its way.
  await looks(world, world.mark(), 2);

  const before = await versions(world);
  const since = world.mark();
  await looks(world, since, 5);
  expect(world.writes(since)).toEqual([]);
  expect(await versions(world)).toEqual(before);

  await operator.stop();
  const restart = world.mark();
  await world.startOperator();
  await looks(world, restart, 3);
  expect(world.writes(restart)).toEqual([]);
  expect(await versions(world)).toEqual(before);
});
