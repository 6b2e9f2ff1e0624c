import { AwsCallError } from '../aws/errors.ts';
import { OPERATIONS } from '../aws/operations.ts';
import type { AwsTarget } from '../aws/send.ts';
import { isForbidden } from '../kube/errors.ts';
import type { ResourceType } from '../kube/object.ts';
import type { Clock } from '../runtime/clock.ts';
import { type ObjectKey, objectKey } from '../runtime/object-key.ts';
import type { Outcome } from '../runtime/outcome.ts';
import type { Store } from '../runtime/store.ts';
import type { AccountSources } from './account.ts';
import { withAccountSeen } from './account-seen.ts';
import { heldChange, heldDeletion } from './brakes.ts';
import { callPriority } from './call-priority.ts';
import type { Claims } from './claims.ts';
import { converge } from './converge.ts';
import type { DeletionBudget } from './deletion-budget.ts';
import { expectedFailure } from './expected-failure.ts';
import type { FlowInput, FlowResult } from './flow.ts';
import {
  type AwsSession,
  type DesiredBase,
  type EventNote,
  isKindName,
  type Kind,
  type KindName,
  type ObservedBase,
} from './kind.ts';
import { Memory } from './memory.ts';
import { hasFinalizer, ObjectWriter, type WritingClient } from './object-writer.ts';
import { outcomeOf } from './outcome-of.ts';
import { PATIENCE, type Patience } from './patience.ts';
import { type Prepared, prepare } from './prepare.ts';
import { isUser, linkKey, type ReferenceSources } from './references.ts';
import { stalledNote } from './stalled-note.ts';
import { type Standing, standingOf } from './standing.ts';
import { intendedStatus, sameJson, statusOf } from './status.ts';
import { isRetained, neverApplied, type TeardownResult, teardown } from './teardown.ts';
import type { CommonStatus, EcsObject, OwnSpec, StatusPatch } from './types.ts';
import type { ClusterView } from './view.ts';

/** What the reconcilers of all kinds share. */
export interface ReconcilerServices {
  readonly clock: Clock;
  readonly client: WritingClient;
  readonly view: ClusterView;
  readonly own: AccountSources['own'];
  readonly claims: Claims;
  readonly budget: DeletionBudget;
  readonly installation: string;
  readonly readOnly: boolean;
  /** Default `PATIENCE`. */
  readonly patience?: Patience | undefined;
  /** The name of the kind's CRD while it is being deleted, asked of the API server. @throws KubeApiError */
  deletingCrd(type: ResourceType, signal: AbortSignal): Promise<string | undefined>;
  /**
   * The AwsAccount for objects of a namespace that name none, asked of the API server: the caches may not have come so far.
   */
  assignedAccount(namespace: string, signal: AbortSignal): Promise<string | undefined>;
  session(target: AwsTarget, priority: AwsSession['priority'], signal: AbortSignal): AwsSession;
  /** Tells a Kubernetes Event about an object; never blocks, never throws. */
  event(object: EcsObject, note: EventNote): void;
  /** The conditions of an object after each reconcile, or undefined when it is gone; for metrics. */
  conditions(kind: KindName, object: EcsObject, conditions: CommonStatus['conditions']): void;
}

/**
 * Reconciles the objects of one kind: the imperative shell around the pure steps. It alone writes status and
 * finalizers, and only the kind's `act`, called by converge and teardown, changes AWS.
 */
export class ObjectReconciler<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
> {
  readonly #kind: Kind<Spec, Status, Desired, Observed, Action>;
  readonly #store: Store<EcsObject<Spec, Status>>;
  readonly #writer: ObjectWriter<Spec, Status>;
  readonly #services: ReconcilerServices;
  readonly #memory: Memory;
  readonly #sources: AccountSources & ReferenceSources;

  constructor(options: {
    kind: Kind<Spec, Status, Desired, Observed, Action>;
    store: Store<EcsObject<Spec, Status>>;
    services: ReconcilerServices;
  }) {
    this.#kind = options.kind;
    this.#store = options.store;
    this.#services = options.services;
    this.#memory = new Memory(options.services.clock);
    const { view, own } = options.services;
    this.#sources = {
      own,
      account: (name) => view.account(name),
      namespace: (name) => view.namespace(name),
      object: (kind, namespace, name) => view.object(kind, namespace, name),
    };
    this.#writer = new ObjectWriter({ client: options.services.client, store: options.store, type: options.kind.type });
  }

  /** One pass over one object. @throws what is not AWS's or Kubernetes' doing: the controller counts and retries it. */
  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Outcome> {
    const object = this.#store.get(key);
    if (object === undefined) return this.#gone(key);
    this.#memory.meet(this.#linkOfKey(key), object.metadata);
    try {
      return object.metadata.deletionTimestamp === undefined
        ? await this.#live(object, signal)
        : await this.#deleting(object, signal);
    } catch (error) {
      const failure = expectedFailure(error);
      if (failure !== undefined) return failure;
      throw error;
    }
  }

  #gone(key: ObjectKey): Outcome {
    const link = this.#linkOfKey(key);
    this.#services.claims.release(link);
    this.#memory.forget(link);
    return { type: 'settled' };
  }

  async #live(object: EcsObject<Spec, Status>, signal: AbortSignal): Promise<Outcome> {
    const { installation } = this.#services;
    const known = prepare(this.#kind, { object, installation, sources: this.#sources, deleting: false });
    const preparation = await withAccountSeen({
      object,
      link: this.#link(object),
      preparation: known,
      memory: this.#memory,
      assignedAccount: (namespace) => this.#services.assignedAccount(namespace, signal),
    });
    if (preparation.type === 'blocked') {
      const { standing } = preparation;
      const silentMs = this.#silentFor(object, standing);
      if (silentMs > 0) return { type: 'waiting', requeueAfterMs: silentMs };
      return this.#settle({ object, signal, standing, prepared: undefined });
    }
    this.#memory.dismiss(this.#link(object), 'waiting');
    const { prepared } = preparation;
    const rival = this.#claim(object, prepared);
    if (rival !== undefined) {
      const message = `the name ${prepared.desired.name} is taken by ${rival}; give one of the two another name`;
      return this.#settle({
        object,
        signal,
        standing: { type: 'stalled', problem: { reason: 'NameTaken', message } },
        prepared,
      });
    }
    let current = object;
    const held = this.#held(object, prepared);
    if (held === undefined && !hasFinalizer(object)) current = await this.#writer.addFinalizer(object, signal);

    // What the intents wrote has to be known even when a later call fails.
    const input = this.#flowInput(current, prepared, signal, (intended) => {
      current = intended;
    });
    let acting = false;
    const aws: AwsSession = {
      ...input.aws,
      call: (operation, request) => {
        acting ||= OPERATIONS[operation].effect === 'write';
        return input.aws.call(operation, request);
      },
    };
    let result: FlowResult<Spec, Status, Observed, Action>;
    try {
      result = await converge(this.#kind, { ...input, aws });
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      return this.#settle({ object: current, signal, standing: standingOf(error, !acting), prepared });
    }
    return this.#settle({ ...result, signal, prepared });
  }

  /**
   * Objects that are applied together wait for each other for a moment. What was never in AWS need not say so: its first
   * status is about to be written. @returns how long to wait before it is said; milliseconds, 0 for at once.
   */
  #silentFor(object: EcsObject<Spec, Status>, standing: Standing): number {
    const link = this.#link(object);
    if (standing.type !== 'waiting' || object.status?.arn !== undefined) {
      this.#memory.dismiss(link, 'waiting');
      return 0;
    }
    const { silentMs } = this.#services.patience ?? PATIENCE;
    return this.#memory.confirms(link, 'waiting', silentMs) ? 0 : silentMs;
  }

  async #deleting(object: EcsObject<Spec, Status>, signal: AbortSignal): Promise<Outcome> {
    if (!hasFinalizer(object)) return { type: 'settled' };
    if (isRetained(object)) return this.#release(object, 'kept in AWS, as its deletion policy says', signal);
    if (neverApplied(object)) return this.#release(object, 'nothing was made in AWS', signal);
    const { installation } = this.#services;
    const dependents = this.#dependents(object);
    if (dependents.length > 0) {
      const names = dependents.slice(0, 5).map((one) => `${one.kind} ${one.metadata.namespace}/${one.metadata.name}`);
      const message = `still referred to by ${names.join(', ')}${dependents.length > 5 ? ' and others' : ''}`;
      return this.#settle({
        object,
        signal,
        standing: { type: 'waiting', problem: { reason: 'InUse', message } },
        prepared: undefined,
      });
    }
    const preparation = prepare(this.#kind, { object, installation, sources: this.#sources, deleting: true });
    if (preparation.type === 'blocked') {
      return this.#settle({ object, signal, standing: preparation.standing, prepared: undefined });
    }
    const { prepared } = preparation;
    // After a restart too the name stays taken until it is gone from AWS.
    this.#claim(object, prepared);
    let step: TeardownResult<Observed>;
    try {
      step = await teardown(this.#kind, {
        ...this.#flowInput(object, prepared, signal, () => {}),
        budget: this.#services.budget,
      });
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      return this.#settle({ object, signal, standing: standingOf(error, false), prepared });
    }
    if (step.type === 'released') return this.#release(object, step.why, signal);
    const remembered = this.#kind.deletionStatus?.(step.observed);
    return this.#settle({ object, signal, standing: step.standing, prepared, remembered });
  }

  async #release(object: EcsObject<Spec, Status>, why: string, signal: AbortSignal): Promise<Outcome> {
    this.#services.event(object, { type: 'Normal', reason: 'Released', message: why });
    await this.#writer.removeFinalizer(object, signal);
    return { type: 'settled' };
  }

  /** Writes what came of it, when it says something new, and tells the queue when to look again. */
  async #settle(ending: {
    readonly object: EcsObject<Spec, Status>;
    readonly signal: AbortSignal;
    readonly standing: Standing;
    readonly prepared: Prepared<Desired> | undefined;
    readonly seen?: FlowResult<Spec, Status, Observed, Action>['seen'];
    readonly remembered?: StatusPatch<Status> | undefined;
    readonly applied?: FlowResult<Spec, Status, Observed, Action>['applied'];
    readonly ownerUid?: string;
    readonly later?: boolean;
  }): Promise<Outcome> {
    const { object, standing, prepared, seen } = ending;
    const { clock } = this.#services;
    const link = this.#link(object);
    const inARow = this.#memory.ended(link, standing.type);
    const report =
      seen === undefined || prepared === undefined
        ? undefined
        : this.#kind.report({ ...this.#planInput(object, prepared, seen.observed), plan: seen.plan });
    const presence = seen?.observed.presence;
    const status = statusOf<Spec, Status>({
      object,
      standing,
      failures: standing.type === 'failed' ? inARow : 0,
      ownTypes: this.#kind.conditionTypes,
      prepared,
      seen:
        report === undefined || seen === undefined
          ? undefined
          : { report, plan: seen.plan, arn: presence?.state === 'absent' ? undefined : presence?.arn },
      remembered: ending.remembered,
      applied: ending.applied,
      ownerUid: ending.ownerUid,
      now: clock.now(),
    });
    let written = object;
    if (!sameJson(status, object.status)) {
      const note = stalledNote(object.status, status);
      if (note !== undefined) this.#services.event(object, note);
      written = await this.#writer.writeStatus(object, status, { exact: false, signal: ending.signal });
    }
    for (const note of report?.events ?? []) this.#services.event(written, note);
    // An object that went meanwhile must not leave its measures behind.
    if (this.#store.get(objectKey(object.metadata))?.metadata.uid === object.metadata.uid) {
      this.#services.conditions(this.#kind.name, written, written.status?.conditions);
    }
    if (ending.later) this.#memory.told(link, object.metadata.generation);
    return outcomeOf(standing, { pollMs: report?.progress?.pollMs, inARow, later: ending.later ?? false });
  }

  #flowInput(
    object: EcsObject<Spec, Status>,
    prepared: Prepared<Desired>,
    signal: AbortSignal,
    intended: (object: EcsObject<Spec, Status>) => void,
  ): FlowInput<Spec, Status, Desired> {
    const { clock, session, view, event } = this.#services;
    return {
      key: this.#link(object),
      object,
      prepared,
      aws: session(prepared.account.target, callPriority(object, prepared.references), signal),
      memory: this.#memory,
      patience: this.#services.patience ?? PATIENCE,
      dependents: this.#dependents(object),
      held: this.#held(object, prepared),
      heldDeletion: () => this.#heldDeletion(object, prepared, signal),
      now: () => clock.now(),
      // An owner that cannot be seen from here is taken to be alive.
      ownerExists: (kind, namespace, name) =>
        !isKindName(kind) || !view.seesAll(namespace) || view.object(kind, namespace, name) !== undefined,
      note: (note) => event(object, note),
      intend: async (from, patch, why) => {
        const ownTypes = this.#kind.conditionTypes;
        const status = intendedStatus(from, patch, why, { now: clock.now(), ownTypes, prepared });
        const written = await this.#writer.writeStatus(from, status, { exact: true, signal });
        intended(written);
        return written;
      },
    };
  }

  #planInput(object: EcsObject<Spec, Status>, prepared: Prepared<Desired>, observed: Observed) {
    return {
      object,
      desired: prepared.desired,
      observed,
      identity: prepared.identity,
      unset: [],
      judge: () => 'apply' as const,
      confirmed: () => true,
      dependents: this.#dependents(object),
      now: this.#services.clock.now(),
    };
  }

  #held(object: EcsObject<Spec, Status>, prepared: Prepared<Desired>) {
    return heldChange(object, this.#brakes(object, prepared));
  }

  async #heldDeletion(object: EcsObject<Spec, Status>, prepared: Prepared<Desired>, signal: AbortSignal) {
    try {
      const crdDeleting = await this.#services.deletingCrd(this.#kind.type, signal);
      return heldDeletion(object, { ...this.#brakes(object, prepared), crdDeleting });
    } catch (error) {
      if (!isForbidden(error) || !(error instanceof Error)) throw error;
      const message = `cannot tell whether the CRD is being deleted, so nothing is deleted in AWS: ${error.message}`;
      return { reason: 'DefinitionUnreadable', message };
    }
  }

  #brakes(object: EcsObject<Spec, Status>, prepared: Prepared<Desired>) {
    const { readOnly } = this.#services;
    return { readOnly, namespace: this.#namespaceOf(object), account: prepared.account.object };
  }

  /** @returns the key of the object that has the name, when it is not this one. */
  #claim(object: EcsObject<Spec, Status>, prepared: Prepared<Desired>): string | undefined {
    const { account, desired } = prepared;
    const { region, endpoint = '' } = account.target;
    // Two AwsAccounts may stand for one account of AWS.
    const where = account.accountId ?? `identity of ${account.name ?? 'the operator'}`;
    const claim = [where, region, endpoint, this.#kind.name, desired.claim].join('|');
    const holder = this.#services.claims.take(claim, {
      key: this.#link(object),
      uid: object.metadata.uid,
      established: object.status?.ownerUid === object.metadata.uid,
    });
    return holder?.key;
  }

  /** Objects that refer to this one and may. */
  #dependents(object: EcsObject<Spec, Status>): readonly EcsObject[] {
    const dependents = this.#services.view.dependents(this.#link(object));
    return dependents.filter((dependent) => isUser(dependent, object, this.#sources));
  }

  #namespaceOf(object: EcsObject) {
    return this.#services.view.namespace(object.metadata.namespace ?? '');
  }

  #link(object: EcsObject) {
    return this.#linkOfKey(objectKey(object.metadata));
  }

  #linkOfKey(key: ObjectKey) {
    const [namespace = '', name = ''] = key.split('/');
    return linkKey(this.#kind.name, namespace, name);
  }
}
