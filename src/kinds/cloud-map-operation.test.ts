import { describe, expect, test } from 'vitest';
import { AwsCallError } from '../aws/errors.ts';
import { type CloudMapOperation, mayTryAgain, startedOperation } from './cloud-map-operation.ts';

const MINUTE = 60_000;
const CALL = { call: 'servicediscovery.DeleteNamespace', type: 'DELETE_NAMESPACE' } as const;

describe('what failed is tried again', () => {
  const failed: CloudMapOperation = { id: 'op', type: 'CREATE_NAMESPACE', state: 'failed', updatedAt: 0 };

  test.each([
    { why: 'not at once', at: { now: MINUTE, generation: 1, observedGeneration: 1 }, again: false },
    { why: 'when the spec has changed since', at: { now: MINUTE, generation: 2, observedGeneration: 1 }, again: true },
    { why: 'after ten minutes', at: { now: 10 * MINUTE, generation: 1, observedGeneration: 1 }, again: true },
  ])('$why', ({ at, again }) => {
    expect(mayTryAgain(failed, at)).toBe(again);
  });
});

describe('asking for an operation', () => {
  const refused = (code: string, existing?: { operationId: string }) =>
    Promise.reject(
      new AwsCallError('no', {
        kind: 'Conflict',
        code,
        operation: CALL.call,
        effect: 'none',
        ...(existing === undefined ? {} : { existing }),
      }),
    );

  test('takes the one that it answers with', async () => {
    const started = await startedOperation(CALL, Promise.resolve({ OperationId: 'op-1' }));
    expect(started).toEqual({ id: 'op-1', type: 'DELETE_NAMESPACE', state: 'pending' });
  });

  test('waits for the one that is under way already', async () => {
    const started = await startedOperation(CALL, refused('DuplicateRequest', { operationId: 'op-2' }));
    expect(started).toMatchObject({ id: 'op-2', state: 'pending' });
  });

  test('takes no other refusal and no empty answer for one', async () => {
    await expect(startedOperation(CALL, refused('ResourceInUse'))).rejects.toMatchObject({ code: 'ResourceInUse' });
    await expect(startedOperation(CALL, Promise.resolve({}))).rejects.toMatchObject({
      kind: 'Transient',
      effect: 'unknown',
    });
  });
});
