import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs';

/**
 * How many tasks may fail before the deployment circuit breaker trips: half of the desired count, at least 3 and at most
 * 200, unless configured otherwise (ThresholdConfiguration; ECS developer guide, "deployment circuit breaker").
 */
export function failureThreshold(breaker: DeploymentCircuitBreaker | undefined, desiredCount: number): number {
  const { type, value } = breaker?.thresholdConfiguration ?? { type: 'BOUNDED_PERCENT', value: 50 };
  if (type === 'COUNT') return value ?? 3;
  const share = Math.ceil(((value ?? 50) / 100) * desiredCount);
  if (type === 'UNBOUNDED_PERCENT') return Math.max(share, 1);
  return Math.min(Math.max(share, 3), 200);
}
