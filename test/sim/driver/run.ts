import type { OperatorOptions } from '../../../src/operator-options.ts';
import type { PlannedFault } from '../faults/fault.ts';
import type { CallPoint } from '../faults/injector.ts';
import { differences, type EndState, without, withoutHistory } from '../judges/end-state.ts';
import { JUDGES } from '../judges/index.ts';
import type { Judge } from '../judges/judge.ts';
import type { Hands, Scenario } from '../scenarios/scenario.ts';
import { Aws } from '../world/aws-hands.ts';
import type { RunnableOperator } from '../world/replica.ts';
import { type Observer, World } from '../world/world.ts';
import { Rejections } from './rejections.ts';
import type { Standing } from './rest.ts';
import { EVERY_MS, play, stays } from './story.ts';

/** What the fault-free run of a scenario was like: what all others are held against. */
export interface Recording {
  readonly scenario: Scenario;
  readonly seed: number;
  /** The calls, by their index. */
  readonly calls: readonly CallPoint[];
  /** How many watch events there were. */
  readonly events: number;
  /** How many calls and events there were before the step from which on faults strike. */
  readonly before: { readonly calls: number; readonly events: number };
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
  /** Another operator than the one that is shipped, e.g. one that is broken on purpose. */
  readonly operator?: (options: OperatorOptions) => RunnableOperator;
  /** Looks on, besides the judges. */
  readonly observer?: (world: World) => Observer;
}

/** What came of a run. */
export interface RunResult {
  /** What must not be, a line each: `<judge>: <what>`. Empty when all is well. */
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  /** Tells two traces apart. */
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

/** AWS makes two of what it is asked for twice: two revisions, or two deployments, are right then. */
const DOUBLING = ['ecs.RegisterTaskDefinition', 'ecs.UpdateService'];

/** Runs a scenario with the given faults, from the first step to the end of the operator, and judges it. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { scenario, seed, faults, recording, detailed = false } = options;
  const rejections = new Rejections();
  const world = new World({
    seed,
    faults,
    detailed,
    settings: { resyncMs: EVERY_MS, ...scenario.settings },
    ...(scenario.clusters && { clusters: scenario.clusters }),
    ...(scenario.operators && { operators: scenario.operators }),
    ...(scenario.namespaces && { namespaces: scenario.namespaces }),
    ...(scenario.withoutCrds && { withoutCrds: scenario.withoutCrds }),
    ...(options.operator && { operator: options.operator }),
  });
  if (options.observer !== undefined) world.observe(options.observer(world));
  const hands = handsOn(world);
  const calls: CallPoint[] = [];
  const isTimed = scenario.steps.some(({ when }) => typeof when === 'object');
  world.observe({ called: (call) => void calls.push(call) });
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
    const compared = (state: EndState): EndState => {
      const whole = scenario.chance === undefined ? state : without(scenario.chance.paths, state);
      const ownHistory = isTimed || scenario.ownHistory !== undefined || DOUBLING.some((one) => world.doubled(one) > 0);
      return ownHistory ? withoutHistory(whole) : whole;
    };
    const unlike = (recorded: EndState, found: EndState): readonly string[] =>
      differences(compared(recorded), compared(found));
    const isReached = (state: EndState): boolean =>
      recording === undefined || unlike(recording.end, state).length === 0;
    end = await play({ scenario, hands, expected: recording?.standings, standings, isReached });
    played = { calls: world.calls, events: world.events };
    for (const judge of judges) judge.rested?.();
    scenario.ends(hands);
    if (recording !== undefined) {
      violations.push(...unlike(recording.end, end).map((line) => `end-state: ${line}`));
    }
    // Of several, one may take away the place where another would strike.
    if (faults.length === 1 && world.injector.struck === 0) violations.push('story: the fault did not strike');
    world.injector.disarm();
    violations.push(...(await stays(hands)).map((write) => `at rest: ${write}`));
    violations.push(...(await world.stopOperators()).map((line) => `leftovers: ${line}`));
  } catch (error) {
    violations.push(`story: ${error instanceof Error ? error.message : String(error)}`);
  }
  violations.push(...world.accidents.map((accident) => `accident: ${accident}`));
  for (const replica of world.replicas) replica.bury();
  violations.push(...(await rejections.end()).map((line) => `unhandled rejection: ${line}`));
  return {
    violations,
    get trace() {
      return world.trace.lines;
    },
    get digest() {
      return world.trace.digest();
    },
    virtualMs: world.elapsedMs,
    struck: world.injector.struck,
    calls: calls.slice(0, played.calls),
    events: played.events,
    standings,
    end,
  };
}

function handsOn(world: World): Hands {
  const [first, second] = world.clusters;
  return {
    kube: first.person,
    get other() {
      if (second === undefined) throw new Error('this story has one cluster only');
      return second.person;
    },
    aws: new Aws(world.fake),
    world,
  };
}
