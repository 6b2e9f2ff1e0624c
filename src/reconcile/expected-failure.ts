import { KubeApiError, KubeRequestError } from '../kube/errors.ts';
import { NotLeadingError } from '../runtime/fence.ts';
import type { Outcome } from '../runtime/outcome.ts';

/** As the reflectors do: an API server that was away for an hour shall not find objects that rest for minutes. Milliseconds. */
const RETRY_WITHIN_MS = 15_000;

/**
 * What becomes of a reconcile that threw what is Kubernetes' doing (somebody was faster, the API server is away, RBAC
 * says no) or the lost lease's: it is tried again quietly.
 * @returns undefined for anything else, which is a fault of ours.
 */
export function expectedFailure(error: unknown): Outcome | undefined {
  if (error instanceof KubeRequestError) return { type: 'failed', error, retryWithinMs: RETRY_WITHIN_MS };
  if (error instanceof KubeApiError) {
    const passing = error.status === 409 || error.status === 429 || error.status >= 500;
    return { type: 'failed', error, ...(passing ? { retryWithinMs: RETRY_WITHIN_MS } : {}) };
  }
  return error instanceof NotLeadingError ? { type: 'failed', error } : undefined;
}
