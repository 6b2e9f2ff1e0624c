import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AwsMetrics } from '../aws/metrics.ts';
import type { KubeMetrics } from '../kube/metrics.ts';
import type { ControllerMetrics, LeaderMetrics, QueueMetrics } from '../runtime/metrics.ts';
import { ConditionSeries, type ConditionValue } from './condition-series.ts';
import { ControllerSeries } from './controller-series.ts';
import { QueueSeries } from './queue-series.ts';

export interface MetricsOptions {
  /** With more objects than this there is no `ecs_operator_resource_condition`; 0 for never. */
  readonly conditionLimit: number;
  /** For `ecs_operator_build_info`. */
  readonly version: string;
}

/** From a fast local answer to the gateway's time-out. Seconds. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** From no wait to the queue behind a bucket of one a second. Seconds. */
const WAIT_SECONDS = [0.001, 0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** All measures of the operator, under the names that dashboards for controller-runtime know, and its own. */
export class Metrics {
  readonly aws: AwsMetrics;
  readonly kube: KubeMetrics;
  readonly leader: LeaderMetrics;
  readonly #registry = new Registry();
  readonly #conditions: ConditionSeries;
  readonly #queues: QueueSeries;
  readonly #controllers: ControllerSeries;

  constructor(options: MetricsOptions) {
    const registry = this.#registry;
    const registers = [registry];
    collectDefaultMetrics({ register: registry });
    this.#conditions = new ConditionSeries(options.conditionLimit);
    this.#queues = new QueueSeries(registry);
    this.#controllers = new ControllerSeries(registry);
    this.aws = awsMetrics(registers);
    this.kube = kubeMetrics(registers);
    this.leader = leaderMetrics(registers);
    new Gauge({
      name: 'ecs_operator_build_info',
      help: 'Always 1; the labels say what runs.',
      labelNames: ['version', 'node'],
      registers,
    }).set({ version: options.version, node: process.version }, 1);
  }

  /** Measures of the work queue of that name. */
  queue(name: string): QueueMetrics {
    return this.#queues.of(name);
  }

  /** Measures of the controller of that name. */
  controller(name: string): ControllerMetrics {
    return this.#controllers.of(name);
  }

  /** @param conditions undefined once the object is gone. */
  conditions(
    kind: string,
    metadata: { readonly name: string; readonly namespace?: string },
    conditions: readonly ConditionValue[] | undefined,
  ): void {
    this.#conditions.set({ kind, namespace: metadata.namespace, name: metadata.name }, conditions);
  }

  /** Everything, in Prometheus's text format. */
  async text(): Promise<string> {
    return `${await this.#registry.metrics()}${this.#conditions.text()}`;
  }

  /** What `text` is, for the header of the answer. */
  get contentType(): string {
    return this.#registry.contentType;
  }
}

function awsMetrics(registers: Registry[]): AwsMetrics {
  const requests = new Counter({
    name: 'ecs_operator_aws_requests_total',
    help: "AWS calls that were sent, by AWS's error code, OK, or Node's code where there was no answer.",
    labelNames: ['service', 'operation', 'code'],
    registers,
  });
  const durations = new Histogram({
    name: 'ecs_operator_aws_request_duration_seconds',
    help: 'How long AWS took to answer.',
    labelNames: ['service', 'operation'],
    buckets: REQUEST_SECONDS,
    registers,
  });
  const waits = new Histogram({
    name: 'ecs_operator_aws_limiter_wait_seconds',
    help: "How long calls waited so that AWS's request rates are kept.",
    labelNames: ['category'],
    buckets: WAIT_SECONDS,
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

function kubeMetrics(registers: Registry[]): KubeMetrics {
  const requests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to the Kubernetes API, by status code, method and host.',
    labelNames: ['code', 'method', 'host'],
    registers,
  });
  return { request: (labels) => requests.inc({ ...labels }) };
}

function leaderMetrics(registers: Registry[]): LeaderMetrics {
  const status = new Gauge({
    name: 'leader_election_master_status',
    help: 'Whether this process holds the lease of that name.',
    labelNames: ['name'],
    registers,
  });
  return { leading: (name, isLeader) => status.set({ name }, isLeader ? 1 : 0) };
}
