import { type Clock, sleep } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import { AwsError } from '../core/aws-error.ts';
import type { FakeRequest } from '../core/request.ts';
import type { FakeAws } from '../fake-aws.ts';
import type { Identities, Identity } from '../sts/identities.ts';
import type { Sts } from '../sts/sts.ts';
import type { Throttle } from '../throttle/throttle.ts';
import { isRead } from './answer-items.ts';
import { CallLog, type CallRecord } from './calls.ts';
import { type CallFaults, Faults } from './faults.ts';
import { StaleReads } from './stale-reads.ts';
import { withUnknowns } from './unknowns.ts';

/** A call with the access key that signed it. */
export interface GateCall extends Omit<FakeRequest, 'accountId' | 'caller'> {
  readonly accessKeyId: string;
}

/** What the caller gets. */
export type Answer =
  | { readonly kind: 'output'; readonly output: object }
  | { readonly kind: 'error'; readonly error: AwsError }
  /** The connection is cut. */
  | { readonly kind: 'reset' }
  /** Something that is not AWS's protocol. */
  | { readonly kind: 'malformed'; readonly status: number; readonly body: string };

export interface GateOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly fake: FakeAws;
  readonly sts: Sts;
  readonly identities: Identities;
  readonly throttle: Throttle;
  /** Hears of every call that has ended. */
  readonly onCall?: ((call: CallRecord) => void) | undefined;
}

/** What was done, and what the caller is told: they differ when an answer is lost. */
interface Outcome {
  readonly answer: Answer;
  readonly effective: boolean;
}

/**
 * The fake's front door: who calls, is it too fast, does something go wrong on request, and then the fake itself. Below
 * the wire, so that calls in one process meet the same throttling and the same faults as those over HTTP.
 */
export class Gate {
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly #options: GateOptions;
  readonly #stale: StaleReads;

  constructor(options: GateOptions) {
    this.#options = options;
    this.faults = new Faults(options.random);
    this.calls = new CallLog({ onEnd: options.onCall });
    this.#stale = new StaleReads({ clock: options.clock, read: (request) => options.fake.handle(request) });
  }

  /** Answers one call. Rejects only for a fault of the fake itself. */
  async call(call: GateCall): Promise<Answer> {
    const { accessKeyId, ...rest } = call;
    let caller: Identity;
    try {
      caller = this.#options.identities.resolve(accessKeyId);
    } catch (error) {
      return this.#refused(call, error);
    }
    const request: FakeRequest = { ...rest, accountId: caller.accountId, caller: caller.arn };
    const record = this.#arrived(request, { caller: caller.arn, accessKeyId });
    const outcome = await this.#run(request, caller);
    this.calls.end(record, { code: codeOf(outcome.answer), effective: outcome.effective });
    return outcome.answer;
  }

  #refused(call: GateCall, error: unknown): Answer {
    if (!(error instanceof AwsError)) throw error;
    const { accessKeyId, ...rest } = call;
    const record = this.#arrived({ ...rest, accountId: '' }, { caller: accessKeyId, accessKeyId });
    this.calls.end(record, { code: error.code, effective: false });
    return { kind: 'error', error };
  }

  #arrived(request: FakeRequest, who: Pick<CallRecord, 'caller' | 'accessKeyId'>): CallRecord {
    const { service, operation, input, accountId, region } = request;
    return this.calls.arrive({
      time: this.#options.clock.now(),
      service,
      operation,
      input,
      accountId,
      region,
      ...who,
    });
  }

  async #run(request: FakeRequest, caller: Identity): Promise<Outcome> {
    const { clock, throttle } = this.#options;
    const faults = this.faults.hits(request);
    if (faults.delayBefore > 0) await sleep(clock, faults.delayBefore);
    const before = answerBefore(faults);
    if (before) return { answer: before, effective: false };
    if (!throttle.take(request)) return { answer: throttled(), effective: false };
    const outcome = this.#effect(request, caller, faults);
    if (faults.delayAfter > 0) await sleep(clock, faults.delayAfter);
    return { ...outcome, answer: answerAfter(faults, outcome.answer) };
  }

  #effect(request: FakeRequest, caller: Identity, faults: CallFaults): Outcome {
    try {
      const output = this.#handle(request, caller, faults);
      return { answer: { kind: 'output', output }, effective: true };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { answer: { kind: 'error', error }, effective: false };
    }
  }

  #handle(request: FakeRequest, caller: Identity, faults: CallFaults): object {
    const { fake, sts } = this.#options;
    if (request.service === 'sts') return sts.handle(request.operation, request.input, caller);
    if (isRead(request.operation)) {
      if (faults.stale) return this.#stale.answer(request, faults.stale.ms);
      const output = fake.handle(request);
      if (this.faults.keepsHistory) this.#stale.noteRead(request, output);
      return output;
    }
    const sampled = this.faults.keepsHistory ? this.calls.list() : [];
    this.#stale.sample(sampled, request);
    const output = fake.handle(request);
    this.#stale.sample(sampled, request);
    this.#stale.noteMade(request.operation, output);
    return output;
  }
}

function answerBefore({ before }: CallFaults): Answer | undefined {
  switch (before?.kind) {
    case undefined:
      return undefined;
    case 'reset':
      return { kind: 'reset' };
    case 'throttle':
      return throttled();
    case 'fail':
      return failure(before);
    default:
      return before satisfies never;
  }
}

function answerAfter({ after, unknown }: CallFaults, answer: Answer): Answer {
  switch (after?.kind) {
    case undefined:
      if (!unknown || answer.kind !== 'output') return answer;
      return { kind: 'output', output: withUnknowns(answer.output, unknown.enumMembers) };
    case 'lose':
      return { kind: 'reset' };
    case 'malformed':
      return {
        kind: 'malformed',
        status: after.status ?? 200,
        body: after.body ?? '<html><body>It works!</body></html>',
      };
    case 'fail-after':
      return failure(after);
    default:
      return after satisfies never;
  }
}

function failure(fault: { readonly code: string; readonly message?: string; readonly status?: number }): Answer {
  const { code, message = 'This failure was asked for.', status } = fault;
  const httpStatus = status ?? (/^(Server|Internal|ServiceUnavailable)/.test(code) ? 500 : 400);
  return { kind: 'error', error: new AwsError({ code, message, httpStatus }) };
}

function throttled(): Answer {
  return { kind: 'error', error: new AwsError({ code: 'ThrottlingException', message: 'Rate exceeded' }) };
}

/** An answer in one word: AWS's code, or `OK`. */
export function codeOf(answer: Answer): string {
  switch (answer.kind) {
    case 'output':
      return 'OK';
    case 'error':
      return answer.error.code;
    case 'reset':
      return 'NoAnswer';
    case 'malformed':
      return 'Malformed';
    default:
      return answer satisfies never;
  }
}
