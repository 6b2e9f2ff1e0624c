import type { Clock } from '../runtime/clock.ts';
import { requireAnswer } from './answer.ts';
import { Batcher } from './batcher.ts';
import { type BatchForm, batchFormOf, member, type Slice } from './batches.ts';
import { classify } from './errors.ts';
import type { CallPriority, Ticket } from './limiter.ts';
import { Limiters } from './limiters.ts';
import type { AwsMetrics } from './metrics.ts';
import { OPERATIONS, type Operation, type OperationInput, type OperationOutput } from './operations.ts';
import type { AwsSend, AwsTarget } from './send.ts';

export interface GatewayOptions {
  readonly send: AwsSend;
  readonly clock: Clock;
  readonly metrics: AwsMetrics;
  /** Called in the last step before the seam; throws when this process may not act any more (a lost lease). */
  readonly fence: () => void;
  /** How many times AWS's documented rates the accounts are granted. Default 1; Infinity for no limit of ours. */
  readonly rateScale?: number;
}

export interface CallOptions {
  /** Aborted calls throw the signal's reason; a call that was already sent may have its effect all the same. */
  readonly signal: AbortSignal;
  readonly priority: CallPriority;
}

/**
 * The one way to AWS: batcher (reads) → limiter → fence → send → classify. A call is one attempt. Whether and when to
 * try again is the caller's affair, who can look first what the last attempt did.
 */
export class Gateway {
  readonly #send: AwsSend;
  readonly #clock: Clock;
  readonly #metrics: AwsMetrics;
  readonly #fence: () => void;
  readonly #limiters: Limiters;
  readonly #batcher: Batcher;

  constructor(options: GatewayOptions) {
    this.#send = options.send;
    this.#clock = options.clock;
    this.#metrics = options.metrics;
    this.#fence = options.fence;
    this.#limiters = new Limiters({ clock: options.clock, scale: options.rateScale ?? 1 });
    this.#batcher = new Batcher(options.clock, {
      enter: (call) => this.#enter(call),
      send: (call) => this.#attempt(call),
    });
  }

  /**
   * Makes one call. DescribeServices, DescribeTasks and DescribeClusters are put together with those of other callers;
   * each caller gets only what it asked for.
   * @throws AwsCallError when it failed; the signal's reason when aborted; what the fence threw.
   */
  async call<O extends Operation>(
    target: AwsTarget,
    operation: O,
    input: OperationInput<O>,
    options: CallOptions,
  ): Promise<OperationOutput<O>> {
    const form = batchFormOf(operation);
    const output = await (form && namesOf(form, input).length > 0
      ? this.#batched({ target, operation, form, input, ...options })
      : this.#alone({ target, operation, input, ...options }));
    // The seam answers an operation with the output that AWS's model gives it; `Operations` says which that is.
    return output as OperationOutput<O>;
  }

  async #alone(call: Attempt & { readonly priority: CallPriority }): Promise<object> {
    await this.#enter(call).granted;
    return this.#attempt(call);
  }

  async #batched(call: Attempt & { readonly form: BatchForm; readonly priority: CallPriority }): Promise<object> {
    const { form } = call;
    const read = { ...call, input: { ...call.input } };
    const parts = await Promise.all(namesOf(form, call.input).map((name) => this.#batcher.read(read, name)));
    const had = parts.filter((part): part is Slice => part !== undefined);
    return {
      $metadata: had[0]?.metadata ?? {},
      [form.found]: had.map(({ found }) => found).filter((found) => found !== undefined),
      failures: had.map(({ failure }) => failure).filter((failure) => failure !== undefined),
    };
  }

  #enter(call: Omit<Attempt, 'input'> & { readonly priority: CallPriority }): Ticket {
    const { category } = OPERATIONS[call.operation];
    const ticket = this.#limiters.of(call.target, category).enter(call);
    const granted = ticket.granted.then((waitedMs) => {
      this.#metrics.limiterWaited({ category, seconds: waitedMs / 1000 });
      return waitedMs;
    });
    return { ...ticket, granted };
  }

  async #attempt({ target, operation, input, signal }: Attempt): Promise<object> {
    const { service, name, category } = OPERATIONS[operation];
    signal.throwIfAborted();
    this.#fence();
    let refused: { readonly reason: unknown } | undefined;
    // Once more in the very last step: a process may be paused on the way there.
    const check = () => {
      try {
        this.#fence();
      } catch (reason) {
        refused = { reason };
        throw reason;
      }
    };
    const sentAt = this.#clock.now();
    const done = (code: string): void => {
      const seconds = (this.#clock.now() - sentAt) / 1000;
      this.#metrics.requestDone({ service, operation: name, code, seconds });
    };
    try {
      const output = await this.#send({ target, service, operation: name, input, signal, check });
      requireAnswer(output, { operation, target, input });
      done('OK');
      if (operation === 'sts.GetCallerIdentity') {
        const account = member(output, 'Account');
        if (typeof account === 'string') this.#limiters.learnOwnAccount(target, account);
      }
      return output;
    } catch (thrown) {
      if (refused !== undefined) {
        done('Refused');
        throw refused.reason;
      }
      if (signal.aborted) {
        done('Aborted');
        throw signal.reason;
      }
      const error = classify(thrown, { operation, target, input });
      done(error.code);
      if (error.kind === 'Throttled') this.#limiters.of(target, category).throttled(sentAt);
      throw error;
    }
  }
}

interface Attempt {
  readonly target: AwsTarget;
  readonly operation: Operation;
  readonly input: object;
  readonly signal: AbortSignal;
}

function namesOf(form: BatchForm, input: object): readonly string[] {
  const names = member(input, form.list);
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}
