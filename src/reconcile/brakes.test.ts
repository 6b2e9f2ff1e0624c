import { describe, expect, test } from 'vitest';
import { type BrakeSources, heldChange, heldDeletion } from './brakes.ts';
import { sampleAccount, sampleNamespace, sampleObject } from './sample-objects.ts';
import type { EcsObject } from './types.ts';

const FREE: BrakeSources = { readOnly: false, namespace: sampleNamespace('shop'), account: undefined };
const annotated = (name: string, value = 'true') => ({ annotations: { [`ecs-operator.dev/${name}`]: value } });
const account = (name: string) => {
  const one = sampleAccount('a');
  return { ...one, metadata: { ...one.metadata, ...annotated(name) } };
};

describe('a change is held', () => {
  test.each<{ why: string; object?: EcsObject; sources?: Partial<BrakeSources>; reason: string | undefined }>([
    { why: 'by nothing', reason: undefined },
    { why: 'by --read-only', sources: { readOnly: true }, reason: 'ReadOnly' },
    { why: 'by its policy', object: sampleObject({ spec: { policy: { paused: true } } }), reason: 'Paused' },
    {
      why: 'not by a policy that says no',
      object: sampleObject({ spec: { policy: { paused: false } } }),
      reason: undefined,
    },
    { why: 'by its annotation', object: sampleObject(annotated('paused')), reason: 'Paused' },
    { why: 'by an annotation with nothing in it', object: sampleObject(annotated('paused', '')), reason: 'Paused' },
    {
      why: 'not by an annotation that says false',
      object: sampleObject(annotated('paused', 'false')),
      reason: undefined,
    },
    { why: 'by its Namespace', sources: { namespace: sampleNamespace('shop', annotated('paused')) }, reason: 'Paused' },
    { why: 'by its AwsAccount', sources: { account: account('paused') }, reason: 'Paused' },
    {
      why: 'not by protection, which is for deletions',
      object: sampleObject(annotated('deletion-protected')),
      reason: undefined,
    },
  ])('$why', ({ object = sampleObject(), sources, reason }) => {
    expect(heldChange(object, { ...FREE, ...sources })?.reason).toBe(reason);
  });
});

describe('a deletion is held', () => {
  test.each<{
    why: string;
    object?: EcsObject;
    sources?: Partial<BrakeSources>;
    crdDeleting?: string;
    reason: string | undefined;
  }>([
    { why: 'by nothing', reason: undefined },
    {
      why: 'while the CRD is being deleted: not each object was meant',
      crdDeleting: 'x.ecs-operator.dev',
      reason: 'CustomResourceDefinitionBeingDeleted',
    },
    {
      why: 'by protection of the object',
      object: sampleObject(annotated('deletion-protected')),
      reason: 'DeletionProtected',
    },
    {
      why: 'not by a protection that says false',
      object: sampleObject(annotated('deletion-protected', 'false')),
      reason: undefined,
    },
    {
      why: 'by protection of its Namespace',
      sources: { namespace: sampleNamespace('shop', annotated('deletion-protected')) },
      reason: 'DeletionProtected',
    },
    {
      why: 'by protection of its AwsAccount',
      sources: { account: account('deletion-protected') },
      reason: 'DeletionProtected',
    },
  ])('$why', ({ object = sampleObject(), sources, crdDeleting, reason }) => {
    const held = heldDeletion(object, { ...FREE, ...sources, crdDeleting });
    expect(held?.reason).toBe(reason);
    if (held !== undefined) expect(held.message).toContain('Retain');
  });
});
