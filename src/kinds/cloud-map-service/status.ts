import type { KindReport, Plan } from '../../reconcile/kind.ts';
import { rememberedOperation } from '../cloud-map-operation.ts';
import type { CloudMapServiceStatus } from './schema.ts';
import type { DiscoveryServiceAction, DiscoveryServiceObserved } from './types.ts';

/** What a service says of itself. Pure. */
export function reportDiscoveryService({
  observed: { service, operation },
  plan,
}: {
  readonly observed: DiscoveryServiceObserved;
  readonly plan: Plan<DiscoveryServiceAction, CloudMapServiceStatus>;
}): KindReport<CloudMapServiceStatus> {
  const { Id: id, NamespaceId: namespaceId, InstanceCount: instanceCount } = service ?? {};
  // An operation that has ended and left nothing to do is forgotten.
  const matters = plan.actions.length > 0 || plan.waiting !== undefined || plan.stalled !== undefined;
  return {
    fields: {
      ...(id !== undefined && { id }),
      ...(namespaceId !== undefined && { namespaceId }),
      ...(service !== undefined && { instanceCount: instanceCount ?? 0 }),
      ...(operation !== undefined && matters && { operation: rememberedOperation(operation) }),
    },
    conditions: [],
  };
}
