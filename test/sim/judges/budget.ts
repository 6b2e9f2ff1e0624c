import type { Appoint } from './judge.ts';

/** So many calls in one virtual minute are no work any more, but a loop. */
const PER_MINUTE = { aws: 240, kube: 700 };
/** The same call so often in ten virtual seconds is one, too. A status that others keep changing is tried five times at once. */
const ALIKE = { aws: 20, kube: 45 };
const MINUTE_MS = 60_000;
const SHORT_MS = 10_000;

/** Nothing is asked for again and again: a fault is waited out, not hammered at. */
export const budget: Appoint = ({ report }) => {
  const minutes = new Map<string, Rate>();
  const alike = new Map<string, Rate>();
  const told = new Set<string>();
  const once = (violation: string, key: string): void => {
    if (!told.has(key)) report(violation);
    told.add(key);
  };
  return {
    called: ({ side, at, key, cluster, process, line }) => {
      const whose = `${cluster} ${side}`;
      const minute = minutes.get(whose) ?? new Rate(MINUTE_MS);
      minutes.set(whose, minute);
      if (minute.add(at) > PER_MINUTE[side]) once(`more than ${PER_MINUTE[side]} calls of ${side} in a minute`, whose);
      const id = `${process} ${key}`;
      const rate = alike.get(id) ?? new Rate(SHORT_MS);
      alike.set(id, rate);
      if (rate.add(at) > ALIKE[side]) once(`more than ${ALIKE[side]} times in 10 s: ${line}`, key);
    },
  };
};

/** How many of the last calls fall into a span of time. */
class Rate {
  readonly #spanMs: number;
  readonly #times: number[] = [];
  #from = 0;

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  add(at: number): number {
    this.#times.push(at);
    while ((this.#times[this.#from] ?? at) <= at - this.#spanMs) this.#from++;
    return this.#times.length - this.#from;
  }
}
