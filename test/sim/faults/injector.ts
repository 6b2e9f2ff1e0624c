import type { Clock } from '../../../src/runtime/clock.ts';
import type { CallFault, CallFilter, PlannedFault, ServerFault, WatchFault } from './fault.ts';

/** One call as faults see it. */
export interface CallPoint {
  /** The Kubernetes cluster that it comes from. */
  readonly cluster: string;
  readonly side: 'kube' | 'aws';
  readonly effect: 'read' | 'write';
  readonly form: 'plain' | 'list' | 'watch' | 'batch';
  /** Equal for calls that do the same to the same thing. */
  readonly key: string;
}

type Lasting = Extract<CallFault, { type: 'refused' | 'unreachable' | 'lagging' }>;

/** A fault that goes on beyond the call it struck. */
interface Window {
  readonly fault: Lasting;
  readonly point: CallPoint;
  readonly until: number;
  left: number;
}

/** Whether a fault makes sense for a call. */
export function fits(
  { side, only }: { readonly side: 'kube' | 'aws' | 'any'; readonly only?: CallFilter },
  point: CallPoint,
): boolean {
  if (side !== 'any' && side !== point.side) return false;
  switch (only) {
    case undefined:
      return true;
    case 'reads':
      return point.effect === 'read' && point.form !== 'watch';
    case 'writes':
      return point.effect === 'write';
    case 'lists':
      return point.form === 'list';
    case 'batches':
      return point.form === 'batch';
    case 'watches':
      return point.form === 'watch';
    case 'all-but-watches':
      return point.form !== 'watch';
    case 'leases':
      return point.key.includes(' leases/') && point.effect === 'write';
    default:
      return only satisfies never;
  }
}

/** Lets the planned faults happen: says of each call and each watch event what becomes of it. */
export class Injector {
  readonly #clock: Clock;
  readonly #calls = new Map<number, PlannedFault[]>();
  readonly #events = new Map<number, PlannedFault[]>();
  #windows: Window[] = [];
  #struck = 0;
  #over = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, planned: readonly PlannedFault[]) {
    this.#clock = clock;
    for (const one of planned) {
      const into = one.fault.at === 'call' ? this.#calls : this.#events;
      into.set(one.index, [...(into.get(one.index) ?? []), one]);
    }
  }

  /** How many of the planned faults have happened. */
  get struck(): number {
    return this.#struck;
  }

  /** Whether a fault is still going on. */
  get isActive(): boolean {
    return this.#clock.now() < this.#over;
  }

  /** From now on nothing goes wrong any more. */
  disarm(): void {
    this.#calls.clear();
    this.#events.clear();
    this.#windows = [];
  }

  forCall(index: number, point: CallPoint): CallFault | ServerFault | undefined {
    for (const { fault } of this.#calls.get(index) ?? []) {
      if (fault.at !== 'call' || !fits(fault, point)) continue;
      this.#struck++;
      const { does } = fault;
      switch (does.type) {
        case 'refused':
        case 'unreachable':
          this.#lasts(does, point);
          break;
        case 'lagging':
          if (does.forMs === undefined) return does;
          this.#lasts(does, point);
          break;
        case 'restart':
          this.#until(this.#clock.now() + does.forMs);
          return does;
        case 'paused':
          this.#until(this.#clock.now() + does.ms);
          return does;
        default:
          return does;
      }
    }
    return this.#ongoing(point);
  }

  forEvent(index: number): WatchFault | undefined {
    const planned = this.#events.get(index)?.[0];
    if (planned?.fault.at !== 'event') return undefined;
    this.#struck++;
    return planned.fault.does;
  }

  #lasts(fault: Lasting, point: CallPoint): void {
    const now = this.#clock.now();
    const until = fault.forMs === undefined ? Number.POSITIVE_INFINITY : now + fault.forMs;
    if (fault.forMs !== undefined) this.#until(until);
    const times = fault.type === 'refused' ? fault.times : undefined;
    this.#windows.push({ fault, point, until, left: times ?? Number.POSITIVE_INFINITY });
  }

  #until(at: number): void {
    this.#over = Math.max(this.#over, at);
  }

  #ongoing(point: CallPoint): CallFault | undefined {
    if (this.#windows.length === 0) return undefined;
    const now = this.#clock.now();
    this.#windows = this.#windows.filter(({ until, left }) => now < until && left > 0);
    const window = this.#windows.find((one) => reaches(one, point));
    if (window === undefined) return undefined;
    window.left--;
    return window.fault;
  }
}

function reaches({ fault, point }: Window, call: CallPoint): boolean {
  if (point.side !== call.side) return false;
  // Each cluster has an API server of its own; what all of AWS suffers from, all suffer from.
  if (point.cluster !== call.cluster && (call.side === 'kube' || !isOfAll(fault))) return false;
  switch (fault.type) {
    case 'lagging':
      return call.effect === 'read';
    case 'refused':
      // A conflict is an answer to writes only.
      if (fault.by === 'conflict' && call.effect !== 'write') return false;
      return fault.reach === 'side' || point.key === call.key;
    case 'unreachable':
      return fault.reach === 'side' || point.key === call.key;
    default:
      return fault satisfies never;
  }
}

function isOfAll(fault: Lasting): boolean {
  return fault.type === 'lagging' || fault.reach === 'side';
}
