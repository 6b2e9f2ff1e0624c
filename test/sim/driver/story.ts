import { type EndState, endStateOf } from '../judges/end-state.ts';
import type { Hands, Scenario, Step } from '../scenarios/scenario.ts';
import { Rest, type Standing } from './rest.ts';

/** The operator looks at everything this often; more often than by default, so that a run costs less. Milliseconds. */
export const EVERY_MS = 120_000;
/** One resync and what comes of it, with some air; milliseconds. */
const RESYNC_MS = 140_000;
/** A restart, and the look at everything that follows; milliseconds. */
const RESTART_MS = 60_000;

export interface Play {
  readonly scenario: Scenario;
  readonly hands: Hands;
  /** How everything stood where the run without faults waited. */
  readonly expected: readonly Standing[] | undefined;
  /** How everything stands where this run waits: filled here. */
  readonly standings: Standing[];
  /** Whether a state is what it has to come to. */
  readonly isReached: (state: EndState) => boolean;
}

/** Takes the steps, each when it is due, and waits for the end. @returns how everything stands then. */
export async function play(options: Play): Promise<EndState> {
  const { scenario, hands, isReached } = options;
  const { world } = hands;
  const rest = new Rest(hands);
  await scenario.before?.(hands);
  world.startOperators();
  for (const [at, step] of scenario.steps.entries()) {
    if (at > 0) await wait(step, rest, options);
    world.trace.note(`--- ${step.name}`);
    await step.act(hands);
  }
  await wait({ name: 'the end', when: scenario.last ?? 'settled' }, rest, options);
  // What is counted in a status, such as running tasks, is as of the last look.
  await world.pass(RESYNC_MS);
  await wait({ name: 'the end' }, rest, options);
  world.trace.note('--- at rest');
  // A state that is still on its way there, though all objects are content, gets another while.
  let state = endStateOf(hands);
  for (let resync = 0; resync < 3 && !isReached(state); resync++) {
    await world.pass(RESYNC_MS);
    state = endStateOf(hands);
  }
  return state;
}

async function wait(
  { name, when = 'settled' }: Pick<Step, 'name' | 'when'>,
  rest: Rest,
  { hands, expected, standings }: Play,
): Promise<void> {
  if (typeof when === 'object') return hands.world.pass(when.after);
  if (when === 'resynced') await hands.world.pass(RESYNC_MS);
  standings.push(await rest.reached(expected?.[standings.length], name));
}

/** Whoever rests stays so: neither another resync nor a restart writes anything, on either side. @returns what is written. */
export async function stays({ world }: Hands): Promise<readonly string[]> {
  const writes: string[] = [];
  world.observe({
    ended: ({ call, code }) => {
      if (call.effect !== 'write' || code === undefined || /leases\//.test(call.line)) return;
      writes.push(`${call.line} → ${code}`);
    },
  });
  await world.pass(RESYNC_MS);
  world.trace.note('--- the operator is started anew');
  for (const replica of world.replicas) replica.kill();
  await world.pass(RESTART_MS);
  return writes;
}
