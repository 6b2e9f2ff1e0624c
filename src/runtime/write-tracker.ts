import type { KubeObject } from '../kube/object.ts';
import type { ObjectKey } from './object-key.ts';

/** A place in the order of what we begin (lists, reads) and what is answered (writes). */
export type Moment = number;

/** What readers are to see of a key now, and whether a fresh read has to decide. */
interface Verdict<T> {
  readonly visible: T | undefined;
  readonly undecided: boolean;
}

interface Entry<T> {
  /** What list and watch said last; hidden from readers while a write of ours is awaited. */
  latest: T | undefined;
  /** Every resourceVersion that list and watch showed since the write was sent, and the one before. */
  readonly seen: Set<string>;
  /** UIDs that the watch reported as deleted since the write was sent. */
  readonly ended: Set<string>;
  inFlight: boolean;
  /**
   * A list was completed while a write was in flight: it may be older or newer than the answer, so it is not shown
   * before the answer is there.
   */
  listedInFlight: boolean;
  /** The answered write that list and watch have not shown yet. */
  awaited: { readonly resourceVersion: string; readonly at: Moment } | undefined;
  /** When list and answer crossed; only a read that begins later can decide. */
  undecided: Moment | undefined;
}

/**
 * Read-your-writes without comparing resourceVersions, which are opaque.
 *
 * Of one key, the watch shows every version once and in order. So when our write was answered with version w, and the
 * watch has not shown w yet, then whatever it shows before w is older, and is not for readers. When it showed w before
 * the answer came, there is nothing to wait for. A list that began after the answer is newer than w. A list that was
 * under way at the answer may be either: then the key is undecided, and one read of it decides.
 */
export class WriteTracker<T extends KubeObject> {
  readonly #entries = new Map<ObjectKey, Entry<T>>();

  get size(): number {
    return this.#entries.size;
  }

  keys(): IterableIterator<ObjectKey> {
    return this.#entries.keys();
  }

  /** A write is about to be sent; `visible` is what readers see now. */
  begin(key: ObjectKey, visible: T | undefined): void {
    const entry = this.#entries.get(key);
    if (entry) {
      // An earlier write is still awaited: what was seen since stays seen.
      entry.inFlight = true;
      return;
    }
    const seen = new Set<string>(visible ? [visible.metadata.resourceVersion] : []);
    this.#entries.set(key, {
      latest: visible,
      seen,
      ended: new Set(),
      inFlight: true,
      listedInFlight: false,
      awaited: undefined,
      undecided: undefined,
    });
  }

  /** The write failed, or nobody knows: list and watch will tell. */
  abandon(key: ObjectKey, visible: T | undefined): Verdict<T> {
    const entry = this.#entries.get(key);
    if (!entry) return { visible, undecided: false };
    entry.inFlight = false;
    entry.listedInFlight = false;
    if (entry.awaited) return { visible, undecided: entry.undecided !== undefined };
    return { visible: this.#release(key, entry), undecided: false };
  }

  /** The write was answered, at this moment. */
  answered(key: ObjectKey, answer: T, at: Moment): Verdict<T> {
    const entry = this.#entries.get(key);
    if (!entry) return { visible: answer, undecided: false };
    const { resourceVersion, uid } = answer.metadata;
    const raced = entry.listedInFlight || entry.undecided !== undefined;
    entry.inFlight = false;
    entry.listedInFlight = false;
    // `ended`: it left our label selector, or was deleted, before the answer came: no event of it will follow.
    if (entry.seen.has(resourceVersion) || entry.ended.has(uid)) {
      return { visible: this.#release(key, entry), undecided: false };
    }
    entry.awaited = { resourceVersion, at };
    entry.undecided = raced ? at : undefined;
    return { visible: answer, undecided: raced };
  }

  event(
    key: ObjectKey,
    event: { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T },
    visible: T | undefined,
  ): T | undefined {
    const { object } = event;
    const deleted = event.type === 'DELETED';
    const entry = this.#entries.get(key);
    if (!entry) return deleted ? undefined : object;
    const { resourceVersion, uid } = object.metadata;
    entry.latest = deleted ? undefined : object;
    entry.seen.add(resourceVersion);
    if (deleted) entry.ended.add(uid);
    else entry.ended.delete(uid);
    const { awaited } = entry;
    if (!awaited && !entry.listedInFlight) return entry.latest;
    // An object that ended does not come back under its UID, so this is newer than what we wrote.
    const ended = deleted && visible?.metadata.uid === uid;
    if (awaited?.resourceVersion !== resourceVersion && !ended) return visible;
    return this.#release(key, entry);
  }

  /** A complete list, which began and ended at these moments, had this object or none. */
  listed(
    key: ObjectKey,
    list: {
      readonly object: T | undefined;
      readonly visible: T | undefined;
      readonly began: Moment;
      readonly ended: Moment;
    },
  ): Verdict<T> {
    const { object, visible, began, ended } = list;
    const entry = this.#entries.get(key);
    if (!entry) return { visible: object, undecided: false };
    entry.latest = object;
    if (object) {
      entry.seen.add(object.metadata.resourceVersion);
      entry.ended.delete(object.metadata.uid);
    }
    entry.listedInFlight = entry.inFlight;
    const { awaited } = entry;
    if (awaited && awaited.at > began && awaited.resourceVersion !== object?.metadata.resourceVersion) {
      entry.undecided = ended;
      return { visible, undecided: true };
    }
    this.#release(key, entry);
    return { visible: entry.inFlight ? visible : object, undecided: false };
  }

  /**
   * A read of an undecided key, which began and ended at these moments, found this object or none. The verdict is
   * undecided when not even that tells, and only a new list can.
   */
  settled(
    key: ObjectKey,
    read: {
      readonly object: T | undefined;
      readonly visible: T | undefined;
      readonly began: Moment;
      readonly ended: Moment;
    },
  ): Verdict<T> {
    const { object, visible, began, ended } = read;
    const entry = this.#entries.get(key);
    // Decided meanwhile, or undecided anew: then another read is on its way.
    if (!entry?.awaited || entry.undecided === undefined || entry.undecided > began) {
      return { visible, undecided: false };
    }
    // The answer that is on its way may be older or newer than this read: its arrival asks for another.
    if (entry.inFlight) return { visible, undecided: false };
    if (object && !entry.seen.has(object.metadata.resourceVersion)) {
      // Newer than all that the watch has shown: it will show this version.
      entry.awaited = { resourceVersion: object.metadata.resourceVersion, at: ended };
      entry.undecided = undefined;
      return { visible: object, undecided: false };
    }
    if (!object && visible) {
      // Gone. Did the list come before it was made or after it was deleted? If the list had it, the watch will say
      // DELETED, which ends the wait. Else events of it may or may not follow.
      if (entry.latest?.metadata.uid !== visible.metadata.uid) return { visible, undecided: true };
      entry.undecided = undefined;
      return { visible, undecided: false };
    }
    return { visible: this.#release(key, entry), undecided: false };
  }

  /** Nothing is awaited any more: readers see what list and watch said. */
  #release(key: ObjectKey, entry: Entry<T>): T | undefined {
    entry.awaited = undefined;
    entry.undecided = undefined;
    if (!entry.inFlight) this.#entries.delete(key);
    return entry.latest;
  }
}
