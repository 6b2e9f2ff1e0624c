import type { AwsSession, EventNote, Plan, Problem } from './kind.ts';
import type { Memory } from './memory.ts';
import type { Patience } from './patience.ts';
import type { Prepared } from './prepare.ts';
import type { Standing } from './standing.ts';
import type { Applied, CommonStatus, EcsObject, OwnSpec, StatusPatch } from './types.ts';

/** What the flow needs of the world for one object. */
export interface FlowInput<Spec extends OwnSpec, Status extends CommonStatus, Desired> {
  /** `<Kind>/<namespace>/<name>`. */
  readonly key: string;
  readonly object: EcsObject<Spec, Status>;
  readonly prepared: Prepared<Desired>;
  readonly aws: AwsSession;
  readonly memory: Memory;
  readonly patience: Patience;
  readonly dependents: readonly EcsObject[];
  /** Why nothing may be changed, if so. */
  readonly held: Problem | undefined;
  /** What holds deletions in AWS besides: protection, a CRD on its way out. Asked only when something is to go. */
  heldDeletion(): Promise<Problem | undefined>;
  now(): number;
  ownerExists(kind: string, namespace: string, name: string): boolean;
  /**
   * Writes part of the status ahead of an effect, against the resourceVersion that was decided on. `why` goes into the
   * conditions; without it they stay as they are.
   * @returns the object as it then stands. @throws KubeApiError, and the effect does not happen.
   */
  intend(
    object: EcsObject<Spec, Status>,
    patch: StatusPatch<Status>,
    why: Problem | undefined,
  ): Promise<EcsObject<Spec, Status>>;
  /** Tells a Kubernetes Event. */
  note(event: EventNote): void;
}

/** What came of it. */
export interface FlowResult<Spec extends OwnSpec, Status extends CommonStatus, Observed, Action> {
  readonly standing: Standing;
  /** The object as our last write left it. */
  readonly object: EcsObject<Spec, Status>;
  /** Undefined when AWS was not read, or what it holds is not ours. */
  readonly seen: { readonly observed: Observed; readonly plan: Plan<Action, Status> } | undefined;
  /** Undefined: as it stands in the object's status. */
  readonly applied?: Applied;
  readonly ownerUid?: string;
  /** Something is left that nobody waits for: to be done once the status is written. */
  readonly later?: boolean;
}
