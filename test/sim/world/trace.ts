import { createHash } from 'node:crypto';

/** What happened in a world, a line each, in order: the same for the same seed, byte for byte. */
export class Trace {
  /** Put together only for whoever reads: most runs go well, and nobody does. */
  readonly #notes: { readonly at: number | undefined; readonly text: string }[] = [];
  readonly #elapsedMs: () => number;
  /** Whether what costs time to print is wanted too: the bodies of writes. */
  readonly isDetailed: boolean;

  constructor(options: { readonly elapsedMs: () => number; readonly detailed: boolean }) {
    this.#elapsedMs = options.elapsedMs;
    this.isDetailed = options.detailed;
  }

  note(line: string): void {
    this.#notes.push({ at: this.#elapsedMs(), text: line });
  }

  /** Only in a detailed trace. */
  detail(text: () => string): void {
    if (this.isDetailed) this.#notes.push({ at: undefined, text: text() });
  }

  get lines(): readonly string[] {
    return this.#notes.map(lineOf);
  }

  /** Tells two traces apart. */
  digest(): string {
    return createHash('sha256').update(this.lines.join('\n')).digest('hex').slice(0, 16);
  }
}

function lineOf({ at, text }: { readonly at: number | undefined; readonly text: string }): string {
  return at === undefined ? `              ${text}` : `${(at / 1000).toFixed(3).padStart(10)}  ${text}`;
}
