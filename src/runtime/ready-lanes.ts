/** A key that can be taken. */
interface Ready<K extends string> {
  readonly key: K;
  /** 0 goes first. */
  readonly urgency: number;
  /** Milliseconds since the epoch. */
  readonly readySince: number;
}

/** After so many turns in a row that passed over somebody, the least urgent gets one. */
const TURNS = 8;

/** One lane per urgency, first come first served within each; Maps keep the order and make removal cheap. */
export class ReadyLanes<K extends string> {
  readonly #lanes: readonly Map<K, Ready<K>>[] = [new Map(), new Map(), new Map(), new Map()];
  readonly #laneOf = new Map<K, Map<K, Ready<K>>>();
  #turns = 0;

  get size(): number {
    return this.#laneOf.size;
  }

  has(key: K): boolean {
    return this.#laneOf.has(key);
  }

  push(ready: Ready<K>): void {
    const lane = this.#lanes[ready.urgency];
    if (!lane) throw new RangeError(`there is no lane of urgency ${ready.urgency}`);
    lane.set(ready.key, ready);
    this.#laneOf.set(ready.key, lane);
  }

  /** Moves a key to a more urgent lane; does nothing when it is in one. */
  raise(key: K, urgency: number): void {
    const ready = this.#laneOf.get(key)?.get(key);
    if (!ready || ready.urgency <= urgency) return;
    this.remove(key);
    this.push({ ...ready, urgency });
  }

  /** @returns whether it was there. */
  remove(key: K): boolean {
    this.#laneOf.get(key)?.delete(key);
    return this.#laneOf.delete(key);
  }

  /** Takes the next one out. */
  shift(): Ready<K> | undefined {
    const waiting = this.#lanes.filter((lane) => lane.size > 0);
    const passesOver = waiting.length > 1;
    const lane = passesOver && this.#turns >= TURNS ? waiting.at(-1) : waiting[0];
    this.#turns = passesOver && this.#turns < TURNS ? this.#turns + 1 : 0;
    const [next] = lane?.values() ?? [];
    if (next) this.remove(next.key);
    return next;
  }
}
