import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import type { EventBus } from './events.ts';
import type { Timers } from './timers.ts';

/** One account and region with what its services stand on. AWS keeps all state of ECS and Cloud Map at this level. */
export interface FakeScope {
  readonly accountId: string;
  readonly region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Everything that takes time goes through these, so that `speed` and `stop` reach it. */
  readonly timers: Timers;
  readonly events: EventBus;
}

/** The partition that a region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** An ARN in the scope's partition, region and account; `resource` is what follows the last colon. */
export function arnOf(scope: Pick<FakeScope, 'accountId' | 'region' | 'partition'>, service: string, resource: string) {
  return `arn:${scope.partition}:${service}:${scope.region}:${scope.accountId}:${resource}`;
}

/** Now, as the SDK gives timestamps. */
export function nowOf(scope: Pick<FakeScope, 'clock'>): Date {
  return new Date(scope.clock.now());
}
