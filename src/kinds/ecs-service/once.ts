import { hashJson } from '../../shape/content-hash.ts';
import { primaryDeployment } from './live.ts';
import type { EcsService } from './schema.ts';
import type { EcsServiceAction, EcsServiceDesired, EcsServiceObserved } from './types.ts';

/**
 * What must not be done twice: a registration makes another revision each time, and a forced update another
 * deployment. A creation carries a token, and any other update that is repeated changes nothing. Pure.
 */
export function onceOnly(
  action: EcsServiceAction,
  {
    object: { status },
    desired,
    observed,
  }: { readonly object: EcsService; readonly desired: EcsServiceDesired; readonly observed: EcsServiceObserved },
): { readonly id: string; readonly begun: boolean } | undefined {
  if (action.type === 'RegisterTaskDefinition') {
    const { taskDefinition } = desired;
    const content = taskDefinition?.type === 'template' ? taskDefinition.revision.contentHash : '';
    return { id: `RegisterTaskDefinition ${content}`, begun: status?.applied?.leaves.taskDefinition === '' };
  }
  if (action.type !== 'UpdateService' || action.request.forceNewDeployment !== true) return undefined;
  const rollout = status?.rollout;
  const begun =
    rollout?.state === 'Starting' &&
    rollout.attempt === desired.attempt &&
    rollout.deploymentBefore === primaryDeployment(observed.service)?.id;
  return { id: `UpdateService ${desired.attempt} ${hashJson(action.request)}`, begun };
}
