import { FakeAws } from '../../../../src/fake-aws/fake-aws.ts';
import { Gate } from '../../../../src/fake-aws/faults/gate.ts';
import { Identities } from '../../../../src/fake-aws/sts/identities.ts';
import { Sts } from '../../../../src/fake-aws/sts/sts.ts';
import { Throttle } from '../../../../src/fake-aws/throttle/throttle.ts';
import type { KubeTransport } from '../../../../src/kube/transport.ts';
import { Operator } from '../../../../src/operator.ts';
import type { OperatorSettings, OperatorTelemetry } from '../../../../src/operator-options.ts';
import type { Log } from '../../../../src/runtime/log.ts';
import { seededRandom } from '../../../../src/runtime/random.ts';
import { VirtualClock } from '../../../../src/runtime/virtual-clock.ts';
import { InMemoryKubeApi } from '../in-memory-kube-api.ts';
import { gateSend } from './gate-send.ts';

export const NAMESPACE = 'shop';
const REGION = 'eu-central-1';

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

/** The operator, Kubernetes and AWS in one process, on one clock and one seed: nothing else moves. */
export class SimulatedWorld {
  readonly clock = new VirtualClock();
  readonly api: InMemoryKubeApi;
  readonly fake: FakeAws;
  readonly gate: Gate;
  /** Who asked whom for what, and what was answered, with the virtual time in ms since the start. */
  readonly trace: string[] = [];
  readonly #seed: number;
  readonly #start = this.clock.now();

  constructor(seed: number) {
    this.#seed = seed;
    const { clock } = this;
    const random = seededRandom(seed);
    this.api = new InMemoryKubeApi({ clock, random, namespaces: [NAMESPACE] });
    this.fake = new FakeAws({ clock, random, region: REGION });
    const identities = new Identities({ clock, random, accountId: this.fake.accountId });
    this.gate = new Gate({
      clock,
      random,
      fake: this.fake,
      sts: new Sts(identities),
      identities,
      throttle: new Throttle({ clock }),
      onCall: ({ service, operation, code }) => this.#note(`aws ${service}.${operation} ${code}`),
    });
  }

  /** Starts the operator. @returns the way to stop it. */
  startOperator(): () => Promise<void> {
    const stopping = new AbortController();
    const operator = new Operator({
      settings: SETTINGS,
      transport: this.#traced(this.api.transport),
      kubeHost: 'in-memory',
      send: gateSend(this.gate),
      clock: this.clock,
      random: seededRandom(this.#seed + 1),
      log: QUIET,
      telemetry: NOWHERE,
    });
    const running = operator.run(stopping.signal);
    return async () => {
      stopping.abort(new Error('the test stops the operator'));
      let ended = false;
      const end = running.finally(() => {
        ended = true;
      });
      while (!ended && (await this.step()));
      await end;
    };
  }

  /** Jumps to the next timer and lets everything run that goes on from there. @returns false when there is none. */
  async step(): Promise<boolean> {
    const fired = this.clock.runNext();
    await settled();
    return fired;
  }

  /** Steps until something is so. @throws Error when so much virtual time has passed without it. */
  async until(describe: string, holds: () => boolean, limitMs = 3_600_000): Promise<void> {
    const deadline = this.clock.now() + limitMs;
    await settled();
    while (!holds()) {
      if (!(await this.step()) || this.clock.now() > deadline) throw new Error(`it never came about that ${describe}`);
    }
  }

  #traced(transport: KubeTransport): KubeTransport {
    return async (request) => {
      const response = await transport(request);
      this.#note(`kube ${request.method} ${request.path} ${response.status}`);
      return response;
    };
  }

  #note(line: string): void {
    this.trace.push(`${this.clock.now() - this.#start} ${line}`);
  }
}

/** All promises that can go on have done so when the event loop comes round. */
function settled(): Promise<void> {
  return new Promise<void>((resolve) => setImmediate(resolve));
}

const QUIET: Log = { debug() {}, info() {}, warn() {}, error() {} };

const NOWHERE: OperatorTelemetry = {
  aws: { requestDone() {}, limiterWaited() {} },
  kube: { request() {} },
  leader: { leading() {} },
  queue: () => ({ depth() {}, added() {}, queued() {}, worked() {}, retried() {}, inProgress() {} }),
  controller: () => ({
    reconciled() {},
    failed() {},
    stalled() {},
    panicked() {},
    took() {},
    workers() {},
    active() {},
  }),
  conditions() {},
};
