import { describe, expect, test } from 'vitest';
import type { Reference } from './kind.ts';
import { isUser, linkKey, referenceKey, rememberedReferences, resolveReferences } from './references.ts';
import { condition, SAMPLE_ARN, sampleAccount, sampleNamespace, sampleObject, syncedObject } from './sample-objects.ts';
import type { EcsObject } from './types.ts';

const HERE: Reference = { path: 'clusterRef', kind: 'EcsCluster', name: 'prod' };
const THERE: Reference = { ...HERE, namespace: 'infra' };
const service = sampleObject({ kind: 'EcsService', name: 'web' });

function sourcesOf(...objects: EcsObject[]) {
  return {
    object: (kind: string, namespace: string, name: string) =>
      objects.find((one) => one.kind === kind && one.metadata.namespace === namespace && one.metadata.name === name),
    namespace: (name: string) => sampleNamespace(name, { labels: { team: name } }),
    account: (name: string) => (name === 'a' || name === 'b' ? sampleAccount(name) : undefined),
  };
}

describe('a reference can be used', () => {
  const infra = (over: Parameters<typeof syncedObject>[0] = {}) => syncedObject({ namespace: 'infra', ...over });
  const synced = (over: Parameters<typeof condition>[1]) => ({ conditions: [condition('Synced', over)] });

  test.each<{ why: string; reference?: Reference; target: EcsObject | undefined; type: string; reason?: string }>([
    { why: 'AWS holds the target’s present generation', target: syncedObject(), type: 'resolved' },
    { why: 'not while it does not exist: it may come yet', target: undefined, type: 'waiting', reason: 'RefNotFound' },
    {
      why: 'not while it is being deleted',
      target: syncedObject({ deleting: true }),
      type: 'waiting',
      reason: 'RefBeingDeleted',
    },
    {
      why: 'not while it has a change that AWS does not hold yet: one apply, one rollout',
      target: syncedObject({ generation: 2, status: synced({ observedGeneration: 1 }) }),
      type: 'waiting',
      reason: 'RefNotSynced',
    },
    { why: 'not while nothing was said about it', target: sampleObject(), type: 'waiting', reason: 'RefNotSynced' },
    {
      why: 'not while AWS refuses it',
      target: syncedObject({ status: synced({ status: 'False', reason: 'Refused', message: 'no' }) }),
      type: 'waiting',
      reason: 'RefNotReady',
    },
    {
      why: 'also when something in it drifted and is left so by policy',
      target: syncedObject({ status: synced({ status: 'False', reason: 'DriftReported' }) }),
      type: 'resolved',
    },
    {
      why: 'also while it is paused',
      target: syncedObject({ status: synced({ status: 'False', reason: 'Paused' }) }),
      type: 'resolved',
    },
    {
      why: 'not before AWS has given it an ARN',
      target: sampleObject({ status: { name: 'prod', ...synced({}) } }),
      type: 'waiting',
      reason: 'RefNotReady',
    },
    {
      why: 'across namespaces only when the target says so',
      reference: THERE,
      target: infra(),
      type: 'refused',
      reason: 'RefNotPermitted',
    },
    {
      why: 'across namespaces by name',
      reference: THERE,
      target: infra({ spec: { allowedNamespaces: { names: ['shop'] } } }),
      type: 'resolved',
    },
    {
      why: 'across namespaces by label',
      reference: THERE,
      target: infra({ spec: { allowedNamespaces: { selector: { matchLabels: { team: 'shop' } } } } }),
      type: 'resolved',
    },
    {
      why: 'its own namespace needs no consent, named or not',
      reference: { ...HERE, namespace: 'shop' },
      target: syncedObject(),
      type: 'resolved',
    },
    {
      why: 'not when it is in another AwsAccount: AWS could not find it',
      target: syncedObject({ spec: { accountRef: { name: 'a' } } }),
      type: 'refused',
      reason: 'RefOtherAccount',
    },
  ])('$type: $why', ({ reference = HERE, target, type, reason }) => {
    const resolution = resolveReferences(service, [reference], sourcesOf(...(target === undefined ? [] : [target])));
    expect(resolution.type).toBe(type);
    if (resolution.type !== 'resolved') {
      expect(resolution.problem.reason).toBe(reason);
      expect(resolution.problem.message).toMatch(/^clusterRef: /);
    }
  });

  test('with the target’s name and ARN in AWS, by its path', () => {
    const target = syncedObject();
    const resolution = resolveReferences(service, [HERE], sourcesOf(target));
    expect(resolution).toMatchObject({ type: 'resolved' });
    const references = resolution.type === 'resolved' ? resolution.references : new Map();
    expect(references.get('clusterRef')).toEqual({ reference: HERE, target, arn: SAMPLE_ARN, name: 'prod' });
  });

  test('and from outside nobody can tell a target that is not there from one that does not consent', () => {
    const message = (objects: EcsObject[]) => {
      const resolution = resolveReferences(service, [THERE], sourcesOf(...objects));
      if (resolution.type === 'resolved') return undefined;
      return resolution.problem.message.replace('namespace shop', 'this namespace');
    };
    expect(message([])).toBe(message([infra()]));
  });

  test('or the first that cannot be used says why', () => {
    const second: Reference = { path: 'namespaceRef', kind: 'CloudMapNamespace', name: 'none' };
    expect(resolveReferences(service, [HERE, second], sourcesOf(syncedObject()))).toMatchObject({
      type: 'waiting',
      problem: { message: expect.stringContaining('CloudMapNamespace shop/none does not exist') },
    });
  });
});

describe('a deletion still knows what it referred to', () => {
  const known = { clusterRef: { arn: 'arn:before', name: 'before' } };

  test.each<{ why: string; remembered?: typeof known; target: EcsObject | undefined; arn: string | undefined }>([
    { why: 'by its own status, when the target is gone', remembered: known, target: undefined, arn: 'arn:before' },
    {
      why: 'by its own status before what the target became since',
      remembered: known,
      target: syncedObject(),
      arn: 'arn:before',
    },
    { why: 'by the target on its way out', target: syncedObject({ deleting: true }), arn: SAMPLE_ARN },
    { why: 'not at all, when it was never resolved', target: undefined, arn: undefined },
    { why: 'not by a target that AWS never had', target: sampleObject(), arn: undefined },
  ])('$why', ({ remembered, target, arn }) => {
    const object = sampleObject({
      kind: 'EcsService',
      status: remembered === undefined ? {} : { references: remembered },
    });
    const references = rememberedReferences(object, [HERE], sourcesOf(...(target === undefined ? [] : [target])));
    expect(references.get('clusterRef')?.arn).toBe(arn);
  });
});

test('a key names one object among all kinds', () => {
  expect(linkKey('EcsCluster', 'shop', 'prod')).toBe('EcsCluster/shop/prod');
  expect(linkKey('AwsAccount', undefined, 'a')).toBe('AwsAccount//a');
  expect(referenceKey(HERE, 'shop')).toBe('EcsCluster/shop/prod');
  expect(referenceKey(THERE, 'shop')).toBe('EcsCluster/infra/prod');
});

test('from another namespace, what is not there and what does not consent cannot be told apart', () => {
  const refusals = [sourcesOf(), sourcesOf(syncedObject({ namespace: 'infra' }))].map((sources) =>
    resolveReferences(service, [THERE], sources),
  );
  expect(refusals[0]).toMatchObject({ type: 'refused' });
  expect(refusals[0]).toEqual(refusals[1]);
});

test('a deletion learns nothing of a target that does not let it refer to it', () => {
  const target = syncedObject({ namespace: 'infra', deleting: true });
  expect(rememberedReferences(service, [THERE], sourcesOf(target)).size).toBe(0);
  const consenting = { ...target, spec: { allowedNamespaces: { names: ['shop'] } } };
  expect(rememberedReferences(service, [THERE], sourcesOf(consenting)).size).toBe(1);
});

test.each<{ why: string; from: string; allowed?: readonly string[]; remembered?: string; is: boolean }>([
  { why: 'whoever is in its own namespace', from: 'shop', is: true },
  { why: 'whoever it lets refer to it', from: 'other', allowed: ['other'], is: true },
  { why: 'whoever it once let, and who still uses it', from: 'other', remembered: SAMPLE_ARN, is: true },
  { why: 'nobody else: a deletion does not wait for strangers', from: 'other', is: false },
  { why: 'not who uses another one', from: 'other', remembered: `${SAMPLE_ARN}-2`, is: false },
])('a user of an object is $why', ({ from, allowed, remembered, is }) => {
  const target = syncedObject({ spec: allowed === undefined ? {} : { allowedNamespaces: { names: allowed } } });
  const references = remembered === undefined ? {} : { references: { clusterRef: { arn: remembered, name: 'prod' } } };
  const dependent = sampleObject({ kind: 'EcsService', name: 'web', namespace: from, status: references });
  expect(isUser(dependent, target, { namespace: (name) => sampleNamespace(name) })).toBe(is);
});
