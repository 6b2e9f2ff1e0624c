import type { KubeClient } from '../kube/client.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../kube/errors.ts';
import { type Clock, sleep } from './clock.ts';
import { type Leadership, Term } from './leadership.ts';
import { LEASES, type Lease } from './lease.ts';
import type { Log } from './log.ts';
import type { LeaderMetrics } from './metrics.ts';
import { kubeMicroTime } from './micro-time.ts';
import type { Random } from './random.ts';

export interface LeaderElectorOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics?: LeaderMetrics;
  readonly namespace: string;
  /** The Lease's name. */
  readonly name: string;
  /** Who we are, unique per process, e.g. `<pod>_<random>`. */
  readonly identity: string;
  /** After so long without a renewal, others take over; whole seconds in milliseconds. Default 15 s. */
  readonly leaseMs?: number;
  /** After so long without a renewal, we stop: well before others may start. Default 10 s. */
  readonly renewWithinMs?: number;
  /** Between two tries to acquire or renew. Default 2 s. */
  readonly retryMs?: number;
}

/**
 * Leader election on a Lease. One leader at a time, with a margin: our right to act ends `renewWithinMs` after the
 * *sending* of the last renewal that succeeded, and others start `leaseMs` after they *saw* that renewal, which is later.
 * Times in the Lease are for people: everybody measures with their own clock how long it has not changed, so clocks
 * that differ do no harm.
 */
export class LeaderElector {
  readonly #options: Required<Omit<LeaderElectorOptions, 'metrics'>>;
  readonly #metrics: LeaderMetrics | undefined;
  /** The lease as we last saw it change, and when. */
  #observed: { readonly record: string | undefined; readonly at: number } | undefined;
  #term: Term | undefined;

  constructor(options: LeaderElectorOptions) {
    const { metrics, ...rest } = options;
    this.#options = { leaseMs: 15_000, renewWithinMs: 10_000, retryMs: 2000, ...rest };
    this.#metrics = metrics;
    const { leaseMs, renewWithinMs, retryMs } = this.#options;
    if (!(leaseMs > renewWithinMs && renewWithinMs > retryMs && leaseMs % 1000 === 0)) {
      throw new RangeError('leader election needs leaseMs (whole seconds) > renewWithinMs > retryMs');
    }
    metrics?.leading(options.name, false);
  }

  /** Whether the current term, if any, still holds. */
  isLeader(): boolean {
    return this.#term?.isLeader() ?? false;
  }

  /**
   * Waits until we lead. Failures to reach the API server are logged and tried again.
   * @throws the signal's reason when that is aborted before.
   */
  async campaign(signal: AbortSignal): Promise<Leadership> {
    const { clock, random, log, retryMs, name } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      try {
        const term = await this.#tryAcquire(signal);
        if (term) return term;
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        // Somebody was faster: that is what the lease is for.
        if (!isConflict(error) && !isAlreadyExists(error)) {
          log.warn('cannot read or take the lease', { lease: name, error: messageOf(error) });
        }
      }
      await sleep(clock, retryMs * (0.8 + random.next() * 0.4), signal);
    }
  }

  async #tryAcquire(signal: AbortSignal): Promise<Term | undefined> {
    const { client, clock, log, identity, name, namespace, leaseMs } = this.#options;
    const lease = await this.#read(signal);
    const now = clock.now();
    const record = JSON.stringify(lease?.spec);
    if (this.#observed?.record !== record) this.#observed = { record, at: now };
    const holder = lease?.spec?.holderIdentity;
    if (holder && holder !== identity) {
      // The holder counts with what it wrote, which may be longer than ours.
      const promised = Math.max(leaseMs, (lease.spec?.leaseDurationSeconds ?? 0) * 1000);
      if (now < (this.#observed?.at ?? now) + promised) return undefined;
    }
    const sent = clock.now();
    const spec = {
      holderIdentity: identity,
      leaseDurationSeconds: leaseMs / 1000,
      acquireTime: kubeMicroTime(sent),
      renewTime: kubeMicroTime(sent),
      leaseTransitions: (lease?.spec?.leaseTransitions ?? -1) + 1,
    };
    const taken = lease
      ? await client.update<Lease>(LEASES, { ...lease, spec }, signal)
      : await client.create<Lease>(
          LEASES,
          { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace }, spec },
          {},
          signal,
        );
    log.info('leading', { lease: name, identity });
    this.#metrics?.leading(name, true);
    const term = new Term({ ...this.#options, lease: taken, sent, onEnd: () => this.#metrics?.leading(name, false) });
    this.#term = term;
    return term;
  }

  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    const { client, namespace, name } = this.#options;
    try {
      return await client.get<Lease>(LEASES, { namespace, name }, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
