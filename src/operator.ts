import { Gateway } from './aws/gateway.ts';
import { clusterId } from './cluster-id.ts';
import { AccountReconciler } from './kinds/aws-account/account-reconciler.ts';
import { awsAccountType } from './kinds/aws-account/type.ts';
import { cloudMapNamespace } from './kinds/cloud-map-namespace/index.ts';
import { cloudMapService } from './kinds/cloud-map-service/index.ts';
import { ecsCluster } from './kinds/ecs-cluster/index.ts';
import { ecsService } from './kinds/ecs-service/index.ts';
import { ecsTaskDefinition } from './kinds/ecs-task-definition/index.ts';
import { KubeClient } from './kube/client.ts';
import { isNotFound } from './kube/errors.ts';
import type { KubeObject, ResourceType } from './kube/object.ts';
import type { OperatorOptions, OperatorSettings } from './operator-options.ts';
import { type AwsAccount, annotatedAccount, DEFAULT_ACCOUNT } from './reconcile/account.ts';
import { Caches } from './reconcile/caches.ts';
import { priorityOf } from './reconcile/call-priority.ts';
import { Claims } from './reconcile/claims.ts';
import { DeletionBudget } from './reconcile/deletion-budget.ts';
import type { AwsSession, DesiredBase, Kind, KindName, ObservedBase } from './reconcile/kind.ts';
import { isKindName } from './reconcile/kind.ts';
import { linkObjects } from './reconcile/links.ts';
import type { WritingClient } from './reconcile/object-writer.ts';
import { PATIENCE, type Patience } from './reconcile/patience.ts';
import { ObjectReconciler, type ReconcilerServices } from './reconcile/reconciler.ts';
import type { CommonStatus, EcsObject, OwnSpec } from './reconcile/types.ts';
import { Controller } from './runtime/controller.ts';
import { EventRecorder } from './runtime/events.ts';
import { Fence } from './runtime/fence.ts';
import { LeaderElector } from './runtime/leader.ts';
import type { Leadership } from './runtime/leadership.ts';
import { type ObjectKey, objectKey } from './runtime/object-key.ts';
import type { Outcome } from './runtime/outcome.ts';
import { WorkQueue } from './runtime/queue.ts';
import { randomString } from './runtime/random.ts';
import { Reflector } from './runtime/reflector.ts';
import { SharedReads } from './runtime/shared-reads.ts';
import { shutDown } from './runtime/shutdown.ts';
import type { Store } from './runtime/store.ts';

/** How long a graceful stop may take; milliseconds. */
const STOP_LIMIT_MS = 20_000;
const LEASE_NAME = 'ecs-operator';
const NAMESPACES: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};
const CRDS: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

interface RunningKind {
  readonly queue: WorkQueue<ObjectKey>;
  readonly reflector: Reflector<EcsObject>;
  /** Made when the services are there, which need the installation's id. */
  controller(services: ReconcilerServices): Controller<ObjectKey>;
}

/** The whole operator: caches, queues, controllers and the gateway, on the given seams. */
export class Operator {
  readonly #options: OperatorOptions;
  readonly #client: KubeClient;
  readonly #fence = new Fence();
  readonly #caches: Caches;
  readonly #kinds = new Map<KindName, RunningKind>();
  readonly #namespaces: Reflector<KubeObject>;
  #leading = false;
  /** Why the installation's id is not known yet. */
  #idProblem: string | undefined;

  constructor(options: OperatorOptions) {
    const { transport, clock, telemetry, kubeHost } = options;
    this.#options = options;
    this.#client = new KubeClient({ transport, clock, metrics: telemetry.kube, host: kubeHost });
    const kinds = [cloudMapNamespace, cloudMapService, ecsCluster, ecsService, ecsTaskDefinition] as const;
    const account = { name: 'AwsAccount', followsDependents: false, references: () => [] } as const;
    this.#caches = new Caches([account, ...kinds.map(cachedKind)], options.settings);
    this.#addAccounts();
    this.#addKind(cloudMapNamespace);
    this.#addKind(cloudMapService);
    this.#addKind(ecsCluster);
    this.#addKind(ecsTaskDefinition);
    this.#addKind(ecsService);
    this.#namespaces = new Reflector({
      ...this.#reflectorBasics(NAMESPACES),
      store: this.#caches.namespaces,
      // Who is kept to some namespaces needs no permission to read the others.
      names: options.settings.namespaces,
    });
    linkObjects({
      caches: this.#caches,
      kinds: [account, ...kinds],
      enqueue: (kind, key, priority) => this.#kinds.get(kind)?.queue.add(key, priority),
    });
  }

  /** What keeps the operator from being ready, a line each; empty when nothing does. */
  problems(): readonly string[] {
    const missing = this.#reflectors().flatMap((reflector) => {
      const problem = reflector.problem();
      if (problem !== undefined) return [problem];
      return reflector.hasSynced() ? [] : [`${reflector.type.plural}: not listed yet`];
    });
    return this.#idProblem === undefined ? missing : [...missing, this.#idProblem];
  }

  #reflectors(): readonly (Reflector<EcsObject> | Reflector<KubeObject>)[] {
    return [this.#namespaces, ...[...this.#kinds.values()].map(({ reflector }) => reflector)];
  }

  /** Whether this process is the one that works. */
  get isLeading(): boolean {
    return this.#leading;
  }

  /**
   * Runs until the signal is aborted, then stops gracefully within 20 s.
   * @throws Error when the lease was lost: the process is to end, and a fresh one to start.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { settings, clock, random, log } = this.#options;
    const reading = new AbortController();
    const reflectors = this.#reflectors();
    const following = Promise.all(reflectors.map((reflector) => reflector.run(reading.signal)));
    const recorder = new EventRecorder({
      client: this.#client,
      clock,
      random,
      log,
      reportingController: 'ecs-operator.dev/controller',
      reportingInstance: settings.leaderElection?.identity ?? 'ecs-operator',
    });
    try {
      const installation = settings.installationId ?? (await this.#clusterId(signal));
      // Who cannot read what there is must not keep the lease from those who can.
      for (const reflector of reflectors) await reflector.synced(signal);
      const term = await this.#lead(signal);
      await this.#work({ term, installation, recorder, signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      reading.abort(new Error('the operator is stopped'));
      await following;
    }
  }

  async #work(input: {
    readonly term: Leadership | undefined;
    readonly installation: string;
    readonly recorder: EventRecorder;
    readonly signal: AbortSignal;
  }): Promise<void> {
    const { term, installation, recorder, signal } = input;
    const { clock, log } = this.#options;
    const services = this.#services(installation, recorder);
    const controllers = [...this.#kinds.values()].map((kind) => kind.controller(services));
    for (const controller of controllers) controller.start();
    this.#leading = true;
    log.info('working', { installation });
    const ended = await firstAbort(signal, term?.lost);
    this.#leading = false;
    if (ended === 'lost') {
      const reason = term?.lost.reason instanceof Error ? term.lost.reason : new Error('lost the lease');
      for (const controller of controllers) controller.abort(reason);
      throw reason;
    }
    log.info('stopping');
    const unfinished = await shutDown({
      steps: [
        {
          name: 'finish what is in flight',
          run: (remainingMs) => Promise.all(controllers.map((controller) => controller.stop(remainingMs * 0.8))),
        },
        { name: 'write the last events', run: () => recorder.stop() },
        { name: 'release the lease', run: async () => term?.release() },
      ],
      clock,
      log,
      limitMs: STOP_LIMIT_MS,
    });
    log.info('stopped', unfinished.length === 0 ? {} : { unfinished });
  }

  /** Waits for the lease where there is an election; without one this process always works. */
  async #lead(signal: AbortSignal): Promise<Leadership | undefined> {
    const { settings, clock, random, log, telemetry } = this.#options;
    if (settings.leaderElection === undefined) {
      this.#fence.open({ isLeader: () => true });
      return undefined;
    }
    const elector = new LeaderElector({
      client: this.#client,
      clock,
      random,
      log,
      metrics: telemetry.leader,
      namespace: settings.leaderElection.namespace,
      name: LEASE_NAME,
      identity: `${settings.leaderElection.identity}_${randomString(random, 8)}`,
    });
    const term = await elector.campaign(signal);
    this.#fence.open(term);
    return term;
  }

  /** The UID of kube-system stands for the cluster. */
  async #clusterId(signal: AbortSignal): Promise<string> {
    const { clock, random, log } = this.#options;
    const id = await clusterId({
      read: () => this.#client.get<KubeObject>(NAMESPACES, { name: 'kube-system' }, signal),
      onProblem: (problem) => {
        // Once loudly: what lasts is for readiness to tell.
        if (this.#idProblem === undefined) log.warn(problem);
        this.#idProblem = problem;
      },
      clock,
      random,
      signal,
    });
    this.#idProblem = undefined;
    return id;
  }

  #services(installation: string, recorder: EventRecorder): ReconcilerServices {
    const { settings, clock, send, telemetry, log } = this.#options;
    // A thousand objects that are applied at once all ask.
    const assigned = new SharedReads(async (namespace: string, signal) => {
      const annotated = annotatedAccount(await this.#namespaces.read(objectKey({ name: namespace }), signal));
      if (annotated !== undefined) return annotated;
      const accounts = this.#kinds.get('AwsAccount')?.reflector;
      return (await accounts?.read(objectKey({ name: DEFAULT_ACCOUNT }), signal))?.metadata.name;
    });
    const gateway = new Gateway({
      send,
      clock,
      metrics: telemetry.aws,
      fence: this.#fence.check,
      ...(settings.rateScale === undefined ? {} : { rateScale: settings.rateScale }),
    });
    return {
      clock,
      client: this.#fencedClient(),
      view: this.#caches,
      own: {
        region: settings.region,
        endpoint: settings.endpointUrl,
        namespaces: settings.defaultAccountNamespaces,
      },
      claims: new Claims((link) => this.#wake(link)),
      budget: new DeletionBudget(clock, settings.maxDeletesPerMinute),
      installation,
      readOnly: settings.readOnly,
      patience: patienceOf(settings),
      deletingCrd: this.#crdWatcher(),
      assignedAccount: (namespace, signal) => assigned.ask(namespace, signal),
      session: (target, priority, signal): AwsSession => ({
        target,
        priority,
        signal,
        call: (operation, input) =>
          gateway.call(target, operation, input, { signal, priority: priorityOf(operation, priority) }),
      }),
      event: (object, { type, reason, message }) => {
        const { kind, metadata } = object;
        const fields = { kind, namespace: metadata.namespace, name: metadata.name, reason };
        if (type === 'Warning') log.warn(message, fields);
        else log.info(message, fields);
        recorder.record({ object, type, reason, action: 'Reconcile', note: message });
      },
      conditions: (kind, object, conditions) => telemetry.conditions(kind, object.metadata, conditions),
    };
  }

  /** Whoever does not lead writes nothing to Kubernetes either. */
  #fencedClient(): WritingClient {
    return {
      applyStatus: (type, target, options, signal) =>
        this.#client.applyStatus(type, target, { ...options, check: this.#fence.check }, signal),
      mergePatch: async (...request) => {
        this.#fence.check();
        return this.#client.mergePatch(...request);
      },
    };
  }

  /** Asked of the API server, not watched: deletions are rare, and here only what is true now will do. */
  #crdWatcher(): ReconcilerServices['deletingCrd'] {
    return async (type, signal) => {
      const name = `${type.plural}.${type.group}`;
      try {
        const crd = await this.#client.get<KubeObject>(CRDS, { name }, signal);
        return crd.metadata.deletionTimestamp === undefined ? undefined : name;
      } catch (error) {
        if (isNotFound(error)) return name;
        throw error;
      }
    };
  }

  #wake(link: string): void {
    const [kind = '', namespace = '', name = ''] = link.split('/');
    if (isKindName(kind)) this.#kinds.get(kind)?.queue.add(objectKey({ namespace, name }), 'dependency');
  }

  #addAccounts(): void {
    // Safe: this store holds what the API server serves as AwsAccounts, checked by its CRD.
    const store = this.#caches.store('AwsAccount') as unknown as Store<AwsAccount>;
    const usersOf = (account: string) => this.#caches.usersOf(account);
    this.#add('AwsAccount', awsAccountType, (services) => {
      const reconciler = new AccountReconciler({ store, services, usersOf });
      return (key, signal) => reconciler.reconcile(key, signal);
    });
  }

  #addKind<
    Spec extends OwnSpec,
    Status extends CommonStatus,
    Desired extends DesiredBase,
    Observed extends ObservedBase,
    Action extends { readonly type: string },
  >(kind: Kind<Spec, Status, Desired, Observed, Action>): void {
    // Safe: this store holds what the API server serves as this kind, checked by its CRD.
    const store = this.#caches.store(kind.name) as unknown as Store<EcsObject<Spec, Status>>;
    this.#add(kind.name, kind.type, (services) => {
      const reconciler = new ObjectReconciler({ kind, store, services });
      return (key, signal) => reconciler.reconcile(key, signal);
    });
  }

  #add(
    name: KindName,
    type: ResourceType,
    reconcilerFor: (services: ReconcilerServices) => (key: ObjectKey, signal: AbortSignal) => Promise<Outcome>,
  ): void {
    const { settings, clock, random, log, telemetry } = this.#options;
    const store = this.#caches.store(name);
    const controllerName = name.toLowerCase();
    const queue = new WorkQueue<ObjectKey>({ clock, random, metrics: telemetry.queue(controllerName) });
    const reflector = new Reflector<EcsObject>({
      ...this.#reflectorBasics(type),
      store,
      namespaces: settings.namespaces,
      // An AwsAccount that the objects' selector left out would leave its users without an account.
      labelSelector: name === 'AwsAccount' ? settings.accountSelector : settings.selector,
    });
    store.onChange((change) => {
      if (change.type === 'deleted') telemetry.conditions(name, change.object.metadata, undefined);
    });
    this.#kinds.set(name, {
      queue,
      reflector,
      controller: (services) =>
        new Controller({
          name: controllerName,
          queue,
          reconcile: reconcilerFor(services),
          keys: () => store.keys(),
          clock,
          random,
          log,
          metrics: telemetry.controller(controllerName),
          workers: settings.workers,
          resyncMs: settings.resyncMs,
        }),
    });
  }

  #reflectorBasics(type: ResourceType) {
    const { clock, random, log } = this.#options;
    return { client: this.#client, type, clock, random, log };
  }
}

/** The part of a kind that the caches need, with its spec type forgotten. */
function cachedKind(kind: {
  readonly name: KindName;
  references(spec: never): ReturnType<typeof ecsService.references>;
}) {
  return {
    name: kind.name,
    // Safe: an object comes from the store of its own kind.
    references: (spec: OwnSpec) => kind.references(spec as never),
  };
}

function firstAbort(stop: AbortSignal, lost: AbortSignal | undefined): Promise<'stop' | 'lost'> {
  return new Promise((resolve) => {
    const watch = (signal: AbortSignal | undefined, end: 'stop' | 'lost') => {
      if (signal?.aborted) resolve(end);
      signal?.addEventListener('abort', () => resolve(end), { once: true });
    };
    watch(stop, 'stop');
    watch(lost, 'lost');
  });
}

/** A resync asks AWS anew, however short the time between two of them is. */
function patienceOf({ patience = PATIENCE, resyncMs }: OperatorSettings): Patience {
  return resyncMs > 0 ? { ...patience, freshMs: Math.min(patience.freshMs, resyncMs / 2) } : patience;
}
