/** Who holds an AWS name among our own objects. */
export interface Claimant {
  /** `<Kind>/<namespace>/<name>`. */
  readonly key: string;
  readonly uid: string;
  /** Whether AWS's tags were seen to carry this object's UID: it goes before those that only want the name. */
  readonly established: boolean;
}

/** AWS names that our objects claim, so that of two objects with one name only the first gets it. */
export class Claims {
  readonly #holders = new Map<string, Claimant>();
  readonly #claimOf = new Map<string, string>();
  readonly #waiting = new Map<string, Set<string>>();
  readonly #wake: (key: string) => void;

  /** @param wake is called with the key of each object that may try again. */
  constructor(wake: (key: string) => void) {
    this.#wake = wake;
  }

  /** @returns undefined when the claimant has the name now, else who has it. */
  take(claim: string, claimant: Claimant): Claimant | undefined {
    const former = this.#claimOf.get(claimant.key);
    if (former !== undefined && former !== claim) this.release(claimant.key);
    const holder = this.#holders.get(claim);
    if (holder !== undefined && holder.key !== claimant.key && (holder.established || !claimant.established)) {
      this.#wait(claim, claimant.key);
      return holder;
    }
    this.#holders.set(claim, claimant);
    this.#claimOf.set(claimant.key, claim);
    if (holder !== undefined && holder.key !== claimant.key) {
      this.#claimOf.delete(holder.key);
      this.#wait(claim, holder.key);
      this.#wake(holder.key);
    }
    return undefined;
  }

  /** The object is gone, or claims another name: those that wait for the name are woken. */
  release(key: string): void {
    const claim = this.#claimOf.get(key);
    this.#claimOf.delete(key);
    for (const [waited, keys] of this.#waiting) {
      if (keys.delete(key) && keys.size === 0) this.#waiting.delete(waited);
    }
    if (claim === undefined || this.#holders.get(claim)?.key !== key) return;
    this.#holders.delete(claim);
    const waiting = this.#waiting.get(claim) ?? new Set();
    this.#waiting.delete(claim);
    for (const other of waiting) this.#wake(other);
  }

  #wait(claim: string, key: string): void {
    const keys = this.#waiting.get(claim) ?? new Set();
    keys.add(key);
    this.#waiting.set(claim, keys);
  }
}
