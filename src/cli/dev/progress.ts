import Table from 'cli-table3';
import { createLogUpdate } from 'log-update';
import type { ObjectState } from './overview.ts';

/** Shows how the objects come up. */
export interface Progress {
  show(states: readonly ObjectState[], seconds: number): void;
  /** Leaves what was shown last. */
  done(): void;
}

/** On a terminal a table that is drawn anew, else a line for each change. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? new TableProgress(stream) : new LineProgress(stream);
}

class TableProgress implements Progress {
  readonly #update: ReturnType<typeof createLogUpdate>;
  readonly #width: number;

  constructor(stream: NodeJS.WriteStream) {
    this.#update = createLogUpdate(stream, { showCursor: true });
    this.#width = stream.columns || 100;
  }

  show(states: readonly ObjectState[], seconds: number): void {
    const messageWidth = Math.max(20, this.#width - 72);
    const table = new Table({
      head: ['', 'kind', 'object', 'state', 'message'],
      colWidths: [3, 20, 24, 20, messageWidth],
      style: { head: [], border: [], compact: true },
    });
    for (const state of states) {
      table.push([
        state.ready ? '✓' : '…',
        state.kind,
        objectName(state),
        state.reason,
        state.ready ? '' : state.message,
      ]);
    }
    const ready = states.filter((state) => state.ready).length;
    this.#update(`${table.toString()}\n${ready} of ${states.length} Ready after ${seconds} s\n`);
  }

  done(): void {
    this.#update.done();
  }
}

class LineProgress implements Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #shown = new Map<string, string>();

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(states: readonly ObjectState[], seconds: number): void {
    for (const state of states) {
      const key = `${state.kind} ${objectName(state)}`;
      const line = state.ready ? 'Ready' : `${state.reason}: ${state.message}`;
      if (this.#shown.get(key) === line) continue;
      this.#shown.set(key, line);
      this.#stream.write(`${String(seconds).padStart(4)} s  ${key.padEnd(40)}  ${line}\n`);
    }
  }

  done(): void {}
}

function objectName({ namespace, name }: ObjectState): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
