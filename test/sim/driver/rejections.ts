/** Notices promises that were rejected and that nobody minded, for as long as a run takes. */
export class Rejections {
  readonly #seen: string[] = [];
  readonly #listener = (reason: unknown): void => {
    this.#seen.push(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
  };

  constructor() {
    process.on('unhandledRejection', this.#listener);
  }

  /** Ends the watch. @returns what was rejected, in words. */
  async end(): Promise<readonly string[]> {
    // Node tells of them when the event loop comes round.
    await new Promise<void>((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', this.#listener);
    return this.#seen;
  }
}
