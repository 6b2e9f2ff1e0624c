/** One call that reached the fake, as `GET /_fake/calls` prints it. */
export interface CallRecord {
  /** Grows by one with each call. */
  readonly id: number;
  /** When it arrived: milliseconds since the epoch. */
  readonly time: number;
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly accountId: string;
  readonly region: string;
  /** ARN of who called. */
  readonly caller: string;
  /** The access key that signed it, which tells callers of one account apart. */
  readonly accessKeyId: string;
  /** `OK`, AWS's error code, `NoAnswer` when the connection was cut, or nothing while it is under way. */
  code?: string;
  /** Whether AWS's state took the call in: false where it was refused before any effect. */
  effective?: boolean;
}

/** Which calls to look at. */
export interface CallFilter {
  /** Only those with a greater id. */
  readonly since?: number | undefined;
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
  readonly code?: string | undefined;
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
  /** Only those whose input holds this text. */
  readonly name?: string | undefined;
  /** Only the last so many. */
  readonly limit?: number | undefined;
}

const CAPACITY = 50_000;

export interface CallLogOptions {
  /** How many calls are kept; 50,000 when left out. */
  readonly capacity?: number;
  /** Hears of every call that has ended. */
  readonly onEnd?: ((call: CallRecord) => void) | undefined;
}

/** The last calls, and how many there were of each kind since the log was cleared. */
export class CallLog {
  readonly #capacity: number;
  readonly #onEnd: ((call: CallRecord) => void) | undefined;
  #ring: CallRecord[] = [];
  #nextId = 1;
  /** Where in the ring the next record goes, once it is full. */
  #next = 0;
  readonly #counts = new Map<string, number>();

  constructor(options: CallLogOptions = {}) {
    this.#capacity = options.capacity ?? CAPACITY;
    this.#onEnd = options.onEnd;
  }

  /** Takes in a call that has just arrived. */
  arrive(call: Omit<CallRecord, 'id' | 'code' | 'effective'>): CallRecord {
    const record: CallRecord = { id: this.#nextId++, ...call };
    if (this.#ring.length < this.#capacity) this.#ring.push(record);
    else this.#ring[this.#next] = record;
    this.#next = (this.#next + 1) % this.#capacity;
    return record;
  }

  /** Says how a call ended. */
  end(record: CallRecord, how: { readonly code: string; readonly effective: boolean }): void {
    record.code = how.code;
    record.effective = how.effective;
    const key = `${record.service} ${record.operation} ${how.code}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#onEnd?.(record);
  }

  /** The calls that match, oldest first. */
  list(filter: CallFilter = {}): readonly CallRecord[] {
    const ordered =
      this.#ring.length < this.#capacity
        ? this.#ring
        : [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
    const found = ordered.filter((record) => matches(record, filter));
    return filter.limit === undefined ? found : found.slice(-filter.limit);
  }

  /** How many calls ended with which code: `{ecs: {CreateService: {OK: 3}}}`; complete even where the list is cut. */
  counts(): Readonly<Record<string, Record<string, Record<string, number>>>> {
    const tree: Record<string, Record<string, Record<string, number>>> = {};
    for (const [key, count] of [...this.#counts].toSorted(([a], [b]) => a.localeCompare(b))) {
      const [service = '', operation = '', code = ''] = key.split(' ');
      const operations = tree[service] ?? {};
      tree[service] = { ...operations, [operation]: { ...operations[operation], [code]: count } };
    }
    return tree;
  }

  /** Forgets all; ids go on. */
  clear(): void {
    this.#ring = [];
    this.#next = 0;
    this.#counts.clear();
  }
}

function matches(record: CallRecord, filter: CallFilter): boolean {
  const { since, name } = filter;
  if (since !== undefined && record.id <= since) return false;
  for (const key of ['service', 'operation', 'code', 'accountId', 'region'] as const) {
    if (filter[key] !== undefined && record[key] !== filter[key]) return false;
  }
  return name === undefined || (JSON.stringify(record.input) ?? '').includes(name);
}
