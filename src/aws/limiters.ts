import type { Clock } from '../runtime/clock.ts';
import { BUCKETS } from './buckets.ts';
import { Limiter } from './limiter.ts';
import type { Category } from './operations.ts';
import type { AwsTarget } from './send.ts';

/**
 * The part of AWS's buckets that we use: other tools call too, and calls that leave here evenly may arrive in bursts.
 */
const SHARE = 0.9;

/** One limiter per account, region and category, as AWS counts. */
export class Limiters {
  readonly #clock: Clock;
  readonly #scale: number;
  readonly #limiters = new Map<string, Limiter>();
  /** Endpoint → the account of the operator's own identity there, once that is known. */
  readonly #ownAccounts = new Map<string, string>();

  /** @param options.scale how many times AWS's documented rates the account is granted (AWS raises them on request). */
  constructor(options: { readonly clock: Clock; readonly scale: number }) {
    this.#clock = options.clock;
    // Infinity would make NaN of an empty bucket.
    this.#scale = Math.min(options.scale, 1e6);
  }

  /** The limiter that a call has to pass. */
  of(target: AwsTarget, category: Category): Limiter {
    const key = JSON.stringify([target.endpoint ?? '', this.#accountOf(target), target.region, category]);
    let limiter = this.#limiters.get(key);
    if (limiter === undefined) {
      const { burst, refill } = BUCKETS[category];
      const share = SHARE * this.#scale;
      limiter = new Limiter(this.#clock, { burst: Math.max(1, Math.floor(burst * share)), refill: refill * share });
      this.#limiters.set(key, limiter);
    }
    return limiter;
  }

  /**
   * Says which account the operator's own identity belongs to. A role in the same account shares its buckets from then
   * on; the limiters used so far stay, so that nothing starts with a full bucket again.
   */
  learnOwnAccount(target: AwsTarget, accountId: string): void {
    const endpoint = target.endpoint ?? '';
    if (target.roleArn !== undefined || this.#ownAccounts.has(endpoint)) return;
    this.#ownAccounts.set(endpoint, accountId);
    for (const [key, limiter] of [...this.#limiters]) {
      const [of, account, region, category] = JSON.parse(key);
      if (of !== endpoint || account !== OWN) continue;
      this.#limiters.delete(key);
      const known = JSON.stringify([endpoint, accountId, region, category]);
      if (!this.#limiters.has(known)) this.#limiters.set(known, limiter);
    }
  }

  #accountOf(target: AwsTarget): string {
    // arn:aws:iam::123456789012:role/name
    return target.roleArn?.split(':')[4] ?? this.#ownAccounts.get(target.endpoint ?? '') ?? OWN;
  }
}

/** Stands for the account of the operator's own identity while that is not known. */
const OWN = 'own';
