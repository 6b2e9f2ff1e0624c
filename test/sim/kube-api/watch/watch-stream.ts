/** The body of one watch: chunks that the reader takes as they come, until the server or somebody else ends it. */
export class WatchStream implements AsyncIterable<Uint8Array> {
  readonly #chunks: Uint8Array[] = [];
  #end: { readonly error: unknown } | 'end' | undefined;
  #paused = false;
  #wake: (() => void) | undefined;
  #onClosed: () => void = () => {};

  /** Called once, when nothing more can come. */
  set onClosed(closed: () => void) {
    this.#onClosed = closed;
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  push(chunk: Uint8Array): void {
    if (!this.isOpen) return;
    this.#chunks.push(chunk);
    this.#stir();
  }

  /** The server ends the answer; what was sent still arrives. */
  end(): void {
    this.#close('end');
  }

  /** The connection breaks; what was not read yet is lost. */
  fail(error: unknown): void {
    if (this.isOpen) this.#chunks.length = 0;
    this.#close({ error });
  }

  /** The network holds everything back. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#stir();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const failure = this.#end;
        if (typeof failure === 'object') throw failure.error;
        if (!this.#paused) {
          const chunk = this.#chunks.shift();
          if (chunk !== undefined) {
            yield chunk;
            continue;
          }
          if (failure === 'end') return;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      // The reader went away.
      this.#close('end');
    }
  }

  #close(end: { readonly error: unknown } | 'end'): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#onClosed();
    this.#stir();
  }

  #stir(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
