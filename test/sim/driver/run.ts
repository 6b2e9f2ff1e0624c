import type { PlannedFault } from '../faults/fault.ts';
import type { CallPoint } from '../faults/injector.ts';
import { differences, type EndState, endStateOf, withoutHistory } from '../judges/end-state.ts';
import { JUDGES } from '../judges/index.ts';
import type { Judge } from '../judges/judge.ts';
import type { Hands, Scenario, Step } from '../scenarios/scenario.ts';
import { Aws } from '../world/aws-hands.ts';
import { TWICE } from '../world/exchange.ts';
import { Person } from '../world/person.ts';
import { World } from '../world/world.ts';
import { Rejections } from './rejections.ts';
import { Rest, type Standing } from './rest.ts';

/** What the fault-free run of a scenario was like: what all others are held against. */
export interface Recording {
  readonly scenario: Scenario;
  readonly seed: number;
  /** The calls, by their index. */
  readonly calls: readonly CallPoint[];
  /** How many watch events there were. */
  readonly events: number;
  /** How the objects stood before each step that waits, and at the end. */
  readonly standings: readonly Standing[];
  readonly end: EndState;
  readonly digest: string;
}

export interface RunOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly faults: readonly PlannedFault[];
  /** Left out: this is the fault-free run itself. */
  readonly recording?: Recording;
  readonly detailed?: boolean;
  /** Another operator, e.g. one that is broken on purpose. */
  readonly world?: (world: World) => void;
}

/** What came of a run. */
export interface RunResult {
  /** What must not be, a line each: `<judge>: <what>`. Empty when all is well. */
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  readonly digest: string;
  readonly virtualMs: number;
  /** How many of the planned faults have happened. */
  readonly struck: number;
  /** The calls until it came to rest. */
  readonly calls: readonly CallPoint[];
  /** How many watch events there were until then. */
  readonly events: number;
  readonly standings: readonly Standing[];
  readonly end: EndState;
}

/** The operator looks at everything this often; more often than by default, so that a run costs less. Milliseconds. */
const EVERY_MS = 120_000;
/** One resync and what comes of it, with some air; milliseconds. */
const RESYNC_MS = 140_000;
/** A restart, and the look at everything that follows; milliseconds. */
const RESTART_MS = 60_000;

/** Runs a scenario with the given faults, from the first step to the end of the operator, and judges it. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { scenario, seed, faults, recording, detailed = false } = options;
  const rejections = new Rejections();
  const world = new World({
    seed,
    faults,
    detailed,
    settings: { resyncMs: EVERY_MS, ...scenario.settings },
    ...(scenario.operators && { operators: scenario.operators }),
    ...(scenario.namespaces && { namespaces: scenario.namespaces }),
  });
  options.world?.(world);
  const hands: Hands = { kube: new Person(world.api, world.clock), aws: new Aws(world.fake), world };
  const calls: CallPoint[] = [];
  const history = { isOwn: scenario.steps.some(({ when }) => typeof when === 'object') };
  world.observe({
    called: (call) => void calls.push(call),
    // AWS has no way to say that a registration comes twice: two revisions are right then.
    ended: ({ call, fault }) => {
      history.isOwn ||= fault === TWICE && call.operation === 'ecs.RegisterTaskDefinition';
    },
  });
  const violations: string[] = [];
  const judges: Judge[] = [];
  for (const [name, appoint] of Object.entries(JUDGES)) {
    const report = (violation: string): void => {
      world.trace.note(`          VIOLATION ${name}: ${violation}`);
      violations.push(`${name}: ${violation}`);
    };
    const judge = appoint({ hands, scenario, report });
    judges.push(judge);
    world.observe(judge);
  }
  const standings: Standing[] = [];
  let end: EndState = new Map();
  let played = { calls: 0, events: 0 };
  try {
    const unlike = (recorded: EndState, found: EndState): readonly string[] =>
      history.isOwn ? differences(withoutHistory(recorded), withoutHistory(found)) : differences(recorded, found);
    end = await play({ ...options, hands, standings, unlike });
    played = { calls: world.calls, events: world.events };
    for (const judge of judges) judge.rested?.();
    scenario.ends(hands);
    if (recording !== undefined) {
      violations.push(...unlike(recording.end, end).map((line) => `end-state: ${line}`));
    }
    // Of several, one may take away the place where another would strike.
    if (faults.length === 1 && world.injector.struck === 0) violations.push('story: the fault did not strike');
    world.injector.disarm();
    violations.push(...(await stays(hands, end)));
    violations.push(...(await world.stopOperators()).map((line) => `leftovers: ${line}`));
  } catch (error) {
    violations.push(`story: ${error instanceof Error ? error.message : String(error)}`);
  }
  violations.push(...world.accidents.map((accident) => `accident: ${accident}`));
  violations.push(...(await rejections.end()).map((line) => `unhandled rejection: ${line}`));
  return {
    violations,
    trace: world.trace.lines,
    digest: world.trace.digest(),
    virtualMs: world.elapsedMs,
    struck: world.injector.struck,
    calls: calls.slice(0, played.calls),
    events: played.events,
    standings,
    end,
  };
}

/** Takes the steps, each when it is due, and waits for the end. */
async function play({
  scenario,
  recording,
  hands,
  standings,
  unlike,
}: Pick<RunOptions, 'scenario' | 'recording'> & {
  readonly hands: Hands;
  readonly standings: Standing[];
  /** What a run came to otherwise than the one without faults, a line each. */
  readonly unlike: (recorded: EndState, found: EndState) => readonly string[];
}): Promise<EndState> {
  const { world } = hands;
  const rest = new Rest(hands);
  await scenario.before?.(hands);
  world.startOperators();
  for (const [at, step] of scenario.steps.entries()) {
    if (at > 0) await wait(step, rest, { hands, recording, standings });
    world.trace.note(`--- ${step.name}`);
    await step.act(hands);
  }
  await wait({ name: 'the end', when: scenario.last ?? 'settled' }, rest, { hands, recording, standings });
  // What is counted in a status, such as running tasks, is as of the last look.
  await world.pass(RESYNC_MS);
  await wait({ name: 'the end' }, rest, { hands, recording, standings });
  world.trace.note('--- at rest');
  // A state that is still on its way there, though all objects are content, gets another while.
  const reached = (): boolean => recording === undefined || unlike(recording.end, endStateOf(hands)).length === 0;
  for (let resync = 0; resync < 3 && !reached(); resync++) await world.pass(RESYNC_MS);
  return endStateOf(hands);
}

async function wait(
  step: Pick<Step, 'name' | 'when'>,
  rest: Rest,
  context: { readonly hands: Hands; readonly recording: Recording | undefined; readonly standings: Standing[] },
): Promise<void> {
  const { hands, recording, standings } = context;
  const { when = 'settled' } = step;
  if (typeof when === 'object') return hands.world.pass(when.after);
  if (when === 'resynced') await hands.world.pass(RESYNC_MS);
  standings.push(await rest.reached(recording?.standings[standings.length], step.name));
}

/** Rests at rest: neither another resync nor a restart writes anything, on either side. */
async function stays(hands: Hands, end: EndState): Promise<readonly string[]> {
  const { world } = hands;
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
  const changed = differences(end, endStateOf(hands)).map((line) => `it does not stay so: ${line}`);
  return [...writes.map((write) => `at rest: ${write}`), ...changed.map((line) => `at rest: ${line}`)];
}
