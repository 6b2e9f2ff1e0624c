import { expect, test } from 'vitest';
import { AwsCallError, type AwsErrorKind } from '../aws/errors.ts';
import { standingOf } from './standing.ts';

test.each<{ kind: AwsErrorKind; type: string; reason: string; why: string }>([
  { kind: 'Invalid', type: 'stalled', reason: 'Refused', why: 'the same again would be refused again' },
  { kind: 'Denied', type: 'stalled', reason: 'AccessDenied', why: 'a person has to give the permission' },
  { kind: 'Throttled', type: 'failed', reason: 'Throttled', why: 'a pause helps' },
  { kind: 'Transient', type: 'failed', reason: 'AwsUnavailable', why: 'nobody knows; it passes' },
  { kind: 'NotFound', type: 'failed', reason: 'NotFound', why: 'what is missing may appear' },
  { kind: 'AlreadyExists', type: 'failed', reason: 'AlreadyExists', why: 'the next look sees whose it is' },
  { kind: 'Conflict', type: 'failed', reason: 'Conflict', why: 'AWS is at something that passes' },
])('$kind is $type for $reason: $why', ({ kind, type, reason }) => {
  const error = new AwsCallError('in AWS’s words', {
    kind,
    code: 'X',
    operation: 'ecs.CreateCluster',
    effect: 'none',
  });
  for (const reading of [true, false]) {
    expect(standingOf(error, reading)).toEqual({
      type,
      problem: { reason, message: 'in AWS’s words' },
      ...(type === 'failed' ? { error, reading } : {}),
    });
  }
});
