import type { AwsRequest } from '../../../src/aws/send.ts';
import { AwsError } from '../../../src/fake-aws/core/aws-error.ts';
import type { FakeServiceName } from '../../../src/fake-aws/core/request.ts';
import { FakeAws } from '../../../src/fake-aws/fake-aws.ts';
import { Operator } from '../../../src/operator.ts';
import type { OperatorSettings, OperatorTelemetry } from '../../../src/operator-options.ts';
import type { Log } from '../../../src/runtime/log.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { InMemoryKubeApi } from '../kube-api/in-memory-kube-api.ts';
import { type JsonObject, listAt, textAt } from '../kube-api/json.ts';
import { Aws } from '../world/aws-hands.ts';
import { Person } from '../world/person.ts';
import { plainCopy } from '../world/plain-copy.ts';

/** Changes what AWS answered; gets a copy. */
export type Spoil = (operation: string, output: object) => object;

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
  workers: 2,
  resyncMs: 300_000,
  leaderElection: undefined,
};

/** The whole operator over both fakes, without a network: every answer comes at once. */
export class OperatorWorld {
  readonly clock = new VirtualClock();
  readonly aws = new FakeAws({ clock: this.clock, random: seededRandom(1), region: REGION });
  readonly kube: Person;
  readonly #hands = new Aws(this.aws);
  /** Calls that take something out of AWS: operation and what it is about. */
  destroyed: string[] = [];
  /** Calls of AWS, by operation. */
  readonly calls = new Map<string, number>();
  /** What the operator itself calls its fault. */
  readonly accidents: string[] = [];
  /** All that was ever said of an object that is not Ready, as `kind: message`. */
  readonly told: string[] = [];
  readonly #api: InMemoryKubeApi;
  readonly #operator: Operator;
  readonly #stopping = new AbortController();
  readonly #spoil: Spoil;
  #running: Promise<void> | undefined;

  constructor(spoil: Spoil) {
    this.#spoil = spoil;
    this.#api = new InMemoryKubeApi({
      clock: this.clock,
      random: seededRandom(2),
      namespaces: ['shop'],
      onChange: ({ object }) => this.#note(object),
    });
    this.kube = new Person(this.#api, this.clock);
    this.#operator = new Operator({
      settings: SETTINGS,
      transport: this.#api.transport,
      kubeHost: 'in-memory',
      send: async (request) => this.#answer(request),
      clock: this.clock,
      random: seededRandom(3),
      log: this.#log(),
      telemetry: this.#telemetry(),
    });
  }

  start(): void {
    this.#running = this.#operator.run(this.#stopping.signal);
  }

  /** @throws what ended the operator; nothing may. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('told to stop'));
    await this.pass(60_000);
    await this.#running;
  }

  pass(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  /** AWS as it is, without what differs from run to run that end the same. */
  get state(): Readonly<Record<string, readonly string[]>> {
    const { ecs, servicediscovery } = this.#hands.state();
    const { clusters, taskDefinitions } = ecs;
    const { namespaces, services } = servicediscovery;
    const living = clusters.filter(({ status }) => status !== 'INACTIVE');
    return {
      clusters: living.map(({ clusterName }) => clusterName),
      services: living.flatMap((cluster) =>
        cluster.services
          .filter(({ status }) => status !== 'INACTIVE')
          .map(({ serviceName, desiredCount }) => `${serviceName} ${String(desiredCount)}`),
      ),
      revisions: taskDefinitions
        .filter(({ status }) => status === 'ACTIVE')
        .map(({ family, containerDefinitions }) => `${family} ${containerDefinitions[0]?.image}`)
        .sort(),
      namespaces: namespaces.map(({ name, description }) => `${name} ${String(description)}`),
      cloudMapServices: services.map(({ name }) => name),
    };
  }

  #note(object: JsonObject): void {
    const ready = listAt(object, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
    if (ready === undefined || textAt(ready, 'status') === 'True') return;
    this.told.push(`${textAt(object, 'kind')}: ${textAt(ready, 'message')}`);
  }

  async #answer({ service, operation, input, target }: AwsRequest): Promise<object> {
    const name = `${service}.${operation}`;
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    if (/^(Delete|Deregister|Untag)/.test(operation)) this.destroyed.push(`${name} ${JSON.stringify(input)}`);
    try {
      const { accountId } = this.aws;
      const own = { Account: accountId, Arn: `arn:aws:iam::${accountId}:role/operator`, UserId: 'AROA' };
      if (service === 'sts') return this.#spoil(name, own);
      const request = { service: service as FakeServiceName, operation, input: plainCopy(input), accountId };
      return this.#spoil(name, plainCopy(this.aws.handle({ ...request, region: target.region })));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const $metadata = { httpStatusCode: error.httpStatus };
      throw Object.assign(new Error(error.message), { name: error.code, $fault: 'client', $metadata, ...error.fields });
    }
  }

  #log(): Log {
    return {
      debug() {},
      info() {},
      warn() {},
      error: (message, fields) => this.accidents.push(`${message} ${JSON.stringify(fields ?? {})}`),
    };
  }

  #telemetry(): OperatorTelemetry {
    return {
      aws: { requestDone() {}, limiterWaited() {} },
      kube: { request() {} },
      leader: { leading() {} },
      queue: () => ({ depth() {}, added() {}, queued() {}, worked() {}, retried() {}, inProgress() {} }),
      controller: (name) => ({
        reconciled() {},
        failed() {},
        stalled() {},
        panicked: () => this.accidents.push(`the controller of ${name} panicked`),
        took() {},
        workers() {},
        active() {},
      }),
      conditions() {},
    };
  }
}
