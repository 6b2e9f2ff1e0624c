import type { KindReport, Plan } from '../../reconcile/kind.ts';
import { rememberedOperation } from '../cloud-map-operation.ts';
import type { CloudMapNamespaceStatus } from './schema.ts';
import type { NamespaceAction, NamespaceObserved } from './types.ts';

/** What a namespace says of itself. Pure. */
export function reportNamespace({
  observed: { namespace, operation },
  plan,
}: {
  readonly observed: NamespaceObserved;
  readonly plan: Plan<NamespaceAction, CloudMapNamespaceStatus>;
}): KindReport<CloudMapNamespaceStatus> {
  const id = namespace?.Id;
  const hostedZoneId = namespace?.Properties?.DnsProperties?.HostedZoneId;
  // An operation that has ended and left nothing to do is forgotten.
  const matters = plan.actions.length > 0 || plan.waiting !== undefined || plan.stalled !== undefined;
  return {
    fields: {
      ...(id !== undefined && { id }),
      ...(hostedZoneId !== undefined && { hostedZoneId }),
      ...(operation !== undefined && matters && { operation: rememberedOperation(operation) }),
    },
    conditions: [],
  };
}
