import { describe, expect, test } from 'vitest';
import { condition, SAMPLE_ARN, sampleObject, syncedObject } from './sample-objects.ts';
import { intendedStatus, type StatusInput, sameJson, statusOf } from './status.ts';
import type { CommonStatus, EcsObject, OwnSpec } from './types.ts';

interface OwnStatus extends CommonStatus {
  readonly count?: number;
  readonly operation?: { readonly id: string };
}

const NOW = Date.parse('2026-01-02T00:00:00Z');
const PREPARED: NonNullable<StatusInput<OwnSpec, OwnStatus>['prepared']> = {
  references: new Map(),
  desired: { name: 'prod', claim: 'prod', grants: [], leaves: {} },
  account: { name: 'a', accountId: '123456789012', target: { region: 'eu-central-1' }, object: undefined },
};
const SEEN = { report: { fields: { count: 2 }, conditions: [] }, plan: { reported: [] }, arn: SAMPLE_ARN };

function statusFrom(
  object: EcsObject<OwnSpec, OwnStatus>,
  over: Partial<StatusInput<OwnSpec, OwnStatus>> = {},
): OwnStatus {
  return statusOf<OwnSpec, OwnStatus>({
    object,
    standing: { type: 'inSync' },
    failures: 0,
    ownTypes: [],
    prepared: PREPARED,
    seen: SEEN,
    applied: undefined,
    ownerUid: undefined,
    now: NOW,
    ...over,
  });
}

const object = (status: OwnStatus, generation = 1) => sampleObject<OwnSpec, OwnStatus>({ status, generation });

describe('the status after a look at AWS', () => {
  test('is the same again when nothing has changed, however late it is', () => {
    const first = statusFrom(object({}));
    const again = statusFrom(object(first), { now: NOW + 3_600_000 });
    expect(sameJson(first, again)).toBe(true);
  });

  test('speaks of this generation, with what AWS has', () => {
    expect(statusFrom(object({}, 7))).toMatchObject({
      observedGeneration: 7,
      arn: SAMPLE_ARN,
      count: 2,
      conditions: [
        { type: 'Ready', status: 'True', observedGeneration: 7, lastTransitionTime: '2026-01-02T00:00:00Z' },
        { type: 'Synced' },
      ],
    });
  });

  test('loses what the kind does not say any more, and keeps what is frozen', () => {
    const before: OwnStatus = {
      count: 1,
      operation: { id: 'op' },
      name: 'prod',
      account: { region: 'r' },
      adopted: true,
      incarnation: 2,
      ownerUid: 'uid-1',
      applied: { leaves: { a: '1' } },
    };
    const { operation, ...after } = statusFrom(object(before));
    expect(operation).toBeUndefined();
    const { operation: _gone, count: _count, ...frozen } = before;
    expect(after).toMatchObject({ ...frozen, count: 2 });
  });

  test('freezes name and account with what was taken over as it stands', () => {
    expect(statusFrom(object({}))).toMatchObject({
      name: 'prod',
      account: { name: 'a', accountId: '123456789012', region: 'eu-central-1' },
    });
    expect(statusFrom(object({}), { seen: { ...SEEN, arn: undefined } })).not.toHaveProperty('name');
  });

  test('has no ARN when there is nothing', () => {
    const status = statusFrom(object({ arn: SAMPLE_ARN }), { seen: { ...SEEN, arn: undefined } });
    expect(status).not.toHaveProperty('arn');
  });

  test('tells what each reference was, and which generation of it was used', () => {
    const target = syncedObject({ kind: 'EcsCluster', name: 'prod', generation: 3 });
    const reference = { path: 'clusterRef', kind: 'EcsCluster', name: 'prod' } as const;
    const references = new Map([['clusterRef', { reference, target, arn: SAMPLE_ARN, name: 'prod' }]]);
    expect(statusFrom(object({}), { prepared: { ...PREPARED, references } })).toMatchObject({
      references: { clusterRef: { arn: SAMPLE_ARN, name: 'prod' } },
      observed: { 'EcsCluster/shop/prod': 3 },
    });
  });

  test('shows drift without what is sensitive, and without what is long', () => {
    const reported = [
      { path: 'secret', declared: 'a', live: 'b', sensitive: true },
      { path: 'long', declared: 'x'.repeat(500), live: undefined, sensitive: false },
    ];
    const { drift } = statusFrom(object({}), { seen: { ...SEEN, plan: { reported } } });
    expect(drift?.[0]).toEqual({ path: 'secret', declared: '(sensitive)', live: '(sensitive)' });
    expect(drift?.[1]?.declared).toHaveLength(200);
    expect(drift?.[1]?.live).toBe('not set');
  });

  test('keeps no drift that is over', () => {
    const status = statusFrom(object({ drift: [{ path: 'a', declared: '1', live: '2' }] }));
    expect(status).not.toHaveProperty('drift');
  });
});

describe('the status without a look at AWS', () => {
  const before: OwnStatus = {
    arn: SAMPLE_ARN,
    count: 1,
    operation: { id: 'op' },
    drift: [{ path: 'a', declared: '1', live: '2' }],
    references: { clusterRef: { arn: SAMPLE_ARN, name: 'prod' } },
    observed: { 'EcsCluster/shop/prod': 1 },
    conditions: [condition('Ready'), condition('Synced'), condition('RolledOut')],
  };
  const blind = {
    seen: undefined,
    prepared: undefined,
    standing: { type: 'waiting', problem: { reason: 'Because', message: '' } },
  } as const;

  test('keeps all that was known', () => {
    const { conditions: _conditions, ...kept } = before;
    expect(statusFrom(object(before), blind)).toMatchObject(kept);
  });

  test('keeps the kind’s own conditions with the generation that they were said about', () => {
    const { drift: _drift, ...calm } = before;
    const status = statusFrom(object(calm, 5), { ...blind, ownTypes: ['RolledOut'] });
    expect(status.conditions).toMatchObject([
      { type: 'Ready', status: 'False', observedGeneration: 5 },
      { type: 'Synced', status: 'False', observedGeneration: 5 },
      { type: 'RolledOut', status: 'True', observedGeneration: 1 },
      { type: 'Reconciling', status: 'True' },
    ]);
  });

  test('remembers what a deletion has to know, and forgets what it says is over', () => {
    expect(statusFrom(object(before), { ...blind, remembered: { operation: { id: 'next' } } })).toMatchObject({
      operation: { id: 'next' },
      count: 1,
    });
    const over = statusFrom(object(before), { ...blind, remembered: { operation: undefined } });
    expect(over).not.toHaveProperty('operation');
  });
});

describe('an intent', () => {
  const context = { now: NOW, ownTypes: ['RolledOut'], prepared: undefined };
  const why = { reason: 'Applying', message: 'CreateCluster' };

  test('adds to the status what a crash must not forget, and says what is about to happen', () => {
    const before: OwnStatus = { count: 1, conditions: [condition('RolledOut')] };
    expect(intendedStatus(object(before, 2), { name: 'prod', incarnation: 1 }, why, context)).toMatchObject({
      count: 1,
      name: 'prod',
      incarnation: 1,
      observedGeneration: 2,
      conditions: [
        { type: 'Ready', status: 'False', reason: 'Applying' },
        { type: 'Synced', status: 'False', reason: 'Applying' },
        { type: 'RolledOut', status: 'True', observedGeneration: 1 },
        { type: 'Reconciling', status: 'True', message: 'CreateCluster' },
      ],
    });
  });

  test('that is not to be announced leaves the conditions to the generation that they speak of', () => {
    const conditions = [condition('Ready'), condition('Synced')];
    const before: OwnStatus = { observedGeneration: 1, conditions };
    const status = intendedStatus(object(before, 2), { name: 'prod' }, undefined, context);
    expect(status).toEqual({ ...before, name: 'prod' });
  });

  test('removes what it says is undefined', () => {
    const status = intendedStatus(
      object({ arn: SAMPLE_ARN, operation: { id: 'op' } }),
      { arn: undefined, operation: undefined },
      why,
      context,
    );
    expect(status).not.toHaveProperty('arn');
    expect(status).not.toHaveProperty('operation');
  });
});

test.each([
  [{ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, true, 'the order of members is nothing'],
  [{ a: undefined }, {}, true, 'undefined is not there'],
  [[1, 2], [2, 1], false, 'the order of a list is something'],
  [{ a: 1 }, { a: 1, b: 1 }, false, 'more members'],
  [{ a: null }, {}, false, 'null is there'],
  [[], {}, false, 'a list is no object'],
  [null, {}, false, 'null is no object'],
  [1, '1', false, 'a number is no text'],
])('%j and %j are the same: %s (%s)', (a, b, same, _why) => {
  expect(sameJson(a, b)).toBe(same);
  expect(sameJson(b, a)).toBe(same);
});
