import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../src/fake-aws/core/aws-error.ts';
import { KubeApiError } from '../../../src/kube/errors.ts';
import { DeletionBudget } from '../../../src/reconcile/deletion-budget.ts';
import { sampleObject } from '../../../src/reconcile/sample-objects.ts';
import type { Policy } from '../../../src/reconcile/types.ts';
import type { Surroundings } from './one-object.ts';
import { oneTiny, TinyAws, type TinySpec, tagsOf } from './tiny-kind.ts';

const AWAY = new AwsError({ code: 'ServerException', message: 'away', httpStatus: 500 });

async function ready(spec: TinySpec = { value: 'a' }, around: Partial<Surroundings> = {}, table = new TinyAws()) {
  const object = oneTiny(table, { around });
  object.apply(spec);
  await object.converge();
  expect(object.condition('Ready'), JSON.stringify(object.status)).toMatchObject({ status: 'True' });
  object.forget();
  return { object, table };
}

describe('a deletion', () => {
  test('takes AWS’s side away and then lets the object go', async () => {
    const { object, table } = await ready();
    table.certain = true;
    object.delete();
    await object.reconcile();
    expect(object.wrote()).toEqual(['DeleteCluster']);
    expect([object.gone, table.resource]).toEqual([true, undefined]);
  });

  test('waits until AWS is done, and remembers what it has to', async () => {
    const { object, table } = await ready();
    table.slow = true;
    table.certain = true;
    object.delete();
    await object.reconcile();
    expect(object.condition('Ready')).toMatchObject({ status: 'False', reason: 'Deleting', message: 'on its way out' });
    expect(object.status.step).toBe('leaving');
    object.restart();
    await object.reconcile();
    expect(object.gone).toBe(false);
    table.finish();
    await object.converge();
    expect(object.gone).toBe(true);
    expect(object.wrote()).toEqual(['DeleteCluster']);
  });

  test('believes that it is gone only when it was missing for a while', async () => {
    const { object } = await ready();
    object.delete();
    await object.reconcile();
    expect(object.gone).toBe(false);
    expect(object.condition('Ready')).toMatchObject({ reason: 'ConfirmingAbsence' });
    await object.converge();
    expect(object.gone).toBe(true);
  });

  test('is not fooled by a read that misses it once', async () => {
    const { object, table } = await ready();
    table.certain = true;
    let missing = 1;
    object.answer = (operation, answer) =>
      operation === 'DescribeClusters' && missing-- > 0 ? { certain: false } : answer;
    object.delete();
    await object.converge();
    expect(object.wrote()).toEqual(['DeleteCluster']);
    expect(object.gone).toBe(true);
  });

  test('whose answer was lost is finished', async () => {
    const { object, table } = await ready();
    object.fault = (operation) => (operation === 'DeleteCluster' ? 'after' : undefined);
    object.delete();
    await object.reconcile();
    expect(object.gone).toBe(false);
    object.fault = undefined;
    await object.converge();
    expect([object.gone, table.resource]).toEqual([true, undefined]);
  });

  test('that AWS does not allow yet says so and is tried again', async () => {
    const { object, table } = await ready();
    table.refuse = (operation) =>
      operation === 'ecs.DeleteCluster'
        ? new AwsError({ code: 'ClusterContainsServicesException', message: 'it has services' })
        : undefined;
    object.delete();
    expect(await object.reconcile()).toMatchObject({ type: 'failed' });
    expect(object.condition('Ready')?.message).toContain('it has services');
    table.refuse = undefined;
    await object.converge();
    expect(object.gone).toBe(true);
  });

  test('of what was never asked for makes no call', async () => {
    const table = new TinyAws();
    const object = oneTiny(table);
    table.refuse = () => AWAY;
    object.apply({ value: 'a' });
    await object.reconcile();
    expect(object.kept.object.metadata.finalizers).toEqual(['ecs-operator.dev/finalizer']);
    object.forget();
    object.delete();
    await object.converge();
    expect([object.gone, object.wrote(), object.reads]).toEqual([true, [], []]);
  });
});

describe('what a deletion leaves in AWS', () => {
  const ADOPTED: TinySpec = { policy: { adoption: 'Adopt' } };

  async function adopted(policy: Policy = {}) {
    const table = new TinyAws();
    table.put({ team: 'theirs' }, 'theirs');
    return ready({ policy: { ...ADOPTED.policy, ...policy } }, {}, table);
  }

  test('is what its policy says, without a look at AWS', async () => {
    const { object, table } = await ready({ value: 'a', policy: { deletion: 'Retain' } });
    table.refuse = () => AWAY;
    object.delete();
    await object.reconcile();
    expect([object.gone, object.reads, object.wrote()]).toEqual([true, [], []]);
    expect(table.resource).toBeDefined();
  });

  test('is what its policy says late, while AWS cannot be reached', async () => {
    const { object, table } = await ready();
    table.refuse = () => AWAY;
    object.delete();
    await object.converge(30);
    expect(object.gone).toBe(false);
    object.apply({ value: 'a', policy: { deletion: 'Retain' } });
    await object.reconcile();
    expect(object.gone).toBe(true);
  });

  test('is what was adopted', async () => {
    const { object, table } = await adopted();
    object.delete();
    await object.reconcile();
    expect([object.gone, object.wrote()]).toEqual([true, []]);
    expect(table.resource).toBeDefined();
  });

  test('is not what was adopted, when the policy says to delete', async () => {
    const { object, table } = await adopted({ deletion: 'Delete' });
    object.delete();
    await object.converge();
    expect([object.gone, table.resource]).toEqual([true, undefined]);
  });

  test('is what was never ours', async () => {
    const table = new TinyAws();
    table.put({}, 'theirs');
    const object = oneTiny(table);
    object.apply({ value: 'a', policy: { deletion: 'Delete' } });
    await object.converge();
    object.delete();
    await object.converge();
    expect([object.gone, object.wrote()]).toEqual([true, []]);
    expect(table.resource?.value).toBe('theirs');
  });

  test('is what has become another object’s since', async () => {
    const { object, table } = await ready();
    if (table.resource !== undefined) table.resource.tags = tagsOf({ name: 'other' });
    object.delete();
    await object.converge();
    expect([object.gone, object.wrote()]).toEqual([true, []]);
    expect(table.resource).toBeDefined();
  });

  test('is what was made for an object of this name elsewhere, which this one never took over', async () => {
    const { object, table } = await ready();
    object.kept.annotate({ 'ecs-operator.dev/paused': '' });
    object.restore('uid-2', { withStatus: true });
    await object.converge();
    object.kept.annotate({});
    object.delete();
    await object.converge();
    expect([object.gone, object.wrote()]).toEqual([true, []]);
    expect(table.resource?.tags).toEqual(tagsOf());
    expect(object.events.at(-1)?.message).toContain('UID uid-1');
  });

  test('is not what it took over just now, though AWS still shows the former tags', async () => {
    const { object, table } = await ready();
    object.restore('uid-2', { withStatus: true });
    await object.converge();
    expect(object.wrote()).toEqual(['TagResource']);
    object.answer = (_operation, answer) => {
      object.answer = undefined;
      return { ...answer, resource: { ...answer.resource, tags: tagsOf() } };
    };
    object.delete();
    await object.converge();
    expect([object.gone, object.wrote()]).toEqual([true, ['TagResource', 'DeleteCluster']]);
    expect(table.resource).toBeUndefined();
  });

  test('is what two claim: nothing is deleted until a person has decided', async () => {
    const { object, table } = await ready();
    await object.converge();
    if (table.resource !== undefined) table.resource.tags = tagsOf({ uid: 'uid-9' });
    object.delete();
    await object.converge();
    expect(object.condition('Stalled')).toMatchObject({ reason: 'TwoOwners' });
    expect(object.wrote()).toEqual([]);
    const { writes } = object.kept;
    object.restart();
    await object.converge();
    expect(object.kept.writes).toBe(writes);
    object.apply({ value: 'a', policy: { deletion: 'Retain' } });
    await object.reconcile();
    expect(object.gone).toBe(true);
    expect(table.resource).toBeDefined();
  });
});

describe('what holds a deletion', () => {
  test('is what refers to it, by name', async () => {
    const { object, table } = await ready();
    object.around.dependents = [sampleObject({ kind: 'EcsService', namespace: 'shop', name: 'web' })];
    object.delete();
    await object.reconcile();
    expect(object.condition('Ready')).toMatchObject({
      reason: 'InUse',
      message: 'still referred to by EcsService shop/web',
    });
    expect(object.wrote()).toEqual([]);
    object.around.dependents = [];
    await object.converge();
    expect([object.gone, table.resource]).toEqual([true, undefined]);
  });

  test('is a pause, which says what it would do', async () => {
    const { object } = await ready();
    object.apply({ value: 'a', policy: { paused: true } });
    object.delete();
    await object.converge();
    expect(object.condition('Ready')).toMatchObject({ reason: 'Paused' });
    expect(object.condition('Ready')?.message).toContain('would Delete');
    object.apply({ value: 'a' });
    await object.converge();
    expect(object.gone).toBe(true);
  });

  test('is its protection, until that is taken off', async () => {
    const { object } = await ready();
    object.kept.annotate({ 'ecs-operator.dev/deletion-protected': 'true' });
    object.delete();
    await object.converge();
    expect(object.condition('Ready')).toMatchObject({ reason: 'DeletionProtected' });
    expect(object.wrote()).toEqual([]);
    object.kept.annotate({});
    await object.converge();
    expect(object.gone).toBe(true);
  });

  test('is a CRD that is being deleted: not each object was meant', async () => {
    const { object } = await ready({ value: 'a' }, { deletingCrd: 'ecsclusters.ecs-operator.dev' });
    object.delete();
    await object.converge();
    expect(object.condition('Ready')).toMatchObject({ reason: 'CustomResourceDefinitionBeingDeleted' });
    expect(object.wrote()).toEqual([]);
    object.apply({ value: 'a', policy: { deletion: 'Retain' } });
    await object.converge();
    expect(object.gone).toBe(true);
  });

  test('is a CRD that may not be looked at', async () => {
    const request = { method: 'GET', path: '/crds' };
    const deletingCrd = new KubeApiError({ status: 403, reason: 'Forbidden', message: 'may not get', request });
    const { object } = await ready({ value: 'a' }, { deletingCrd });
    object.delete();
    await object.converge();
    expect(object.condition('Ready')).toMatchObject({ reason: 'DefinitionUnreadable' });
    expect(object.condition('Ready')?.message).toContain('may not get');
    expect(object.wrote()).toEqual([]);
  });

  test('is --read-only', async () => {
    const { object } = await ready();
    object.around.readOnly = true;
    object.restart();
    object.delete();
    await object.converge();
    expect(object.condition('Ready')).toMatchObject({ reason: 'ReadOnly' });
    expect(object.wrote()).toEqual([]);
  });

  test('is the budget of deletions: the next one waits for its turn, and an object counts once', async () => {
    const table = new TinyAws();
    const budget = new DeletionBudget(table.clock, 1);
    const { object: first } = await ready({ value: 'a' }, { budget }, table);
    first.delete();
    first.fault = (operation) => (operation === 'DeleteCluster' ? 'before' : undefined);
    await first.reconcile();
    first.fault = undefined;
    await first.reconcile();
    expect(first.wrote()).toEqual(['DeleteCluster', 'DeleteCluster']);

    const { object: second } = await ready({ value: 'b' }, { budget });
    second.delete();
    await second.reconcile();
    expect(second.condition('Ready')).toMatchObject({ reason: 'DeletionsLimited' });
    expect(second.wrote()).toEqual([]);
    table.clock.advance(60_000);
    await second.converge();
    expect(second.gone).toBe(true);
  });
});
