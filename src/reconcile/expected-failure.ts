import { KubeApiError, KubeRequestError } from '../kube/errors.ts';
import { NotLeadingError } from '../runtime/fence.ts';

/**
 * Whether what a reconcile threw is Kubernetes' doing (somebody was faster, the API server is away, RBAC says no) or
 * the lost lease's: tried again quietly. Anything else is a fault of ours.
 */
export function isExpectedFailure(error: unknown): boolean {
  return error instanceof KubeApiError || error instanceof KubeRequestError || error instanceof NotLeadingError;
}
