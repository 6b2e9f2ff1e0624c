import { classify } from '../../../src/aws/errors.ts';
import type { Operation, OperationInput, OperationOutput } from '../../../src/aws/operations.ts';
import { AwsError } from '../../../src/fake-aws/core/aws-error.ts';
import type { KubeObject } from '../../../src/kube/object.ts';
import { type AwsAccount, accountNameOf } from '../../../src/reconcile/account.ts';
import { Claims } from '../../../src/reconcile/claims.ts';
import { DeletionBudget } from '../../../src/reconcile/deletion-budget.ts';
import type { AwsSession, DesiredBase, EventNote, Kind, ObservedBase } from '../../../src/reconcile/kind.ts';
import { ObjectReconciler } from '../../../src/reconcile/reconciler.ts';
import type { CommonStatus, EcsObject, OwnSpec } from '../../../src/reconcile/types.ts';
import { NotLeadingError } from '../../../src/runtime/fence.ts';
import { objectKey } from '../../../src/runtime/object-key.ts';
import type { Outcome } from '../../../src/runtime/outcome.ts';
import { Store } from '../../../src/runtime/store.ts';
import type { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { KeptObject } from './kept-object.ts';

/** What the fake answers, looked at loosely: what a test asserts is what it holds. */
// biome-ignore lint/suspicious/noExplicitAny: a path that is not there fails the assertion that walks it
export type Loose = any;

export type Fault = 'before' | 'after' | undefined;

export interface Surroundings {
  readonly clock: VirtualClock;
  /** What AWS answers; throws AwsError. */
  aws(operation: Operation, input: object): object;
  /** Other objects, for references. */
  objects?: EcsObject[];
  /** Left out, every namespace is there, without labels and annotations. */
  namespaces?: KubeObject[];
  accounts?: AwsAccount[];
  /** The AwsAccount that the API server says is for the namespace; left out, the one that the caches say. */
  assigned?: { readonly account: string | undefined };
  /** Left out, every namespace is looked at as a whole. */
  seesAll?: boolean;
  /** Those that refer to the object. */
  dependents?: EcsObject[];
  claims?: Claims;
  budget?: DeletionBudget;
  readOnly?: boolean;
  /** The CRD's name while it is being deleted, or what the API server answers to the question. */
  deletingCrd?: string | Error;
}

const READS = /\.(Describe|List|Get)/;
const REGION = 'eu-central-1';

/**
 * One object `shop/<name>` under the real reconciler, on a virtual clock, with an API server that is no more than a
 * place to keep the object. Not tried here: watches, queues, the gateway.
 */
export class OneObject<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
> {
  /** Calls that change AWS, by name, since `forget`. */
  writes: { operation: string; input: Loose }[] = [];
  reads: string[] = [];
  events: EventNote[] = [];
  /** Set by a test to let a call fail: before its effect, or after it, as a lost answer. */
  fault: ((operation: string) => Fault) | undefined;
  /** Set by a test to change what AWS answers. */
  answer: ((operation: string, answer: Loose) => Loose) | undefined;
  /** May be changed while the test goes on. */
  readonly around: Surroundings;
  readonly kept: KeptObject<Spec, Status>;
  readonly #kind: Kind<Spec, Status, Desired, Observed, Action>;
  readonly #name: string;
  #reconciler: ObjectReconciler<Spec, Status, Desired, Observed, Action>;

  constructor(options: {
    kind: Kind<Spec, Status, Desired, Observed, Action>;
    around: Surroundings;
    name?: string;
    uid?: string;
  }) {
    this.#kind = options.kind;
    this.#name = options.name ?? 'orders';
    this.around = options.around;
    this.kept = new KeptObject({ kind: options.kind.name, name: this.#name, uid: options.uid ?? 'uid-1' });
    this.#reconciler = this.#newReconciler();
  }

  get status(): Status {
    // Safe: every member of a status is optional.
    return this.kept.object.status ?? ({} as Status);
  }

  get gone(): boolean {
    return this.kept.gone;
  }

  condition(type: string) {
    return this.status.conditions?.find((one) => one.type === type);
  }

  apply(spec: Spec): void {
    this.kept.apply(spec);
  }

  delete(): void {
    this.kept.delete(this.around.clock.now());
  }

  /** The object as a backup restores it: another UID, and no status as a rule. */
  restore(uid: string, { withStatus = false } = {}): void {
    this.kept.restore(uid, { withStatus });
    this.restart();
  }

  /** The operator starts anew: what it remembered is gone. */
  restart(): void {
    this.kept.store = new Store();
    this.kept.refill();
    this.#reconciler = this.#newReconciler();
  }

  forget(): void {
    this.writes = [];
    this.reads = [];
    this.events = [];
    this.kept.writes = 0;
  }

  /** The names of the calls that changed AWS. */
  wrote(): string[] {
    return this.writes.map(({ operation }) => operation);
  }

  async reconcile(): Promise<Outcome> {
    const key = objectKey({ name: this.#name, namespace: 'shop' });
    return this.#reconciler.reconcile(key, new AbortController().signal);
  }

  /** Reconciles as the queue would, with the pauses asked for, until nothing more is asked or `seconds` have passed. */
  async converge(seconds = 3600): Promise<void> {
    const { clock } = this.around;
    const end = clock.now() + seconds * 1000;
    for (let round = 0; clock.now() <= end && !this.gone; round++) {
      if (round > 5_000) throw new Error(`no end: ${JSON.stringify(this.status.conditions)}`);
      const outcome = await this.reconcile();
      const pause = pauseOf(outcome);
      if (pause === undefined) return;
      clock.advance(pause);
    }
  }

  #newReconciler() {
    const { around } = this;
    const { clock } = around;
    const namespace = (name: string) =>
      around.namespaces === undefined
        ? namespaceOf(name)
        : around.namespaces.find(({ metadata }) => metadata.name === name);
    const account = (name: string) => around.accounts?.find(({ metadata }) => metadata.name === name);
    return new ObjectReconciler<Spec, Status, Desired, Observed, Action>({
      kind: this.#kind,
      store: this.kept.store,
      services: {
        clock,
        client: this.kept.client(),
        view: {
          object: (kind, namespace, name) =>
            around.objects?.find(
              (one) => one.kind === kind && one.metadata.namespace === namespace && one.metadata.name === name,
            ),
          namespace,
          account,
          seesAll: () => around.seesAll ?? true,
          dependents: () => around.dependents ?? [],
        },
        own: { region: REGION, endpoint: undefined, namespaces: ['*'] },
        claims: around.claims ?? new Claims(() => {}),
        budget: around.budget ?? new DeletionBudget(clock, 1000),
        installation: 'one',
        readOnly: around.readOnly ?? false,
        deletingCrd: async () => {
          if (around.deletingCrd instanceof Error) throw around.deletingCrd;
          return around.deletingCrd;
        },
        assignedAccount: async () =>
          around.assigned === undefined
            ? accountNameOf(this.kept.object, { account, namespace })
            : around.assigned.account,
        session: (target, priority, signal) => this.#session(target, priority, signal),
        event: (_object, note) => this.events.push(note),
        conditions: () => {},
      },
    });
  }

  #session(target: AwsSession['target'], priority: AwsSession['priority'], signal: AbortSignal): AwsSession {
    return {
      target,
      priority,
      signal,
      call: async <O extends Operation>(operation: O, input: OperationInput<O>) => {
        const name = operation.slice(operation.indexOf('.') + 1);
        if (READS.test(operation)) this.reads.push(name);
        else this.writes.push({ operation: name, input });
        try {
          const fault = this.fault?.(name);
          if (fault === 'before') throw lost();
          const answer = structuredClone(this.around.aws(operation, structuredClone(input)));
          if (fault === 'after') throw lost();
          // Safe: the fake answers as the SDK does.
          return (this.answer?.(name, answer) ?? answer) as OperationOutput<O>;
        } catch (error) {
          // The fence stands before the call, and is no answer of AWS.
          if (error instanceof NotLeadingError) throw error;
          throw classify(error instanceof AwsError ? asSdkError(error) : error, { operation, target, input });
        }
      },
    };
  }
}

export function namespaceOf(name: string, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, uid: `uid-of-${name}`, resourceVersion: '1', ...metadata },
  };
}

/** How long the queue waits before it looks again; undefined: until something changes. */
export function pauseOf(outcome: Outcome): number | undefined {
  switch (outcome.type) {
    case 'settled':
    case 'progressing':
    case 'waiting':
      return outcome.requeueAfterMs;
    case 'stalled':
      return undefined;
    case 'failed':
      return 1_000;
    default:
      return outcome satisfies never;
  }
}

function asSdkError(error: AwsError): Error {
  return Object.assign(new Error(error.message), {
    name: error.code,
    $fault: 'client',
    $metadata: { httpStatusCode: error.httpStatus },
    ...error.fields,
  });
}

function lost(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'Error', code: 'ECONNRESET' });
}
