import type { Clock, Timer } from '../runtime/clock.ts';
import { type BatchForm, type Slice, shortName, slices } from './batches.ts';
import { AwsCallError } from './errors.ts';
import { type CallPriority, moreUrgent, type Ticket } from './limiter.ts';
import type { Operation } from './operations.ts';
import type { AwsTarget } from './send.ts';
import { targetKey } from './target-key.ts';

/** How long a batch waits for others to join, in milliseconds: less where a person waits. */
const LINGER_MS: Readonly<Record<CallPriority, number>> = { user: 3, progress: 20, resync: 20, cleanup: 20 };
/** The same while one batch follows the other, as when many objects are applied at once: then a few calls do for all. */
const BUSY_LINGER_MS = 100;
/** A batch that is begun so soon after the last one of its like follows it; milliseconds. */
const BUSY_WITHIN_MS = 250;

/** One call of several names, as the batcher asks the gateway to make it. */
interface BatchCall {
  readonly target: AwsTarget;
  readonly operation: Operation;
  readonly input: object;
  readonly signal: AbortSignal;
}

/** What the batcher needs from the gateway. */
export interface BatchWay {
  /** Queues at the limiter. */
  enter(call: Omit<BatchCall, 'input'> & { readonly priority: CallPriority }): Ticket;
  /** Sends what the limiter let through. @throws AwsCallError, or what the fence threw. */
  send(call: BatchCall): Promise<object>;
}

/** What one caller asks for. */
export interface BatchRead {
  readonly target: AwsTarget;
  readonly operation: Operation;
  readonly form: BatchForm;
  readonly input: Readonly<Record<string, unknown>>;
  readonly priority: CallPriority;
  readonly signal: AbortSignal;
}

interface Asker {
  /** Where it is now: a batch that AWS refuses as a whole is split. */
  batch: Batch;
  readonly resolve: (slice: Slice | undefined) => void;
  readonly reject: (error: unknown) => void;
}

interface Batch {
  readonly key: string;
  readonly read: BatchRead;
  /** Short name → as it was asked for, and by whom. */
  readonly names: Map<string, { readonly asked: string; readonly askers: Set<Asker> }>;
  /** Aborted when nobody is left who wants the answer. */
  readonly abort: AbortController;
  priority: CallPriority;
  timer: Timer | undefined;
  ticket: Ticket | undefined;
}

/**
 * Puts reads of single things together into one call, across callers. A batch stays open until the limiter lets it go,
 * so the longer the queue, the fuller the batches.
 */
export class Batcher {
  readonly #clock: Clock;
  readonly #way: BatchWay;
  /** Those that can still be joined, by what their names have in common. */
  readonly #open = new Map<string, Batch>();
  /** When the last batch of a key could be joined no more; milliseconds since the epoch. */
  readonly #closedAt = new Map<string, number>();

  constructor(clock: Clock, way: BatchWay) {
    this.#clock = clock;
    this.#way = way;
  }

  /**
   * Reads one thing.
   * @returns what AWS said of it, or undefined when the answer leaves it out.
   * @throws AwsCallError when the call failed; the signal's reason when aborted.
   */
  read(read: BatchRead, name: string): Promise<Slice | undefined> {
    if (read.signal.aborted) return Promise.reject(read.signal.reason);
    const batch = this.#batchFor(read);
    const { promise, resolve, reject } = Promise.withResolvers<Slice | undefined>();
    const onAbort = () => {
      this.#leave(name, asker);
      reject(read.signal.reason);
    };
    const done = () => read.signal.removeEventListener('abort', onAbort);
    const asker: Asker = {
      batch,
      resolve: (slice) => {
        done();
        resolve(slice);
      },
      reject: (error) => {
        done();
        reject(error);
      },
    };
    read.signal.addEventListener('abort', onAbort, { once: true });
    this.#join(name, asker, read.priority);
    return promise;
  }

  #batchFor(read: BatchRead): Batch {
    const { [read.form.list]: _, ...common } = read.input;
    const key = JSON.stringify([targetKey(read.target), read.operation, Object.entries(common).sort()]);
    let batch = this.#open.get(key);
    if (batch === undefined) {
      batch = {
        key,
        read,
        names: new Map(),
        abort: new AbortController(),
        priority: read.priority,
        timer: undefined,
        ticket: undefined,
      };
      this.#open.set(key, batch);
    }
    return batch;
  }

  #join(name: string, asker: Asker, priority: CallPriority): void {
    const { batch } = asker;
    const known = batch.names.get(shortName(name));
    if (known) known.askers.add(asker);
    else batch.names.set(shortName(name), { asked: name, askers: new Set([asker]) });
    const hurry = moreUrgent(priority, batch.priority);
    if (hurry) batch.priority = priority;
    const full = batch.names.size >= batch.read.form.size;
    if (full) this.#close(batch);
    if (batch.ticket) {
      batch.ticket.raise(batch.priority);
    } else if (full) {
      void this.#queue(batch);
    } else if (batch.timer === undefined || hurry) {
      batch.timer?.cancel();
      batch.timer = this.#clock.after(this.#lingerOf(batch), () => void this.#queue(batch));
    }
  }

  #leave(name: string, asker: Asker): void {
    const { batch } = asker;
    const entry = batch.names.get(shortName(name));
    if (!entry?.askers.delete(asker)) return;
    if (entry.askers.size === 0) batch.names.delete(shortName(name));
    if (batch.names.size > 0) return;
    this.#close(batch);
    batch.timer?.cancel();
    batch.abort.abort(new Error('nobody waits for this answer any more'));
  }

  #lingerOf({ key, priority }: Batch): number {
    const since = this.#clock.now() - (this.#closedAt.get(key) ?? Number.NEGATIVE_INFINITY);
    // What is left of one moment's reads, when the others have filled their batches, follows nobody.
    return since > 0 && since < BUSY_WITHIN_MS ? BUSY_LINGER_MS : LINGER_MS[priority];
  }

  #close(batch: Batch): void {
    if (this.#open.get(batch.key) !== batch) return;
    this.#open.delete(batch.key);
    this.#closedAt.set(batch.key, this.#clock.now());
  }

  /** Never rejects: whatever happens goes to those who asked. */
  async #queue(batch: Batch): Promise<void> {
    batch.timer?.cancel();
    const { target, operation } = batch.read;
    const { signal } = batch.abort;
    batch.ticket = this.#way.enter({ target, operation, priority: batch.priority, signal });
    try {
      await batch.ticket.granted;
      this.#close(batch);
      const { read, names } = batch;
      const input = { ...read.input, [read.form.list]: [...names.values()].map(({ asked }) => asked) };
      const output = await this.#way.send({ target, operation, input, signal });
      const byName = slices(read.form, output);
      for (const [short, { askers }] of names) for (const asker of askers) asker.resolve(byName.get(short));
    } catch (error) {
      this.#close(batch);
      if (batch.names.size > 1 && error instanceof AwsCallError && error.kind === 'Invalid') this.#split(batch);
      else for (const { askers } of batch.names.values()) for (const asker of askers) asker.reject(error);
    }
  }

  /** One bad name spoils the call for all: halves are tried until the bad one stands alone. */
  #split(batch: Batch): void {
    const names = [...batch.names];
    const middle = Math.ceil(names.length / 2);
    for (const part of [names.slice(0, middle), names.slice(middle)]) {
      const half: Batch = {
        ...batch,
        names: new Map(part),
        abort: new AbortController(),
        timer: undefined,
        ticket: undefined,
      };
      for (const [, { askers }] of part) for (const asker of askers) asker.batch = half;
      void this.#queue(half);
    }
  }
}
