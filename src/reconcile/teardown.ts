import type { DeletionBudget } from './deletion-budget.ts';
import type { FlowInput } from './flow.ts';
import type { DesiredBase, Kind, ObservedBase, Presence, Problem } from './kind.ts';
import { act } from './once.ts';
import { judgeOwnership, knowsTwoOwners, type Ownership } from './ownership.ts';
import type { Standing } from './standing.ts';
import type { CommonStatus, EcsObject, OwnSpec } from './types.ts';

/** What became of one step of a deletion. */
export type Teardown =
  /** AWS's side is gone, or stays by policy or because it is not ours: the finalizer may go. */
  { readonly type: 'released'; readonly why: string } | { readonly type: 'standing'; readonly standing: Standing };

/** The step, with what was seen of AWS last, of which the status has to remember something. */
export type TeardownResult<Observed> = Teardown & { readonly observed: Observed };

/** Whether an object that is being deleted leaves AWS as it is: decided without any look at AWS. */
export function isRetained(object: EcsObject): boolean {
  const deletion = object.spec.policy?.deletion;
  return deletion === 'Retain' || (deletion === undefined && object.status?.adopted === true);
}

/** Whether we ever asked AWS for anything: the intent is written before the first call. */
export function neverApplied(object: EcsObject): boolean {
  const { status } = object;
  return status?.applied === undefined && status?.arn === undefined && status?.adopted !== true;
}

export interface TeardownInput<Spec extends OwnSpec, Status extends CommonStatus, Desired>
  extends FlowInput<Spec, Status, Desired> {
  readonly budget: DeletionBudget;
}

/**
 * Takes one step in deleting AWS's side of an object, and says when it is gone (rule 8 of the design).
 * @throws AwsCallError
 */
export async function teardown<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
>(
  kind: Kind<Spec, Status, Desired, Observed, Action>,
  input: TeardownInput<Spec, Status, Desired>,
): Promise<TeardownResult<Observed>> {
  const { object, memory, key } = input;
  const { desired, identity } = input.prepared;
  const isHeld = input.held !== undefined;
  let observed = await kind.observe({ object, desired, identity, held: isHeld }, input.aws);
  const { presence } = observed;
  let left: Teardown | undefined;
  if (presence.state !== 'absent') {
    memory.dismiss(key, 'absence');
    const whose = notToDelete(presence, input);
    if (whose?.type === 'foreign') {
      left = { type: 'released', why: whose.why };
      observed = (await kind.observeBesides?.({ object, desired, identity, observed }, input.aws)) ?? observed;
      if (observed.presence.state !== 'absent') return { ...left, observed };
    } else if (whose !== undefined) return { ...whose, observed };
  }
  for (let acted = false; ; acted = true) {
    const plan = kind.planDeletion({
      object,
      desired,
      observed,
      identity,
      unset: [],
      judge: () => 'apply',
      confirmed: () => false,
      dependents: input.dependents,
      now: input.now(),
    });
    if (plan.stalled !== undefined) return { ...standing({ type: 'stalled', problem: plan.stalled }), observed };
    if (plan.actions.length === 0 || acted)
      return { ...(left ?? settle(observed.presence, plan.waiting, input)), observed };
    const would = plan.actions.map((action) => kind.describe(action)).join('; ');
    const held = await heldBy(input, would);
    if (held !== undefined) return { ...standing(held), observed };
    for (const action of plan.actions) {
      observed = await act(kind, action, { object, desired, identity, observed }, input);
    }
  }
}

/** What is not ours, or no longer ours alone, is not deleted. */
function notToDelete<Spec extends OwnSpec, Status extends CommonStatus, Desired>(
  presence: Exclude<Presence, { state: 'absent' }>,
  { object, prepared, ownerExists, memory, key, patience }: TeardownInput<Spec, Status, Desired>,
): Teardown | { readonly type: 'foreign'; readonly why: string } | undefined {
  const { identity } = prepared;
  const ownership: Ownership = judgeOwnership({
    presence,
    identity,
    status: object.status,
    policy: { ...object.spec.policy, adoption: 'Never' },
    ownerExists,
  });
  switch (ownership.type) {
    case 'ours':
    case 'stripped':
    case 'adopt':
      return undefined;
    case 'takeOver': {
      // This object never took it over: whoever it was made for may be alive in another cluster.
      const message = `${presence.arn} was made for an object of this name with UID ${ownership.fromUid}`;
      if (!memory.actedWithin(key, patience.readLagMs)) return { type: 'released', why: `left in AWS: ${message}` };
      const problem = { reason: 'LookingAgain', message: `${message}; AWS may not show our own tags yet` };
      return standing({ type: 'progressing', problem, pollMs: patience.lookAgainMs });
    }
    case 'foreign':
      return { type: 'foreign', why: `left in AWS: ${ownership.problem.message}` };
    case 'twoOwners':
      if (!knowsTwoOwners(object.status) && !memory.confirms(key, 'twoOwners', patience.ownersMs)) {
        return standing({ type: 'progressing', problem: ownership.problem, pollMs: patience.ownersMs });
      }
      return standing({ type: 'stalled', problem: ownership.problem });
    default:
      return ownership satisfies never;
  }
}

async function heldBy<Spec extends OwnSpec, Status extends CommonStatus, Desired>(
  { held, heldDeletion, budget, memory, key }: TeardownInput<Spec, Status, Desired>,
  would: string,
): Promise<Standing | undefined> {
  const problem = held ?? (await heldDeletion());
  if (problem !== undefined) {
    return { type: 'held', problem: { reason: problem.reason, message: `${problem.message}; would ${would}` } };
  }
  // Counted once per object, however many calls its deletion takes.
  if (memory.mayDelete(key)) return undefined;
  const waitMs = budget.take();
  if (waitMs === 0) {
    memory.allowDeletion(key);
    return undefined;
  }
  const message = `more deletions than --max-deletes-per-minute allows; would ${would} in its turn`;
  return { type: 'held', problem: { reason: 'DeletionsLimited', message }, pollMs: waitMs };
}

function settle<Spec extends OwnSpec, Status extends CommonStatus, Desired>(
  presence: Presence,
  waiting: (Problem & { readonly pollMs: number }) | undefined,
  { memory, key, patience }: TeardownInput<Spec, Status, Desired>,
): Teardown {
  if (waiting !== undefined) return standing({ type: 'progressing', problem: waiting, pollMs: waiting.pollMs });
  switch (presence.state) {
    case 'present':
    case 'leaving': {
      const message = presence.state === 'leaving' ? presence.message : `waiting for ${presence.arn} to be gone`;
      return standing({ type: 'progressing', problem: { reason: 'Deleting', message }, pollMs: patience.removalMs });
    }
    case 'absent': {
      if (presence.certain || memory.confirms(key, 'absence', patience.goneMs)) {
        return { type: 'released', why: 'gone from AWS' };
      }
      const problem = { reason: 'ConfirmingAbsence', message: 'not found in AWS; looking again before letting go' };
      return standing({ type: 'progressing', problem, pollMs: patience.goneMs });
    }
    default:
      return presence satisfies never;
  }
}

function standing(value: Standing): Teardown {
  return { type: 'standing', standing: value };
}
