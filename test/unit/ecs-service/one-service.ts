import { classify } from '../../../src/aws/errors.ts';
import type { Operation, OperationInput } from '../../../src/aws/operations.ts';
import { AwsError } from '../../../src/fake-aws/core/aws-error.ts';
import type { FakeServiceName } from '../../../src/fake-aws/core/request.ts';
import { FakeAws } from '../../../src/fake-aws/fake-aws.ts';
import { ecsService } from '../../../src/kinds/ecs-service/index.ts';
import type { EcsServiceSpec, EcsServiceStatus } from '../../../src/kinds/ecs-service/schema.ts';
import type { EcsServiceAction, EcsServiceDesired, EcsServiceObserved } from '../../../src/kinds/ecs-service/types.ts';
import { KubeApiError } from '../../../src/kube/errors.ts';
import { Claims } from '../../../src/reconcile/claims.ts';
import { DeletionBudget } from '../../../src/reconcile/deletion-budget.ts';
import type { AwsSession, EventNote } from '../../../src/reconcile/kind.ts';
import type { WritingClient } from '../../../src/reconcile/object-writer.ts';
import { ObjectReconciler } from '../../../src/reconcile/reconciler.ts';
import type { EcsObject } from '../../../src/reconcile/types.ts';
import { objectKey } from '../../../src/runtime/object-key.ts';
import type { Outcome } from '../../../src/runtime/outcome.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { Store } from '../../../src/runtime/store.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { namespaceOf } from '../reconcile/one-object.ts';

type Service = EcsObject<EcsServiceSpec, EcsServiceStatus>;

/** What the fake answers, looked at loosely: what a test asserts is what it holds. */
// biome-ignore lint/suspicious/noExplicitAny: a path that is not there fails the assertion that walks it
export type Loose = any;

const REGION = 'eu-central-1';
const READS = /^(Describe|List|Get)/;

/**
 * One EcsService `shop/web` under the real reconciler, on a fake AWS and a virtual clock, with an API server that is no
 * more than a place to keep the object. Not tried here: watches, queues, the gateway.
 */
export class OneService {
  readonly clock = new VirtualClock();
  readonly fake = new FakeAws({ clock: this.clock, random: seededRandom(1), region: REGION });
  /** Calls that change AWS, since `forget`. */
  writes: { operation: string; input: Loose }[] = [];
  reads: string[] = [];
  /** Writes of status and finalizers, since `forget`. */
  kubeWrites = 0;
  events: EventNote[] = [];
  outcome: Outcome | undefined;
  /** Set by a test to let a call fail: before its effect, or after it, as a lost answer. */
  fault: ((operation: string) => 'before' | 'after' | undefined) | undefined;
  #object: Service | undefined;
  #version = 1;
  #store = new Store<Service>();
  #reconciler = this.#newReconciler();

  constructor(prepare: (call: OneService['aws']) => void = () => {}) {
    this.aws('CreateCluster', { clusterName: 'default' });
    prepare((operation, input) => this.aws(operation, input));
    this.forget();
  }

  /** A call as a person makes it, noted nowhere. */
  aws(operation: string, input: object = {}, service: FakeServiceName = 'ecs'): Loose {
    return this.fake.handle({ service, operation, input, accountId: this.fake.accountId, region: REGION });
  }

  get object(): Service {
    if (this.#object === undefined) throw new Error('the object is gone');
    return this.#object;
  }

  get gone(): boolean {
    return this.#object === undefined;
  }

  get status(): EcsServiceStatus {
    return this.object.status ?? {};
  }

  condition(type: string) {
    return this.status.conditions?.find((one) => one.type === type);
  }

  /** `kubectl apply`: the spec as a whole. */
  apply(spec: EcsServiceSpec): void {
    const generation = (this.#object?.metadata.generation ?? 0) + 1;
    this.#keep({
      apiVersion: 'ecs-operator.dev/v1alpha1',
      kind: 'EcsService',
      ...this.#object,
      metadata: {
        name: 'web',
        namespace: 'shop',
        uid: 'uid-1',
        ...this.#object?.metadata,
        resourceVersion: '0',
        generation,
      },
      spec,
    });
  }

  delete(): void {
    const { metadata } = this.object;
    this.#keep({
      ...this.object,
      metadata: { ...metadata, deletionTimestamp: new Date(this.clock.now()).toISOString() },
    });
  }

  /** The object as a backup restores it: another UID, no status. */
  restore(uid: string): void {
    const { status: _lost, ...object } = this.object;
    this.#keep({ ...object, metadata: { ...object.metadata, uid } });
    this.restart();
  }

  /** The operator starts anew: what it remembered is gone. */
  restart(): void {
    this.#store = new Store<Service>();
    if (this.#object !== undefined) this.#store.apply({ type: 'ADDED', object: this.#object });
    this.#reconciler = this.#newReconciler();
  }

  forget(): void {
    this.writes = [];
    this.reads = [];
    this.kubeWrites = 0;
    this.events = [];
  }

  async reconcile(): Promise<Outcome> {
    const key = objectKey({ name: 'web', namespace: 'shop' });
    this.outcome = await this.#reconciler.reconcile(key, new AbortController().signal);
    return this.outcome;
  }

  /** Reconciles as the queue would, with the pauses asked for, until nothing more is asked or `seconds` have passed. */
  async converge(seconds = 3600): Promise<void> {
    const end = this.clock.now() + seconds * 1000;
    for (let round = 0; this.clock.now() <= end && !this.gone; round++) {
      if (round > 5_000) throw new Error(`no end: ${JSON.stringify(this.status.conditions)}`);
      const outcome = await this.reconcile();
      const pause = pauseOf(outcome);
      if (pause === undefined) return;
      this.clock.advance(pause);
    }
  }

  /** Lets AWS go on without us. */
  wait(seconds: number): void {
    this.clock.advance(seconds * 1000);
  }

  /** What DescribeServices shows; undefined when there is none that is not INACTIVE. */
  live(service = 'web', cluster = 'default'): Loose {
    const [found] = this.aws('DescribeServices', { cluster, services: [service], include: ['TAGS'] }).services;
    return found === undefined || found.status === 'INACTIVE' ? undefined : found;
  }

  /** The calls that changed AWS, by name. */
  wrote(): string[] {
    return this.writes.map(({ operation }) => operation);
  }

  #newReconciler() {
    return new ObjectReconciler<
      EcsServiceSpec,
      EcsServiceStatus,
      EcsServiceDesired,
      EcsServiceObserved,
      EcsServiceAction
    >({
      kind: ecsService,
      store: this.#store,
      services: {
        clock: this.clock,
        client: this.#client(),
        view: {
          object: () => undefined,
          namespace: (name) => namespaceOf(name),
          account: () => undefined,
          seesAll: () => true,
          dependents: () => [],
        },
        own: { region: REGION, endpoint: undefined, namespaces: ['*'] },
        claims: new Claims(() => {}),
        budget: new DeletionBudget(this.clock, 1000),
        installation: 'one',
        readOnly: false,
        deletingCrd: async () => undefined,
        assignedAccount: async () => undefined,
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
        const [service = '', name = ''] = operation.split('.');
        const write = !READS.test(name);
        if (write) this.writes.push({ operation: name, input });
        else this.reads.push(name);
        try {
          const fault = this.fault?.(name);
          if (fault === 'before') throw lost();
          // Safe: operations are named by the services that the fake has.
          const answer = this.aws(name, structuredClone(input), service as FakeServiceName);
          if (fault === 'after') throw lost();
          return answer;
        } catch (error) {
          throw classify(error instanceof AwsError ? asSdkError(error) : error, { operation, target, input });
        }
      },
    };
  }

  /** Just enough of an API server: it keeps one object, grows its version, and refuses writes on an old one. */
  #client(): WritingClient {
    const write = (resourceVersion: string | undefined, change: (object: Service) => Service): Loose => {
      const object = this.#object;
      if (object === undefined) throw notFound();
      if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion) throw conflict();
      this.kubeWrites++;
      return this.#keep(change(object));
    };
    return {
      applyStatus: async (_type, target, { status }) =>
        write(target.resourceVersion, (object) => ({ ...object, status: structuredClone(status) as EcsServiceStatus })),
      mergePatch: async (_type, _target, patch) => {
        const { metadata } = patch as { metadata: { resourceVersion: string; finalizers: readonly string[] } };
        return write(metadata.resourceVersion, (object) => ({
          ...object,
          metadata: { ...object.metadata, finalizers: metadata.finalizers },
        }));
      },
    };
  }

  #keep(object: Service): Service {
    const kept = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } };
    const { deletionTimestamp, finalizers = [] } = kept.metadata;
    this.#object = deletionTimestamp !== undefined && finalizers.length === 0 ? undefined : kept;
    this.#store.apply({ type: this.#object === undefined ? 'DELETED' : 'MODIFIED', object: kept });
    return kept;
  }
}

function pauseOf(outcome: Outcome): number | undefined {
  switch (outcome.type) {
    case 'settled':
      return outcome.requeueAfterMs;
    case 'progressing':
      return outcome.requeueAfterMs;
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

const REQUEST = { method: 'PATCH', path: '/apis/ecs-operator.dev/v1alpha1/namespaces/shop/ecsservices/web' };

function conflict(): KubeApiError {
  return new KubeApiError({
    status: 409,
    reason: 'Conflict',
    message: 'the object has been modified',
    request: REQUEST,
  });
}

function notFound(): KubeApiError {
  return new KubeApiError({ status: 404, reason: 'NotFound', message: 'not found', request: REQUEST });
}
