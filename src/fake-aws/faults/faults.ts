import type { Random } from '../../runtime/random.ts';
import type { FaultEffect, FaultRule } from './fault-rule.ts';

/** What a rule is held against. */
export interface FaultCall {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly accountId: string;
  readonly region: string;
}

/** A rule with what it did so far. */
export interface FaultStatus {
  readonly id: number;
  readonly rule: FaultRule;
  /** How many calls matched. */
  readonly seen: number;
  /** How many of those were hit. */
  readonly hit: number;
}

type Of<Kind extends FaultEffect['kind']> = Extract<FaultEffect, { kind: Kind }>;

/** What is to happen to one call. */
export interface CallFaults {
  readonly delayBefore: number;
  readonly delayAfter: number;
  /** Ends the call before it takes effect. */
  readonly before?: Of<'fail' | 'throttle' | 'reset'>;
  /** Replaces the answer after the effect. */
  readonly after?: Of<'lose' | 'fail-after' | 'malformed'>;
  readonly stale?: Of<'stale'>;
  readonly unknown?: Of<'unknown'>;
}

const NONE: CallFaults = { delayBefore: 0, delayAfter: 0 };

interface Entry {
  readonly id: number;
  readonly rule: FaultRule;
  seen: number;
  hit: number;
}

/**
 * Faults on request: rules that say which calls go wrong, and how.
 * @example faults.add({ kind: 'lose', operation: 'CreateService', nth: 3 })
 */
export class Faults {
  readonly #random: Random;
  readonly #entries = new Map<number, Entry>();
  #nextId = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  /** @returns the rule's id. */
  add(rule: FaultRule): number {
    const id = this.#nextId++;
    this.#entries.set(id, { id, rule, seen: 0, hit: 0 });
    return id;
  }

  /** @returns false when there is no such rule. */
  remove(id: number): boolean {
    return this.#entries.delete(id);
  }

  clear(): void {
    this.#entries.clear();
  }

  list(): readonly FaultStatus[] {
    return [...this.#entries.values()].map((entry) => ({ ...entry }));
  }

  /** Whether reads may have to answer from the past: history has to be kept. */
  get keepsHistory(): boolean {
    return [...this.#entries.values()].some(({ rule }) => rule.kind === 'stale');
  }

  /** What happens to this call; counts it. The first rule of each sort wins, delays add up. */
  hits(call: FaultCall): CallFaults {
    if (this.#entries.size === 0) return NONE;
    const faults: { -readonly [K in keyof CallFaults]: CallFaults[K] } = { ...NONE };
    let text: string | undefined;
    // What ends a call comes first: a rule about its answer must not be spent on a call that has none.
    const entries = [...this.#entries.values()].toSorted((a, b) => phase(a.rule) - phase(b.rule));
    for (const entry of entries) {
      const { rule } = entry;
      if (!matchesPlace(rule, call)) continue;
      if (rule.name !== undefined) {
        text ??= JSON.stringify(call.input) ?? '';
        if (!text.includes(rule.name)) continue;
      }
      entry.seen++;
      if (!this.#isDue(entry)) continue;
      if (apply(rule, faults)) entry.hit++;
    }
    return faults;
  }

  #isDue({ rule, seen, hit }: Entry): boolean {
    if (rule.nth !== undefined && seen < rule.nth) return false;
    const times = rule.times ?? (rule.nth === undefined ? Number.POSITIVE_INFINITY : 1);
    if (hit >= times) return false;
    return rule.chance === undefined || this.#random.next() < rule.chance;
  }
}

function phase({ kind }: FaultRule): number {
  return kind === 'fail' || kind === 'throttle' || kind === 'reset' ? 0 : 1;
}

function matchesPlace(rule: FaultRule, call: FaultCall): boolean {
  for (const key of ['service', 'accountId', 'region'] as const) {
    if (rule[key] !== undefined && rule[key] !== call[key]) return false;
  }
  const { operation } = rule;
  if (operation === undefined) return true;
  return operation.endsWith('*') ? call.operation.startsWith(operation.slice(0, -1)) : call.operation === operation;
}

/** @returns false when an earlier rule already decided the same thing. */
function apply(rule: FaultRule, faults: { -readonly [K in keyof CallFaults]: CallFaults[K] }): boolean {
  switch (rule.kind) {
    case 'delay':
      if (rule.after) faults.delayAfter += rule.ms;
      else faults.delayBefore += rule.ms;
      return true;
    case 'fail':
    case 'throttle':
    case 'reset':
      if (faults.before) return false;
      faults.before = rule;
      return true;
    case 'lose':
    case 'fail-after':
    case 'malformed':
      // What never takes effect has no answer to spoil: the rule waits for the next call.
      if (faults.before || faults.after) return false;
      faults.after = rule;
      return true;
    case 'stale':
      if (faults.stale) return false;
      faults.stale = rule;
      return true;
    case 'unknown':
      if (faults.unknown) return false;
      faults.unknown = rule;
      return true;
    default:
      return rule satisfies never;
  }
}
