/** What falls due at a time (milliseconds since the epoch). */
interface Due<K extends string> {
  readonly key: K;
  readonly due: number;
}

/** Entries by time, at most one per key; every operation takes O(log n). */
export class TimeHeap<K extends string, E extends Due<K>> {
  readonly #heap: E[] = [];
  readonly #places = new Map<K, number>();

  get size(): number {
    return this.#heap.length;
  }

  has(key: K): boolean {
    return this.#places.has(key);
  }

  get(key: K): E | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#heap[place];
  }

  /** The entry that falls due first. */
  first(): E | undefined {
    return this.#heap[0];
  }

  /** Puts an entry in, in place of the key's former one. */
  set(entry: E): void {
    this.remove(entry.key);
    this.#rise(entry, this.#heap.length);
  }

  remove(key: K): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    const last = this.#heap.pop();
    if (!last || last.key === key) return;
    // The last entry fills the gap: it may belong further up or further down.
    const parent = this.#heap[(place - 1) >> 1];
    if (place > 0 && parent && last.due < parent.due) this.#rise(last, place);
    else this.#sink(last, place);
  }

  #put(entry: E, place: number): void {
    this.#heap[place] = entry;
    this.#places.set(entry.key, place);
  }

  #rise(entry: E, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above];
      if (!parent || parent.due <= entry.due) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(entry, place);
  }

  #sink(entry: E, from: number): void {
    let place = from;
    for (;;) {
      const below = 2 * place + 1;
      const left = this.#heap[below];
      if (!left) break;
      const right = this.#heap[below + 1];
      const rightFirst = right !== undefined && right.due < left.due;
      const child = rightFirst ? right : left;
      if (child.due >= entry.due) break;
      this.#put(child, place);
      place = rightFirst ? below + 1 : below;
    }
    this.#put(entry, place);
  }
}
