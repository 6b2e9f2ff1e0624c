import { styleText } from 'node:util';
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

/** The object's name with its namespace, where it has one. */
export function objectName({ namespace, name }: Pick<ObjectState, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** What a person wants to know of one object while it comes up: shorter than its condition, which says all. */
export function inShort({ ready, message }: Pick<ObjectState, 'ready' | 'message'>): string {
  if (ready) return 'Ready';
  // Why what is waited for is not there yet stands in its own line.
  const [, target] = /^\S*Ref: (\w+ \S+) /.exec(message) ?? [];
  if (target !== undefined) return `waits for ${target}`;
  return message.replace(/deployment ecs-svc\/\d+: /, '');
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const GAP = '  ';

class TableProgress implements Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #update: ReturnType<typeof createLogUpdate>;
  #frame = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#update = createLogUpdate(stream, { showCursor: true });
  }

  show(states: readonly ObjectState[], seconds: number): void {
    this.#frame++;
    const widest = (text: (state: ObjectState) => string) => Math.max(...states.map((state) => text(state).length));
    const kinds = widest(({ kind }) => kind);
    const names = widest(objectName);
    // One column stays free: a line that fills the last one wraps on some terminals.
    const room = Math.max(10, (this.#stream.columns || 100) - kinds - names - 3 * GAP.length - 2);
    const lines = states.map((state) => {
      const cells = [state.kind.padEnd(kinds), objectName(state).padEnd(names), cut(inShort(state), room)];
      return `${this.#mark(state)}${GAP}${cells.join(GAP)}`;
    });
    const ready = states.filter((state) => state.ready).length;
    this.#update(`\n${lines.join('\n')}\n\n${ready} of ${states.length} Ready, ${seconds} s\n`);
  }

  done(): void {
    this.#update.done();
  }

  #mark({ ready }: ObjectState): string {
    const options = { stream: this.#stream };
    if (ready) return styleText('green', '✓', options);
    return styleText('yellow', FRAMES[this.#frame % FRAMES.length] ?? '…', options);
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
      const line = inShort(state);
      if (this.#shown.get(key) === line) continue;
      this.#shown.set(key, line);
      this.#stream.write(`${String(seconds).padStart(4)} s  ${key.padEnd(40)}  ${line}\n`);
    }
  }

  done(): void {}
}

function cut(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}
