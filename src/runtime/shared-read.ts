/**
 * One read for all who ask while another is under way. Each gets the answer of a read that began after it asked, so what
 * it is told is never older than its question.
 */
export class SharedRead<T> {
  readonly #read: (signal: AbortSignal) => Promise<T>;
  #running: Promise<T> | undefined;
  /** Begins when the running one has ended. */
  #next: Promise<T> | undefined;

  constructor(read: (signal: AbortSignal) => Promise<T>) {
    this.#read = read;
  }

  /** @param signal ends the read, if this is who asked for it first. @throws what the read throws */
  ask(signal: AbortSignal): Promise<T> {
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return this.#begin(signal);
    const begin = () => {
      this.#next = undefined;
      return this.#begin(signal);
    };
    this.#next = this.#running.then(begin, begin);
    return this.#next;
  }

  #begin(signal: AbortSignal): Promise<T> {
    const running = this.#read(signal).finally(() => {
      this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
