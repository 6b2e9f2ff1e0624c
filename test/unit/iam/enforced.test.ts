import { describe, expect, test } from 'vitest';
import { EcsWorld, oneCluster } from '../ecs-cluster/scenes.ts';
import { FARGATE, newService } from '../ecs-service/scenes.ts';
import { oneTaskDefinition, running, TaskDefinitionWorld } from '../ecs-task-definition/scenes.ts';
import { guard } from './guard.ts';

/** The installation of these scenes. */
const OURS = 'one';

describe('with iam/core.json alone, narrowed to its installation, the operator', () => {
  test('makes, changes, tags and deletes a cluster', async () => {
    const world = new EcsWorld();
    guard(world.fake, ['core'], OURS);
    const cluster = oneCluster(world);
    cluster.apply({ tags: [{ key: 'team', value: 'a' }] });
    await cluster.converge();
    cluster.apply({ settings: [{ name: 'containerInsights', value: 'enabled' }], capacityProviders: ['FARGATE'] });
    await cluster.converge();
    expect(cluster.condition('Ready')).toMatchObject({ status: 'True' });
    expect(cluster.wrote()).toEqual(expect.arrayContaining(['CreateCluster', 'UpdateCluster', 'UntagResource']));
    cluster.delete();
    await cluster.converge();
    expect(world.cluster()).toBeUndefined();
  });

  test('makes, changes, tags and deletes a service', async () => {
    const web = newService();
    guard(web.fake, ['core'], OURS);
    web.apply(FARGATE);
    await web.converge();
    web.apply({ ...FARGATE, taskDefinition: 'web:2', tags: [{ key: 'team', value: 'a' }] });
    await web.converge();
    expect(web.condition('Ready')).toMatchObject({ status: 'True' });
    expect(web.wrote()).toEqual(expect.arrayContaining(['CreateService', 'UpdateService', 'TagResource']));
    web.delete();
    await web.converge();
    expect(web.gone).toBe(true);
  });

  test('registers and deregisters revisions', async () => {
    const world = new TaskDefinitionWorld();
    guard(world.fake, ['core'], OURS);
    const web = oneTaskDefinition(world);
    for (const image of ['nginx:1', 'nginx:2']) {
      web.apply(running(image));
      await web.converge();
      expect(web.condition('Ready')).toMatchObject({ status: 'True' });
    }
    expect(world.active()).toContain('web:2');
  });

  test('cannot adopt, and says which policy is for that', async () => {
    const world = new EcsWorld();
    world.aws('CreateCluster', { clusterName: 'main' });
    guard(world.fake, ['core'], OURS);
    const cluster = oneCluster(world);
    cluster.apply({ policy: { adoption: 'Adopt' } });
    await cluster.reconcile();
    expect(cluster.condition('Stalled')?.message).toMatch(
      /allow ecs:TagResource: iam\/core\.json or iam\/adoption\.json$/,
    );
    expect(world.tags()).toEqual({});
  });

  test('has AWS’s word, too, that it changes nothing which another installation made', async () => {
    const world = new EcsWorld();
    guard(world.fake, ['core'], 'another');
    const cluster = oneCluster(world);
    cluster.apply({});
    await cluster.reconcile();
    expect(cluster.condition('Stalled')).toMatchObject({ reason: 'AccessDenied' });
    expect(world.cluster()).toBeUndefined();
  });
});

test('with iam/adoption.json besides, it adopts what nobody owns, and changes it then', async () => {
  const world = new EcsWorld();
  world.aws('CreateCluster', { clusterName: 'main' });
  guard(world.fake, ['core', 'adoption'], OURS);
  const cluster = oneCluster(world);
  cluster.apply({ policy: { adoption: 'Adopt' }, settings: [{ name: 'containerInsights', value: 'enabled' }] });
  await cluster.converge();
  expect(cluster.condition('Ready')).toMatchObject({ status: 'True' });
  expect(cluster.wrote()).toEqual(['TagResource', 'UpdateCluster']);
});

test('with iam/core-read-only.json it sees what is there, and AWS refuses whatever would change it', async () => {
  const world = new EcsWorld();
  guard(world.fake, ['core-read-only'], OURS);
  const cluster = oneCluster(world);
  cluster.apply({});
  await cluster.reconcile();
  expect(cluster.condition('Stalled')?.message).toMatch(/allow ecs:CreateCluster: iam\/core\.json$/);
});
