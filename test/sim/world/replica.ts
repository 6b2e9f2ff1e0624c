import type { AwsSend } from '../../../src/aws/send.ts';
import type { KubeTransport } from '../../../src/kube/transport.ts';
import type { Operator } from '../../../src/operator.ts';
import type { OperatorOptions, OperatorSettings, OperatorTelemetry } from '../../../src/operator-options.ts';
import type { Log } from '../../../src/runtime/log.ts';
import type { Random } from '../../../src/runtime/random.ts';
import { REGION } from './names.ts';
import { SimProcess } from './sim-process.ts';
import type { World } from './world.ts';

/** What a person would set. */
const SETTINGS: OperatorSettings = {
  namespaces: [],
  selector: undefined,
  region: REGION,
  endpointUrl: undefined,
  installationId: undefined,
  defaultAccountNamespaces: ['*'],
  readOnly: false,
  maxDeletesPerMinute: 60,
  workers: 4,
  resyncMs: 300_000,
  leaderElection: undefined,
};

/** The kubelet needs a while to start a container again; milliseconds. */
const RESTART_MS = 2_000;

/** What is run: the operator, or one that is broken on purpose. */
export type RunnableOperator = Pick<Operator, 'run'>;

export interface ReplicaOptions {
  readonly world: World;
  /** The Kubernetes cluster that it runs in. */
  readonly cluster: string;
  readonly name: string;
  /** A stream of chance by its name. */
  readonly random: (part: string) => Random;
  readonly settings: Partial<OperatorSettings>;
  readonly elects: boolean;
  readonly operator: (options: OperatorOptions) => RunnableOperator;
  readonly transport: (process: SimProcess, chance: Random) => KubeTransport;
  readonly send: (process: SimProcess, chance: Random) => AwsSend;
}

interface Life {
  readonly process: SimProcess;
  readonly stopping: AbortController;
  end: Promise<void>;
}

/** One replica of the operator's Deployment: a process, and when that has ended, the next one. */
export class Replica {
  readonly #options: ReplicaOptions;
  #life: Life | undefined;
  #lives = 0;
  readonly #stops: AbortController[] = [];
  #stopped = false;
  #settings: Partial<OperatorSettings>;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  /** What a person has set. */
  get settings(): Partial<OperatorSettings> {
    return this.#settings;
  }

  /** The process that runs now, if any. */
  get process(): SimProcess | undefined {
    return this.#life?.process;
  }

  start(): void {
    const { world, cluster, name, random, elects, operator: make, transport, send } = this.#options;
    if (this.#stopped || this.#life !== undefined) return;
    const life = `${name}${++this.#lives}`;
    const process = new SimProcess({ name: life, cluster, clock: world.clock, onDeath: () => this.#died(life) });
    const chance = random(`${this.#lives}/network`);
    const stopping = new AbortController();
    const election = elects ? { leaderElection: { namespace: 'default', identity: name } } : {};
    const operator = make({
      settings: { ...SETTINGS, ...election, ...this.#settings },
      transport: transport(process, chance),
      kubeHost: 'in-memory',
      send: send(process, chance),
      clock: process.clock,
      random: random(`${this.#lives}/operator`),
      log: this.#log(process),
      telemetry: this.#telemetry(process),
    });
    world.trace.note(`${life} starts`);
    this.#stops.push(stopping);
    const begun: Life = { process, stopping, end: Promise.resolve() };
    // First, for it may die while it starts.
    this.#life = begun;
    begun.end = operator.run(stopping.signal).catch((error: unknown) => this.#failed(process, error));
  }

  /** Ends the process at once, as SIGKILL does; the next one starts by itself. */
  kill(): void {
    this.#life?.process.kill();
  }

  /** The process dies, and none follows it: its cluster is lost, or the operator is taken out of it. */
  killForGood(): void {
    this.#stopped = true;
    this.kill();
  }

  /** Changes its flags, which ends the process; the next one has them. */
  set(settings: Partial<OperatorSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    this.kill();
  }

  /** Ends it gracefully, for good. Resolves when it has ended; time has to pass for that. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#life?.process.resume();
    this.#life?.stopping.abort(new Error('told to stop'));
    await this.#life?.end;
  }

  /**
   * Lets go of all processes, after the run. Node keeps a signal made of others for as long as none of them is aborted
   * (AbortSignal.any), and those of a process that was killed never would be: with each the whole world would stay.
   */
  bury(): void {
    for (const stopping of this.#stops) stopping.abort(new Error('the run is over'));
  }

  /** What the process that ended last has left running, in words. */
  leftovers(): readonly string[] {
    if (this.#life === undefined) return [];
    const { process } = this.#life;
    const counts = { timers: process.timers, requests: process.requests, watches: process.connections };
    return Object.entries(counts).flatMap(([what, count]) =>
      count === 0 ? [] : [`${process.name} left ${count} ${what} behind when it ended`],
    );
  }

  #died(name: string): void {
    const { world } = this.#options;
    world.trace.note(`${name} is dead`);
    this.#life = undefined;
    this.#startAgain();
  }

  /** As main.ts does: the process ends, and a fresh one starts. */
  #failed(process: SimProcess, error: unknown): void {
    const { world } = this.#options;
    const message = error instanceof Error ? error.message : String(error);
    world.trace.note(`${process.name} ends: ${message}`);
    if (!message.startsWith('lost the lease')) world.accidents.push(`${process.name} ended by itself: ${message}`);
    process.kill();
  }

  #startAgain(): void {
    this.#options.world.clock.after(RESTART_MS, () => this.start());
  }

  /** What the operator itself calls an error is an accident, unless it is about its lease. */
  #log(process: SimProcess): Log {
    const { world } = this.#options;
    const line = (level: string, message: string, fields: object | undefined): void => {
      if (process.isDead) return;
      world.trace.detail(() => `${process.name} ${level}: ${message} ${JSON.stringify(fields ?? {})}`);
    };
    return {
      debug: (message, fields) => line('debug', message, fields),
      info: (message, fields) => line('info', message, fields),
      warn: (message, fields) => line('warn', message, fields),
      error: (message, fields) => {
        line('error', message, fields);
        if (process.isDead || message.startsWith('lost the lease')) return;
        world.accidents.push(`${process.name} logs an error: ${message} ${JSON.stringify(fields ?? {})}`);
      },
    };
  }

  #telemetry(process: SimProcess): OperatorTelemetry {
    const { world } = this.#options;
    return {
      ...NOWHERE,
      controller: (name) => ({
        ...NO_CONTROLLER,
        panicked: () => {
          if (!process.isDead) world.accidents.push(`${process.name}: the controller of ${name} panicked`);
        },
      }),
    };
  }
}

const NO_CONTROLLER: ReturnType<OperatorTelemetry['controller']> = {
  reconciled() {},
  failed() {},
  stalled() {},
  panicked() {},
  took() {},
  workers() {},
  active() {},
};

const NOWHERE: Omit<OperatorTelemetry, 'controller'> = {
  aws: { requestDone() {}, limiterWaited() {} },
  kube: { request() {} },
  leader: { leading() {} },
  queue: () => ({ depth() {}, added() {}, queued() {}, worked() {}, retried() {}, inProgress() {} }),
  conditions() {},
};
