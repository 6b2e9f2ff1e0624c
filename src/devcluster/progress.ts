import { type Clock, systemClock, type Timer } from '../runtime/clock.ts';

/** One thing that takes a while. */
export interface ProgressStep {
  /** What is happening now, e.g. `812 packages compiled`; shown with the next line. */
  note(detail: string): void;
  /** The last line, e.g. `done`, with the seconds it took. */
  end(outcome: string): void;
}

/** Tells a person what is going on while they wait. */
export interface Progress {
  start(label: string): ProgressStep;
  /** One line by itself. */
  say(line: string): void;
}

/** Where progress is written; `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/**
 * Progress with elapsed seconds: on a terminal one line that is rewritten every second, elsewhere (a log) a line at
 * the start, every 15 seconds, and at the end.
 */
export function streamProgress(stream: ProgressStream = process.stderr, clock: Clock = systemClock()): Progress {
  const terminal = stream.isTTY === true;
  const everyMs = terminal ? 1_000 : 15_000;
  return {
    say: (line) => stream.write(`${line}\n`),
    start(label) {
      const startedAt = clock.now();
      let detail = '';
      let timer: Timer;
      const seconds = () => `${Math.round((clock.now() - startedAt) / 1000)} s`;
      const show = () => {
        const text = `${label} … ${detail === '' ? '' : `${detail}, `}${seconds()}`;
        stream.write(terminal ? `\r${text}\x1b[K` : `${text}\n`);
        timer = clock.after(everyMs, show);
      };
      show();
      return {
        note(text) {
          detail = text;
        },
        end(outcome) {
          timer.cancel();
          stream.write(`${terminal ? '\r' : ''}${label}: ${outcome} (${seconds()})${terminal ? '\x1b[K' : ''}\n`);
        },
      };
    },
  };
}
