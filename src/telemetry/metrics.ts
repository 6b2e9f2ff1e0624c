import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AwsMetrics } from '../aws/metrics.ts';
import type { KubeMetrics } from '../kube/metrics.ts';
import type { ControllerMetrics, LeaderMetrics, QueueMetrics } from '../runtime/metrics.ts';

export interface MetricsOptions {
  /** Above this many objects there are no condition series, so that they cannot swamp Prometheus; 0 for none at all. */
  readonly conditionLimit: number;
  readonly version: string;
}

interface Named {
  readonly name: string;
  readonly namespace?: string;
}

interface ConditionView {
  readonly type: string;
  readonly status: string;
}

/** Buckets from a millisecond to a minute; seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * All measures, in one registry: under controller-runtime's and client-go's names, so that existing dashboards work, and
 * our own under `ecs_operator_`.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly aws: AwsMetrics;
  readonly kube: KubeMetrics;
  readonly leader: LeaderMetrics;
  readonly #controllers: ReturnType<typeof controllerMetrics>;
  readonly #queues: ReturnType<typeof queueMetrics>;
  readonly #conditions: Conditions;

  constructor({ conditionLimit, version }: MetricsOptions) {
    const { registry } = this;
    collectDefaultMetrics({ register: registry });
    new Gauge({
      name: 'ecs_operator_build_info',
      help: 'Always 1; the labels say what runs.',
      labelNames: ['version', 'node'],
      registers: [registry],
    }).set({ version, node: process.version }, 1);
    this.aws = awsMetrics(registry);
    this.kube = kubeMetrics(registry);
    this.leader = leaderMetrics(registry);
    this.#controllers = controllerMetrics(registry);
    this.#queues = queueMetrics(registry);
    this.#conditions = new Conditions(registry, conditionLimit);
  }

  controller(name: string): ControllerMetrics {
    return this.#controllers(name);
  }

  queue(name: string): QueueMetrics {
    return this.#queues(name);
  }

  /** The conditions of an object after a reconcile; undefined once it is gone. */
  conditions(kind: string, metadata: Named, conditions: readonly ConditionView[] | undefined): void {
    this.#conditions.set(kind, metadata, conditions);
  }

  /** What Prometheus scrapes. */
  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }
}

function awsMetrics(registry: Registry): AwsMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'ecs_operator_aws_requests_total',
    help: 'AWS calls that were answered or failed, by code.',
    labelNames: ['service', 'operation', 'code'],
    registers,
  });
  const durations = new Histogram({
    name: 'ecs_operator_aws_request_duration_seconds',
    help: 'How long AWS took to answer.',
    labelNames: ['service', 'operation'],
    buckets: SECONDS,
    registers,
  });
  const waits = new Histogram({
    name: 'ecs_operator_aws_limiter_wait_seconds',
    help: "How long calls waited for AWS's request rates.",
    labelNames: ['category'],
    buckets: SECONDS,
    registers,
  });
  return {
    requestDone({ service, operation, code, seconds }) {
      requests.inc({ service, operation, code });
      durations.observe({ service, operation }, seconds);
    },
    limiterWaited: ({ category, seconds }) => waits.observe({ category }, seconds),
  };
}

function kubeMetrics(registry: Registry): KubeMetrics {
  const requests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to the Kubernetes API, by answer.',
    labelNames: ['code', 'method', 'host'],
    registers: [registry],
  });
  return { request: (labels) => requests.inc({ ...labels }) };
}

function leaderMetrics(registry: Registry): LeaderMetrics {
  const status = new Gauge({
    name: 'leader_election_master_status',
    help: '1 while this process holds the lease.',
    labelNames: ['name'],
    registers: [registry],
  });
  return { leading: (name, isLeader) => status.set({ name }, isLeader ? 1 : 0) };
}

function controllerMetrics(registry: Registry): (controller: string) => ControllerMetrics {
  const registers = [registry];
  const labelNames = ['controller'] as const;
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
  const reconciled = new Counter({
    name: 'controller_runtime_reconcile_total',
    help: 'Reconciles, by how they ended.',
    labelNames: ['controller', 'result'],
    registers,
  });
  const errors = counter('controller_runtime_reconcile_errors_total', 'Reconciles that failed.');
  const terminal = counter(
    'controller_runtime_terminal_reconcile_errors_total',
    'Reconciles that only a change puts right.',
  );
  const panics = counter('controller_runtime_reconcile_panics_total', 'Reconciles that threw: faults of the operator.');
  const time = new Histogram({
    name: 'controller_runtime_reconcile_time_seconds',
    help: 'How long a reconcile took.',
    labelNames,
    buckets: SECONDS,
    registers,
  });
  const workers = new Gauge({
    name: 'controller_runtime_max_concurrent_reconciles',
    help: 'Workers.',
    labelNames,
    registers,
  });
  const active = new Gauge({
    name: 'controller_runtime_active_workers',
    help: 'Workers that are at work.',
    labelNames,
    registers,
  });
  return (controller) => {
    // From the start, so that rates of rare things are defined.
    for (const one of [errors, terminal, panics]) one.inc({ controller }, 0);
    return {
      reconciled: (result) => reconciled.inc({ controller, result }),
      failed: () => errors.inc({ controller }),
      stalled: () => terminal.inc({ controller }),
      panicked: () => panics.inc({ controller }),
      took: (seconds) => time.observe({ controller }, seconds),
      workers: (count) => workers.set({ controller }, count),
      active: (count) => active.set({ controller }, count),
    };
  };
}

function queueMetrics(registry: Registry): (name: string) => QueueMetrics {
  const registers = [registry];
  const labelNames = ['name'] as const;
  const depth = new Gauge({ name: 'workqueue_depth', help: 'Keys that wait for a worker.', labelNames, registers });
  const adds = new Counter({ name: 'workqueue_adds_total', help: 'Keys that were added.', labelNames, registers });
  const retries = new Counter({
    name: 'workqueue_retries_total',
    help: 'Additions after a failure.',
    labelNames,
    registers,
  });
  const histogram = (metric: string, help: string) =>
    new Histogram({ name: metric, help, labelNames, buckets: SECONDS, registers });
  const queued = histogram('workqueue_queue_duration_seconds', 'How long keys waited for a worker.');
  const worked = histogram('workqueue_work_duration_seconds', 'How long the work on a key took.');
  const readers = new Map<string, () => { readonly unfinishedSeconds: number; readonly longestSeconds: number }>();
  new Gauge({
    name: 'workqueue_unfinished_work_seconds',
    help: 'Seconds of work that is under way, in sum.',
    labelNames,
    registers,
    collect() {
      for (const [name, read] of readers) this.set({ name }, read().unfinishedSeconds);
    },
  });
  new Gauge({
    name: 'workqueue_longest_running_processor_seconds',
    help: 'Seconds that the longest work has been under way.',
    labelNames,
    registers,
    collect() {
      for (const [name, read] of readers) this.set({ name }, read().longestSeconds);
    },
  });
  return (name) => ({
    depth: (keys) => depth.set({ name }, keys),
    added: () => adds.inc({ name }),
    retried: () => retries.inc({ name }),
    queued: (seconds) => queued.observe({ name }, seconds),
    worked: (seconds) => worked.observe({ name }, seconds),
    inProgress: (read) => readers.set(name, read),
  });
}

/** One series for each condition of each object, 0 or 1: at most `limit` objects, and none when there are more. */
class Conditions {
  readonly #gauge: Gauge<'kind' | 'namespace' | 'name' | 'type'>;
  readonly #limit: number;
  readonly #types = new Map<
    string,
    { readonly labels: { kind: string; namespace: string; name: string }; types: readonly string[] }
  >();
  #off: boolean;

  constructor(registry: Registry, limit: number) {
    this.#limit = limit;
    this.#off = limit === 0;
    this.#gauge = new Gauge({
      name: 'ecs_operator_resource_condition',
      help: 'The conditions of the objects: 1 while True.',
      labelNames: ['kind', 'namespace', 'name', 'type'],
      registers: [registry],
    });
  }

  set(kind: string, { namespace = '', name }: Named, conditions: readonly ConditionView[] | undefined): void {
    if (this.#off) return;
    const key = `${kind}/${namespace}/${name}`;
    const labels = { kind, namespace, name };
    const types = (conditions ?? []).map(({ type }) => type);
    for (const type of this.#types.get(key)?.types ?? []) {
      if (!types.includes(type)) this.#gauge.remove({ ...labels, type });
    }
    if (conditions === undefined) {
      this.#types.delete(key);
      return;
    }
    this.#types.set(key, { labels, types });
    for (const { type, status } of conditions) this.#gauge.set({ ...labels, type }, status === 'True' ? 1 : 0);
    if (this.#types.size <= this.#limit) return;
    // For good: series that come and go with the number of objects would make alerts flap.
    this.#off = true;
    this.#types.clear();
    this.#gauge.reset();
  }
}
