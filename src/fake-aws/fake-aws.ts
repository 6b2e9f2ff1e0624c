import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { AwsError } from './core/aws-error.ts';
import { EventBus, type FakeEventListener } from './core/events.ts';
import type { FakeRequest } from './core/request.ts';
import { type FakeScope, partitionOf } from './core/scope.ts';
import { Timers } from './core/timers.ts';
import { type FakeRegion, makeRegion } from './region.ts';

export interface FakeAwsOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** How many times faster than AWS everything moves; 1 when left out. */
  readonly speed?: number;
  /** The account that `region()` means without another one; 123456789012 when left out. */
  readonly accountId?: string;
  /** The region that `region()` means without another one; eu-central-1 when left out. */
  readonly region?: string;
}

/** Where a call or a look goes; what is left out is the fake's own account or region. */
export interface FakePlace {
  readonly accountId?: string;
  readonly region?: string;
}

/**
 * A stand-in for AWS in memory: state machines on a given clock, without network and without real time, so that a test
 * can own both. State is kept per account and region, as in AWS.
 */
export class FakeAws {
  readonly accountId: string;
  readonly defaultRegion: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #timers: Timers;
  readonly #events: EventBus;
  readonly #regions = new Map<string, FakeRegion>();

  constructor(options: FakeAwsOptions) {
    this.accountId = options.accountId ?? '123456789012';
    this.defaultRegion = options.region ?? 'eu-central-1';
    this.#clock = options.clock;
    this.#random = options.random;
    this.#timers = new Timers({ clock: options.clock, speed: options.speed ?? 1 });
    this.#events = new EventBus(options.random);
  }

  /**
   * Answers one call at once; what takes time goes on afterwards, on the clock.
   * @returns the output in the SDK's shape; its parts may be shared with the state: read only.
   * @throws AwsError as AWS would answer it.
   */
  handle(request: FakeRequest): object {
    const services = this.region(request).services;
    const service = services[request.service];
    if (!service) throw new AwsError({ code: 'UnknownOperationException', message: `No service ${request.service}` });
    const caller = request.caller ?? `arn:${partitionOf(request.region)}:iam::${request.accountId}:root`;
    return service.handle(request.operation, request.input, { caller });
  }

  /** The services of one account and region, with the controls that act behind a client's back. */
  region(place: FakePlace = {}): FakeRegion {
    const accountId = place.accountId ?? this.accountId;
    const region = place.region ?? this.defaultRegion;
    const key = `${accountId}/${region}`;
    let found = this.#regions.get(key);
    if (!found) {
      found = makeRegion(this.#scope(accountId, region));
      this.#regions.set(key, found);
    }
    return found;
  }

  /** Hears every event that AWS would put on the default event bus. @returns a function that ends it. */
  onEvent(listener: FakeEventListener): () => void {
    return this.#events.listen(listener);
  }

  /** The whole state as plain data, by `account/region`, then by service. */
  snapshot(): Record<string, object> {
    return Object.fromEntries(
      [...this.#regions].map(([key, { services }]) => [
        key,
        Object.fromEntries(Object.entries(services).map(([name, service]) => [name, service.snapshot()])),
      ]),
    );
  }

  /** How many timers are still to fire: none while nothing moves. */
  get pendingTimers(): number {
    return this.#timers.pending;
  }

  /** Cancels all timers: nothing moves any more. */
  stop(): void {
    this.#timers.stop();
  }

  #scope(accountId: string, region: string): FakeScope {
    return {
      accountId,
      region,
      partition: partitionOf(region),
      clock: this.#clock,
      random: this.#random,
      timers: this.#timers,
      events: this.#events,
    };
  }
}
