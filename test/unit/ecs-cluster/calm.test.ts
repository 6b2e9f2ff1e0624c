import { expect, test } from 'vitest';
import { contradictions } from '../../../src/runtime/conditions.ts';
import { EcsWorld, oneCluster, readyCluster } from './scenes.ts';

test('a changed tag never takes Ready away, and nobody takes the old Ready for the new generation’s', async () => {
  const { cluster } = await readyCluster({ tags: [{ key: 'team', value: 'a' }] });
  const { lastTransitionTime } = cluster.condition('Ready') ?? {};
  const during: unknown[] = [];
  cluster.fault = () => {
    const { status } = cluster;
    during.push([cluster.condition('Ready')?.status, cluster.condition('Ready')?.observedGeneration]);
    expect(contradictions(status.conditions, { generation: 2, observedGeneration: status.observedGeneration })).toEqual(
      [],
    );
    return undefined;
  };
  cluster.around.clock.advance(60_000);
  cluster.apply({ tags: [{ key: 'team', value: 'b' }] });
  await cluster.converge();
  expect(cluster.wrote()).toEqual(['TagResource']);
  // The look, then the call: the spec's second generation is not in AWS yet.
  expect(during).toEqual([
    ['True', 1],
    ['True', 1],
  ]);
  expect(cluster.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 2, lastTransitionTime });
});

test('a change that AWS refuses takes Ready away, in AWS’s words', async () => {
  const { cluster } = await readyCluster({});
  cluster.apply({ capacityProviders: ['nobody'] });
  await cluster.converge();
  expect(cluster.condition('Ready')).toMatchObject({ status: 'False', reason: 'Refused', observedGeneration: 2 });
  expect(cluster.condition('Stalled')?.message).toContain("'nobody' was not found");
});

test('a creation that takes its time says what it is at', async () => {
  const cluster = oneCluster(new EcsWorld());
  cluster.apply({});
  let during: unknown;
  cluster.fault = (operation) => {
    if (operation === 'CreateCluster') during = structuredClone(cluster.status.conditions);
    return undefined;
  };
  await cluster.converge();
  expect(during).toMatchObject([
    { type: 'Ready', status: 'False', reason: 'Applying', observedGeneration: 1 },
    { type: 'Synced', status: 'False' },
    { type: 'Reconciling', status: 'True', message: 'CreateCluster' },
  ]);
});

test('what is gone from AWS is not Ready, from the first look on', async () => {
  const { cluster, world } = await readyCluster({});
  world.aws('DeleteCluster', { cluster: 'main' });
  cluster.fault = (operation) => (operation === 'CreateCluster' ? 'before' : undefined);
  await cluster.reconcile();
  expect(cluster.condition('Ready')).toMatchObject({ status: 'False' });
  cluster.fault = undefined;
  await cluster.converge();
  expect(cluster.status.incarnation).toBe(1);
  expect(cluster.condition('Ready')).toMatchObject({ status: 'True' });
});
