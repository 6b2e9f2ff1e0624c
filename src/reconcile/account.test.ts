import { describe, expect, test } from 'vitest';
import { type AccountSources, type AwsAccount, accountNameOf, resolveAccount, targetOf } from './account.ts';
import { condition, SAMPLE_ARN, sampleAccount, sampleNamespace, sampleObject } from './sample-objects.ts';
import type { CommonStatus, EcsObject } from './types.ts';

const OWN: AccountSources['own'] = { region: 'eu-central-1', endpoint: undefined, namespaces: ['*'] };

function sourcesOf(
  accounts: readonly AwsAccount[],
  { own = OWN, annotation }: { own?: AccountSources['own']; annotation?: string } = {},
): AccountSources {
  const annotations = annotation === undefined ? {} : { annotations: { 'ecs-operator.dev/account': annotation } };
  return {
    own,
    account: (name) => accounts.find(({ metadata }) => metadata.name === name),
    namespace: (name) => (name === 'unseen' ? undefined : sampleNamespace(name, name === 'shop' ? annotations : {})),
  };
}

const naming = (name: string): EcsObject => sampleObject({ spec: { accountRef: { name } } });

describe('which account an object uses', () => {
  const all = ['named', 'annotated', 'default'].map((name) => sampleAccount(name));

  test.each([
    {
      why: 'its own accountRef goes first',
      object: naming('named'),
      annotation: 'annotated',
      accounts: all,
      name: 'named',
    },
    {
      why: 'then its namespace’s annotation',
      object: sampleObject(),
      annotation: 'annotated',
      accounts: all,
      name: 'annotated',
    },
    { why: 'an empty annotation says nothing', object: sampleObject(), annotation: '', accounts: all, name: 'default' },
    {
      why: 'then the one called default',
      object: sampleObject(),
      annotation: undefined,
      accounts: all,
      name: 'default',
    },
    { why: 'else the operator’s own', object: sampleObject(), annotation: undefined, accounts: [], name: undefined },
    {
      why: 'one that is named and missing is not replaced by another',
      object: naming('gone'),
      annotation: 'annotated',
      accounts: all,
      name: 'gone',
    },
  ])('$why', ({ object, annotation, accounts, name }) => {
    expect(accountNameOf(object, sourcesOf(accounts, annotation === undefined ? {} : { annotation }))).toBe(name);
  });
});

describe('an object whose namespace has not been seen yet, and may name an account', () => {
  const sources = sourcesOf([sampleAccount('default'), sampleAccount('a')]);
  const inUnseen = (over: { accountRef?: string; status?: CommonStatus } = {}) =>
    sampleObject({
      namespace: 'unseen',
      spec: over.accountRef === undefined ? {} : { accountRef: { name: over.accountRef } },
      ...(over.status === undefined ? {} : { status: over.status }),
    });

  test('waits: the default account could be the wrong one', () => {
    expect(resolveAccount(inUnseen(), sources)).toMatchObject({
      type: 'waiting',
      problem: { reason: 'NamespaceUnknown' },
    });
  });

  test('does not wait when it names the account itself', () => {
    expect(resolveAccount(inUnseen({ accountRef: 'a' }), sources)).toMatchObject({ account: { name: 'a' } });
  });

  test('uses the account that it was made in, so that it can be deleted after its namespace', () => {
    const status = { account: { name: 'a', accountId: '123456789012', region: 'eu-central-1' } };
    expect(resolveAccount(inUnseen({ status }), sources)).toMatchObject({ account: { name: 'a' } });
  });
});

describe('whether a namespace may use the account', () => {
  test('the operator’s own identity is for the namespaces that its flag names, in its region', () => {
    const allowed = { ...OWN, namespaces: ['shop-*', 'shop'] };
    expect(resolveAccount(sampleObject(), sourcesOf([], { own: allowed }))).toMatchObject({
      type: 'resolved',
      account: { name: undefined, accountId: undefined, target: { region: 'eu-central-1' }, object: undefined },
    });
    expect(resolveAccount(sampleObject({ namespace: 'other' }), sourcesOf([], { own: allowed }))).toMatchObject({
      type: 'refused',
      problem: { reason: 'AccountNotPermitted' },
    });
    expect(resolveAccount(sampleObject(), sourcesOf([], { own: { ...OWN, region: undefined } }))).toMatchObject({
      type: 'refused',
      problem: { reason: 'NoRegion' },
    });
  });

  const ready = { accountId: '123456789012' };
  test.each<{ why: string; account: AwsAccount | undefined; type: string; reason?: string }>([
    { why: 'it is there and allows it', account: sampleAccount('a'), type: 'resolved' },
    { why: 'it may come yet', account: undefined, type: 'waiting', reason: 'AccountNotFound' },
    {
      why: 'it names other namespaces: a person has to grant it',
      account: sampleAccount('a', { allowedNamespaces: { names: ['other'] } }),
      type: 'refused',
      reason: 'AccountNotPermitted',
    },
    {
      why: 'it was not looked at yet',
      account: sampleAccount('a', {}, { status: {} }),
      type: 'waiting',
      reason: 'AccountNotReady',
    },
    {
      why: 'it is not who it says',
      account: sampleAccount('a', {}, { status: { ...ready, conditions: [condition('Ready', { status: 'False' })] } }),
      type: 'waiting',
      reason: 'AccountNotReady',
    },
    {
      why: 'it was changed, and the change was not verified yet',
      account: sampleAccount(
        'a',
        {},
        { status: { ...ready, conditions: [condition('Ready', { observedGeneration: 0 })] } },
      ),
      type: 'waiting',
      reason: 'AccountNotReady',
    },
  ])('$type: $why', ({ account, type, reason }) => {
    const resolution = resolveAccount(naming('a'), sourcesOf(account === undefined ? [] : [account]));
    expect(resolution.type).toBe(type);
    if (resolution.type !== 'resolved') expect(resolution.problem.reason).toBe(reason);
  });

  describe('while it is being deleted and waits for its users', () => {
    const { metadata } = sampleAccount('a');
    const leaving = (accountId: string) =>
      sampleAccount(
        'a',
        { accountId: ready.accountId },
        {
          metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
          status: { accountId, conditions: [condition('Ready', { status: 'False', reason: 'InUse' })] },
        },
      );
    const user = (deleting: boolean) => sampleObject({ spec: { accountRef: { name: 'a' } }, deleting });

    test('an object that is being deleted too still uses it: else the two would wait for each other', () => {
      expect(resolveAccount(user(true), sourcesOf([leaving(ready.accountId)])).type).toBe('resolved');
    });

    test('one that stays waits', () => {
      expect(resolveAccount(user(false), sourcesOf([leaving(ready.accountId)]))).toMatchObject({
        type: 'waiting',
        problem: { reason: 'AccountNotReady' },
      });
    });

    test('nothing is deleted with credentials of another account', () => {
      expect(resolveAccount(user(true), sourcesOf([leaving('999999999999')])).type).toBe('waiting');
    });
  });

  test('an account that nothing is said about allows nobody', () => {
    const { allowedNamespaces: _all, ...spec } = sampleAccount('a').spec;
    const strict: AwsAccount = { ...sampleAccount('a'), spec };
    expect(resolveAccount(naming('a'), sourcesOf([strict]))).toMatchObject({ type: 'refused' });
  });
});

test('calls go where the account says, else where the operator’s own go', () => {
  const role = { roleArn: 'arn:aws:iam::1:role/ops', externalId: 'x' };
  expect(targetOf({ region: 'r', assumeRole: role, endpoint: 'http://a' }, { endpoint: 'http://b' })).toEqual({
    region: 'r',
    endpoint: 'http://a',
    ...role,
  });
  expect(targetOf({ region: 'r' }, { endpoint: 'http://b' })).toEqual({ region: 'r', endpoint: 'http://b' });
  expect(targetOf({ region: 'r' }, { endpoint: undefined })).toEqual({ region: 'r' });
});

describe('what was made in one account does not move to another, where it would be made a second time', () => {
  const made = (account: NonNullable<CommonStatus['account']>, arn?: string): CommonStatus => ({
    account,
    applied: { leaves: {} },
    ...(arn === undefined ? {} : { arn }),
  });
  const here = { name: 'a', accountId: '123456789012', region: 'eu-central-1' };
  const a = sampleAccount('a');
  const other = sampleAccount('a', {}, { status: { accountId: '999999999999', conditions: [condition('Ready')] } });

  test.each<{ why: string; status: CommonStatus; accounts: AwsAccount[]; ref?: string; refused: boolean }>([
    { why: 'the same account', status: made(here), accounts: [a], ref: 'a', refused: false },
    { why: 'another id under the same name', status: made(here), accounts: [other], ref: 'a', refused: true },
    { why: 'another region', status: made({ ...here, region: 'us-east-1' }), accounts: [a], ref: 'a', refused: true },
    {
      why: 'the same account under another name',
      status: made({ ...here, name: 'former' }),
      accounts: [a],
      ref: 'a',
      refused: false,
    },
    {
      why: 'to the operator’s own identity, whose account is not known',
      status: made(here),
      accounts: [],
      refused: true,
    },
    {
      why: 'the operator’s own identity all along',
      status: made({ region: 'eu-central-1' }, SAMPLE_ARN),
      accounts: [],
      refused: false,
    },
    {
      why: 'from the operator’s own identity to the account that it was in, as its ARN says',
      status: made({ region: 'eu-central-1' }, SAMPLE_ARN),
      accounts: [a],
      ref: 'a',
      refused: false,
    },
    {
      why: 'from the operator’s own identity to another account than its ARN says',
      status: made({ region: 'eu-central-1' }, SAMPLE_ARN),
      accounts: [other],
      ref: 'a',
      refused: true,
    },
    {
      why: 'nothing was ever asked of AWS',
      status: { account: { ...here, region: 'us-east-1' } },
      accounts: [a],
      ref: 'a',
      refused: false,
    },
  ])('refused $refused: $why', ({ status, accounts, ref, refused }) => {
    const object = sampleObject({ status, ...(ref === undefined ? {} : { spec: { accountRef: { name: ref } } }) });
    const resolution = resolveAccount(object, sourcesOf(accounts));
    expect(resolution.type).toBe(refused ? 'refused' : 'resolved');
    if (resolution.type === 'refused') expect(resolution.problem.reason).toBe('AccountChanged');
  });
});
