import { isDaemon } from './fields.ts';
import type { EcsServiceDesired } from './types.ts';

/**
 * The count that a service is created with. AWS wants one for REPLICA and refuses one for DAEMON. Undeclared it is 1,
 * and nobody's from then on but an autoscaler's.
 */
export function countAtCreation(desired: Pick<EcsServiceDesired, 'request' | 'desiredCount'>): number | undefined {
  if (isDaemon(desired.request)) return undefined;
  return desired.desiredCount ?? 1;
}
