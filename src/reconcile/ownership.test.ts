import { describe, expect, test } from 'vitest';
import type { TagMap } from './kind.ts';
import { CONTESTED_TAG, identityOf, isOwnedBy, isOwnTag, isUnowned, judgeOwnership } from './ownership.ts';
import { SAMPLE_ARN } from './sample-objects.ts';
import type { CommonStatus, Policy } from './types.ts';

const identity = identityOf({
  installation: 'one',
  kind: 'EcsCluster',
  metadata: { namespace: 'shop', name: 'prod', uid: 'uid-1' },
});
const OURS = identity.tags;
const tags = (over: Record<string, string>): TagMap => ({
  ...OURS,
  ...Object.fromEntries(Object.entries(over).map(([name, value]) => [`ecs-operator.dev/${name}`, value])),
});
const without = (name: string): TagMap =>
  Object.fromEntries(Object.entries(OURS).filter(([key]) => key !== `ecs-operator.dev/${name}`));
const STACK: TagMap = { 'aws:cloudformation:stack-name': 'web' };
const HAD: CommonStatus = { ownerUid: 'uid-1', arn: SAMPLE_ARN };
const ADOPT: Policy = { adoption: 'Adopt' };

interface Case {
  readonly why: string;
  readonly live: TagMap;
  readonly status?: CommonStatus;
  readonly policy?: Policy;
  /** Whether an object stands behind the owner tags. */
  readonly alive?: boolean;
  readonly type: string;
  readonly reason?: string;
}

function judge({ live, status, policy, alive = false }: Case) {
  return judgeOwnership({
    presence: { state: 'present', arn: SAMPLE_ARN, tags: live },
    identity,
    status,
    policy,
    ownerExists: () => alive,
  });
}

describe('whose a resource is', () => {
  test.each<Case>([
    { why: 'our tags, our UID', live: OURS, type: 'ours' },
    { why: 'our tags among others', live: { ...OURS, team: 'a' }, type: 'ours' },
    { why: 'our name with another UID: the cluster was restored', live: tags({ uid: 'uid-0' }), type: 'takeOver' },
    { why: 'our name without a UID: only that is put back', live: without('uid'), type: 'stripped' },

    { why: 'no tags, and we had this very one: somebody took them off', live: {}, status: HAD, type: 'stripped' },
    {
      why: 'no tags, and we had another one of that name: this one is somebody’s',
      live: {},
      status: { ...HAD, arn: 'arn:other' },
      type: 'foreign',
      reason: 'NotOwned',
    },
    {
      why: 'no tags, and an object of our name before us had it',
      live: {},
      status: { ...HAD, ownerUid: 'uid-0' },
      type: 'foreign',
      reason: 'NotOwned',
    },
    { why: 'no tags, never ours: not touched', live: {}, type: 'foreign', reason: 'NotOwned' },
    { why: 'no tags of ours, and we may take it', live: { team: 'a' }, policy: ADOPT, type: 'adopt' },

    {
      why: 'CloudFormation’s is not to be adopted',
      live: STACK,
      policy: ADOPT,
      type: 'foreign',
      reason: 'OwnedByCloudFormation',
    },
    { why: 'what we adopted of a stack before stays ours', live: { ...STACK, ...OURS }, type: 'ours' },

    {
      why: 'another object’s, alive: never taken',
      live: tags({ name: 'other' }),
      policy: ADOPT,
      alive: true,
      type: 'foreign',
      reason: 'OwnedByOtherObject',
    },
    {
      why: 'an object’s that is gone, and we may take it',
      live: tags({ name: 'other' }),
      policy: ADOPT,
      type: 'adopt',
    },
    {
      why: 'an object’s that is gone, but nobody said that we may',
      live: tags({ name: 'other' }),
      type: 'foreign',
      reason: 'OwnedByOtherObject',
    },
    {
      why: 'another kind’s of the same name',
      live: tags({ kind: 'EcsService' }),
      alive: true,
      type: 'foreign',
      reason: 'OwnedByOtherObject',
    },

    {
      why: 'another installation’s, whatever the policy',
      live: tags({ installation: 'two' }),
      policy: ADOPT,
      type: 'foreign',
      reason: 'OwnedByOtherInstallation',
    },
    {
      why: 'ours a moment ago, now another installation’s: hands off',
      live: tags({ installation: 'two' }),
      status: HAD,
      type: 'twoOwners',
    },
    {
      why: 'ours a moment ago, now one with our name and another UID',
      live: tags({ uid: 'uid-9' }),
      status: HAD,
      type: 'twoOwners',
    },
    {
      why: 'the other one noticed first and marked it',
      live: tags({ 'contested-by': 'uid-9' }),
      type: 'twoOwners',
    },
    {
      why: 'we marked it, and the other one goes on',
      live: tags({ uid: 'uid-9', 'contested-by': 'uid-1' }),
      status: HAD,
      type: 'twoOwners',
    },
    {
      why: 'we marked it, and have it back: a person has to say that it is over',
      live: tags({ 'contested-by': 'uid-1' }),
      type: 'twoOwners',
    },
  ])('$type: $why', (given) => {
    const ownership = judge(given);
    expect(ownership.type).toBe(given.type);
    if ('problem' in ownership) expect(ownership.problem.message).toContain(SAMPLE_ARN);
    if (given.reason !== undefined) expect(ownership).toMatchObject({ problem: { reason: given.reason } });
  });

  test('the first to notice a second owner marks it, once', () => {
    const noticed = judge({ why: '', live: tags({ uid: 'uid-9' }), status: HAD, type: '' });
    expect(noticed).toMatchObject({ mark: { [CONTESTED_TAG]: 'uid-1' } });
    const again = judge({ why: '', live: tags({ uid: 'uid-9', 'contested-by': 'uid-1' }), status: HAD, type: '' });
    expect(again).toMatchObject({ mark: undefined });
  });

  test('another installation’s says what to set when this cluster replaces that one', () => {
    const ownership = judge({ why: '', live: tags({ installation: 'two' }), type: '' });
    expect(ownership).toMatchObject({ problem: { message: expect.stringContaining('--installation-id two') } });
  });
});

test('keys under our prefix are ours, and no others', () => {
  expect(isOwnTag('ecs-operator.dev/uid')).toBe(true);
  expect(isOwnTag('ecs-operator.dev')).toBe(false);
  expect(isOwnTag('ecs-operator.development/x')).toBe(false);
});

test('a name is ours whatever the UID, and unowned is what neither we nor a stack have tagged', () => {
  expect(isOwnedBy(tags({ uid: 'uid-9' }), identity)).toBe(true);
  expect(isOwnedBy(tags({ namespace: 'other' }), identity)).toBe(false);
  expect(isUnowned({ team: 'a' })).toBe(true);
  expect(isUnowned(STACK)).toBe(false);
  expect(isUnowned(tags({ installation: 'two' }))).toBe(false);
});
