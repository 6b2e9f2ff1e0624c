import { beforeEach, describe, expect, test } from 'vitest';
import { AwsCallError, type AwsErrorKind } from '../../../src/aws/errors.ts';
import { AccountReconciler } from '../../../src/kinds/aws-account/account-reconciler.ts';
import type { AwsAccountSpec, AwsAccountStatus } from '../../../src/reconcile/account.ts';
import { Claims } from '../../../src/reconcile/claims.ts';
import { DeletionBudget } from '../../../src/reconcile/deletion-budget.ts';
import type { AwsSession, EventNote } from '../../../src/reconcile/kind.ts';
import { sampleObject } from '../../../src/reconcile/sample-objects.ts';
import type { EcsObject } from '../../../src/reconcile/types.ts';
import { contradictions, findCondition } from '../../../src/runtime/conditions.ts';
import { objectKey } from '../../../src/runtime/object-key.ts';
import type { Outcome } from '../../../src/runtime/outcome.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { KeptObject } from '../reconcile/kept-object.ts';
import { namespaceOf } from '../reconcile/one-object.ts';

const SPEC: AwsAccountSpec = { region: 'eu-central-1', allowedNamespaces: { names: ['shop'] } };
const CALLER = { Account: '123456789012', Arn: 'arn:aws:sts::123456789012:assumed-role/operator/x', $metadata: {} };

/** One AwsAccount `prod` under its reconciler, and an STS that answers as told. */
class OneAccount {
  readonly clock = new VirtualClock();
  readonly kept = new KeptObject<AwsAccountSpec, AwsAccountStatus>({
    kind: 'AwsAccount',
    name: 'prod',
    uid: 'uid-1',
    namespace: null,
  });
  users: EcsObject[] = [];
  events: EventNote[] = [];
  targets: AwsSession['target'][] = [];
  measured: unknown[] = [];
  answer: () => object = () => CALLER;
  readonly #reconciler: AccountReconciler;

  constructor({ readOnly = false } = {}) {
    this.#reconciler = new AccountReconciler({
      store: this.kept.store,
      usersOf: () => this.users.map((object) => ({ kind: object.kind, object })),
      services: {
        clock: this.clock,
        client: this.kept.client(),
        view: {
          object: () => undefined,
          namespace: namespaceOf,
          account: () => undefined,
          seesAll: () => true,
          dependents: () => [],
        },
        own: { region: 'us-east-1', endpoint: undefined, namespaces: [] },
        claims: new Claims(() => {}),
        budget: new DeletionBudget(this.clock, 60),
        installation: 'one',
        readOnly,
        deletingCrd: async () => undefined,
        assignedAccount: async () => undefined,
        session: (target, priority, signal) => {
          this.targets.push(target);
          // Safe: the reconciler asks STS alone.
          return { target, priority, signal, call: async () => this.answer() as never };
        },
        event: (_object, note) => this.events.push(note),
        conditions: (_kind, _object, conditions) => this.measured.push(conditions),
      },
    });
  }

  reconcile(): Promise<Outcome> {
    return this.#reconciler.reconcile(objectKey({ name: 'prod' }), new AbortController().signal);
  }

  condition(type: string) {
    return findCondition(this.kept.object.status?.conditions, type);
  }
}

function failing(kind: AwsErrorKind, message = 'no'): () => never {
  return () => {
    throw new AwsCallError(message, { kind, code: kind, operation: 'sts.GetCallerIdentity', effect: 'none' });
  };
}

let account: OneAccount;
beforeEach(() => {
  account = new OneAccount();
});

test('an account is Ready when STS says whose its credentials are, and is then left alone', async () => {
  account.kept.apply({ ...SPEC, accountId: '123456789012' });
  expect(await account.reconcile()).toEqual({ type: 'settled' });
  expect(account.kept.object.status).toMatchObject({ accountId: CALLER.Account, callerArn: CALLER.Arn });
  expect(account.condition('Ready')).toMatchObject({ status: 'True', observedGeneration: 1 });
  account.kept.writes = 0;
  account.clock.advance(600_000);
  await account.reconcile();
  expect(account.kept.writes).toBe(0);
});

test('is asked for in its own region, as its own role', async () => {
  const assumeRole = { roleArn: 'arn:aws:iam::123456789012:role/operator', externalId: 'x1' };
  account.kept.apply({ ...SPEC, endpoint: 'http://localhost:1', assumeRole });
  await account.reconcile();
  expect(account.targets).toEqual([{ region: 'eu-central-1', endpoint: 'http://localhost:1', ...assumeRole }]);
});

test('credentials of another account than it says are refused, by both numbers and once as an Event', async () => {
  account.kept.apply({ ...SPEC, accountId: '999999999999' });
  expect(await account.reconcile()).toMatchObject({ type: 'stalled' });
  expect(account.condition('Stalled')).toMatchObject({ reason: 'AccountMismatch' });
  expect(account.condition('Stalled')?.message).toMatch(/123456789012.*999999999999/);
  await account.reconcile();
  expect(account.events).toHaveLength(1);
});

describe('an error of STS', () => {
  test.each<{ kind: AwsErrorKind; reason: string; outcome: string }>([
    { kind: 'Denied', reason: 'AccessDenied', outcome: 'stalled' },
    { kind: 'Invalid', reason: 'Refused', outcome: 'stalled' },
    { kind: 'Transient', reason: 'AwsUnavailable', outcome: 'failed' },
    { kind: 'Throttled', reason: 'Throttled', outcome: 'failed' },
  ])('$kind is $reason, and passes', async ({ kind, reason, outcome }) => {
    account.answer = failing(kind);
    account.kept.apply(SPEC);
    expect(await account.reconcile()).toMatchObject({ type: outcome });
    expect(account.condition('Ready')).toMatchObject({ reason });
    expect(contradictions(account.kept.object.status?.conditions)).toEqual([]);
    account.answer = () => CALLER;
    await account.reconcile();
    expect(account.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('does not take Ready away before it has lasted: all that use the account would wait for it', async () => {
    account.kept.apply(SPEC);
    await account.reconcile();
    account.answer = failing('Transient');
    for (const status of ['True', 'True', 'Unknown']) {
      await account.reconcile();
      expect(account.condition('Ready')).toMatchObject({ status });
    }
  });

  test('is tried again ever more slowly where a person has to act, and at once when the spec changes', async () => {
    account.answer = failing('Denied');
    account.kept.apply(SPEC);
    const pauses: unknown[] = [];
    for (let round = 0; round < 3; round++) pauses.push(await account.reconcile());
    expect(pauses).toEqual([30_000, 60_000, 120_000].map((retryAfterMs) => ({ type: 'stalled', retryAfterMs })));
    account.kept.apply({ ...SPEC, region: 'eu-west-1' });
    expect(await account.reconcile()).toEqual({ type: 'stalled', retryAfterMs: 30_000 });
  });

  test.each([
    ['nothing', {}],
    ['an account without who we are', { Account: '123456789012' }],
    ['who we are without an account', { Arn: 'arn:aws:iam::123456789012:role/operator' }],
    ['an empty account', { Account: '', Arn: 'arn:aws:iam::123456789012:role/operator' }],
    ['an account that is none', { Account: 'none', Arn: 'arn:aws:iam::123456789012:role/operator' }],
  ])('an answer with %s is no answer', async (_, answer) => {
    account.answer = () => ({ ...answer, $metadata: {} });
    account.kept.apply(SPEC);
    expect(await account.reconcile()).toMatchObject({ type: 'failed' });
    expect(account.kept.object.status?.accountId).toBeUndefined();
  });

  test('a fault of ours is not taken for one of AWS', async () => {
    account.answer = () => {
      throw new TypeError('ours');
    };
    account.kept.apply(SPEC);
    await expect(account.reconcile()).rejects.toThrow('ours');
  });
});

describe('a deletion', () => {
  const user = (namespace: string, status: EcsObject['status'] = {}) =>
    sampleObject({ kind: 'EcsCluster', namespace, status });

  test('waits for all that use the account, and names them', async () => {
    account.kept.apply(SPEC);
    await account.reconcile();
    account.users = Array.from({ length: 7 }, () => user('shop'));
    account.kept.delete(account.clock.now());
    expect(await account.reconcile()).toEqual({ type: 'waiting' });
    expect(account.condition('Ready')).toMatchObject({ reason: 'InUse' });
    expect(account.condition('Ready')?.message).toMatch(/EcsCluster shop\/prod.*, others$/);
    account.users = [];
    await account.reconcile();
    expect(account.kept.gone).toBe(true);
  });

  test('is not held up by one that was never allowed to use it', async () => {
    account.kept.apply(SPEC);
    await account.reconcile();
    account.users = [user('elsewhere')];
    account.kept.delete(account.clock.now());
    await account.reconcile();
    expect(account.kept.gone).toBe(true);
  });

  test('is held up by one that was allowed when it used it', async () => {
    account.kept.apply(SPEC);
    await account.reconcile();
    account.users = [user('elsewhere', { account: { name: 'prod' } })];
    account.kept.delete(account.clock.now());
    await account.reconcile();
    expect(account.kept.gone).toBe(false);
  });
});

test('read-only, nothing is put on an account that would have to be taken off again', async () => {
  const looking = new OneAccount({ readOnly: true });
  looking.kept.apply(SPEC);
  await looking.reconcile();
  expect(looking.kept.object.metadata.finalizers).toBeUndefined();
  expect(looking.condition('Ready')).toMatchObject({ status: 'True' });
});

test('an account that is gone leaves no measures behind', async () => {
  account.kept.apply(SPEC);
  await account.reconcile();
  const before = account.measured.length;
  account.answer = () => {
    account.kept.store.apply({ type: 'DELETED', object: account.kept.object });
    return CALLER;
  };
  await account.reconcile();
  expect(account.measured).toHaveLength(before);
});
