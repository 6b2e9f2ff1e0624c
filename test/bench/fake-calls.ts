import { elements, member, text } from '../../src/devcluster/json.ts';
import { type Clock, sleep } from '../../src/runtime/clock.ts';

/** How many calls of each operation the fake answered, e.g. `{"ecs CreateService": 3}`. */
export type Counts = Readonly<Record<string, number>>;

/** One call of the fake's log. */
export interface Call {
  readonly id: number;
  /** When it arrived; milliseconds since the epoch. */
  readonly time: number;
  readonly input: unknown;
}

/** What the fake says of the calls that reached it. */
export class FakeCalls {
  readonly #url: string;
  readonly #clock: Clock;

  constructor(url: string, clock: Clock) {
    this.#url = url;
    this.#clock = clock;
  }

  async counts(): Promise<Counts> {
    const tree = await this.#get('calls/counts');
    const counts: Record<string, number> = {};
    for (const [service, operations] of entries(tree)) {
      for (const [operation, codes] of entries(operations)) {
        for (const [code, count] of entries(codes)) {
          const failed = code === 'OK' ? '' : ` (${code})`;
          counts[`${service} ${operation}${failed}`] = Number(count);
        }
      }
    }
    return counts;
  }

  /** Calls of one operation with a greater id. */
  async list(operation: string, since: number): Promise<readonly Call[]> {
    const answer = await this.#get(`calls?operation=${operation}&since=${since}`);
    return elements(member(answer, 'calls')).map((call) => ({
      id: Number(member(call, 'id')),
      time: Number(member(call, 'time')),
      input: member(call, 'input'),
    }));
  }

  /** The id of the newest call. */
  async newestId(): Promise<number> {
    return Number(member(elements(member(await this.#get('calls?limit=1'), 'calls'))[0], 'id') ?? 0);
  }

  /** Waits until no call has come for `quietMs`. @returns when the last one came, as far as we looked. */
  async untilQuiet(quietMs: number, limitMs: number): Promise<number> {
    const deadline = this.#clock.now() + limitMs;
    let newest = await this.newestId();
    let since = this.#clock.now();
    for (;;) {
      await sleep(this.#clock, 50);
      const now = this.#clock.now();
      const id = await this.newestId();
      if (id !== newest) {
        newest = id;
        since = now;
      }
      if (now - since >= quietMs) return since;
      if (now > deadline) throw new Error(`AWS calls go on after ${limitMs / 1000} s, though nothing changes`);
    }
  }

  async #get(path: string): Promise<unknown> {
    const answer = await fetch(`${this.#url}/_fake/${path}`);
    if (answer.status !== 200) throw new Error(`GET /_fake/${path}: HTTP ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

/** What came on top of an earlier count. */
export function since(before: Counts, after: Counts): Counts {
  const more = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(more.filter(([, count]) => count > 0));
}

/** The sum of the operations that a pattern matches. */
export function total(counts: Counts, pattern = /./): number {
  return Object.entries(counts).reduce((sum, [name, count]) => (pattern.test(name) ? sum + count : sum), 0);
}

/** Operations that change nothing. */
export const READS = /^\w+ (Describe|List|Get)/;

/** The service that an UpdateService is about. */
export function serviceOf(call: Call): string {
  return text(member(call.input, 'service')) ?? '';
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
