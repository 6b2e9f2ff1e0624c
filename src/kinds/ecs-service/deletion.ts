import type { Plan } from '../../reconcile/kind.ts';
import type { EcsServiceStatus } from './schema.ts';
import { templateDeletion } from './template.ts';
import type { EcsServiceAction, EcsServiceObserved } from './types.ts';

/**
 * DeleteService with force, which stops the tasks too; then the wait until AWS has drained it; then the revisions that a
 * template registered. Pure.
 */
export function planServiceDeletion(observed: EcsServiceObserved): Plan<EcsServiceAction, EcsServiceStatus> {
  switch (observed.presence.state) {
    case 'present':
      return { actions: [{ type: 'DeleteService' }], reported: [] };
    case 'leaving':
      return { actions: [], reported: [] };
    case 'absent':
      return { actions: templateDeletion(observed), reported: [] };
    default:
      return observed.presence satisfies never;
  }
}
