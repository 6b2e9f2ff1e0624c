import { expect, test } from 'vitest';
import { KubeApiError, KubeRequestError } from '../kube/errors.ts';
import { NotLeadingError } from '../runtime/fence.ts';
import { expectedFailure } from './expected-failure.ts';

const request = { method: 'PATCH', path: '/apis' };
const answered = (status: number) => new KubeApiError({ status, message: 'no', request });

test.each([
  { why: 'no answer', error: new KubeRequestError({ message: 'refused' }), soon: true },
  { why: 'somebody was faster', error: answered(409), soon: true },
  { why: 'too many requests', error: answered(429), soon: true },
  { why: 'the API server is starting', error: answered(503), soon: true },
  { why: 'a permission lacks', error: answered(403), soon: false },
  { why: 'the lease is lost', error: new NotLeadingError(), soon: false },
])('$why: tried again, soon: $soon', ({ error, soon }) => {
  expect(expectedFailure(error)).toEqual({ type: 'failed', error, ...(soon ? { retryWithinMs: 15_000 } : {}) });
});

test('anything else is a fault of ours', () => {
  expect(expectedFailure(new TypeError('x is not a function'))).toBeUndefined();
});
