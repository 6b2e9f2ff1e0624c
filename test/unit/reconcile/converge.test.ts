import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../src/fake-aws/core/aws-error.ts';
import { Claims } from '../../../src/reconcile/claims.ts';
import type { Policy } from '../../../src/reconcile/types.ts';
import { oneTiny, TinyAws, type TinySpec, tagsOf } from './tiny-kind.ts';

const refusal = (code: string, message = 'no', httpStatus = 400) => new AwsError({ code, message, httpStatus });

async function ready(spec: TinySpec, table = new TinyAws(), options: Parameters<typeof oneTiny>[1] = {}) {
  const object = oneTiny(table, options);
  object.apply(spec);
  await object.converge();
  expect(object.condition('Ready'), JSON.stringify(object.status)).toMatchObject({ status: 'True' });
  object.forget();
  return { object, table };
}

describe('creation', () => {
  test('is made once, and then left alone on both sides', async () => {
    const { object, table } = await ready({ value: 'a' });
    expect(table.resource).toMatchObject({ value: 'a', tags: tagsOf() });
    for (let hours = 0; hours < 3; hours++) {
      table.clock.advance(3_600_000);
      await object.converge();
    }
    object.restart();
    await object.converge();
    expect([object.wrote(), object.kept.writes]).toEqual([[], 0]);
  });

  test('has finalizer, name, account and what is declared in Kubernetes before AWS hears of it', async () => {
    const table = new TinyAws();
    const object = oneTiny(table);
    object.apply({ value: 'a' });
    let then: unknown;
    table.before = (operation) => {
      if (operation === 'ecs.CreateCluster') then = structuredClone(object.kept.object);
    };
    await object.converge();
    expect(then).toMatchObject({
      metadata: { finalizers: ['ecs-operator.dev/finalizer'] },
      status: {
        name: 'prod',
        account: { region: 'eu-central-1' },
        applied: { leaves: { value: '' } },
        conditions: [
          { type: 'Ready', status: 'False', reason: 'Applying' },
          { type: 'Synced' },
          { type: 'Reconciling' },
        ],
      },
    });
    expect(object.status).toMatchObject({ applied: { leaves: { value: 'hash of a' } }, ownerUid: 'uid-1' });
  });

  test('does not happen when somebody changed the object since it was looked at', async () => {
    const table = new TinyAws();
    const object = oneTiny(table);
    object.apply({ value: 'a' });
    table.before = (operation) => {
      table.before = undefined;
      if (operation === 'ecs.DescribeClusters') object.apply({ value: 'b' });
    };
    expect(await object.reconcile()).toMatchObject({ type: 'failed' });
    expect(object.wrote()).toEqual([]);
    await object.converge();
    expect(table.resource?.value).toBe('b');
    expect(table.made).toBe(1);
  });

  test('that answers with what was there already takes nobody’s resource for ours', async () => {
    for (const kind of [{}, { readsTagsOfExisting: true as const }]) {
      const table = new TinyAws();
      const object = oneTiny(table, { kind });
      object.apply({ value: 'a' });
      table.before = (operation) => {
        // Made by somebody between our look and our call.
        if (operation === 'ecs.CreateCluster') table.put({}, 'theirs');
      };
      await object.converge();
      expect(object.condition('Stalled')).toMatchObject({ reason: 'NotOwned' });
      expect(table.resource).toMatchObject({ tags: {}, value: 'theirs' });
      expect(object.status.arn).toBeUndefined();
    }
  });

  test('that answers with what we may take is an adoption, at once where its tags are known', async () => {
    const table = new TinyAws();
    const object = oneTiny(table, { kind: { readsTagsOfExisting: true } });
    object.apply({ value: 'a', policy: { adoption: 'Adopt' } });
    table.before = (operation) => {
      if (operation === 'ecs.CreateCluster') table.put({}, 'theirs');
    };
    await object.converge();
    // Before the creation; after it none is needed.
    expect(object.reads).toHaveLength(2);
    expect(object.wrote()).toEqual(['CreateCluster', 'TagResource', 'UpdateCluster']);
    expect(object.status.adopted).toBe(true);
    expect(table.resource).toMatchObject({ value: 'a', tags: tagsOf() });
  });
});

describe('a change', () => {
  test('of the spec is one update', async () => {
    const { object, table } = await ready({ value: 'a' });
    object.apply({ value: 'b' });
    await object.converge();
    expect(object.wrote()).toEqual(['UpdateCluster']);
    expect(table.resource?.value).toBe('b');
    expect(object.status).toMatchObject({ applied: { leaves: { value: 'hash of b' } }, shown: 'b' });
  });

  test('that takes a field out clears it once, and then it is anybody’s', async () => {
    const { object, table } = await ready({ value: 'a' });
    object.apply({});
    await object.converge();
    expect(table.resource?.value).toBe('default');
    expect(object.status.applied).toEqual({ leaves: {} });
    if (table.resource !== undefined) table.resource.value = 'theirs';
    table.clock.advance(3_600_000);
    await object.converge();
    expect(object.wrote()).toEqual(['UpdateCluster']);
    expect(table.resource?.value).toBe('theirs');
  });

  test('that takes a field out is not forgotten when the operator dies before or after the call', async () => {
    for (const when of ['before', 'after'] as const) {
      const { object, table } = await ready({ value: 'a' });
      object.apply({});
      object.fault = (operation) => (operation === 'UpdateCluster' ? when : undefined);
      await object.reconcile();
      object.fault = undefined;
      object.restart();
      await object.converge();
      expect(table.resource?.value).toBe('default');
      expect(object.condition('Ready')).toMatchObject({ status: 'True' });
    }
  });

  test('that AWS takes and does not show is said, not tried forever', async () => {
    const { object, table } = await ready({ value: 'a' });
    table.forgetful = true;
    object.apply({ value: 'b' });
    await object.converge();
    expect(object.wrote()).toEqual(['UpdateCluster']);
    expect(object.condition('Stalled')).toMatchObject({ reason: 'NotHeld' });
    expect(object.condition('Stalled')?.message).toContain('Update to b');
  });

  test('is not made a second time when a read just after it still shows what was before', async () => {
    const { object, table } = await ready({ value: 'a' });
    object.apply({ value: 'b' });
    await object.reconcile();
    let stale = 2;
    object.answer = (operation, answer) =>
      operation === 'DescribeClusters' && stale-- > 0
        ? { ...answer, resource: { ...answer.resource, value: 'a' } }
        : answer;
    table.clock.advance(1_000);
    await object.reconcile();
    expect(object.condition('Ready')).toMatchObject({ reason: 'LookingAgain' });
    await object.converge();
    expect(object.wrote()).toEqual(['UpdateCluster']);
    expect(object.condition('Ready')).toMatchObject({ status: 'True' });
  });
});

describe('what somebody changed in AWS', () => {
  test.each<{ policy: Policy | undefined; value: string; ready: string; drifted: boolean }>([
    { policy: undefined, value: 'a', ready: 'True', drifted: false },
    { policy: { drift: 'Enforce' }, value: 'a', ready: 'True', drifted: false },
    { policy: { drift: 'Report' }, value: 'theirs', ready: 'False', drifted: true },
    { policy: { driftByField: { value: 'Ignore' } }, value: 'theirs', ready: 'True', drifted: false },
    { policy: { drift: 'Report', driftByField: { value: 'Enforce' } }, value: 'a', ready: 'True', drifted: false },
  ])('by policy $policy becomes $value', async ({ policy, value, ready: status, drifted }) => {
    const spec: TinySpec = { value: 'a', ...(policy === undefined ? {} : { policy }) };
    const { object, table } = await ready(spec);
    if (table.resource !== undefined) table.resource.value = 'theirs';
    table.clock.advance(3_600_000);
    await object.converge();
    expect(table.resource?.value).toBe(value);
    expect(object.condition('Ready')).toMatchObject({ status });
    expect(object.condition('Drifted') !== undefined).toBe(drifted);
    if (!drifted) return;
    expect(object.status.drift).toEqual([{ path: 'value', declared: '"a"', live: '"theirs"' }]);
    object.apply({ ...spec, value: 'b' });
    await object.converge();
    expect(table.resource?.value).toBe('b');
    expect(object.condition('Drifted')).toBeUndefined();
  });
});

describe('what is gone from AWS', () => {
  test('is made anew when it was missing for a while, as another incarnation', async () => {
    const { object, table } = await ready({ value: 'a' });
    table.resource = undefined;
    await object.reconcile();
    expect(object.condition('Ready')).toMatchObject({ reason: 'ConfirmingAbsence' });
    expect(object.wrote()).toEqual([]);
    await object.converge();
    expect(object.wrote()).toEqual(['CreateCluster']);
    expect(object.status).toMatchObject({ incarnation: 1, arn: expect.stringMatching(/prod-2$/) });
    expect(object.events.map(({ reason }) => reason)).toContain('Lost');
  });

  test('though it is to be adopted is looked for a while before one is made: it may have been made by hand just now', async () => {
    const table = new TinyAws();
    const object = oneTiny(table);
    object.apply({ value: 'a', policy: { adoption: 'Adopt' } });
    await object.reconcile();
    expect(object.condition('Ready')).toMatchObject({ reason: 'ConfirmingAbsence' });
    table.put({}, 'a');
    await object.converge();
    expect(object.wrote()).toEqual(['TagResource']);
    expect(object.status.adopted).toBe(true);
  });

  test('and only seemed so is not made a second time', async () => {
    const { object, table } = await ready({ value: 'a' });
    let missing = 1;
    object.answer = (operation, answer) =>
      operation === 'DescribeClusters' && missing-- > 0 ? { certain: false } : answer;
    await object.converge();
    expect(object.wrote()).toEqual([]);
    expect(table.made).toBe(1);
    expect(object.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('for certain is made anew at once', async () => {
    const { object, table } = await ready({ value: 'a' });
    table.clock.advance(60_000);
    table.resource = undefined;
    table.certain = true;
    await object.reconcile();
    expect(object.wrote()).toEqual(['CreateCluster']);
  });

  test('and is on its way out still is waited for', async () => {
    const { object, table } = await ready({ value: 'a' });
    if (table.resource !== undefined) table.resource.leaving = true;
    await object.reconcile();
    expect(object.condition('Ready')).toMatchObject({ reason: 'WaitingForRemoval' });
    expect(object.wrote()).toEqual([]);
    table.finish();
    await object.converge();
    expect(object.wrote()).toEqual(['CreateCluster']);
  });

  test('while it is paused is said, and left so', async () => {
    const { object, table } = await ready({ value: 'a' });
    object.apply({ value: 'a', policy: { paused: true } });
    table.resource = undefined;
    table.certain = true;
    await object.converge();
    expect(object.wrote()).toEqual([]);
    expect(object.condition('Ready')).toMatchObject({ reason: 'Paused' });
    expect(object.condition('Ready')?.message).toContain('make anew');
  });
});

describe('whose a resource is', () => {
  test('decides before anything is changed', async () => {
    const table = new TinyAws();
    table.put({ team: 'theirs' }, 'theirs');
    const object = oneTiny(table);
    object.apply({ value: 'a' });
    await object.converge();
    expect(object.wrote()).toEqual([]);
    expect(object.condition('Stalled')).toMatchObject({ reason: 'NotOwned' });
  });

  test('is written before the tags when it is adopted, so that it is never taken for something that we made', async () => {
    const table = new TinyAws();
    table.put({ team: 'theirs' }, 'theirs');
    const object = oneTiny(table);
    object.apply({ policy: { adoption: 'Adopt' } });
    let then: unknown;
    table.before = (operation) => {
      if (operation === 'ecs.TagResource') then = object.status.adopted;
    };
    await object.converge();
    expect(then).toBe(true);
    expect(object.wrote()).toEqual(['TagResource']);
    expect(table.resource).toMatchObject({ value: 'theirs', tags: { team: 'theirs', ...tagsOf() } });
    expect(object.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('after a restore is told by its tags: taken over with an Event, nothing else is changed', async () => {
    const { object, table } = await ready({ value: 'a' });
    object.restore('uid-2');
    await object.converge();
    expect(object.wrote()).toEqual(['TagResource']);
    expect(table.resource?.tags).toEqual(tagsOf({ uid: 'uid-2' }));
    expect(object.events.map(({ reason }) => reason)).toContain('TakenOver');
  });

  test('is put back on what somebody took our tags off', async () => {
    const { object, table } = await ready({ value: 'a' });
    await object.converge();
    if (table.resource !== undefined) table.resource.tags = {};
    await object.converge();
    expect(object.wrote()).toEqual(['TagResource']);
    expect(table.resource?.tags).toEqual(tagsOf());
  });

  test('claimed by two is confirmed, marked once, and then fought over no more', async () => {
    const { object, table } = await ready({ value: 'a' });
    await object.converge();
    if (table.resource !== undefined) table.resource.tags = tagsOf({ uid: 'uid-9' });
    await object.reconcile();
    expect(object.condition('Ready')).toMatchObject({ reason: 'TwoOwners' });
    expect(object.condition('Stalled')).toBeUndefined();
    await object.converge();
    expect(object.condition('Stalled')).toMatchObject({ reason: 'TwoOwners' });
    expect(table.resource?.tags).toMatchObject({ 'ecs-operator.dev/contested-by': 'uid-1' });
    object.apply({ value: 'b' });
    table.clock.advance(3_600_000);
    await object.converge();
    expect(object.wrote()).toEqual(['TagResource']);
    expect(table.resource?.value).toBe('a');
  });

  test('claimed by two stays so, without a word, when the operator starts anew', async () => {
    const { object, table } = await ready({ value: 'a' });
    await object.converge();
    if (table.resource !== undefined) table.resource.tags = tagsOf({ uid: 'uid-9' });
    await object.converge();
    const { writes } = object.kept;
    object.events = [];
    object.restart();
    await object.converge();
    expect(object.condition('Stalled')).toMatchObject({ reason: 'TwoOwners' });
    expect([object.kept.writes, object.events]).toEqual([writes, []]);
  });

  test.each(['adopt', 'take over', 'put back'])(
    'is left as it is while paused, which says that it would %s',
    async (would) => {
      const table = new TinyAws();
      const policy: Policy = { paused: true, adoption: 'Adopt' };
      table.put(would === 'adopt' ? {} : would === 'take over' ? tagsOf({ uid: 'uid-0' }) : tagsOf({}));
      if (would === 'put back' && table.resource !== undefined) {
        const { 'ecs-operator.dev/uid': _uid, ...rest } = tagsOf();
        table.resource.tags = rest;
      }
      const object = oneTiny(table);
      object.apply({ policy });
      await object.converge();
      expect(object.wrote()).toEqual([]);
      expect(object.condition('Ready')).toMatchObject({ reason: 'Paused' });
      expect(object.condition('Ready')?.message).toContain(would);
    },
  );
});

describe('what keeps us from changing anything', () => {
  test.each([
    { what: 'its policy', spec: { policy: { paused: true } }, around: {}, reason: 'Paused' },
    { what: '--read-only', spec: {}, around: { readOnly: true }, reason: 'ReadOnly' },
  ])('$what: it says what it would do, and does nothing', async ({ spec, around, reason }) => {
    const object = oneTiny(new TinyAws(), { around });
    object.apply({ value: 'a', ...spec });
    await object.converge();
    expect(object.wrote()).toEqual([]);
    expect(object.kept.object.metadata.finalizers).toBeUndefined();
    expect(object.condition('Ready')).toMatchObject({ status: 'False', reason });
    expect(object.condition('Ready')?.message).toContain('would Create');
    expect(object.condition('Stalled')).toBeUndefined();
  });

  test('that another object has the name already', async () => {
    const claims = new Claims(() => {});
    await ready({ value: 'a' }, new TinyAws(), { around: { claims } });
    const second = oneTiny(new TinyAws(), {
      around: { claims },
      name: 'second',
      uid: 'uid-2',
      kind: { explicitName: () => 'prod' },
    });
    second.apply({ value: 'b' });
    await second.converge();
    expect(second.condition('Stalled')).toMatchObject({ reason: 'NameTaken' });
    expect(second.condition('Stalled')?.message).toContain('EcsCluster/shop/prod');
    expect([second.wrote(), second.reads]).toEqual([[], []]);
  });
});

describe('an error of AWS’s', () => {
  test.each([
    { code: 'AccessDeniedException', status: 400, reason: 'AccessDenied', stalled: true },
    { code: 'InvalidParameterException', status: 400, reason: 'Refused', stalled: true },
    { code: 'ThrottlingException', status: 400, reason: 'Throttled', stalled: false },
    { code: 'ServerException', status: 500, reason: 'AwsUnavailable', stalled: false },
    { code: 'UpdateInProgressException', status: 400, reason: 'Conflict', stalled: false },
  ])('$code is $reason, and what was asked happens when it is over', async ({ code, status, reason, stalled }) => {
    const { object, table } = await ready({ value: 'a' });
    table.refuse = (operation) =>
      operation === 'ecs.UpdateCluster' ? refusal(code, 'their words', status) : undefined;
    object.apply({ value: 'b' });
    const outcome = await object.reconcile();
    expect(outcome.type).toBe(stalled ? 'stalled' : 'failed');
    expect(object.condition('Ready')).toMatchObject({ status: 'False', reason });
    expect(object.condition('Ready')?.message).toContain('their words');
    expect(object.condition('Stalled') !== undefined).toBe(stalled);
    table.refuse = undefined;
    await object.converge();
    expect(table.resource?.value).toBe('b');
    expect(object.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('while only looking takes Ready away after three in a row, and is told as not known', async () => {
    const { object, table } = await ready({ value: 'a' });
    table.refuse = () => refusal('ServerException', 'away', 500);
    for (const status of ['True', 'True', 'Unknown']) {
      expect(await object.reconcile()).toMatchObject({ type: 'failed' });
      expect(object.condition('Ready')).toMatchObject({ status });
    }
    table.refuse = undefined;
    await object.reconcile();
    expect(object.condition('Ready')).toMatchObject({ status: 'True' });
  });
});

test('what belongs to an object that cannot be seen from here is not adopted: it may be alive', async () => {
  for (const { seesAll, kind, reason } of [
    { seesAll: false, kind: 'EcsCluster', reason: 'OwnedByOtherObject' },
    { seesAll: true, kind: 'EcsKindOfTomorrow', reason: 'OwnedByOtherObject' },
    { seesAll: true, kind: 'EcsCluster', reason: undefined },
  ]) {
    const table = new TinyAws();
    table.put(tagsOf({ kind, namespace: 'elsewhere' }), 'theirs');
    const object = oneTiny(table, { around: { seesAll } });
    object.apply({ value: 'a', policy: { adoption: 'Adopt' } });
    await object.converge();
    expect(object.condition('Stalled')?.reason).toBe(reason);
    expect(table.resource?.value).toBe(reason === undefined ? 'a' : 'theirs');
  }
});
