import type { DeleteServiceRequest } from '@aws-sdk/client-ecs';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { invalidParameter, serviceNotFound } from './errors.ts';
import { lookSoon } from './look.ts';
import { endServiceDeployment, isOpen } from './service-deployments.ts';
import { serviceView } from './service-view.ts';

/** The service drains from here on; it is INACTIVE when its last task stops. */
export function deleteService(ctx: EcsContext, input: Checked<DeleteServiceRequest>): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  const service = ctx.state.existingService(cluster, input.service);
  if (service.status === 'INACTIVE') throw serviceNotFound();
  if (service.status === 'ACTIVE') {
    const scaled = service.schedulingStrategy === 'REPLICA' && service.desiredCount > 0;
    if ((scaled || service.taskSets.length > 0) && input.force !== true) {
      throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
    }
    service.status = 'DRAINING';
    service.desiredCount = 0;
    service.steadyAt = undefined;
    for (const set of service.taskSets) set.status = 'DRAINING';
    for (const open of service.serviceDeployments.filter(isOpen)) {
      endServiceDeployment(ctx, open, { status: 'STOPPED', reason: 'The service was deleted.' });
    }
    lookSoon(ctx, service, ctx.durations.schedule);
  }
  return { service: serviceView(ctx, service, { tags: false }) };
}
