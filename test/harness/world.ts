import { sdkSend } from '../../src/aws/sdk-send.ts';
import { elements, member, text } from '../../src/devcluster/json.ts';
import type { CallRecord } from '../../src/fake-aws/faults/calls.ts';
import { type FakeAwsServer, type FakeAwsServerOptions, startFakeAws } from '../../src/fake-aws/server.ts';
import { kubeTransport } from '../../src/kube/http-transport.ts';
import { Operator } from '../../src/operator.ts';
import type { OperatorSettings } from '../../src/operator-options.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';
import { sharedControlPlane, type TestCluster, uniqueNamespace } from './control-plane.ts';
import { waitFor } from './wait-for.ts';

const GROUP = 'ecs-operator.dev/v1alpha1';

/** Our kinds and their plurals. */
const PLURALS = {
  AwsAccount: 'awsaccounts',
  CloudMapNamespace: 'cloudmapnamespaces',
  CloudMapService: 'cloudmapservices',
  EcsCluster: 'ecsclusters',
  EcsService: 'ecsservices',
  EcsTaskDefinition: 'ecstaskdefinitions',
} as const;
export type Kind = keyof typeof PLURALS;

/** An object as the API server answers it. */
export interface Live {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly generation: number;
    readonly resourceVersion: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
  };
  readonly spec: Readonly<Record<string, unknown>>;
  // Tests look at whatever a status holds.
  readonly status?: Readonly<Record<string, unknown>>;
}

export interface WorldOptions {
  /** Default: the one that all tests share. */
  readonly cluster?: TestCluster;
  readonly fake?: Partial<FakeAwsServerOptions>;
  readonly settings?: Partial<OperatorSettings>;
  /** False: start it yourself with `startOperator`. */
  readonly operator?: boolean;
  readonly namespace?: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
}

/** An operator that runs in this process. */
export interface RunningOperator {
  /** Rejects when the operator ended by itself. */
  readonly running: Promise<void>;
  readonly operator: Operator;
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

/** One test's own world: a namespace, a fake AWS over HTTP and an operator between the two. */
export class World implements AsyncDisposable {
  readonly cluster: TestCluster;
  readonly namespace: string;
  readonly fake: FakeAwsServer;
  readonly #settings: Partial<OperatorSettings>;
  readonly #operators = new Set<RunningOperator>();

  private constructor(
    cluster: TestCluster,
    namespace: string,
    fake: FakeAwsServer,
    settings: Partial<OperatorSettings>,
  ) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.fake = fake;
    this.#settings = settings;
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    // The fake takes any credentials.
    process.env.AWS_ACCESS_KEY_ID ??= 'AKIATESTTESTTESTTEST';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
    const cluster = options.cluster ?? sharedControlPlane();
    const namespace = await uniqueNamespace(cluster, { ...options.namespace });
    const fake = await startFakeAws({ clock: systemClock(), speed: 200, ...options.fake });
    const world = new World(cluster, namespace, fake, options.settings ?? {});
    if (options.operator !== false) await world.startOperator();
    return world;
  }

  /** A namespace of the same name in another cluster, over the same fake AWS: a second owner. */
  static async beside(other: World, cluster: TestCluster): Promise<World> {
    await cluster.client.request({
      method: 'POST',
      path: '/api/v1/namespaces',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: other.namespace } },
    });
    const world = new World(cluster, other.namespace, other.fake, other.#settings);
    await world.startOperator();
    return world;
  }

  /** Starts an operator on this world's namespace; a second one is another replica, or a restart. */
  async startOperator(
    settings: Partial<OperatorSettings> = {},
    kubeconfig = this.cluster.kubeconfigPath,
  ): Promise<RunningOperator> {
    const clock = systemClock();
    const connection = await kubeTransport({
      kubeconfig,
      env: {},
      clock,
      userAgent: 'ecs-operator-test',
    });
    const aws = sdkSend({ clock });
    const metrics = new Metrics({ conditionLimit: 1000, version: 'test' });
    const operator = new Operator({
      settings: {
        namespaces: [this.namespace],
        selector: undefined,
        region: 'eu-central-1',
        endpointUrl: this.fake.url,
        installationId: undefined,
        defaultAccountNamespaces: ['*'],
        readOnly: false,
        maxDeletesPerMinute: 1000,
        workers: 20,
        resyncMs: 300_000,
        leaderElection: undefined,
        // The fake's reads do not lag unless a test tells them to.
        patience: {
          lostMs: 500,
          goneMs: 300,
          ownersMs: 500,
          readLagMs: 500,
          lookAgainMs: 300,
          removalMs: 100,
          freshMs: 300,
          silentMs: 100,
        },
        ...this.#settings,
        ...settings,
      },
      transport: connection.transport,
      kubeHost: connection.host,
      send: aws.send,
      clock,
      random: systemRandom(),
      log: createLog({ level: process.env.TEST_LOG === 'debug' ? 'debug' : 'error', format: 'pretty' }),
      telemetry: metrics,
    });
    const stopping = new AbortController();
    const running = operator.run(stopping.signal);
    const started: RunningOperator = {
      running,
      operator,
      metrics,
      stop: async () => {
        if (!this.#operators.delete(started)) return;
        stopping.abort(new Error('the test stops the operator'));
        await running.catch(() => {});
        aws.close();
        connection.close();
      },
    };
    // Who cares waits for `running`; an operator that ends by itself must not end the test run unseen.
    running.catch(() => {});
    this.#operators.add(started);
    return started;
  }

  /** Server-side apply, as kubectl does; `namespace` and `apiVersion` are filled in. */
  async apply(kind: Kind, name: string, spec: object, metadata: object = {}): Promise<Live> {
    const answer = await this.tryApply(kind, name, spec, metadata);
    if (answer.status >= 300) throw new Error(`${kind} ${name} was refused: ${JSON.stringify(answer.body)}`);
    // Safe: the API server answers an apply with the object.
    return answer.body as Live;
  }

  /** The same without an error when it is refused. */
  tryApply(kind: Kind, name: string, spec: object, metadata: object = {}) {
    const scoped = kind === 'AwsAccount' ? {} : { namespace: this.namespace };
    return this.cluster.client.request({
      method: 'PATCH',
      path: `${this.path(kind, name)}?fieldManager=test&force=true`,
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion: GROUP, kind, metadata: { name, ...scoped, ...metadata }, spec },
    });
  }

  /** A JSON merge patch, on the object or one of its subresources. */
  async patch(kind: Kind, name: string, patch: object, subresource = ''): Promise<Live> {
    const answer = await this.cluster.client.request({
      method: 'PATCH',
      path: `${this.path(kind, name)}${subresource === '' ? '' : `/${subresource}`}`,
      contentType: 'application/merge-patch+json',
      body: patch,
    });
    if (answer.status >= 300) throw new Error(`${kind} ${name}: patch was refused: ${JSON.stringify(answer.body)}`);
    // Safe: the API server answers a patch with the object.
    return answer.body as Live;
  }

  /** A JSON merge patch of the metadata of this world's namespace. */
  async patchNamespace(metadata: object): Promise<void> {
    const path = `/api/v1/namespaces/${this.namespace}`;
    const contentType = 'application/merge-patch+json';
    const { status, body } = await this.cluster.client.request({
      method: 'PATCH',
      path,
      contentType,
      body: { metadata },
    });
    if (status >= 300) throw new Error(`namespace ${this.namespace}: patch was refused: ${JSON.stringify(body)}`);
  }

  /** Undefined when it is not there. */
  async get(kind: Kind, name: string): Promise<Live | undefined> {
    const { status, body } = await this.cluster.client.request({ method: 'GET', path: this.path(kind, name) });
    // Safe: the API server answers a read with the object.
    return status === 404 ? undefined : withoutManagedFields(body as Live);
  }

  async list(kind: Kind): Promise<readonly Live[]> {
    const { body } = await this.cluster.client.request({ method: 'GET', path: this.path(kind) });
    return elements(member(body, 'items')) as readonly Live[];
  }

  async delete(kind: Kind, name: string): Promise<void> {
    await this.cluster.client.request({ method: 'DELETE', path: this.path(kind, name) });
  }

  /** Waits until the object is gone from Kubernetes. */
  async gone(kind: Kind, name: string, limitMs = 60_000): Promise<void> {
    await waitFor(() => this.get(kind, name), {
      describe: `${kind} ${name} is gone`,
      until: (object) => object === undefined,
      limitMs,
    });
  }

  /** Waits until a condition of the present generation has a status (and a reason). */
  async condition(
    kind: Kind,
    name: string,
    type: string,
    wanted: { readonly status?: string; readonly reason?: string } = { status: 'True' },
    limitMs = 60_000,
  ): Promise<Live> {
    const object = await waitFor(() => this.get(kind, name), {
      describe: `${kind} ${name} is ${type}=${wanted.status ?? '*'} ${wanted.reason ?? ''}`,
      until: (seen) => {
        const condition = conditionOf(seen, type);
        return (
          condition !== undefined &&
          condition.observedGeneration === seen?.metadata.generation &&
          (wanted.status === undefined || condition.status === wanted.status) &&
          (wanted.reason === undefined || condition.reason === wanted.reason)
        );
      },
      limitMs,
    });
    if (object === undefined) throw new Error(`${kind} ${name} is gone`);
    return object;
  }

  ready(kind: Kind, name: string, limitMs?: number): Promise<Live> {
    return this.condition(kind, name, 'Ready', { status: 'True' }, limitMs);
  }

  /** Calls that reached the fake, oldest first: all, or of one operation, since a call's id. */
  calls(operation?: string, since = 0): readonly CallRecord[] {
    return this.fake.calls.list({ since, ...(operation !== undefined && { operation }) });
  }

  /** Calls that change AWS. */
  writes(since = 0): readonly CallRecord[] {
    return this.calls(undefined, since).filter(
      ({ operation }) => !/^(Describe|List|Get|Discover|AssumeRole)/.test(operation),
    );
  }

  /** The id of the last call, for `since`. */
  mark(): number {
    return this.fake.calls.list().at(-1)?.id ?? 0;
  }

  /** Calls the fake as a person would, without the operator. */
  aws(service: 'ecs' | 'servicediscovery', operation: string, input: object): Readonly<Record<string, unknown>> {
    const { accountId, defaultRegion: region } = this.fake.fake;
    // Safe: an operation's output is an object.
    return this.fake.fake.handle({ service, operation, input, accountId, region }) as Readonly<Record<string, unknown>>;
  }

  /** A service as ECS describes it. */
  service(cluster: string, name: string): Readonly<Record<string, unknown>> | undefined {
    const { services } = this.aws('ecs', 'DescribeServices', { cluster, services: [name], include: ['TAGS'] });
    return elements(services)[0] as Readonly<Record<string, unknown>> | undefined;
  }

  /** Tags of a resource in ECS. */
  tags(resourceArn: string): Readonly<Record<string, string>> {
    const { tags } = this.aws('ecs', 'ListTagsForResource', { resourceArn });
    return Object.fromEntries(elements(tags).map((tag) => [text(member(tag, 'key')), text(member(tag, 'value'))]));
  }

  path(kind: Kind, name?: string): string {
    const scope = kind === 'AwsAccount' ? '' : `/namespaces/${this.namespace}`;
    return `/apis/${GROUP}${scope}/${PLURALS[kind]}${name === undefined ? '' : `/${name}`}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const operator of [...this.#operators]) await operator.stop();
    await this.#letGo();
    await this.fake.stop();
  }

  /** Nobody is left to take our finalizers off: objects of a finished test go without. */
  async #letGo(): Promise<void> {
    for (const kind of Object.keys(PLURALS) as Kind[]) {
      if (kind === 'AwsAccount') continue;
      for (const { metadata } of await this.list(kind)) {
        await this.patch(kind, metadata.name, { metadata: { finalizers: null } }).catch(() => {});
      }
    }
    await this.cluster.client
      .request({ method: 'DELETE', path: `/api/v1/namespaces/${this.namespace}` })
      .catch(() => {});
  }
}

/** Nobody reads them, and they bury everything else when a test fails. */
function withoutManagedFields(object: Live): Live {
  const { managedFields: _fields, ...metadata } = object.metadata as Live['metadata'] & { managedFields?: unknown };
  return { ...object, metadata };
}

export interface LiveCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

export function conditionOf(object: Live | undefined, type: string): LiveCondition | undefined {
  return elements(object?.status?.conditions).find((one) => member(one, 'type') === type) as LiveCondition | undefined;
}

export { waitFor };

/** A task definition that runs on Fargate. */
export function fargateTask(image = 'app:1', more: object = {}): object {
  return {
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: 256,
    memory: 512,
    taskRoleArn: 'arn:aws:iam::123456789012:role/app',
    containerDefinitions: [{ name: 'app', image, portMappings: [{ containerPort: 80 }] }],
    ...more,
  };
}

/** A service that runs a task definition of the same namespace on Fargate. */
export function fargateService(taskDefinition: string, more: object = {}): object {
  return {
    clusterRef: { name: 'main' },
    taskDefinitionRef: { name: taskDefinition },
    launchType: 'FARGATE',
    desiredCount: 1,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    ...more,
  };
}
