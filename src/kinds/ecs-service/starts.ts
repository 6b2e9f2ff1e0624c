import { unsetLeaves } from '../../reconcile/applied.ts';
import type { Difference } from '../../shape/compare.ts';
import { topMember } from '../../shape/leaves.ts';
import { type DriftInput, effectiveController } from './drift.ts';
import { isUpdatable, rulesOf } from './fields.ts';
import { unsetByMember } from './unset.ts';

/** Whether a change of this member, or of what is inside, starts a deployment. */
export function startsDeployment(path: string): boolean {
  const member = topMember(path);
  return member === 'taskDefinition' || rulesOf(member).starts === true;
}

/** The fields that left the spec and that AWS still holds, by member. */
export function givenUp(input: DriftInput): ReadonlyMap<string, readonly string[]> {
  const { desired, observed, status } = input;
  return unsetByMember({
    paths: unsetLeaves(status?.applied, desired.leaves),
    declared: desired.request,
    live: observed.live,
    controller: effectiveController(input),
  });
}

/** Of all that differs, the members that only a deployment can bring about. */
export function membersToRollOut(input: DriftInput, found: readonly Difference[]): readonly string[] {
  const controller = effectiveController(input);
  const members = [...found.map(({ path }) => topMember(path)), ...givenUp(input).keys()];
  return [...new Set(members)].filter((member) => startsDeployment(member) && isStartable(member, controller));
}

function isStartable(member: string, controller: ReturnType<typeof effectiveController>): boolean {
  return member === 'taskDefinition' ? controller === 'ECS' : isUpdatable(member, controller);
}
