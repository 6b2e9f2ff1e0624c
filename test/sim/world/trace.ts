import { createHash } from 'node:crypto';

/** What happened in a world, a line each, in order: the same for the same seed, byte for byte. */
export class Trace {
  readonly #lines: string[] = [];
  readonly #elapsedMs: () => number;
  /** Whether what costs time to print is wanted too: the bodies of writes. */
  readonly isDetailed: boolean;

  constructor(options: { readonly elapsedMs: () => number; readonly detailed: boolean }) {
    this.#elapsedMs = options.elapsedMs;
    this.isDetailed = options.detailed;
  }

  note(line: string): void {
    this.#lines.push(`${(this.#elapsedMs() / 1000).toFixed(3).padStart(10)}  ${line}`);
  }

  /** Only in a detailed trace. */
  detail(text: () => string): void {
    if (this.isDetailed) this.#lines.push(`              ${text()}`);
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Tells two traces apart. */
  digest(): string {
    return createHash('sha256').update(this.#lines.join('\n')).digest('hex').slice(0, 16);
  }
}
