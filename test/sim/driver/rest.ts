import { sameJson } from '../../../src/reconcile/status.ts';
import type { EcsObject } from '../../../src/reconcile/types.ts';
import { findCondition } from '../../../src/runtime/conditions.ts';
import type { Hands } from '../scenarios/scenario.ts';

/** How each object stands, by `<Kind>/<namespace>/<name>`, behind the name of its cluster where that is another; one that is being deleted is there until it is gone. */
export type Standing = Readonly<Record<string, string>>;

/** Nothing was written for so long; virtual milliseconds. */
const QUIET_MS = 20_000;
/** The operator has so long for a step, after the last fault has ended; virtual milliseconds. */
const LIMIT_MS = 2 * 3_600_000;

/** Waits for the operator to come to rest. */
export class Rest {
  readonly #hands: Hands;

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /**
   * Lets time pass until all objects stand as expected, without anything written for a while. Without an expectation:
   * until each of them is Ready, Stalled, held (by a pause, by a policy that only reports) or waits for a Stalled one.
   * @returns how they stand then.
   * @throws Error that says who is not there yet, when it takes too long.
   */
  async reached(expected: Standing | undefined, before: string): Promise<Standing> {
    const { world } = this.#hands;
    let deadline = world.clock.now() + LIMIT_MS;
    let seen = -1;
    for (;;) {
      if (!(await world.step())) throw new Error(`nothing is left to happen before ${before}`);
      const now = world.clock.now();
      if (world.injector.isActive) deadline = now + LIMIT_MS;
      if (now > deadline) throw new Error(`it does not come to rest before ${before}: ${this.#missing(expected)}`);
      if (now - world.lastWrite < QUIET_MS || world.injector.isActive || seen === world.revision) continue;
      seen = world.revision;
      const standing = this.#standing();
      if (expected === undefined ? isRest(standing) : sameJson(expected, standing)) return standing;
    }
  }

  #standing(): Standing {
    const standings = this.#hands.world.clusters.flatMap((cluster) =>
      cluster.person.objects().map((object): [string, string] => {
        const { kind, metadata } = object;
        return [cluster.of(`${kind}/${metadata.namespace ?? ''}/${metadata.name}`), standingOf(object)];
      }),
    );
    return Object.fromEntries(standings);
  }

  #missing(expected: Standing | undefined): string {
    const standing = this.#standing();
    const keys = [...new Set([...Object.keys(expected ?? {}), ...Object.keys(standing)])];
    return keys
      .filter((key) => (expected === undefined ? !AT_REST.test(standing[key] ?? '') : expected[key] !== standing[key]))
      .map((key) => `${key} is ${standing[key] ?? 'gone'}`)
      .join(', ');
  }
}

function standingOf({ metadata, status }: EcsObject): string {
  if (metadata.deletionTimestamp !== undefined) return 'Deleting';
  if (status?.observedGeneration !== metadata.generation) return 'Unseen';
  const stalled = findCondition(status?.conditions, 'Stalled');
  if (stalled?.status === 'True') return `Stalled ${stalled.reason}`;
  const ready = findCondition(status?.conditions, 'Ready');
  if (ready?.status === 'True') return 'Ready';
  if (ready?.status !== 'False') return 'Moving';
  const reconciling = findCondition(status?.conditions, 'Reconciling')?.status === 'True';
  if (!reconciling) return `Held ${ready.reason}`;
  return ready.reason === 'RefNotReady' ? 'Waiting' : 'Moving';
}

const AT_REST = /^(Ready|Stalled|Held)/;

/** Whoever waits for an object that is Stalled rests too. */
function isRest(standing: Standing): boolean {
  const all = Object.values(standing);
  const isStuck = all.some((one) => one.startsWith('Stalled'));
  return all.every((one) => AT_REST.test(one) || (isStuck && one === 'Waiting'));
}
