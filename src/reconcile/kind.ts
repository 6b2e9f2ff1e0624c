import type { CallPriority } from '../aws/limiter.ts';
import type { Operation, OperationInput, OperationOutput } from '../aws/operations.ts';
import type { AwsTarget } from '../aws/send.ts';
import type { ResourceType } from '../kube/object.ts';
import type { Difference } from '../shape/compare.ts';
import type { CommonStatus, EcsObject, ObjectRef, OwnSpec, StatusPatch } from './types.ts';

/** Our kinds. */
export const KIND_NAMES = [
  'AwsAccount',
  'CloudMapNamespace',
  'CloudMapService',
  'EcsCluster',
  'EcsService',
  'EcsTaskDefinition',
] as const;

export type KindName = (typeof KIND_NAMES)[number];

export function isKindName(kind: string): kind is KindName {
  return (KIND_NAMES as readonly string[]).includes(kind);
}

/** A reference in a spec, as a kind's `references` finds it. */
export interface Reference extends ObjectRef {
  /** Where it stands, e.g. `clusterRef` or `serviceRegistries[0].cloudMapServiceRef`. */
  readonly path: string;
  readonly kind: KindName;
}

/** A reference whose target may be used: it exists, consents, is in the same account, and AWS holds its generation. */
export interface ResolvedReference {
  readonly reference: Reference;
  /** Undefined only during deletion, when the target is gone and status still tells what it was. */
  readonly target: EcsObject | undefined;
  /** The target's ARN in AWS. */
  readonly arn: string;
  /** The target's name in AWS. */
  readonly name: string;
}

/** Something that only a person, or another object, can put right. */
export interface Problem {
  /** CamelCase, stable. */
  readonly reason: string;
  /** What is wrong and what to do about it. */
  readonly message: string;
}

/** Something that an object names on its own, without a reference, and that its account has to grant. */
export type GrantRequest =
  | { readonly kind: 'passRole'; readonly path: string; readonly roleArn: string }
  | { readonly kind: 'cluster'; readonly path: string; readonly cluster: string };

/** What a spec asks of AWS, as far as the shared flow has to know. Kinds add their own. */
export interface DesiredBase {
  /** AWS's name of the resource. */
  readonly name: string;
  /** What must be unique within account and region, e.g. `<cluster>/<service>`; two objects with one claim collide. */
  readonly claim: string;
  readonly grants: readonly GrantRequest[];
  /** Every declared leaf → short hash of its value; tags as `tags[key=…]`. */
  readonly leaves: Readonly<Record<string, string>>;
}

/** Whether the resource is there. */
export type Presence =
  /** `certain`: AWS said INACTIVE or not found in a way that cannot be a late read of a creation. */
  | { readonly state: 'absent'; readonly certain: boolean }
  | {
      readonly state: 'present';
      readonly arn: string;
      readonly tags: TagMap;
      /** Status knows it as ours, though not as its `arn`: an older revision of a task definition. */
      readonly remembered?: true;
    }
  /** On its way out (DRAINING, DELETE_IN_PROGRESS): neither usable nor gone. */
  | { readonly state: 'leaving'; readonly arn: string; readonly tags: TagMap; readonly message: string };

export type TagMap = Readonly<Record<string, string>>;

/** What was read of AWS, as far as the shared flow has to know. Kinds add their own. */
export interface ObservedBase {
  readonly presence: Presence;
}

/** The tags that say whose a resource is; every creation carries them. */
export interface Identity {
  readonly installation: string;
  readonly kind: KindName;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The same as tags, `ecs-operator.dev/…`. */
  readonly tags: TagMap;
}

/** An account as it was resolved for an object, verified to be the one it says. */
export interface ResolvedAccount {
  /** The AwsAccount's name; undefined for the operator's own identity. */
  readonly name: string | undefined;
  readonly accountId: string | undefined;
  readonly target: AwsTarget;
}

export interface DesiredInput<Spec extends OwnSpec, Status extends CommonStatus> {
  readonly object: EcsObject<Spec, Status>;
  readonly account: ResolvedAccount;
  readonly identity: Identity;
  /** By `Reference.path`. */
  readonly references: ReadonlyMap<string, ResolvedReference>;
  /** The frozen name, or the explicit one, or the one by the account's template. */
  readonly resolvedName: string;
}

/** The gateway, bound to one account and one reconcile. */
export interface AwsSession {
  readonly target: AwsTarget;
  readonly signal: AbortSignal;
  readonly priority: CallPriority;
  /** @throws AwsCallError */
  call<O extends Operation>(operation: O, input: OperationInput<O>): Promise<OperationOutput<O>>;
}

export interface ObserveInput<Spec extends OwnSpec, Status extends CommonStatus, Desired> {
  readonly object: EcsObject<Spec, Status>;
  readonly desired: Desired;
  readonly identity: Identity;
  /** Whether nothing may be changed (paused, read-only): then no creation of ours will tell what is there already. */
  readonly held?: boolean;
}

/** What to do about a leaf that AWS holds otherwise than declared. */
export type LeafVerdict = 'apply' | 'report' | 'ignore';

export interface PlanInput<Spec extends OwnSpec, Status extends CommonStatus, Desired, Observed> {
  readonly object: EcsObject<Spec, Status>;
  readonly desired: Desired;
  readonly observed: Observed;
  readonly identity: Identity;
  /** Paths that an earlier spec declared and this one does not, to be cleared once. */
  readonly unset: readonly string[];
  /** A changed spec is always applied; a leaf that somebody changed in AWS goes by policy. */
  judge(path: string): LeafVerdict;
  /** Whether AWS confirmed this very value of the leaf before: for `compareDeclared`. */
  confirmed(path: string): boolean;
  /** Live objects of ours that refer to this one. */
  readonly dependents: readonly EcsObject[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What is to be done now, and what is left as it is. Pure data. */
export interface Plan<Action, Status> {
  /** In this order. Empty when AWS holds what is declared. */
  readonly actions: readonly Action[];
  /** Left as they are, by policy: shown as drift. */
  readonly reported: readonly Difference[];
  /** Part of the status that has to be written before the first action, e.g. `restart`. */
  readonly intent?: StatusPatch<Status>;
  /** AWS is at work on something that we wait for before the next action. */
  readonly waiting?: Problem & { readonly pollMs: number };
  /** No action of ours helps. */
  readonly stalled?: Problem;
}

/** What a kind says of itself in status; the shared flow adds the rest. */
export interface KindReport<Status> {
  /** The kind's own members of status, complete: what is left out here is removed. */
  readonly fields: Omit<Status, keyof CommonStatus>;
  /** Beyond Ready, Synced, Reconciling, Stalled, Drifted: RolledOut, Available. Ready needs each one True. */
  readonly conditions: readonly {
    readonly type: 'RolledOut' | 'Available';
    readonly status: 'True' | 'False' | 'Unknown';
    readonly reason: string;
    readonly message: string;
  }[];
  /** AWS is still at work: shown as Reconciling, looked at again after `pollMs`. */
  readonly progress?: Problem & { readonly pollMs: number };
  readonly stalled?: Problem;
  /** To be told as Kubernetes Events, once the status is written: it has to say which were told. */
  readonly events?: readonly EventNote[];
}

export interface EventNote extends Problem {
  readonly type: 'Normal' | 'Warning';
}

/**
 * One kind, given to the shared flow (`reconciler.ts`):
 * references → desired → observe → plan → act, until the plan is empty → report.
 * `references`, `desired`, `plan`, `planDeletion` and `report` are pure; `observe` only reads; `act` alone changes AWS.
 */
export interface Kind<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
> {
  readonly name: KindName;
  readonly type: ResourceType;
  /** The condition types of its reports. */
  readonly conditionTypes: readonly ('RolledOut' | 'Available')[];
  /** Whether a change in the status of what refers to it concerns it. */
  readonly followsDependents: boolean;
  /**
   * Whether a creation that finds the resource there already answers with its tags as AWS holds them: then whose it is
   * is judged at once, without a second look.
   */
  readonly readsTagsOfExisting?: true;
  /**
   * Whether status says that this very resource was made, so that its absence is a loss. By default: status has an ARN.
   * A task definition whose content is new expects nothing.
   */
  expects?(status: Status, desired: Desired): boolean;
  /** AWS's own name member, given by the person, when it stands in the spec (`family`, `serviceName`, …). */
  explicitName(spec: Spec): string | undefined;
  references(spec: Spec): readonly Reference[];
  /** @returns what is asked, or why it cannot be known: stalled until the spec or a dependency changes. */
  desired(input: DesiredInput<Spec, Status>): Desired | { readonly problem: Problem };
  /** @throws AwsCallError */
  observe(input: ObserveInput<Spec, Status, Desired>, aws: AwsSession): Promise<Observed>;
  /**
   * What AWS was seen to hold, as far as status tells it: for passes shortly after one that found everything as it has
   * to be, made only because of those that refer to the object. Pure. Left out: AWS is asked each time.
   */
  recall?(input: ObserveInput<Spec, Status, Desired>): Observed | undefined;
  plan(input: PlanInput<Spec, Status, Desired, Observed>): Plan<Action, Status>;
  /** The same for an object that is being deleted; an empty plan while something is there means to wait. */
  planDeletion(input: PlanInput<Spec, Status, Desired, Observed>): Plan<Action, Status>;
  /**
   * What an object that is being deleted has in AWS besides its resource, which is another's: as `observe` shows it, with
   * the resource absent for certain. Left out: nothing. @throws AwsCallError
   */
  observeBesides?(
    input: ObserveInput<Spec, Status, Desired> & { readonly observed: Observed },
    aws: AwsSession,
  ): Promise<Observed>;
  /** Own members of status that a deletion has to know the next time, e.g. the operation that AWS is at. Pure. */
  deletionStatus?(observed: Observed): StatusPatch<Status>;
  /**
   * Whether an action takes something away in AWS: brakes hold it, read-only and paused too. For a live object nobody
   * waits for it: it is done once the status is written.
   */
  isDestructive(action: Action): boolean;
  /**
   * For an action that must not be done twice and carries no token: what tells it from others of its type, and whether
   * status says that it was begun before. Undefined or left out: doing it again does no harm.
   */
  once?(
    action: Action,
    input: ObserveInput<Spec, Status, Desired> & { readonly observed: Observed },
  ): { readonly id: string; readonly begun: boolean } | undefined;
  /** One line for read-only mode, paused objects and logs, e.g. `UpdateService desiredCount 2 → 3`. */
  describe(action: Action): string;
  /** @returns the observed state with the answer folded in, so that no second read is needed. @throws AwsCallError */
  act(
    action: Action,
    input: ObserveInput<Spec, Status, Desired> & { readonly observed: Observed; readonly incarnation: number },
    aws: AwsSession,
  ): Promise<Observed>;
  /** Adds tags to, or overwrites them on, the resource that was observed. @throws AwsCallError */
  writeTags(
    presence: Extract<Presence, { state: 'present' | 'leaving' }>,
    tags: TagMap,
    aws: AwsSession,
  ): Promise<void>;
  /** `plan` is the last one: with actions left in it when something kept us from doing them. */
  report(
    input: PlanInput<Spec, Status, Desired, Observed> & { readonly plan: Plan<Action, Status> },
  ): KindReport<Status>;
}
