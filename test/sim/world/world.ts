import { FakeAws } from '../../../src/fake-aws/fake-aws.ts';
import { Gate } from '../../../src/fake-aws/faults/gate.ts';
import { Identities } from '../../../src/fake-aws/sts/identities.ts';
import { Sts } from '../../../src/fake-aws/sts/sts.ts';
import { Throttle } from '../../../src/fake-aws/throttle/throttle.ts';
import { Operator } from '../../../src/operator.ts';
import type { OperatorOptions, OperatorSettings } from '../../../src/operator-options.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import type { PlannedFault } from '../faults/fault.ts';
import { Injector } from '../faults/injector.ts';
import type { StorageEvent } from '../kube-api/storage.ts';
import { AwsNetwork } from './aws-network.ts';
import type { Call, CallEnd } from './calls.ts';
import { TWICE } from './exchange.ts';
import { latency } from './latency.ts';
import { REGION } from './names.ts';
import type { Replica, RunnableOperator } from './replica.ts';
import { stream } from './seeds.ts';
import { SimCluster } from './sim-cluster.ts';
import { Trace } from './trace.ts';

/** How many times faster than AWS rollouts run: what is polled for only makes runs longer. */
const FASTER = 4;

export interface WorldOptions {
  readonly seed: number;
  readonly faults?: readonly PlannedFault[];
  readonly settings?: Partial<OperatorSettings>;
  /** How many Kubernetes clusters there are over the one account, each with operators of its own. Default 1. */
  readonly clusters?: 1 | 2;
  /** How many operators run at once in a cluster; more than one elect a leader. Default 1, without election. */
  readonly operators?: number;
  /** Namespaces besides `shop`. */
  readonly namespaces?: readonly string[];
  /** Kinds whose CustomResourceDefinition is not installed when the operator starts. */
  readonly withoutCrds?: readonly string[];
  /** What is run instead of the operator that is shipped. */
  readonly operator?: (options: OperatorOptions) => RunnableOperator;
  /** Whether the trace shows bodies too. */
  readonly detailed?: boolean;
}

/** Whoever looks on: judges, the recorder. Called at once, within what happens. */
export interface Observer {
  /** A call has left the operator. */
  called?(call: Call): void;
  /** A call has had its effect, or has failed. */
  ended?(end: CallEnd): void;
  /** An object of Kubernetes has changed. */
  changed?(change: StorageEvent, cluster: SimCluster): void;
}

/**
 * The operator, Kubernetes and AWS in one process, on one clock and one seed: nothing else moves. Every request, answer
 * and watch event is an event of the clock, so the seed owns every interleaving.
 */
export class World {
  readonly clock = new VirtualClock();
  readonly start = this.clock.now();
  readonly fake: FakeAws;
  readonly gate: Gate;
  readonly trace: Trace;
  readonly injector: Injector;
  /** What nobody asked for and that must not happen, in words: ends of the operator, its own faults. */
  readonly accidents: string[] = [];
  /** The first is that of all stories. */
  readonly clusters: readonly [SimCluster, ...SimCluster[]];
  readonly #observers: Observer[] = [];
  readonly #aws: AwsNetwork;
  #calls = 0;
  #events = 0;
  #lastWrite = 0;
  /** Of what AWS made two for one request, by the operation. */
  readonly #doubled = new Map<string, number>();

  constructor(options: WorldOptions) {
    const { seed, faults = [], operators = 1, clusters = 1, detailed = false } = options;
    const { clock } = this;
    this.trace = new Trace({ elapsedMs: () => this.elapsedMs, detailed });
    this.injector = new Injector(clock, faults);
    const random = stream(seed, 'aws');
    this.fake = new FakeAws({ clock, random, region: REGION, speed: FASTER });
    const identities = new Identities({ clock, random, accountId: this.fake.accountId });
    const throttle = new Throttle({ clock });
    this.gate = new Gate({ clock, random, fake: this.fake, sts: new Sts(identities), identities, throttle });
    // The past can be asked for only where it was kept.
    const looksBack = faults.some(({ fault }) => fault.does.type === 'lagging');
    if (looksBack) this.gate.faults.add({ kind: 'stale', ms: 0, operation: 'Nothing' });
    const begin = (call: Omit<Call, 'index' | 'at'>): Call => this.#begin(call);
    const ended = (end: CallEnd): void => this.#ended(end);
    const { injector } = this;
    this.#aws = new AwsNetwork({ gate: this.gate, clock, injector, begin, ended });
    const cluster = (name: string): SimCluster =>
      new SimCluster({
        world: this,
        name,
        seed,
        injector,
        settings: options.settings ?? {},
        operators,
        namespaces: options.namespaces ?? [],
        withoutCrds: options.withoutCrds ?? [],
        operator: options.operator ?? ((given) => new Operator(given)),
        send: (process, chance) => this.#aws.sendOf(process, latency(chance, 5, 60)),
        begin,
        ended,
        nextEvent: () => this.#events++,
        changed: (change, from) => this.#changed(change, from),
      });
    this.clusters = clusters === 1 ? [cluster('')] : [cluster(''), cluster('second')];
  }

  /** Virtual milliseconds since the beginning. */
  get elapsedMs(): number {
    return this.clock.now() - this.start;
  }

  /** How many calls the operators have made. */
  get calls(): number {
    return this.#calls;
  }

  /** How many watch events were sent. */
  get events(): number {
    return this.#events;
  }

  /** Grows with each change of any object in Kubernetes. */
  get revision(): number {
    return this.clusters.reduce((sum, { api }) => sum + api.revision, 0);
  }

  /** All operators of all clusters. */
  get replicas(): readonly Replica[] {
    return this.clusters.flatMap(({ replicas }) => replicas);
  }

  /** When something was last written, Events and Leases left out; milliseconds since the epoch. */
  get lastWrite(): number {
    return this.#lastWrite;
  }

  /**
   * How often AWS made two of what an operation asked for once, since the request arrived twice: nobody can keep it from
   * that where it knows no token.
   */
  doubled(operation: string): number {
    return this.#doubled.get(operation) ?? 0;
  }

  observe(observer: Observer): void {
    this.#observers.push(observer);
  }

  /** Starts all operators. */
  startOperators(): void {
    for (const replica of this.replicas) replica.start();
  }

  /** Jumps to the next timer and lets everything run that goes on from there. @returns false when there is none. */
  async step(): Promise<boolean> {
    const fired = this.clock.runNext();
    await settled();
    return fired;
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    await settled();
    for (let due = this.clock.nextDue; due !== undefined && due <= until; due = this.clock.nextDue) await this.step();
    this.clock.advanceTo(until);
  }

  /** Ends the operators gracefully. @returns what they left behind, in words; empty when nothing. */
  async stopOperators(): Promise<readonly string[]> {
    const ends = this.replicas.map((replica) => replica.stop());
    let over = false;
    void Promise.all(ends).then(() => {
      over = true;
    });
    const deadline = this.clock.now() + 60_000;
    await settled();
    while (!over && this.clock.now() < deadline && (await this.step()));
    if (!over) return ['an operator did not end within a minute of being told to'];
    return this.replicas.flatMap((replica) => replica.leftovers());
  }

  #begin(call: Omit<Call, 'index' | 'at'>): Call {
    const begun = { ...call, index: this.#calls++, at: this.clock.now() };
    for (const { called } of this.#observers) called?.(begun);
    return begun;
  }

  #ended(end: CallEnd): void {
    const { call, code, fault } = end;
    if (fault === TWICE && makesTwo(call)) this.#doubled.set(call.operation, this.doubled(call.operation) + 1);
    const struck = fault === undefined ? '' : `   FAULT ${fault}`;
    this.trace.note(`${call.process} #${call.index} ${call.line} → ${code ?? 'nothing'}${struck}`);
    if (call.input !== undefined && call.effect === 'write') this.trace.detail(() => JSON.stringify(call.input));
    if (call.side === 'aws' && call.effect === 'write' && code === 'OK') this.#lastWrite = this.clock.now();
    for (const { ended } of this.#observers) ended?.(end);
  }

  #changed(change: StorageEvent, cluster: SimCluster): void {
    if (!/^(events|leases)\./.test(change.resource)) this.#lastWrite = this.clock.now();
    this.trace.detail(
      () => `${change.type} ${cluster.of(change.resource)} ${change.namespace}/${change.name}${shown(change)}`,
    );
    for (const { changed } of this.#observers) changed?.(change, cluster);
  }
}

/** All promises that can go on have done so: Node takes up this queue only when that of the promises is empty. */
function settled(): Promise<void> {
  return new Promise<void>((resolve) => process.nextTick(resolve));
}

function shown({ object }: StorageEvent): string {
  return 'status' in object ? ` ${JSON.stringify(object.status)}` : '';
}

/** Whether AWS knows no token for a call by which it would tell that it comes a second time. */
function makesTwo({ operation, input }: Call): boolean {
  if (operation === 'ecs.RegisterTaskDefinition') return true;
  return operation === 'ecs.UpdateService' && Object(input).forceNewDeployment === true;
}
