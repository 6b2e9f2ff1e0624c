import { expect, it } from 'vitest';
import { record } from './driver/record.ts';
import { livingOf } from './judges/living.ts';
import type { Hands, Scenario } from './scenarios/scenario.ts';
import { CLAIMED } from './scenarios/two-clusters.ts';

/** Not among the stories that faults strike: who is first is up to the seed, and a fault may turn it round. */
function atOnce(ends: (hands: Hands) => void): Scenario {
  return {
    name: 'two-clusters-at-once',
    about: 'two clusters claim the same names in the same instant',
    clusters: 2,
    steps: [
      {
        name: 'the same is applied in both',
        act: async ({ kube, other }) => void (await Promise.all([kube.create(...CLAIMED), other.create(...CLAIMED)])),
      },
    ],
    last: 'resynced',
    ends,
  };
}

it('of two clusters that claim the same names at once one gets each, and the other says so', async () => {
  const winners = new Set<string | undefined>();
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const story = atOnce(({ world, aws }) => {
      for (const { installation, type, name } of livingOf(aws.state())) {
        const kind = { cluster: 'EcsCluster', cloudMapNamespace: 'CloudMapNamespace' }[String(type)];
        if (kind === undefined) continue;
        winners.add(world.clusters.find((cluster) => cluster.installation === installation)?.name);
        const standings = world.clusters.map((cluster) => {
          const { conditions = [] } = cluster.person.objects(kind)[0]?.status ?? {};
          const stalled = conditions.find((one) => one.type === 'Stalled')?.reason;
          return stalled ?? conditions.find((one) => one.type === 'Ready')?.reason;
        });
        const [whose] = world.clusters;
        const expected = ['Ready', 'OwnedByOtherInstallation'];
        expect(standings, name).toEqual(whose.installation === installation ? expected : expected.reverse());
      }
    });
    await record(story, seed);
  }
  // Else these seeds try half of it.
  expect(winners).toEqual(new Set(['', 'second']));
});
