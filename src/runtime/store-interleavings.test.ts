import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { KubeObject } from '../kube/object.ts';
import { objectKey } from './object-key.ts';
import { Store, type StoreEvent } from './store.ts';

const KEY = objectKey({ namespace: 'ns', name: 'a' });

const STEPS = [
  'somebody changes it',
  'somebody deletes it',
  'we send a write',
  'we send the removal of the last finalizer',
  'our write takes effect',
  'our write is answered',
  'the answer to our write is lost',
  'the watch brings an event',
  'the watch is cut and a list begins',
  'the list is served',
  'the list ends',
  'a read is served',
  'a read ends',
] as const;
type Step = (typeof STEPS)[number];

function object(revision: number, uid: string): KubeObject {
  const metadata = { name: 'a', namespace: 'ns', uid, resourceVersion: String(revision) };
  return { apiVersion: 'v1', kind: 'Thing', metadata };
}

/** Only the test may do this: resourceVersions are opaque to the code. */
const revisionOf = (seen: KubeObject | undefined) => (seen ? Number(seen.metadata.resourceVersion) : undefined);

interface Write {
  readonly removal: boolean;
  state: 'sent' | 'done';
  answer: KubeObject | undefined;
  readonly resolve: (answer: KubeObject) => void;
  readonly reject: (error: Error) => void;
}

interface Read {
  readonly began: number;
  result: { readonly object: KubeObject | undefined; readonly revision: number } | undefined;
}

/** An API server with one object, what is on its way to us, and the store under test. */
class World {
  readonly store = new Store<KubeObject>();
  #revision = 1;
  #live: KubeObject | undefined = object(1, 'u1');
  readonly #history: { readonly revision: number; readonly event: StoreEvent<KubeObject> }[] = [];
  #watchedTo = 1;
  #list: Read | undefined;
  readonly #reads: Read[] = [];
  #write: Write | undefined;
  #answered = 0;
  #shown = 0;

  constructor() {
    this.store.replace([object(1, 'u1')], { began: this.store.beginRead() });
    this.store.onUndecided = () => this.#reads.push({ began: this.store.beginRead(), result: undefined });
  }

  async take(step: Step): Promise<void> {
    this.#take(step);
    // Lets the answer of a write reach the store.
    for (let turn = 0; turn < 12; turn++) await Promise.resolve();
    this.#check();
  }

  /** Everything that is on its way arrives. */
  async settle(): Promise<void> {
    const arriving: readonly Step[] = [
      'our write takes effect',
      'our write is answered',
      'the list is served',
      'the list ends',
      'a read is served',
      'a read ends',
    ];
    do {
      for (const step of arriving) await this.take(step);
    } while (this.#list || this.#reads.length > 0);
    while (this.#watchedTo < this.#revision) await this.take('the watch brings an event');
  }

  /** What a reader sees once all has arrived. */
  outcome() {
    return { seen: revisionOf(this.store.get(KEY)), live: revisionOf(this.#live), pending: this.store.pendingWrites };
  }

  #take(step: Step): void {
    switch (step) {
      case 'somebody changes it':
        this.#change();
        return;
      case 'somebody deletes it':
        this.#delete();
        return;
      case 'we send a write':
      case 'we send the removal of the last finalizer':
        if (!this.#write) this.#send(step === 'we send the removal of the last finalizer');
        return;
      case 'our write takes effect':
        if (this.#write?.state === 'sent') this.#effect(this.#write);
        return;
      case 'our write is answered':
        if (this.#write?.state === 'done') this.#answer(this.#write);
        return;
      case 'the answer to our write is lost':
        this.#write?.reject(new Error('connection reset'));
        this.#write = undefined;
        return;
      case 'the watch brings an event':
        this.#watch();
        return;
      case 'the watch is cut and a list begins':
        this.#list ??= { began: this.store.beginRead(), result: undefined };
        return;
      case 'the list is served':
        if (this.#list) this.#serve(this.#list);
        return;
      case 'the list ends': {
        const { began, result } = this.#list ?? {};
        if (began === undefined || !result) return;
        this.#list = undefined;
        this.#watchedTo = result.revision;
        this.store.replace(result.object ? [result.object] : [], { began });
        return;
      }
      case 'a read is served':
        this.#serve(this.#reads.find((read) => !read.result));
        return;
      case 'a read ends': {
        // Not always in the order in which they began.
        const at = this.#reads.findLastIndex((read) => read.result);
        const [read] = at === -1 ? [] : this.#reads.splice(at, 1);
        if (!read?.result) return;
        const decided = this.store.settle(KEY, read.result.object, read.began);
        // As the reflector does it.
        if (!decided) this.#list = { began: this.store.beginRead(), result: undefined };
        return;
      }
      default:
        step satisfies never;
    }
  }

  #change(): void {
    const revision = ++this.#revision;
    const next = object(revision, this.#live?.metadata.uid ?? `u${revision}`);
    this.#history.push({ revision, event: { type: this.#live ? 'MODIFIED' : 'ADDED', object: next } });
    this.#live = next;
  }

  #delete(): void {
    if (!this.#live) return;
    const revision = ++this.#revision;
    const last = object(revision, this.#live.metadata.uid);
    this.#history.push({ revision, event: { type: 'DELETED', object: last } });
    this.#live = undefined;
  }

  #send(removal: boolean): void {
    const { promise, resolve, reject } = Promise.withResolvers<KubeObject>();
    this.#write = { removal, state: 'sent', answer: undefined, resolve, reject };
    this.store.write(KEY, () => promise).catch(() => {});
  }

  #effect(write: Write): void {
    write.state = 'done';
    if (write.removal) {
      // The API server answers with the object as it was before it deleted it.
      write.answer = this.#live;
      this.#delete();
    } else {
      this.#change();
      write.answer = this.#live;
    }
  }

  #answer(write: Write): void {
    this.#write = undefined;
    if (!write.answer) {
      write.reject(new Error('not found'));
      return;
    }
    this.#answered = Math.max(this.#answered, revisionOf(write.answer) ?? 0);
    write.resolve(write.answer);
  }

  #watch(): void {
    // No watch while a list is under way.
    if (this.#list) return;
    const next = this.#history.find((entry) => entry.revision > this.#watchedTo);
    if (!next) return;
    this.#watchedTo = next.revision;
    this.store.apply(next.event);
  }

  #serve(read: Read | undefined): void {
    if (read) read.result ??= { object: this.#live, revision: this.#revision };
  }

  #check(): void {
    const seen = revisionOf(this.store.get(KEY));
    if (seen === undefined) {
      const ended = this.#history.some((entry) => entry.event.type === 'DELETED' && entry.revision > this.#answered);
      expect(ended, 'it is gone for readers though it was not deleted after our last write').toBe(true);
      return;
    }
    expect(seen, 'a reader sees less than what our write was answered with').toBeGreaterThanOrEqual(this.#answered);
    expect(seen, 'a reader sees an older version than before').toBeGreaterThanOrEqual(this.#shown);
    this.#shown = seen;
  }
}

it('a reader never sees less than our own writes nor goes back in time, and in the end sees what there is', async () => {
  const step = fc.constantFrom(...STEPS);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const world = new World();
      for (const each of steps) await world.take(each);
      await world.settle();
      const { seen, live, pending } = world.outcome();
      expect({ seen, pending }).toEqual({ seen: live, pending: 0 });
    }),
    { numRuns: 2000 },
  );
}, 60_000);
