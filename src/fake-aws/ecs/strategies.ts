import type { CapacityProviderStrategyItem } from '@aws-sdk/client-ecs';
import type { EcsContext } from './context.ts';
import { checkRange } from './enum-checks.ts';
import { invalidParameter } from './errors.ts';
import type { CapacityProviderRecord, ClusterRecord } from './records.ts';

/** A capacity provider by name or ARN. */
export function findProvider(ctx: EcsContext, reference: string): CapacityProviderRecord | undefined {
  return ctx.state.capacityProviders.get(reference.slice(reference.lastIndexOf('/') + 1));
}

/** Strategy items as AWS keeps them: base and weight are numbers, the provider a name. */
export function normalStrategy(items: readonly CapacityProviderStrategyItem[]): CapacityProviderStrategyItem[] {
  return items.map(({ capacityProvider = '', weight = 0, base = 0 }) => ({
    capacityProvider: capacityProvider.slice(capacityProvider.lastIndexOf('/') + 1),
    weight,
    base,
  }));
}

/**
 * AWS's rules for a capacity provider strategy ("CapacityProviderStrategyItem").
 * @param among the providers that the cluster has, or gets by the same call.
 * @throws AwsError InvalidParameterException.
 */
export function checkStrategy(
  ctx: EcsContext,
  items: readonly CapacityProviderStrategyItem[],
  among: Pick<ClusterRecord, 'capacityProviders'>,
): void {
  if (items.length === 0) return;
  if (items.length > 20) throw invalidParameter('A capacity provider strategy can have 20 items at most.');
  const names = new Set<string>();
  for (const { capacityProvider = '', weight, base } of normalStrategy(items)) {
    if (names.has(capacityProvider)) {
      throw invalidParameter('A capacity provider can be in a capacity provider strategy only once.');
    }
    names.add(capacityProvider);
    if (!findProvider(ctx, capacityProvider) || !among.capacityProviders.includes(capacityProvider)) {
      throw invalidParameter(
        `The specified capacity provider '${capacityProvider}' is not associated with the cluster. Associate it with ` +
          'the cluster by PutClusterCapacityProviders and try again.',
      );
    }
    checkRange({ name: 'weight', value: weight, from: 0, to: 1000 });
    checkRange({ name: 'base', value: base, from: 0, to: 100_000 });
  }
  const kinds = new Set([...names].map((name) => (/^FARGATE(_SPOT)?$/.test(name) ? 'FARGATE' : 'other')));
  if (kinds.size > 1) {
    throw invalidParameter(
      'A capacity provider strategy cannot contain both Fargate and Auto Scaling group capacity providers.',
    );
  }
  if (items.filter(({ base }) => (base ?? 0) > 0).length > 1) {
    throw invalidParameter('Only one capacity provider in a capacity provider strategy can have a base defined.');
  }
  if (items.length > 1 && items.every(({ weight }) => (weight ?? 0) === 0)) {
    throw invalidParameter('At least one of the capacity providers in a strategy must have a weight greater than 0.');
  }
}
