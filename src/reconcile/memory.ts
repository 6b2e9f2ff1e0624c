import type { Clock } from '../runtime/clock.ts';
import type { Standing } from './standing.ts';

/**
 * What has to be seen twice, some time apart, before it is believed or told: AWS's reads may lag behind its writes, and
 * objects that are applied together come one after another.
 */
export type Suspicion = 'absence' | 'twoOwners' | 'waiting';

/** The last try of something that must not be done twice. */
interface Try {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly effect: 'done' | 'none' | 'unknown';
}

interface Notes {
  readonly uid: string | undefined;
  generation: number | undefined;
  readonly since: Map<Suspicion, number>;
  actedAt: number | undefined;
  lastTry: Try | undefined;
  mayDelete: boolean;
  accountSeen: boolean;
  /** How the last reconcile ended, and how many in a row did so. */
  ending: Standing['type'] | undefined;
  inARow: number;
  /** The generation whose status has told all there is to tell. */
  told: number | undefined;
  /** When AWS was last seen to hold what a generation asks. */
  looked: { readonly generation: number | undefined; readonly at: number } | undefined;
}

/** What is remembered of each object between reconciles. Losing it at a restart costs a second look, nothing else. */
export class Memory {
  readonly #clock: Clock;
  readonly #notes = new Map<string, Notes>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An object is looked at. Of an earlier one that had its name nothing is to be remembered. */
  meet(key: string, { uid, generation }: { readonly uid: string; readonly generation?: number | undefined }): void {
    const known = this.#notes.get(key);
    if (known === undefined || known.uid !== uid) this.#notes.set(key, newNotes(uid, generation));
    else if (known.generation !== generation) {
      known.generation = generation;
      known.ending = undefined;
    }
  }

  /** Notes a suspicion. @returns whether it was first noted at least `afterMs` milliseconds ago, without a break. */
  confirms(key: string, suspicion: Suspicion, afterMs: number): boolean {
    const { since } = this.#of(key);
    const first = since.get(suspicion) ?? this.#clock.now();
    since.set(suspicion, first);
    return this.#clock.now() - first >= afterMs;
  }

  /** The suspicion did not hold. */
  dismiss(key: string, suspicion: Suspicion): void {
    this.#notes.get(key)?.since.delete(suspicion);
  }

  /** AWS was changed just now. */
  acted(key: string): void {
    this.#of(key).actedAt = this.#clock.now();
  }

  /** Whether AWS was changed less than `ms` milliseconds ago, so that a read may still show what was before. */
  actedWithin(key: string, ms: number): boolean {
    const actedAt = this.#notes.get(key)?.actedAt;
    return actedAt !== undefined && this.#clock.now() - actedAt < ms;
  }

  /** AWS was looked at, and held what this generation asks. */
  looked(key: string, generation: number | undefined): void {
    this.#of(key).looked = { generation, at: this.#clock.now() };
  }

  /** Whether AWS was seen to hold what this generation asks, so lately that it need not be asked again. */
  lookedLately(key: string, generation: number | undefined, withinMs: number): boolean {
    const looked = this.#notes.get(key)?.looked;
    return looked !== undefined && looked.generation === generation && this.#clock.now() - looked.at < withinMs;
  }

  /** Something that must not be done twice was begun (`unknown` at first), or its effect became known. */
  tried(key: string, id: string, effect: Try['effect']): void {
    this.#of(key).lastTry = { id, at: this.#clock.now(), effect };
  }

  lastTry(key: string): Try | undefined {
    return this.#notes.get(key)?.lastTry;
  }

  /** An object's deletion was counted against the budget once; it need not be again. */
  allowDeletion(key: string): void {
    this.#of(key).mayDelete = true;
  }

  mayDelete(key: string): boolean {
    return this.#notes.get(key)?.mayDelete ?? false;
  }

  /** The API server was asked: the AwsAccount that the caches give to the object is the right one. */
  confirmAccount(key: string): void {
    this.#of(key).accountSeen = true;
  }

  accountConfirmed(key: string): boolean {
    return this.#notes.get(key)?.accountSeen ?? false;
  }

  /** Counts a reconcile. @returns how many in a row ended this way for this generation, this one included. */
  ended(key: string, ending: Standing['type']): number {
    const notes = this.#of(key);
    notes.inARow = notes.ending === ending ? notes.inARow + 1 : 1;
    notes.ending = ending;
    return notes.inARow;
  }

  /** The status of this generation is written, and what nobody waits for may be done now. */
  told(key: string, generation: number | undefined): void {
    this.#of(key).told = generation;
  }

  wasTold(key: string, generation: number | undefined): boolean {
    const told = this.#notes.get(key)?.told;
    return told !== undefined && told === generation;
  }

  /** The object is gone. */
  forget(key: string): void {
    this.#notes.delete(key);
  }

  #of(key: string): Notes {
    const known = this.#notes.get(key);
    if (known !== undefined) return known;
    const notes = newNotes(undefined, undefined);
    this.#notes.set(key, notes);
    return notes;
  }
}

function newNotes(uid: string | undefined, generation: number | undefined): Notes {
  return {
    uid,
    generation,
    since: new Map(),
    actedAt: undefined,
    lastTry: undefined,
    mayDelete: false,
    accountSeen: false,
    ending: undefined,
    inARow: 0,
    told: undefined,
    looked: undefined,
  };
}
