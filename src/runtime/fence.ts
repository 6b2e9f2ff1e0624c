import type { Leadership } from './leadership.ts';

/** An effect was refused because this process does not, or no longer, lead. */
export class NotLeadingError extends Error {
  override readonly name = 'NotLeadingError';

  constructor() {
    super('this process does not hold the lease, so it changes nothing');
  }
}

/** The check in the last step before the socket: a process that lost the lease, or slept through it, sends nothing. */
export class Fence {
  #term: Pick<Leadership, 'isLeader'> | undefined;

  /** From now on effects are let through while this term holds. */
  open(term: Pick<Leadership, 'isLeader'>): void {
    this.#term = term;
  }

  /** @throws NotLeadingError */
  readonly check = (): void => {
    if (!this.#term?.isLeader()) throw new NotLeadingError();
  };
}
