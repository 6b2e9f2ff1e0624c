import { describe, expect, test } from 'vitest';
import { applyAll, oneTaskDefinition, readyTaskDefinition, running, TaskDefinitionWorld, user } from './scenes.ts';

const READ = ['DescribeTaskDefinition'];

test('a content is registered once, and then left alone with one read a look', async () => {
  const world = new TaskDefinitionWorld();
  const web = oneTaskDefinition(world);
  web.apply(running('nginx:1', { tags: [{ key: 'team', value: 'a' }] }));
  await web.converge();
  expect(web.wrote()).toEqual(['RegisterTaskDefinition']);
  expect(web.status).toMatchObject({ family: 'web', revision: 1, name: 'web' });
  expect(web.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 1 });
  expect(world.tagsOf('web:1')).toMatchObject({ team: 'a', 'ecs-operator.dev/name': 'web' });

  web.forget();
  for (let day = 0; day < 3; day++) {
    world.clock.advance(86_400_000);
    web.reads = [];
    await web.converge();
    expect(web.reads).toEqual(READ);
  }
  web.restart();
  await web.converge();
  expect([...web.wrote(), web.kept.writes]).toEqual([0]);
});

test('each new content is one new revision, and the status names it', async () => {
  const { web, world } = await readyTaskDefinition(running('nginx:1'));
  web.apply(running('nginx:2'));
  await web.converge();
  expect(web.wrote()).toEqual(['RegisterTaskDefinition']);
  expect(web.status).toMatchObject({ revision: 2 });
  expect(web.status.arn).toMatch(/web:2$/);
  expect(web.status.revisions?.map(({ arn }) => arn.slice(-5))).toEqual(['web:2', 'web:1']);
  expect(world.active()).toEqual(['web:1', 'web:2']);
});

test('what only looks different is no new revision', async () => {
  const { web } = await readyTaskDefinition(running('nginx:1', { cpu: '256' }));
  web.apply({
    cpu: 256 as unknown as string,
    containerDefinitions: [{ image: 'nginx:1', memory: '128', name: 'web', essential: true, environment: [] }],
  });
  await web.converge();
  expect(web.wrote()).toEqual([]);
  expect(web.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 2 });
});

test('a Git revert takes the old revision again, without a call that changes anything', async () => {
  const { web } = await readyTaskDefinition(running('nginx:1'));
  await applyAll(web, ['nginx:2', 'nginx:1'], {});
  expect(web.wrote()).toEqual(['RegisterTaskDefinition']);
  expect(web.status).toMatchObject({ revision: 1 });
  expect(web.status.arn).toMatch(/web:1$/);
  await applyAll(web, ['nginx:2'], {});
  expect(web.wrote()).toEqual(['RegisterTaskDefinition']);
  expect(web.status.arn).toMatch(/web:2$/);
});

describe('a registration whose answer was lost', () => {
  test.each([false, true])('makes no second revision; operator restarted: %s', async (restarted) => {
    const world = new TaskDefinitionWorld();
    const web = oneTaskDefinition(world);
    web.fault = (operation) => (operation === 'RegisterTaskDefinition' ? 'after' : undefined);
    web.apply(running('nginx:1'));
    await web.reconcile();
    expect(web.condition('Ready')).toMatchObject({ status: 'False', reason: 'AwsUnavailable' });
    web.fault = undefined;
    if (restarted) web.restart();
    await web.converge();
    expect(world.active()).toEqual(['web:1']);
    expect(web.wrote()).toEqual(['RegisterTaskDefinition']);
    expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('is found though the spec was changed back meanwhile', async () => {
    const { web, world } = await readyTaskDefinition(running('nginx:1'));
    web.fault = (operation) => (operation === 'RegisterTaskDefinition' ? 'after' : undefined);
    web.apply(running('nginx:2'));
    await web.reconcile();
    web.fault = undefined;
    web.apply(running('nginx:1'));
    await web.converge();
    expect(web.status.arn).toMatch(/web:1$/);
    web.apply(running('nginx:2'));
    await web.converge();
    expect(world.active()).toEqual(['web:1', 'web:2']);
    expect(web.status.arn).toMatch(/web:2$/);
  });
});

test('a revision that somebody deregistered is registered anew, as another incarnation, and told', async () => {
  const { web, world } = await readyTaskDefinition(running('nginx:1'));
  world.aws('DeregisterTaskDefinition', { taskDefinition: 'web:1' });
  world.clock.advance(600_000);
  await web.converge();
  expect(web.wrote()).toEqual(['RegisterTaskDefinition']);
  expect(web.status).toMatchObject({ incarnation: 1, revision: 2 });
  expect(web.events.map(({ reason }) => reason)).toContain('Lost');
  expect(web.status.revisions).toHaveLength(1);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
});

test('a changed tag is written on the revision, without a new one; one that leaves is removed', async () => {
  const { web, world } = await readyTaskDefinition(running('nginx:1', { tags: [{ key: 'team', value: 'a' }] }));
  web.apply(running('nginx:1', { tags: [{ key: 'stage', value: 'b' }] }));
  await web.converge();
  expect(web.wrote()).toEqual(['TagResource', 'UntagResource']);
  expect(world.tagsOf('web:1')).toMatchObject({ stage: 'b' });
  expect(world.tagsOf('web:1')).not.toHaveProperty('team');
  expect(world.active()).toEqual(['web:1']);
});

describe('revisions of others in the family', () => {
  test('are left alone and counted, and the count stays', async () => {
    const world = new TaskDefinitionWorld();
    for (const image of ['theirs:1', 'theirs:2']) world.register(image);
    const { web } = await readyTaskDefinition(running('nginx:1', { revisionHistoryLimit: 1 }), world);
    expect(web.status).toMatchObject({ foreignRevisions: 2, revision: 3 });
    world.clock.advance(600_000);
    await web.converge();
    expect(web.status).toMatchObject({ foreignRevisions: 2 });
    expect(web.kept.writes).toBe(0);
    web.apply(running('nginx:2', { revisionHistoryLimit: 1 }));
    await web.converge();
    expect(world.active().slice(0, 2)).toEqual(['web:1', 'web:2']);
    web.delete();
    await web.converge();
    expect(web.gone).toBe(true);
    expect(world.active()).toEqual(['web:1', 'web:2']);
  });

  test('of the very same content are not taken without a word', async () => {
    const world = new TaskDefinitionWorld();
    world.register('nginx:1');
    const { web } = await readyTaskDefinition(running('nginx:1'), world);
    expect(web.status).toMatchObject({ revision: 2 });
    expect(Object.keys(world.tagsOf('web:1'))).toEqual([]);
  });

  test('do not make ours be registered again, however many come', async () => {
    const { web, world } = await readyTaskDefinition(running('nginx:1'));
    for (let round = 0; round < 3; round++) {
      world.register(`theirs:${round}`);
      world.clock.advance(600_000);
      await web.converge();
    }
    expect(web.wrote()).toEqual([]);
    expect(web.status.arn).toMatch(/web:1$/);
  });
});

describe('adoption', () => {
  test('of a revision with our content is by tags alone: no new revision', async () => {
    const world = new TaskDefinitionWorld();
    world.register('nginx:1');
    const web = oneTaskDefinition(world);
    web.apply(running('nginx:1', { policy: { adoption: 'Adopt' }, tags: [{ key: 'team', value: 'a' }] }));
    await web.converge();
    expect(new Set(web.wrote())).toEqual(new Set(['TagResource']));
    expect(world.active()).toEqual(['web:1']);
    expect(world.tagsOf('web:1')).toMatchObject({ team: 'a', 'ecs-operator.dev/name': 'web' });
    expect(web.status).toMatchObject({ adopted: true, revision: 1, name: 'web' });
    expect(web.events.map(({ reason }) => reason)).toContain('Adopted');
    web.forget();
    web.restart();
    await web.converge();
    web.restart();
    await web.converge();
    expect([...web.wrote(), web.kept.writes]).toEqual([0]);
  });

  test('of an older one among others finds it', async () => {
    const world = new TaskDefinitionWorld();
    for (const image of ['nginx:1', 'theirs:2', 'theirs:3']) world.register(image);
    const web = oneTaskDefinition(world);
    web.apply(running('nginx:1', { policy: { adoption: 'Adopt' } }));
    await web.converge();
    expect(web.status.arn).toMatch(/web:1$/);
    expect(world.active()).toHaveLength(3);
  });

  test('is kept when the object is deleted, unless the spec says otherwise', async () => {
    const world = new TaskDefinitionWorld();
    world.register('nginx:1');
    const web = oneTaskDefinition(world);
    web.apply(running('nginx:1', { policy: { adoption: 'Adopt' } }));
    await web.converge();
    web.delete();
    await web.converge();
    expect(web.gone).toBe(true);
    expect(world.active()).toEqual(['web:1']);
  });
});

describe('the history', () => {
  test('keeps as many revisions as the limit says, the wanted one among them', async () => {
    const limit = { revisionHistoryLimit: 2 };
    const { web, world } = await readyTaskDefinition(running('nginx:1', limit));
    await applyAll(web, ['nginx:2', 'nginx:3', 'nginx:4', 'nginx:5'], limit);
    expect(world.active()).toEqual(['web:4', 'web:5']);
    expect(web.status.revisions).toHaveLength(2);
  });

  test('keeps all of them with 0', async () => {
    const limit = { revisionHistoryLimit: 0 };
    const { web, world } = await readyTaskDefinition(running('nginx:0', limit));
    await applyAll(
      web,
      Array.from({ length: 14 }, (_, at) => `nginx:${at + 1}`),
      limit,
    );
    expect(world.active()).toHaveLength(15);
  });

  test('keeps 10 when nothing is said', async () => {
    const { web, world } = await readyTaskDefinition(running('nginx:0'));
    await applyAll(
      web,
      Array.from({ length: 14 }, (_, at) => `nginx:${at + 1}`),
      {},
    );
    expect(world.active()).toHaveLength(10);
  });

  test('spares what a service still runs, and all of them while one rolls out', async () => {
    const limit = { revisionHistoryLimit: 1 };
    const { web, world } = await readyTaskDefinition(running('nginx:1', limit));
    const [first = ''] = web.status.revisions?.map(({ arn }) => arn) ?? [];
    const rolledOut = (status: 'True' | 'False') => ({
      type: 'RolledOut',
      status,
      reason: 'X',
      message: '',
      observedGeneration: 1,
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
    const settled = { currentTaskDefinitionArn: first, taskDefinitionArn: first, conditions: [rolledOut('True')] };
    web.around.dependents = [user(settled)];
    for (const image of ['nginx:2', 'nginx:3', 'nginx:4']) {
      web.apply(running(image, limit));
      await web.converge(1);
    }
    expect(world.active()).toEqual(['web:1', 'web:4']);
    expect(web.condition('RolledOut')).toMatchObject({ status: 'False' });
    expect(web.condition('RolledOut')?.message).toContain('EcsService shop/shop');

    web.around.dependents = [user({ ...settled, conditions: [rolledOut('False')] })];
    web.apply(running('nginx:5', limit));
    await web.converge(1);
    expect(world.active()).toEqual(['web:1', 'web:4', 'web:5']);
  });

  test('spares a revision that a service is pinned to', async () => {
    const limit = { revisionHistoryLimit: 1 };
    const { web, world } = await readyTaskDefinition(running('nginx:1', limit));
    web.around.dependents = [user({}, { taskDefinitionRef: { name: 'web', revision: 1 } })];
    await applyAll(web, ['nginx:2', 'nginx:3', 'nginx:4'], limit);
    expect(world.active()).toContain('web:1');
  });

  test('is not touched while deletions are held', async () => {
    const limit = { revisionHistoryLimit: 1 };
    const { web, world } = await readyTaskDefinition(running('nginx:1', limit));
    web.kept.annotate({ 'ecs-operator.dev/deletion-protected': 'true' });
    await applyAll(web, ['nginx:2', 'nginx:3', 'nginx:4'], limit);
    expect(world.active()).toHaveLength(4);
    web.kept.annotate({});
    await web.converge();
    expect(world.active()).toEqual(['web:4']);
  });
});

describe('after a restore', () => {
  test('revisions are found by their tags: nothing is registered, the history is known again', async () => {
    const { web, world } = await readyTaskDefinition(running('nginx:1'));
    await applyAll(web, ['nginx:2', 'nginx:3'], {});
    web.forget();
    web.restore('uid-2');
    await web.converge();
    expect(new Set(web.wrote())).toEqual(new Set(['TagResource']));
    expect(web.events.map(({ reason }) => reason)).toContain('TakenOver');
    expect(world.tagsOf('web:3')['ecs-operator.dev/uid']).toBe('uid-2');
    expect(web.status).toMatchObject({ name: 'web', revision: 3, account: { region: 'eu-central-1' } });
    expect(world.active()).toHaveLength(3);

    web.apply(running('nginx:1'));
    await web.converge();
    expect(world.active()).toHaveLength(3);
    expect(web.status.arn).toMatch(/web:1$/);
  });

  test('to an older content finds that one', async () => {
    const { web, world } = await readyTaskDefinition(running('nginx:1'));
    await applyAll(web, ['nginx:2', 'nginx:3'], {});
    web.apply(running('nginx:1'));
    web.restore('uid-2');
    await web.converge();
    expect(web.status.arn).toMatch(/web:1$/);
    expect(world.active()).toHaveLength(3);
  });

  test('old revisions are pruned and deleted like any other', async () => {
    const limit = { revisionHistoryLimit: 1 };
    const { web, world } = await readyTaskDefinition(running('nginx:1'));
    await applyAll(web, ['nginx:2', 'nginx:3'], {});
    web.restore('uid-2');
    await web.converge();
    web.apply(running('nginx:4', limit));
    await web.converge();
    web.delete();
    await web.converge();
    expect(web.gone).toBe(true);
    expect(world.active()).toEqual([]);
  });
});

test('an old revision that somebody else has put their tags on since is theirs, and left ACTIVE', async () => {
  const { web, world } = await readyTaskDefinition(running('nginx:1', { revisionHistoryLimit: 2 }));
  await applyAll(web, ['nginx:2'], { revisionHistoryLimit: 2 });
  const tags = [{ key: 'ecs-operator.dev/installation', value: 'another' }];
  world.aws('TagResource', { resourceArn: web.status.revisions?.at(-1)?.arn, tags });
  await applyAll(web, ['nginx:3'], { revisionHistoryLimit: 2 });
  expect(web.wrote()).not.toContain('DeregisterTaskDefinition');
  expect(world.active()).toEqual(['web:1', 'web:2', 'web:3']);
  expect(web.status).toMatchObject({ foreignRevisions: 1 });
});

describe('deletion', () => {
  test('deregisters every revision of ours, newest or not', async () => {
    const { web, world } = await readyTaskDefinition(running('nginx:1'));
    await applyAll(web, ['nginx:2', 'nginx:3'], {});
    web.forget();
    web.delete();
    await web.converge();
    expect(web.gone).toBe(true);
    expect(web.wrote()).toEqual(['DeregisterTaskDefinition', 'DeregisterTaskDefinition', 'DeregisterTaskDefinition']);
    expect(world.active()).toEqual([]);
  });

  test('goes on where it stopped when an answer is lost', async () => {
    const { web, world } = await readyTaskDefinition(running('nginx:1'));
    await applyAll(web, ['nginx:2', 'nginx:3'], {});
    web.forget();
    let calls = 0;
    web.fault = (operation) => (operation === 'DeregisterTaskDefinition' && ++calls === 2 ? 'after' : undefined);
    web.delete();
    await web.converge();
    expect(web.gone).toBe(true);
    expect(web.wrote()).toHaveLength(3);
    expect(world.active()).toEqual([]);
  });

  test('of an object whose spec has become invalid takes its revisions all the same', async () => {
    const { web, world } = await readyTaskDefinition(running('nginx:1'));
    web.apply({ containerDefinitions: [{ name: 'web' }] });
    await web.converge();
    expect(web.condition('Stalled')).toMatchObject({ reason: 'InvalidSpec' });
    web.delete();
    await web.converge();
    expect(web.gone).toBe(true);
    expect(world.active()).toEqual([]);
  });

  test('takes a revision whose tags somebody took off', async () => {
    const { web, world } = await readyTaskDefinition(running('nginx:1'));
    const tagKeys = Object.keys(world.tagsOf('web:1'));
    world.aws('UntagResource', { resourceArn: web.status.arn, tagKeys });
    web.delete();
    await web.converge();
    expect(world.active()).toEqual([]);
  });
});

test('tags of ours that somebody took off come back, on the wanted revision and on one that is wanted again', async () => {
  const { web, world } = await readyTaskDefinition(running('nginx:1'));
  const first = web.status.arn;
  await applyAll(web, ['nginx:2'], {});
  for (const revision of ['web:1', 'web:2']) {
    const resourceArn = first?.replace('web:1', revision);
    world.aws('UntagResource', { resourceArn, tagKeys: Object.keys(world.tagsOf(revision)) });
  }
  world.clock.advance(600_000);
  await web.converge();
  expect(world.tagsOf('web:2')).toMatchObject({ 'ecs-operator.dev/uid': 'uid-1' });
  web.apply(running('nginx:1'));
  await web.converge();
  expect(world.tagsOf('web:1')).toMatchObject({ 'ecs-operator.dev/uid': 'uid-1' });
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  expect(world.active()).toEqual(['web:1', 'web:2']);
});

test('a pause shows what would be registered, and registers nothing', async () => {
  const world = new TaskDefinitionWorld();
  const web = oneTaskDefinition(world);
  web.apply(running('nginx:1', { policy: { paused: true } }));
  await web.converge();
  expect(web.wrote()).toEqual([]);
  expect(web.condition('Ready')).toMatchObject({ status: 'False', reason: 'Paused' });
  expect(web.condition('Ready')?.message).toContain('would RegisterTaskDefinition web');
  web.delete();
  await web.converge();
  expect(web.gone || web.kept.object.metadata.finalizers === undefined).toBe(true);
});
