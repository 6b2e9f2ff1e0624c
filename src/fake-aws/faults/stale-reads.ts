import type { Clock } from '../../runtime/clock.ts';
import { AwsError } from '../core/aws-error.ts';
import type { FakeRequest } from '../core/request.ts';
import { isRead, itemOf, itemsIn } from './answer-items.ts';
import type { CallRecord } from './calls.ts';

interface Version<T> {
  /** When it was first seen to be so: milliseconds since the epoch. */
  readonly at: number;
  /** When it was last seen to be so. */
  until: number;
  readonly value: T;
  /** Tells it from the next one. */
  readonly text: string;
}

type Outcome = { readonly output: object } | { readonly error: AwsError };

const KEPT_VERSIONS = 200;
const KEPT_BIRTHS = 10_000;
/** How many of the last reads are repeated before and after a write, to know how things stood. */
const SAMPLED_READS = 200;

/** What a single read answers about something that is not there yet. */
const NOT_FOUND: Readonly<Record<string, { readonly code: string; readonly message: string }>> = {
  DescribeTaskDefinition: { code: 'ClientException', message: 'Unable to describe task definition.' },
  GetNamespace: { code: 'NamespaceNotFound', message: 'Namespace is not found.' },
  GetService: { code: 'ServiceNotFound', message: 'Service is not found.' },
  GetInstance: { code: 'InstanceNotFound', message: 'Instance is not found.' },
};

/** Answers reads as of a while ago. AWS's reads are eventually consistent; this one's are as late as one wants. */
export class StaleReads {
  readonly #clock: Clock;
  readonly #read: (request: FakeRequest) => object;
  readonly #items = new Map<string, Version<object>[]>();
  readonly #answers = new Map<string, Version<Outcome>[]>();
  readonly #births = new Map<string, number>();

  constructor(options: { readonly clock: Clock; readonly read: (request: FakeRequest) => object }) {
    this.#clock = options.clock;
    this.#read = options.read;
  }

  /** Takes note of what a call has just made, so that lists of mere names can leave it out. */
  noteMade(operation: string, output: object): void {
    if (!/^(Create|Register|Run|Start)/.test(operation)) return;
    for (const { id } of itemsIn(output)) this.#births.set(id, this.#clock.now());
    for (const id of this.#births.keys()) {
      if (this.#births.size <= KEPT_BIRTHS) return;
      this.#births.delete(id);
    }
  }

  /** Takes note of what a read has just answered: what AWS changes by itself is known by that alone. */
  noteRead(request: FakeRequest, output: object): void {
    this.#keep(request, { output: structuredClone(output) });
  }

  /** Looks at everything that was read lately: to be called before and after a write. */
  sample(calls: readonly CallRecord[], write: FakeRequest): void {
    const seen = new Set<string>();
    for (const { service, operation, input, accountId, region } of calls.toReversed()) {
      if (seen.size >= SAMPLED_READS) return;
      if (service !== write.service || accountId !== write.accountId || region !== write.region) continue;
      if (!isRead(operation)) continue;
      const request = { ...write, operation, input };
      const key = keyOf(request);
      if (seen.has(key)) continue;
      seen.add(key);
      this.#look(request);
    }
  }

  /**
   * The answer as of `ms` milliseconds ago, as far as it was ever looked at; what was made since is missing.
   * @throws AwsError as AWS would have answered then.
   */
  answer(request: FakeRequest, ms: number): object {
    const then = this.#clock.now() - ms;
    const fresh = this.#look(request);
    if ('output' in fresh && isCollection(fresh.output)) return this.#rebuilt(fresh.output, { then, ms });
    const past = asOf(this.#answers.get(keyOf(request)), { then, ms });
    const outcome = past ?? fresh;
    if ('error' in outcome) throw outcome.error;
    const notFound = NOT_FOUND[request.operation];
    if (notFound && itemsIn(outcome.output).some(({ id, bornAt }) => this.#isNew(id, bornAt, then))) {
      throw new AwsError(notFound);
    }
    return outcome.output;
  }

  #look(request: FakeRequest): Outcome {
    const outcome = this.#attempt(request);
    this.#keep(request, outcome);
    return outcome;
  }

  #keep(request: FakeRequest, outcome: Outcome): void {
    const at = this.#clock.now();
    remember(this.#answers, keyOf(request), { at, value: outcome });
    if ('output' in outcome) {
      for (const { id, value } of itemsIn(outcome.output)) remember(this.#items, id, { at, value });
    }
  }

  #attempt(request: FakeRequest): Outcome {
    try {
      // A copy: the parts of an answer may be shared with the state, and move on with it.
      return { output: structuredClone(this.#read(request)) };
    } catch (error) {
      if (error instanceof AwsError) return { error };
      throw error;
    }
  }

  #rebuilt(output: object, past: Past): object {
    const { then } = past;
    const missing: string[] = [];
    const rebuilt = Object.entries(output).map(([name, member]: [string, unknown]) => {
      if (!Array.isArray(member) || name === 'failures') return [name, member];
      const kept = member.flatMap((value: unknown) => {
        const item = itemOf(value);
        const id = item?.id ?? (typeof value === 'string' ? value : undefined);
        if (id === undefined) return [value];
        if (!this.#isNew(id, item?.bornAt, then)) return [item ? (asOf(this.#items.get(id), past) ?? value) : value];
        missing.push(id);
        return [];
      });
      return [name, kept];
    });
    const answer: Record<string, unknown> = Object.fromEntries(rebuilt);
    if (!Array.isArray(answer.failures)) return answer;
    return { ...answer, failures: [...answer.failures, ...missing.map((arn) => ({ arn, reason: 'MISSING' }))] };
  }

  #isNew(id: string, bornAt: number | undefined, then: number): boolean {
    const born = bornAt ?? this.#births.get(id);
    return born !== undefined && born > then;
  }
}

function isCollection(output: object): boolean {
  return Object.entries(output).some(([name, member]) => Array.isArray(member) && name !== 'tags' && name !== 'Tags');
}

function keyOf({ accountId, region, service, operation, input }: FakeRequest): string {
  return JSON.stringify([accountId, region, service, operation, input]);
}

/** An instant that lies so many milliseconds back. */
interface Past {
  readonly then: number;
  readonly ms: number;
}

/**
 * The version that held at an instant: the last one seen until then, else the first one ever seen. Undefined when that
 * was last seen long before: it may have changed at any time since, and would be far older than was asked for.
 */
function asOf<T>(versions: readonly Version<T>[] | undefined, { then, ms }: Past): T | undefined {
  const found = versions?.findLast(({ at }) => at <= then) ?? versions?.[0];
  return found === undefined || then - found.until > ms ? undefined : found.value;
}

function remember<T>(history: Map<string, Version<T>[]>, key: string, seen: { at: number; value: T }): void {
  const versions = history.get(key) ?? [];
  const text = JSON.stringify(seen.value);
  // Polling adds nothing as long as nothing changes: a change stays known however often one looks after it.
  const last = versions.at(-1);
  if (last?.text === text) {
    last.until = seen.at;
    return;
  }
  versions.push({ ...seen, until: seen.at, text });
  if (versions.length > KEPT_VERSIONS) versions.shift();
  history.set(key, versions);
}
