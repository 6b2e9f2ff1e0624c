import { type Random, randomString } from '../../runtime/random.ts';

/** An EventBridge envelope (EventBridge user guide, "AWS service event metadata"). */
export interface FakeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  /** As the event bus carries it: timestamps are RFC 3339 strings. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export type FakeEventListener = (event: FakeEvent) => void;

/** Takes events from the services and hands them to whoever listens. Costs nothing while nobody does. */
export class EventBus {
  readonly #random: Random;
  readonly #listeners = new Set<FakeEventListener>();

  constructor(random: Random) {
    this.#random = random;
  }

  get heard(): boolean {
    return this.#listeners.size > 0;
  }

  /** @returns a function that ends the subscription. */
  listen(listener: FakeEventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(event: Omit<FakeEvent, 'version' | 'id'>): void {
    const full: FakeEvent = { version: '0', id: uuid(this.#random), ...event };
    for (const listener of [...this.#listeners]) listener(full);
  }
}

/** A random UUID (version 4) from the given chance. */
export function uuid(random: Random): string {
  const hex = randomString(random, 32);
  const variant = '89ab'[Math.floor(random.next() * 4)];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
