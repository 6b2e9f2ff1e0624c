import type { KubeClient } from '../kube/client.ts';
import { isConflict, isNotFound } from '../kube/errors.ts';
import { type Clock, sleep, type Timer } from './clock.ts';
import { LEASES, type Lease } from './lease.ts';
import type { Log } from './log.ts';
import { kubeMicroTime } from './micro-time.ts';

/** One term of leadership. */
export interface Leadership {
  /**
   * Whether an effect may still be sent: cheap, to be asked in the last step before the socket. Answers from the clock,
   * not from timers, so a process that was paused and wakes is refused at once.
   */
  isLeader(): boolean;
  /** Aborted when the term has ended without `release`. */
  readonly lost: AbortSignal;
  /** Gives the lease up, so that another takes over at once. Call when nothing of ours is in flight any more. */
  release(): Promise<void>;
}

export interface TermOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  /** Milliseconds; see `LeaderElectorOptions`. */
  readonly renewWithinMs: number;
  readonly retryMs: number;
  readonly lease: Lease;
  /** When the request that won was sent. */
  readonly sent: number;
  readonly onEnd: () => void;
}

/** The term that a won lease begins: renews it until it is lost or released. */
export class Term implements Leadership {
  readonly #options: TermOptions;
  readonly #lost = new AbortController();
  readonly #renewals = new AbortController();
  #lease: Lease;
  #deadline: number;
  #guard: Timer | undefined;
  #ended = false;
  #renewing: Promise<void>;

  constructor(options: TermOptions) {
    this.#options = options;
    this.#lease = options.lease;
    this.#deadline = options.sent + options.renewWithinMs;
    this.#armGuard();
    this.#renewing = this.#renewOn();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  isLeader(): boolean {
    return !this.#ended && this.#options.clock.now() < this.#deadline;
  }

  async release(): Promise<void> {
    const { client, clock, log, name } = this.#options;
    if (this.#ended) return;
    const held = this.isLeader();
    this.#end();
    await this.#renewing;
    // Too late to say anything: it may be somebody else's by now.
    if (!held) return;
    const spec = {
      ...this.#lease.spec,
      holderIdentity: '',
      leaseDurationSeconds: 1,
      renewTime: kubeMicroTime(clock.now()),
    };
    try {
      await client.update<Lease>(LEASES, { ...this.#lease, spec });
      log.info('released the lease', { lease: name });
    } catch (error) {
      // Harmless: it runs out by itself.
      log.warn('could not release the lease', { lease: name, error: messageOf(error) });
    }
  }

  async #renewOn(): Promise<void> {
    const { clock, log, retryMs, name } = this.#options;
    const { signal } = this.#renewals;
    while (!signal.aborted) {
      try {
        await sleep(clock, retryMs, signal);
        await this.#renew(signal);
      } catch (error) {
        if (signal.aborted) return;
        log.warn('could not renew the lease', { lease: name, error: messageOf(error) });
        if (isConflict(error) || isNotFound(error)) await this.#reread(signal);
      }
    }
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const { client, clock, renewWithinMs } = this.#options;
    const sent = clock.now();
    const spec = { ...this.#lease.spec, renewTime: kubeMicroTime(sent) };
    // Half the time, so that one request that hangs leaves room for another.
    const renewed = await within({ clock, ms: renewWithinMs / 2, signal }, (limited) =>
      client.update<Lease>(LEASES, { ...this.#lease, spec }, limited),
    );
    // While we were paused the term may have run out: an answer that comes then must not revive it.
    if (!this.isLeader()) return this.#lose('it was not renewed in time');
    this.#lease = renewed;
    this.#deadline = sent + renewWithinMs;
    this.#armGuard();
  }

  /** A conflict: an own renewal whose answer was lost, a person's edit, or another holder. */
  async #reread(signal: AbortSignal): Promise<void> {
    const { client, clock, namespace, name, identity, log, renewWithinMs } = this.#options;
    try {
      const lease = await within({ clock, ms: renewWithinMs / 2, signal }, (limited) =>
        client.get<Lease>(LEASES, { namespace, name }, limited),
      );
      if (lease.spec?.holderIdentity !== identity) return this.#lose('another one holds it');
      this.#lease = lease;
    } catch (error) {
      if (signal.aborted) return;
      if (isNotFound(error)) return this.#lose('it was deleted');
      log.warn('could not read the lease', { lease: name, error: messageOf(error) });
    }
  }

  /** So that `lost` comes in time even when no request is ever answered. */
  #armGuard(): void {
    this.#guard?.cancel();
    const { clock } = this.#options;
    this.#guard = clock.after(this.#deadline - clock.now(), () => this.#lose('it was not renewed in time'));
  }

  #lose(why: string): void {
    if (this.#ended) return;
    const { log, name } = this.#options;
    this.#end();
    log.error(`lost the lease: ${why}`, { lease: name });
    this.#lost.abort(new Error(`lost the lease ${name}: ${why}`));
  }

  #end(): void {
    this.#ended = true;
    this.#guard?.cancel();
    this.#renewals.abort(new Error('the term has ended'));
    this.#options.onEnd();
  }
}

/** Gives a request less time than the client would. */
async function within<R>(
  limit: { readonly clock: Clock; readonly ms: number; readonly signal: AbortSignal },
  request: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const { clock, ms, signal } = limit;
  const aborter = new AbortController();
  const onAbort = () => aborter.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = clock.after(ms, () => aborter.abort(new Error(`no answer within ${ms / 1000} s`)));
  try {
    return await request(aborter.signal);
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', onAbort);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
