import type { Clock } from '../../../src/runtime/clock.ts';
import type { CallFault, Refusal } from '../faults/fault.ts';
import type { SimProcess } from './sim-process.ts';

/** How an end is marked when the same request had its effect before. */
export const TWICE = 'the second of two';

/** How one request and its answer travel. */
export interface Exchange<A> {
  readonly process: SimProcess;
  /** The world's clock: what is on the wire does not stop with the process. */
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly fault: CallFault | undefined;
  /** Of one way; milliseconds. */
  readonly latency: () => number;
  /** The effect at the other side. */
  readonly perform: () => Promise<A>;
  /** What the other side answers when it refuses. */
  readonly refuse: (by: Refusal) => A;
  /** What the operator sees when the connection breaks. */
  readonly broken: () => Error;
  /** What the operator's own library says when nothing came for so long; without it the caller's signal decides. */
  readonly timeOut?: { readonly ms: number; readonly error: () => Error };
  /** Hears of the other side's answer, and whether it gets through. */
  readonly ended: (how: { readonly answer: A | undefined; readonly fault: string | undefined }) => void;
}

/**
 * One request: it leaves, arrives, has its effect, is answered, and the answer arrives; each step at a time of its own,
 * and any fault between two of them. Never settles once the process is dead.
 */
export function exchange<A>(way: Exchange<A>): Promise<A> {
  const { process, signal } = way;
  return new Promise<A>((resolve, reject) => {
    const done = process.requested();
    const travel = new Travel(way, (settle) => {
      done();
      signal.removeEventListener('abort', onAbort);
      settle(resolve, reject);
    });
    const onAbort = (): void => travel.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    travel.leave();
  });
}

type Settle<A> = (resolve: (answer: A) => void, reject: (error: unknown) => void) => void;

class Travel<A> {
  readonly #way: Exchange<A>;
  readonly #settle: (settle: Settle<A>) => void;
  #over = false;

  constructor(way: Exchange<A>, settle: (settle: Settle<A>) => void) {
    this.#way = way;
    this.#settle = settle;
  }

  abort(reason: unknown): void {
    this.#end((_, reject) => reject(reason));
  }

  leave(): void {
    const { process, fault, clock, latency } = this.#way;
    if (fault?.type === 'crash' && fault.moment === 'before-request') {
      this.#way.ended({ answer: undefined, fault: 'the process dies before the request leaves' });
      process.kill();
      return;
    }
    if (fault?.type === 'paused') {
      this.#way.ended({ answer: undefined, fault: `the process stands still for ${fault.ms / 1000} s` });
      process.pause();
      clock.after(fault.ms, () => {
        process.resume();
        this.#depart();
      });
      return;
    }
    if (fault?.type === 'silent') this.#awaitTimeOut();
    clock.after(latency(), () => this.#arrive());
  }

  /** Already on its way to the socket when the process was stopped: nothing checks it again. */
  #depart(): void {
    this.#way.clock.after(this.#way.latency(), () => this.#arrive());
  }

  #awaitTimeOut(): void {
    const { process, timeOut } = this.#way;
    if (timeOut === undefined) return;
    const timer = process.clock.after(timeOut.ms, () => this.#end((_, reject) => reject(timeOut.error())));
    this.#way.signal.addEventListener('abort', () => timer.cancel(), { once: true });
  }

  #arrive(): void {
    const { process, fault, ended } = this.#way;
    // Neither the dead nor those who went away are served.
    if (process.isDead || this.#over) return;
    switch (fault?.type) {
      case 'lost':
      case 'unreachable':
        if (fault.type === 'lost' && fault.effect) {
          void this.#perform('the answer is lost');
          return;
        }
        ended({ answer: undefined, fault: 'the connection breaks before the request arrives' });
        this.#answer((_, reject) => reject(this.#way.broken()));
        return;
      case 'silent':
        if (fault.effect) {
          void this.#perform('the answer never comes');
          return;
        }
        ended({ answer: undefined, fault: 'the request never arrives' });
        return;
      case 'refused': {
        if (fault.effect) {
          void this.#perform(`it is answered with ${fault.by} all the same`);
          return;
        }
        const answer = this.#way.refuse(fault.by);
        ended({ answer, fault: `refused: ${fault.by}` });
        this.#answer((resolve) => resolve(answer));
        return;
      }
      case 'doubled':
        void this.#way.perform().then((answer) => {
          ended({ answer, fault: 'the first of two' });
          if (!process.isDead && !this.#over) void this.#perform(TWICE);
        });
        return;
      default:
        void this.#perform(undefined);
        return;
    }
  }

  async #perform(note: string | undefined): Promise<void> {
    const { process, fault, perform, ended, clock } = this.#way;
    const answer = await perform();
    switch (fault?.type) {
      case 'crash':
        if (fault.moment === 'before-answer') {
          ended({ answer, fault: 'the process dies before the answer comes' });
          process.kill();
          return;
        }
        ended({ answer, fault: 'the process dies when it has the answer' });
        // When everything that the answer sets going has run, and nothing of it has left yet.
        this.#answer((resolve) => {
          clock.after(0, () => process.kill());
          resolve(answer);
        });
        return;
      case 'lost':
        ended({ answer, fault: note });
        this.#answer((_, reject) => reject(this.#way.broken()));
        return;
      case 'silent':
        ended({ answer, fault: note });
        return;
      case 'refused': {
        ended({ answer, fault: note });
        this.#answer((resolve) => resolve(this.#way.refuse(fault.by)));
        return;
      }
      case 'slow':
        ended({ answer, fault: `the answer comes ${fault.ms / 1000} s late` });
        clock.after(fault.ms, () => this.#answer((resolve) => resolve(answer)));
        return;
      default:
        ended({ answer, fault: note });
        this.#answer((resolve) => resolve(answer));
        return;
    }
  }

  #answer(settle: Settle<A>): void {
    this.#way.clock.after(this.#way.latency(), () => this.#way.process.deliver(() => this.#end(settle)));
  }

  #end(settle: Settle<A>): void {
    if (this.#over) return;
    this.#over = true;
    this.#settle(settle);
  }
}
