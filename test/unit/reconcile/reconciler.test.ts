import { describe, expect, test } from 'vitest';
import { Claims } from '../../../src/reconcile/claims.ts';
import { sampleAccount, sampleNamespace, sampleObject } from '../../../src/reconcile/sample-objects.ts';
import { NotLeadingError } from '../../../src/runtime/fence.ts';
import { oneTiny, TinyAws } from './tiny-kind.ts';

async function ready(value: string, table = new TinyAws()) {
  const object = oneTiny(table);
  object.apply({ value });
  await object.converge();
  expect(object.condition('Ready')).toMatchObject({ status: 'True' });
  object.forget();
  return { object, table };
}

describe('what a reconcile throws', () => {
  test('is a fault of ours unless AWS or Kubernetes said it: nothing is swallowed, nothing is told as AWS’s', async () => {
    const table = new TinyAws();
    const object = oneTiny(table, {
      kind: {
        plan: () => {
          throw new TypeError('ours');
        },
      },
    });
    object.apply({ value: 'a' });
    await expect(object.reconcile()).rejects.toThrow('ours');
    expect(object.status.conditions).toBeUndefined();
  });

  test('with the lease gone is a quiet failure, and nothing is written any more', async () => {
    const { object, table } = await ready('a');
    object.apply({ value: 'b' });
    table.before = (operation) => {
      expect(operation).toBe('ecs.DescribeClusters');
      throw new NotLeadingError();
    };
    const writes = object.kept.writes;
    expect(await object.reconcile()).toMatchObject({ type: 'failed' });
    expect(object.kept.writes).toBe(writes);
  });
});

describe('the account of an object', () => {
  const ACCOUNT = sampleAccount('shops');
  const annotated = sampleNamespace('shop', { annotations: { 'ecs-operator.dev/account': ACCOUNT.metadata.name } });

  test.each([
    {
      what: 'the operator’s own identity, while an AwsAccount is there that no watch has shown yet',
      seen: {},
      assigned: { account: 'default' },
      later: { accounts: [] },
    },
    {
      what: 'the operator’s own identity, while the namespace is given another that no watch has shown yet',
      seen: { accounts: [ACCOUNT] },
      assigned: { account: ACCOUNT.metadata.name },
      later: { namespaces: [annotated] },
    },
    {
      what: 'one that the namespace does not give any more, though no watch has shown that yet',
      seen: { accounts: [ACCOUNT], namespaces: [annotated] },
      assigned: { account: undefined },
      later: { namespaces: [sampleNamespace('shop')] },
    },
  ])('is not $what', async ({ seen, assigned, later }) => {
    const table = new TinyAws();
    const object = oneTiny(table, { around: { ...seen, assigned } });
    object.apply({ value: 'a' });
    await object.converge(60);
    expect(object.writes, 'made in the wrong account').toEqual([]);
    expect(object.kept.object.metadata.finalizers ?? []).toEqual([]);
    expect(object.condition('Ready')).toMatchObject({ reason: 'AccountNotReady' });

    Object.assign(object.around, { ...later, assigned: undefined });
    await object.converge();
    expect(object.condition('Ready')).toMatchObject({ status: 'True' });
  });
});

describe('a status', () => {
  test('speaks of the generation that was reconciled, also when the spec changes meanwhile', async () => {
    const { object, table } = await ready('a');
    object.apply({ value: 'b' });
    table.before = (operation) => {
      if (operation !== 'ecs.UpdateCluster') return;
      table.before = undefined;
      object.apply({ value: 'c' });
    };
    await object.reconcile();
    expect(object.kept.object.metadata.generation).toBe(3);
    expect(object.status.observedGeneration).toBe(2);
    expect(object.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 2 });
    expect(table.resource?.value).toBe('b');
    await object.converge();
    expect(object.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 3 });
    expect(table.resource?.value).toBe('c');
  });

  test('is not written to an object that has taken the place of the one that was reconciled', async () => {
    const { object, table } = await ready('a');
    object.apply({ value: 'b' });
    table.before = (operation) => {
      if (operation !== 'ecs.UpdateCluster') return;
      table.before = undefined;
      object.kept.restore('uid-2', { withStatus: false });
    };
    await object.reconcile();
    expect(object.status.ownerUid).not.toBe('uid-1');
    await object.converge();
    expect(object.status.ownerUid).toBe('uid-2');
  });
});

test('an Event tells once that an object is stuck, not at each retry', async () => {
  const { object, table } = await ready('a');
  table.forgetful = true;
  object.apply({ value: 'b' });
  for (let round = 0; round < 4; round++) {
    await object.converge();
    table.clock.advance(600_000);
  }
  expect(object.condition('Stalled')).toMatchObject({ reason: 'NotHeld' });
  expect(object.events.filter(({ reason }) => reason === 'NotHeld')).toHaveLength(1);
});

describe('one AWS name', () => {
  test('is one also under two AwsAccounts that stand for the same account', async () => {
    const table = new TinyAws();
    const claims = new Claims(() => {});
    const accounts = [sampleAccount('a'), sampleAccount('b')];
    const first = oneTiny(table, { around: { claims, accounts } });
    first.apply({ value: 'a', accountRef: { name: 'a' } });
    await first.converge();
    const other = oneTiny(table, {
      around: { claims, accounts },
      uid: 'uid-3',
      name: 'other',
      kind: { explicitName: () => 'prod' },
    });
    other.apply({ value: 'c', accountRef: { name: 'b' } });
    await other.converge();
    expect(other.condition('Stalled')).toMatchObject({ reason: 'NameTaken' });
    expect(other.condition('Stalled')?.message).toContain('EcsCluster/shop/prod');
    expect(table.resource?.value).toBe('a');
  });

  test('is two in two regions', async () => {
    const claims = new Claims(() => {});
    const accounts = [sampleAccount('a'), sampleAccount('b', { region: 'us-east-1' })];
    for (const account of ['a', 'b']) {
      const object = oneTiny(new TinyAws(), {
        around: { claims, accounts },
        name: account,
        uid: `uid-${account}`,
        kind: { explicitName: () => 'prod' },
      });
      object.apply({ value: account, accountRef: { name: account } });
      await object.converge();
      expect(object.condition('Ready')).toMatchObject({ status: 'True' });
    }
  });
});

test('a stranger’s reference from another namespace holds no deletion', async () => {
  const { object } = await ready('a');
  object.around.dependents = [sampleObject({ kind: 'EcsService', namespace: 'elsewhere' })];
  object.delete();
  await object.converge();
  expect(object.gone).toBe(true);
});
