import { ApiError } from '../api-error.ts';
import { resourceId } from '../registry/resource.ts';
import type { Storage, StorageEvent } from '../storage.ts';
import { Watch, type WatchOptions } from './watch.ts';

/** All watches that are under way. */
export class Watches {
  readonly #storage: Storage;
  readonly #open = new Set<Watch>();
  readonly #onOpen: (watch: Watch) => void;

  constructor(storage: Storage, onOpen: (watch: Watch) => void) {
    this.#storage = storage;
    this.#onOpen = onOpen;
    storage.listen((event) => this.#see(event));
  }

  get open(): readonly Watch[] {
    return [...this.#open];
  }

  /**
   * Begins a watch: with the changes since a revision, or, without one, with what is there. What cannot be served is
   * told in the stream, as the API server does.
   */
  start(options: Omit<WatchOptions, 'progress'>): Watch {
    const progress = () => this.#storage.progressOf(resourceId(options.resource));
    const watch = new Watch({ ...options, progress });
    this.#open.add(watch);
    watch.onClosed = () => this.#open.delete(watch);
    this.#onOpen(watch);
    this.#begin(watch, options);
    return watch;
  }

  #begin(watch: Watch, { from, resource, namespace, selector }: Omit<WatchOptions, 'progress'>): void {
    if (from === '' || from === '0') {
      for (const object of this.#storage.list(resourceId(resource), { namespace })) {
        if (selector === undefined || selector(object)) watch.send({ type: 'ADDED', object });
      }
      return;
    }
    try {
      for (const event of this.#storage.eventsAfter(resourceId(resource), Number(from))) watch.see(event);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      watch.send({ type: 'ERROR', object: error.status });
      watch.end();
    }
  }

  /** Ends all watches of a resource that is served no more, or otherwise than before. */
  endOf(resource: string): void {
    for (const watch of this.open) if (resourceId(watch.resource) === resource) watch.end();
  }

  #see(event: StorageEvent): void {
    for (const watch of this.#open) watch.see(event);
  }
}
