/**
 * One read of a key for all who ask for it while another is under way. Each gets the answer of a read that began after
 * it asked, so what it is told is never older than its question. Nothing is kept of keys that nobody asks for.
 */
export class SharedReads<K, T> {
  readonly #read: (key: K, signal: AbortSignal) => Promise<T>;
  readonly #running = new Map<K, Promise<T>>();
  /** Each begins when the running one of its key has ended. */
  readonly #next = new Map<K, Promise<T>>();

  constructor(read: (key: K, signal: AbortSignal) => Promise<T>) {
    this.#read = read;
  }

  /** @param signal ends the read, if this is who asked for it first. @throws what the read throws */
  ask(key: K, signal: AbortSignal): Promise<T> {
    const announced = this.#next.get(key);
    if (announced !== undefined) return announced;
    const running = this.#running.get(key);
    if (running === undefined) return this.#begin(key, signal);
    const begin = () => {
      this.#next.delete(key);
      return this.#begin(key, signal);
    };
    const next = running.then(begin, begin);
    this.#next.set(key, next);
    return next;
  }

  #begin(key: K, signal: AbortSignal): Promise<T> {
    const running = this.#read(key, signal).finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    return running;
  }
}
