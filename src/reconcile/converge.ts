import { findCondition } from '../runtime/conditions.ts';
import { accountStatus } from './account.ts';
import { confirmedLeaves, intendedLeaves, sameLeaves, unsetLeaves } from './applied.ts';
import type { FlowInput, FlowResult } from './flow.ts';
import type { DesiredBase, Identity, Kind, ObservedBase, Plan, PlanInput, Problem } from './kind.ts';
import { leafPolicy } from './leaf-policy.ts';
import { act, maybeDone } from './once.ts';
import { settleOwnership } from './ownership-step.ts';
import type { Standing } from './standing.ts';
import type { CommonStatus, EcsObject, OwnSpec } from './types.ts';

/**
 * Makes AWS hold what one live object asks: observe, settle whose it is, then plan and act until nothing is left to do.
 * @throws AwsCallError from a call, KubeApiError from an intent: nothing after it has happened.
 */
export async function converge<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
>(
  kind: Kind<Spec, Status, Desired, Observed, Action>,
  input: FlowInput<Spec, Status, Desired>,
): Promise<FlowResult<Spec, Status, Observed, Action>> {
  const { desired, identity } = input.prepared;
  let { object } = input;
  const held = input.held !== undefined;
  const recalled = recall(kind, input);
  let observed = recalled ?? (await kind.observe({ object, desired, identity, held }, input.aws));

  if (observed.presence.state === 'leaving') {
    const problem: Problem = { reason: 'WaitingForRemoval', message: observed.presence.message };
    return { standing: { type: 'progressing', problem, pollMs: input.patience.removalMs }, object, seen: undefined };
  }
  // Remembered in status at once, so that it is noticed when another cluster takes it.
  let ours = false;
  if (observed.presence.state === 'absent') {
    const lost = await settleAbsence(kind, observed.presence.certain, object, input);
    if (lost.type === 'waiting') return { standing: lost.standing, object, seen: undefined };
    object = lost.object;
  } else {
    input.memory.dismiss(input.key, 'absence');
    const owned = await settleOwnership(kind, observed.presence, object, input);
    object = owned.object;
    if (owned.type === 'notOurs') return { standing: owned.standing, object, seen: undefined };
    ours = true;
    observed = { ...observed, presence: { ...observed.presence, tags: owned.tags } };
  }

  let unset = unsetLeaves(object.status?.applied, desired.leaves);
  const judge = leafPolicy({
    policy: object.spec.policy,
    applied: object.status?.applied,
    leaves: desired.leaves,
  });
  const { applied } = object.status ?? {};
  const done = new Set<string>();
  let created = false;
  for (;;) {
    const planInput: PlanInput<Spec, Status, Desired, Observed> = {
      object,
      desired,
      observed,
      identity,
      unset,
      judge,
      confirmed: (path) => desired.leaves[path] !== undefined && applied?.leaves[path] === desired.leaves[path],
      dependents: input.dependents,
      now: input.now(),
    };
    const { plan, later } = await withoutDeletions(kind, kind.plan(planInput), object, input);
    const stop =
      stopping(kind, plan, object, input, done) ??
      maybeDone(kind, plan.actions, { object, desired, identity, observed }, input);
    if (stop !== undefined) {
      const confirmed = stop.type === 'inSync' || stop.type === 'driftReported';
      if (stop.type === 'inSync' && recalled === undefined) input.memory.looked(input.key, object.metadata.generation);
      return {
        standing: stop,
        object,
        seen: { observed, plan },
        later,
        ...(confirmed ? { applied: confirmedLeaves(desired.leaves) } : {}),
        ...(ours || (created && observed.presence.state === 'present') ? { ownerUid: identity.uid } : {}),
      };
    }
    object = await intendPlan(kind, plan, object, input);
    created ||= observed.presence.state === 'absent';
    for (const action of plan.actions) {
      observed = await act(kind, action, { object, desired, identity, observed }, input);
    }
    if (created && !isMarkedOurs(observed, identity)) {
      // Some creations answer with what was there already: whose that is has to be judged first.
      if (kind.readsTagsOfExisting !== true || observed.presence.state !== 'present') {
        const problem = { reason: 'ConfirmingCreation', message: 'looking whether what was created is ours' };
        return { standing: { type: 'progressing', problem, pollMs: 1_000 }, object, seen: undefined };
      }
      const owned = await settleOwnership(kind, observed.presence, object, input);
      object = owned.object;
      if (owned.type === 'notOurs') return { standing: owned.standing, object, seen: undefined };
      ours = true;
      created = false;
      observed = { ...observed, presence: { ...observed.presence, tags: owned.tags } };
    }
    done.add(fingerprint(kind, plan));
    unset = [];
  }
}

/**
 * Nobody waits for what a live object would take away, such as old revisions, and AWS's rates may let it wait for long:
 * first the status tells what there is to tell. Brakes hold it as well.
 */
async function withoutDeletions<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
>(
  kind: Kind<Spec, Status, Desired, Observed, Action>,
  plan: Plan<Action, Status>,
  { metadata }: EcsObject<Spec, Status>,
  input: FlowInput<Spec, Status, Desired>,
): Promise<{ readonly plan: Plan<Action, Status>; readonly later: boolean }> {
  const kept = plan.actions.filter((action) => !kind.isDestructive(action));
  if (kept.length === plan.actions.length) return { plan, later: false };
  const without = { ...plan, actions: kept };
  if ((await input.heldDeletion()) !== undefined) return { plan: without, later: false };
  if (input.held !== undefined || input.memory.wasTold(input.key, metadata.generation)) return { plan, later: false };
  return { plan: without, later: true };
}

/** What AWS was seen to hold just now, when that is all that is asked of it. */
function recall<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
>(
  kind: Kind<Spec, Status, Desired, Observed, Action>,
  { key, object, memory, patience, prepared, held }: FlowInput<Spec, Status, Desired>,
): Observed | undefined {
  const { desired, identity } = prepared;
  const { generation } = object.metadata;
  if (kind.recall === undefined || !memory.lookedLately(key, generation, patience.freshMs)) return undefined;
  if (!sameLeaves(object.status?.applied, confirmedLeaves(desired.leaves))) return undefined;
  return kind.recall({ object, desired, identity, held: held !== undefined });
}

/** Why the loop ends here, or undefined when the plan's actions are to be done. */
function stopping<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
>(
  kind: Kind<Spec, Status, Desired, Observed, Action>,
  plan: Plan<Action, Status>,
  object: EcsObject<Spec, Status>,
  input: FlowInput<Spec, Status, Desired>,
  done: ReadonlySet<string>,
): Standing | undefined {
  if (plan.stalled !== undefined) return { type: 'stalled', problem: plan.stalled };
  if (plan.actions.length === 0) {
    if (plan.waiting !== undefined) return { type: 'progressing', problem: plan.waiting, pollMs: plan.waiting.pollMs };
    if (plan.reported.length === 0) return { type: 'inSync' };
    const paths = plan.reported.map(({ path }) => path).join(', ');
    return {
      type: 'driftReported',
      problem: { reason: 'DriftReported', message: `changed in AWS and left so by policy: ${paths}` },
    };
  }
  const would = plan.actions.map((action) => kind.describe(action)).join('; ');
  if (input.held !== undefined) {
    return { type: 'held', problem: { reason: input.held.reason, message: `${input.held.message}; would ${would}` } };
  }
  if (done.has(fingerprint(kind, plan))) {
    return {
      type: 'stalled',
      problem: { reason: 'NotHeld', message: `AWS took the change but does not show it: ${would}` },
    };
  }
  // Nothing new was declared, so this looks like somebody's change; just after a change of ours it may be a late read.
  const declared = confirmedLeaves(input.prepared.desired.leaves);
  const tidying = plan.actions.every((action) => kind.isDestructive(action));
  const nothingNew =
    !tidying && plan.intent === undefined && sameLeaves(object.status?.applied, declared) && done.size === 0;
  if (nothingNew && input.memory.actedWithin(input.key, input.patience.readLagMs)) {
    const problem = { reason: 'LookingAgain', message: `AWS may not show our last change yet; else would ${would}` };
    return { type: 'progressing', problem, pollMs: input.patience.lookAgainMs };
  }
  return undefined;
}

/**
 * Absence of what we made, and of what is to be adopted, is believed only when it was seen for a while; then the next
 * creation of what we made is a new one.
 */
async function settleAbsence<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
>(
  kind: Kind<Spec, Status, Desired, Observed, Action>,
  certain: boolean,
  object: EcsObject<Spec, Status>,
  input: FlowInput<Spec, Status, Desired>,
): Promise<
  | { readonly type: 'absent'; readonly object: EcsObject<Spec, Status> }
  | { readonly type: 'waiting'; readonly standing: Standing }
> {
  const { status } = object;
  const expected = status !== undefined && (kind.expects?.(status, input.prepared.desired) ?? status.arn !== undefined);
  // Somebody may have made it a moment ago, and making another would replace what runs.
  const adopting = object.spec.policy?.adoption === 'Adopt' && status?.applied === undefined;
  const { lostMs } = input.patience;
  if ((expected || adopting) && !certain && !input.memory.confirms(input.key, 'absence', lostMs)) {
    const what = status?.arn ?? (adopting ? `${input.prepared.desired.name}, which is to be adopted,` : 'it');
    const problem = { reason: 'ConfirmingAbsence', message: `${what} is not found in AWS; looking again` };
    return { type: 'waiting', standing: { type: 'progressing', problem, pollMs: lostMs } };
  }
  if (!expected) {
    input.memory.dismiss(input.key, 'absence');
    return { type: 'absent', object };
  }
  if (input.held !== undefined) {
    const held = { reason: input.held.reason, message: `${input.held.message}; would make anew what is gone from AWS` };
    return { type: 'waiting', standing: { type: 'held', problem: held } };
  }
  // Safe: these are members of CommonStatus, which Status extends; undefined removes the member.
  const patch = { arn: undefined, ownerUid: undefined, incarnation: (status.incarnation ?? 0) + 1 } as Partial<Status>;
  const intended = await input.intend(object, patch, {
    reason: 'Lost',
    message: `${status.arn ?? 'it'} is gone from AWS; making it anew`,
  });
  input.memory.dismiss(input.key, 'absence');
  input.note({ type: 'Warning', reason: 'Lost', message: `${status.arn ?? 'it'} is gone from AWS; making it anew` });
  return { type: 'absent', object: intended };
}

/** Writes ahead what a crash must not forget: the paths about to be declared, the frozen name, the plan's own intent. */
async function intendPlan<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
>(
  kind: Kind<Spec, Status, Desired, Observed, Action>,
  plan: Plan<Action, Status>,
  object: EcsObject<Spec, Status>,
  input: FlowInput<Spec, Status, Desired>,
): Promise<EcsObject<Spec, Status>> {
  const { desired, account } = input.prepared;
  const { status } = object;
  const applied = intendedLeaves(status?.applied, desired.leaves);
  const known = status?.name !== undefined && status.account !== undefined && sameLeaves(status.applied, applied);
  if (known && plan.intent === undefined) return object;
  const common: Partial<CommonStatus> = { name: desired.name, account: accountStatus(account), applied };
  // Ready stays what it is about the former generation: what comes of the calls decides whether it goes.
  const calm = findCondition(status?.conditions, 'Ready')?.status === 'True';
  const why = { reason: 'Applying', message: plan.actions.map((action) => kind.describe(action)).join('; ') };
  // Safe: CommonStatus is what Status extends.
  return input.intend(object, { ...(common as Partial<Status>), ...plan.intent }, calm ? undefined : why);
}

/** While a creation is under way (Cloud Map's operations) there is nothing to carry our tags yet. */
function isMarkedOurs(observed: ObservedBase, identity: Identity): boolean {
  const { presence } = observed;
  if (presence.state === 'absent') return true;
  return Object.entries(identity.tags).every(([key, value]) => presence.tags[key] === value);
}

function fingerprint<Status, Action extends { readonly type: string }>(
  kind: { describe(action: Action): string },
  plan: Plan<Action, Status>,
): string {
  return plan.actions.map((action) => kind.describe(action)).join('\n');
}
