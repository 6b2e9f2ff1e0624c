import { AwsCallError } from '../aws/errors.ts';
import type { FlowInput } from './flow.ts';
import type { DesiredBase, Kind, ObservedBase, ObserveInput } from './kind.ts';
import type { Standing } from './standing.ts';
import type { CommonStatus, OwnSpec } from './types.ts';

/** How often at most it is looked whether an effect shows. Milliseconds. */
const LOOK_AT_MOST_MS = 1_000;

type ActInput<Spec extends OwnSpec, Status extends CommonStatus, Desired, Observed> = ObserveInput<
  Spec,
  Status,
  Desired
> & { readonly observed: Observed };

/**
 * What must not be done twice and was begun before: its answer was lost, this process is a new one, or it was done and
 * AWS's reads do not show it yet. It is looked for a while longer before it is done again.
 * @returns undefined when the actions may be done now.
 */
export function maybeDone<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
>(
  kind: Kind<Spec, Status, Desired, Observed, Action>,
  actions: readonly Action[],
  state: ActInput<Spec, Status, Desired, Observed>,
  { memory, key, patience, now }: FlowInput<Spec, Status, Desired>,
): Standing | undefined {
  for (const action of actions) {
    const once = kind.once?.(action, state);
    if (once === undefined) continue;
    if (once.begun && memory.lastTry(key) === undefined) memory.tried(key, once.id, 'unknown');
    const last = memory.lastTry(key);
    if (last?.id !== once.id || last.effect === 'none') continue;
    const restMs = last.at + (last.effect === 'done' ? patience.readLagMs : patience.lostMs) - now();
    if (restMs <= 0) continue;
    const why =
      last.effect === 'done' ? 'was done, and AWS may not show it yet' : 'may have been done without an answer';
    const problem = { reason: 'LookingAgain', message: `${kind.describe(action)} ${why}; looking for it` };
    return { type: 'progressing', problem, pollMs: Math.min(restMs, Math.max(LOOK_AT_MOST_MS, restMs / 2)) };
  }
  return undefined;
}

/** Does an action, and keeps in mind what is known of its effect. @throws AwsCallError */
export async function act<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
>(
  kind: Kind<Spec, Status, Desired, Observed, Action>,
  action: Action,
  state: ActInput<Spec, Status, Desired, Observed>,
  { memory, key, aws, note }: FlowInput<Spec, Status, Desired>,
): Promise<Observed> {
  const once = kind.once?.(action, state);
  const tried = (effect: 'done' | 'none' | 'unknown') => {
    if (once !== undefined) memory.tried(key, once.id, effect);
  };
  tried('unknown');
  try {
    const incarnation = state.object.status?.incarnation ?? 0;
    const observed = await kind.act(action, { ...state, incarnation }, aws);
    tried('done');
    memory.acted(key);
    note({ type: 'Normal', reason: action.type, message: kind.describe(action) });
    return observed;
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    if (error.effect === 'none') tried('none');
    // Perhaps AWS was changed: the next read may show what was before.
    else memory.acted(key);
    throw error;
  }
}
