import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { QueueMetrics } from '../runtime/metrics.ts';

/** As client-go has them: powers of ten from 10 ns, of which only the later ones ever fill here. Seconds. */
const WORK_SECONDS = [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

type InProgress = Parameters<QueueMetrics['inProgress']>[0];

/** The measures of all work queues, under client-go's names. */
export class QueueSeries {
  readonly #depth;
  readonly #adds;
  readonly #queued;
  readonly #worked;
  readonly #retries;
  /** Queue → what is in progress there, asked at each scrape. */
  readonly #inProgress = new Map<string, InProgress>();

  constructor(registry: Registry) {
    // controller-runtime gives the same name twice; dashboards select by either.
    const common = { labelNames: ['name', 'controller'] as const, registers: [registry] };
    this.#depth = new Gauge({ ...common, name: 'workqueue_depth', help: 'Objects that wait for a worker.' });
    this.#adds = new Counter({ ...common, name: 'workqueue_adds_total', help: 'Additions to the queue.' });
    this.#queued = new Histogram({
      ...common,
      name: 'workqueue_queue_duration_seconds',
      help: 'How long an object waited for a worker.',
      buckets: WORK_SECONDS,
    });
    this.#worked = new Histogram({
      ...common,
      name: 'workqueue_work_duration_seconds',
      help: 'How long an object was worked on.',
      buckets: WORK_SECONDS,
    });
    this.#retries = new Counter({ ...common, name: 'workqueue_retries_total', help: 'Additions after a failure.' });
    this.#gaugeAtScrape(registry, {
      name: 'workqueue_unfinished_work_seconds',
      help: 'How long what is being worked on has taken so far, in sum. Large means that something is stuck.',
      read: (inProgress) => inProgress().unfinishedSeconds,
    });
    this.#gaugeAtScrape(registry, {
      name: 'workqueue_longest_running_processor_seconds',
      help: 'How long the longest of what is being worked on has taken so far.',
      read: (inProgress) => inProgress().longestSeconds,
    });
  }

  of(name: string): QueueMetrics {
    const labels = { name, controller: name };
    for (const counter of [this.#adds, this.#retries]) counter.inc(labels, 0);
    this.#depth.set(labels, 0);
    return {
      depth: (keys) => this.#depth.set(labels, keys),
      added: () => this.#adds.inc(labels),
      queued: (seconds) => this.#queued.observe(labels, seconds),
      worked: (seconds) => this.#worked.observe(labels, seconds),
      retried: () => this.#retries.inc(labels),
      inProgress: (read) => this.#inProgress.set(name, read),
    };
  }

  #gaugeAtScrape(
    registry: Registry,
    gauge: { readonly name: string; readonly help: string; readonly read: (inProgress: InProgress) => number },
  ): void {
    const inProgress = this.#inProgress;
    new Gauge({
      name: gauge.name,
      help: gauge.help,
      labelNames: ['name', 'controller'],
      registers: [registry],
      collect() {
        for (const [name, read] of inProgress) this.set({ name, controller: name }, gauge.read(read));
      },
    });
  }
}
