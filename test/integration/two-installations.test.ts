import { expect, test } from 'vitest';
import { ownControlPlane } from '../harness/control-plane.ts';
import { conditionOf, World } from '../harness/world.ts';

test('two installations in one cluster leave each other’s AwsAccounts alone when each selects its own', async () => {
  await using cluster = await ownControlPlane();
  const settings = (side: string) => ({ installationId: side, accountSelector: `side=${side}` });
  await using one = await World.start({ cluster, settings: settings('one') });
  await using other = await World.start({ cluster, settings: settings('other') });
  const accountOf = (world: World, side: string) =>
    world.apply(
      'AwsAccount',
      side,
      { region: 'eu-central-1', endpoint: world.fake.url, allowedNamespaces: { names: ['*'] } },
      { labels: { side } },
    );
  await accountOf(one, 'one');
  await accountOf(other, 'other');
  for (const [world, side] of [
    [one, 'one'],
    [other, 'other'],
  ] as const) {
    await world.ready('AwsAccount', side);
    await world.apply('EcsCluster', 'main', { accountRef: { name: side } });
    await world.ready('EcsCluster', 'main');
  }

  const resourceVersion = async (side: string) => (await one.get('AwsAccount', side))?.metadata.resourceVersion;
  const before = [await resourceVersion('one'), await resourceVersion('other')];
  await one.apply('EcsCluster', 'strange', { accountRef: { name: 'other' } });
  const waiting = await one.condition('EcsCluster', 'strange', 'Ready', { reason: 'AccountNotFound' });
  expect(conditionOf(waiting, 'Ready')?.message).toContain('AwsAccount other');
  expect([await resourceVersion('one'), await resourceVersion('other')], 'nobody writes at rest').toEqual(before);
});
