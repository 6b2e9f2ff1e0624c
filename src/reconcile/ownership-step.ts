import type { FlowInput } from './flow.ts';
import type { AwsSession, DesiredBase, Kind, ObservedBase, Presence, TagMap } from './kind.ts';
import { judgeOwnership, knowsTwoOwners } from './ownership.ts';
import type { Standing } from './standing.ts';
import type { CommonStatus, EcsObject, OwnSpec } from './types.ts';

type Held = Extract<Presence, { state: 'present' }>;

export type OwnershipStep<Spec extends OwnSpec, Status extends CommonStatus> =
  | { readonly type: 'ours'; readonly object: EcsObject<Spec, Status>; readonly tags: TagMap }
  | { readonly type: 'notOurs'; readonly object: EcsObject<Spec, Status>; readonly standing: Standing };

/** Finds out whose a resource is, and makes it ours by its tags where it is ours to take (rule 6 of the design). */
export async function settleOwnership<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
>(
  kind: Pick<Kind<Spec, Status, Desired, Observed, Action>, 'writeTags'>,
  presence: Held,
  object: EcsObject<Spec, Status>,
  input: FlowInput<Spec, Status, Desired>,
): Promise<OwnershipStep<Spec, Status>> {
  const { identity } = input.prepared;
  const ownership = judgeOwnership({
    presence,
    identity,
    status: object.status,
    policy: object.spec.policy,
    ownerExists: input.ownerExists,
  });
  if (ownership.type !== 'twoOwners') input.memory.dismiss(input.key, 'twoOwners');
  const tag = () => writeOwnTags(kind, presence, input);
  switch (ownership.type) {
    case 'ours':
      return { type: 'ours', object, tags: presence.tags };
    case 'foreign':
      return { type: 'notOurs', object, standing: { type: 'stalled', problem: ownership.problem } };
    case 'twoOwners': {
      // A read that lags behind our own tagging looks the same.
      const { ownersMs } = input.patience;
      if (!knowsTwoOwners(object.status) && !input.memory.confirms(input.key, 'twoOwners', ownersMs)) {
        return {
          type: 'notOurs',
          object,
          standing: { type: 'progressing', problem: ownership.problem, pollMs: ownersMs },
        };
      }
      if (ownership.mark !== undefined && input.held === undefined)
        await kind.writeTags(presence, ownership.mark, input.aws);
      return { type: 'notOurs', object, standing: { type: 'stalled', problem: ownership.problem } };
    }
    case 'stripped': {
      if (input.held !== undefined)
        return heldBack(object, input.held, `put back the ownership tags of ${presence.arn}`);
      const tags = await tag();
      input.note({ type: 'Normal', reason: 'TagsRestored', message: `put back the ownership tags of ${presence.arn}` });
      return { type: 'ours', object, tags };
    }
    case 'takeOver': {
      if (input.held !== undefined) return heldBack(object, input.held, `take over ${presence.arn}`);
      const tags = await tag();
      input.note({
        type: 'Normal',
        reason: 'TakenOver',
        message: `took over ${presence.arn}, made for an object of the same name with UID ${ownership.fromUid}`,
      });
      return { type: 'ours', object, tags };
    }
    case 'adopt': {
      if (input.held !== undefined) return heldBack(object, input.held, `adopt ${presence.arn}`);
      // Written before the tags: what was adopted must never be taken for something that we made.
      // Safe: `adopted` is a member of CommonStatus, which Status extends.
      const patch = { adopted: true } as Partial<Status>;
      const intended = await input.intend(object, patch, { reason: 'Adopting', message: `adopting ${presence.arn}` });
      const tags = await tag();
      input.note({ type: 'Normal', reason: 'Adopted', message: `adopted ${presence.arn}` });
      return { type: 'ours', object: intended, tags };
    }
    default:
      return ownership satisfies never;
  }
}

async function writeOwnTags<Spec extends OwnSpec, Status extends CommonStatus, Desired>(
  kind: { writeTags(presence: Held, tags: TagMap, aws: AwsSession): Promise<void> },
  presence: Held,
  input: FlowInput<Spec, Status, Desired>,
): Promise<TagMap> {
  const { tags } = input.prepared.identity;
  await kind.writeTags(presence, tags, input.aws);
  input.memory.acted(input.key);
  return { ...presence.tags, ...tags };
}

function heldBack<Spec extends OwnSpec, Status extends CommonStatus>(
  object: EcsObject<Spec, Status>,
  held: { readonly reason: string; readonly message: string },
  would: string,
): OwnershipStep<Spec, Status> {
  const problem = { reason: held.reason, message: `${held.message}; would ${would}` };
  return { type: 'notOurs', object, standing: { type: 'held', problem } };
}
