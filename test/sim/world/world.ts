import { FakeAws } from '../../../src/fake-aws/fake-aws.ts';
import { Gate } from '../../../src/fake-aws/faults/gate.ts';
import { Identities } from '../../../src/fake-aws/sts/identities.ts';
import { Sts } from '../../../src/fake-aws/sts/sts.ts';
import { Throttle } from '../../../src/fake-aws/throttle/throttle.ts';
import { Operator } from '../../../src/operator.ts';
import type { OperatorOptions, OperatorSettings } from '../../../src/operator-options.ts';
import type { Random } from '../../../src/runtime/random.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import type { PlannedFault } from '../faults/fault.ts';
import { Injector } from '../faults/injector.ts';
import { InMemoryKubeApi } from '../kube-api/in-memory-kube-api.ts';
import { operatorCrds } from '../kube-api/installed-crds.ts';
import type { StorageEvent } from '../kube-api/storage.ts';
import { AwsNetwork } from './aws-network.ts';
import type { Call, CallEnd } from './calls.ts';
import { kindOf } from './crd-kind.ts';
import { KubeNetwork } from './kube-network.ts';
import { NAMESPACE, REGION } from './names.ts';
import { Replica, type RunnableOperator } from './replica.ts';
import { stream } from './seeds.ts';
import { Trace } from './trace.ts';

/** How many times faster than AWS rollouts run: what is polled for only makes runs longer. */
const FASTER = 4;

export interface WorldOptions {
  readonly seed: number;
  readonly faults?: readonly PlannedFault[];
  readonly settings?: Partial<OperatorSettings>;
  /** How many operators run at once; more than one elect a leader. Default 1, without election. */
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
  changed?(change: StorageEvent): void;
}

/**
 * The operator, Kubernetes and AWS in one process, on one clock and one seed: nothing else moves. Every request, answer
 * and watch event is an event of the clock, so the seed owns every interleaving.
 */
export class World {
  readonly clock = new VirtualClock();
  readonly start = this.clock.now();
  readonly api: InMemoryKubeApi;
  readonly fake: FakeAws;
  readonly gate: Gate;
  readonly trace: Trace;
  readonly injector: Injector;
  /** What nobody asked for and that must not happen, in words: ends of the operator, its own faults. */
  readonly accidents: string[] = [];
  readonly replicas: readonly Replica[];
  readonly #observers: Observer[] = [];
  readonly #kube: KubeNetwork;
  readonly #aws: AwsNetwork;
  #calls = 0;
  #lastWrite = 0;

  constructor(options: WorldOptions) {
    const { seed, faults = [], operators = 1, detailed = false } = options;
    const { clock } = this;
    this.trace = new Trace({ elapsedMs: () => this.elapsedMs, detailed });
    this.injector = new Injector(clock, faults);
    this.api = new InMemoryKubeApi({
      clock,
      random: stream(seed, 'kubernetes'),
      namespaces: [NAMESPACE, ...(options.namespaces ?? [])],
      crds: operatorCrds().filter((crd) => !options.withoutCrds?.includes(kindOf(crd))),
      onChange: (change) => this.#changed(change),
    });
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
    const note = (line: string): void => this.trace.note(line);
    this.#kube = new KubeNetwork({ api: this.api, clock, injector, begin, ended, note });
    this.#aws = new AwsNetwork({ gate: this.gate, clock, injector, begin, ended });
    this.replicas = Array.from({ length: operators }, (_, at) => {
      const name = `op-${String.fromCharCode(97 + at)}`;
      return new Replica({
        world: this,
        name,
        random: (part) => stream(seed, `${name}/${part}`),
        settings: options.settings ?? {},
        elects: operators > 1,
        operator: options.operator ?? ((given) => new Operator(given)),
        transport: (process, chance) => this.#kube.transportOf(process, latency(chance, 1, 8)),
        send: (process, chance) => this.#aws.sendOf(process, latency(chance, 5, 60)),
      });
    });
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
    return this.#kube.events;
  }

  /** When something was last written, Events and Leases left out; milliseconds since the epoch. */
  get lastWrite(): number {
    return this.#lastWrite;
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
    const struck = fault === undefined ? '' : `   FAULT ${fault}`;
    this.trace.note(`${call.process} #${call.index} ${call.line} → ${code ?? 'nothing'}${struck}`);
    if (call.input !== undefined && call.effect === 'write') this.trace.detail(() => JSON.stringify(call.input));
    if (call.side === 'aws' && call.effect === 'write' && code === 'OK') this.#lastWrite = this.clock.now();
    for (const { ended } of this.#observers) ended?.(end);
  }

  #changed(change: StorageEvent): void {
    if (!/^(events|leases)\./.test(change.resource)) this.#lastWrite = this.clock.now();
    this.trace.detail(() => `${change.type} ${change.resource} ${change.namespace}/${change.name}${shown(change)}`);
    for (const { changed } of this.#observers) changed?.(change);
  }
}

/** All promises that can go on have done so: Node takes up this queue only when that of the promises is empty. */
function settled(): Promise<void> {
  return new Promise<void>((resolve) => process.nextTick(resolve));
}

function latency(random: Random, least: number, most: number): () => number {
  return () => least + Math.floor(random.next() * (most - least + 1));
}

function shown({ object }: StorageEvent): string {
  return 'status' in object ? ` ${JSON.stringify(object.status)}` : '';
}
