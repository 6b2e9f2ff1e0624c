import type { Clock, Timer } from './clock.ts';
import { sleep } from './clock.ts';
import type { Log } from './log.ts';
import type { ControllerMetrics } from './metrics.ts';
import type { Outcome } from './outcome.ts';
import type { WorkQueue } from './queue.ts';
import type { Random } from './random.ts';

/** So many failures in a row are told loudly; a conflict or a cut connection passes by itself. */
const LOUD_AFTER = 3;

export interface ControllerOptions<K extends string> {
  /** For logs and metrics, e.g. `ecsservice`. */
  readonly name: string;
  readonly queue: WorkQueue<K>;
  /**
   * Brings one object nearer to what is declared. The signal is aborted when the controller has to end at once. What it
   * throws counts as a fault of ours (a "panic"): logged with its stack, tried again with growing delays.
   */
  readonly reconcile: (key: K, signal: AbortSignal) => Promise<Outcome>;
  /** Every key there is, in the order in which a resync is to look at them: neighbours share batched reads. */
  readonly keys: () => Iterable<K>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics?: ControllerMetrics;
  /**
   * How many objects are worked on at once, 1 or more; default 50. Workers mostly wait for AWS and cost nothing while
   * they do, and a batch of ten reads needs ten of them at once. Waits for AWS's buckets belong into the outcome
   * (`progressing`, `failed`) when they are longer than a second or two: a worker that waits is not there for others.
   */
  readonly workers?: number;
  /** How often everything is looked at, though nothing changed; milliseconds, ±10 %. Default 5 minutes; 0 for never. */
  readonly resyncMs?: number;
}

/** Workers that take keys from a queue and act on how each reconcile ended. */
export class Controller<K extends string> {
  readonly #options: ControllerOptions<K>;
  readonly #workers: number;
  readonly #resyncMs: number;
  readonly #aborter = new AbortController();
  readonly #running: Promise<void>[] = [];
  #active = 0;
  #resync: Timer | undefined;

  constructor(options: ControllerOptions<K>) {
    this.#options = options;
    this.#workers = options.workers ?? 50;
    this.#resyncMs = options.resyncMs ?? 5 * 60_000;
    if (!Number.isInteger(this.#workers) || this.#workers < 1) {
      throw new RangeError(
        `workers of controller ${options.name} must be a whole number from 1, not ${options.workers}`,
      );
    }
  }

  /** Starts the workers; call once, when the caches have synced. */
  start(): void {
    if (this.#running.length > 0) throw new Error(`controller ${this.#options.name} was started already`);
    this.#options.metrics?.workers(this.#workers);
    for (let i = 0; i < this.#workers; i++) this.#running.push(this.#work());
    this.#scheduleResync();
  }

  /**
   * Takes no more keys, and waits for what is being worked on; after `limitMs` (default 20 s) that is aborted.
   * @returns how many reconciles had to be aborted.
   */
  async stop(limitMs = 20_000): Promise<number> {
    this.#resync?.cancel();
    this.#options.queue.close();
    const given = new AbortController();
    const finished = Promise.all(this.#running).then(() => 'finished' as const);
    const late = sleep(this.#options.clock, limitMs, given.signal).then(
      () => 'late' as const,
      () => 'finished' as const,
    );
    const end = await Promise.race([finished, late]);
    given.abort();
    const aborted = end === 'late' ? this.#active : 0;
    this.abort(new Error(`controller ${this.#options.name} is stopped`));
    return aborted;
  }

  /** Ends at once: nothing new starts, and what is being worked on sees its signal aborted. For lost leadership. */
  abort(reason: Error): void {
    this.#resync?.cancel();
    this.#options.queue.close();
    this.#aborter.abort(reason);
  }

  async #work(): Promise<void> {
    const { queue } = this.#options;
    for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
      await this.#reconcile(key);
      queue.done(key);
    }
  }

  /** Never rejects: a fault in one object must not end the others. */
  async #reconcile(key: K): Promise<void> {
    const { clock, metrics, reconcile } = this.#options;
    const began = clock.now();
    metrics?.active(++this.#active);
    try {
      const outcome = await reconcile(key, this.#aborter.signal);
      this.#conclude(key, outcome);
    } catch (error) {
      if (!this.#aborter.signal.aborted) this.#panic(key, error);
    } finally {
      metrics?.active(--this.#active);
      metrics?.took((clock.now() - began) / 1000);
    }
  }

  #conclude(key: K, outcome: Outcome): void {
    const { queue, metrics, log, name } = this.#options;
    if (outcome.type !== 'failed') queue.forget(key);
    switch (outcome.type) {
      case 'settled':
      case 'waiting':
        metrics?.reconciled(outcome.requeueAfterMs === undefined ? 'success' : 'requeue_after');
        if (outcome.requeueAfterMs !== undefined) queue.addAfter(key, outcome.requeueAfterMs);
        return;
      case 'progressing':
        metrics?.reconciled('requeue_after');
        queue.addAfter(key, outcome.requeueAfterMs);
        return;
      case 'stalled':
        metrics?.reconciled('error');
        metrics?.failed();
        metrics?.stalled();
        queue.addAfter(key, outcome.retryAfterMs);
        return;
      case 'failed': {
        if (this.#aborter.signal.aborted) return;
        metrics?.reconciled('error');
        metrics?.failed();
        const retryInMs = Math.round(queue.addAfterFailure(key, outcome.retryWithinMs));
        const failures = queue.failures(key);
        // Once loudly: it may be what keeps the status from being written (RBAC), and then only the log can tell.
        const level = failures === LOUD_AFTER ? 'warn' : 'info';
        const error = messageOf(outcome.error);
        log[level]('reconcile failed, will be tried again', { controller: name, key, error, failures, retryInMs });
        return;
      }
      default:
        outcome satisfies never;
    }
  }

  #panic(key: K, error: unknown): void {
    const { queue, metrics, log, name } = this.#options;
    metrics?.reconciled('error');
    metrics?.failed();
    metrics?.panicked();
    const retryInMs = Math.round(queue.addAfterFailure(key));
    // The stack once: the same fault every few minutes for ever would drown the log.
    const first = queue.failures(key) === 1;
    const stack = error instanceof Error ? error.stack : undefined;
    log.error('reconcile threw: this is a fault of the operator', {
      controller: name,
      key,
      error: messageOf(error),
      retryInMs,
      ...(first && stack && { stack }),
    });
  }

  /** One sweep over everything at once, not each key by itself: so that reads of neighbours can share a batch. */
  #scheduleResync(): void {
    if (this.#resyncMs <= 0) return;
    const { clock, random, queue, keys } = this.#options;
    const delay = this.#resyncMs * (0.9 + random.next() * 0.2);
    this.#resync = clock.after(delay, () => {
      for (const key of keys()) queue.addIfIdle(key, 'resync');
      this.#scheduleResync();
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
