import type { EcsServiceStatus } from './schema.ts';
import type { RestartStatus } from './types.ts';

export interface RestartInput {
  readonly restartedAt: string | undefined;
  readonly status: EcsServiceStatus | undefined;
  /** The live PRIMARY deployment; undefined where there is none. */
  readonly primaryId: string | undefined;
  /** The service is about to be created: its first deployment is restart enough. */
  readonly creating: boolean;
}

export type Restart =
  | { readonly type: 'none' }
  /** It was asked for, and another deployment is there: nothing to do but to say so. */
  | { readonly type: 'done'; readonly restart: RestartStatus }
  /** To be written before the deployment is asked for. */
  | { readonly type: 'due'; readonly restart: RestartStatus };

/**
 * Whether `restartedAt` asks for a deployment that AWS did not begin yet. A crash before, during or after the call is
 * told apart by the PRIMARY deployment that was written down first (rule 5 of the design).
 */
export function restartOf({ restartedAt, status, primaryId, creating }: RestartInput): Restart {
  if (restartedAt === undefined) return { type: 'none' };
  const known = status?.restart;
  if (known?.requestedAt === restartedAt) {
    const done = known.done === true || (primaryId !== undefined && primaryId !== known.deploymentBefore);
    return done ? { type: 'done', restart: { ...known, done: true } } : { type: 'due', restart: known };
  }
  if (creating) return { type: 'due', restart: { requestedAt: restartedAt, deploymentBefore: '' } };
  // Nothing was ever applied, yet the service is there: adopted, or taken over after a restore. That must not roll it.
  if (status?.applied === undefined) {
    return { type: 'done', restart: { requestedAt: restartedAt, deploymentBefore: '', done: true } };
  }
  return { type: 'due', restart: { requestedAt: restartedAt, deploymentBefore: primaryId ?? '' } };
}
