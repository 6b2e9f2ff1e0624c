import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ControllerMetrics } from '../runtime/metrics.ts';

/** Controller-runtime's own buckets, thinned out. Seconds. */
const RECONCILE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * The measures of all controllers, under controller-runtime's names.
 * @see https://book.kubebuilder.io/reference/metrics-reference
 */
export class ControllerSeries {
  readonly #results;
  readonly #errors;
  readonly #terminalErrors;
  readonly #panics;
  readonly #time;
  readonly #workers;
  readonly #active;

  constructor(registry: Registry) {
    const common = { labelNames: ['controller'] as const, registers: [registry] };
    this.#results = new Counter({
      name: 'controller_runtime_reconcile_total',
      help: 'Reconciles, by how they ended.',
      labelNames: ['controller', 'result'],
      registers: [registry],
    });
    this.#errors = new Counter({
      ...common,
      name: 'controller_runtime_reconcile_errors_total',
      help: 'Reconciles that failed.',
    });
    this.#terminalErrors = new Counter({
      ...common,
      name: 'controller_runtime_terminal_reconcile_errors_total',
      help: 'Reconciles that ended where only a person, or a change elsewhere, can help.',
    });
    this.#panics = new Counter({
      ...common,
      name: 'controller_runtime_reconcile_panics_total',
      help: 'Reconciles that threw: faults of the operator.',
    });
    this.#time = new Histogram({
      ...common,
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'How long a reconcile took.',
      buckets: RECONCILE_SECONDS,
    });
    this.#workers = new Gauge({
      ...common,
      name: 'controller_runtime_max_concurrent_reconciles',
      help: 'How many objects may be worked on at once.',
    });
    this.#active = new Gauge({
      ...common,
      name: 'controller_runtime_active_workers',
      help: 'How many objects are being worked on.',
    });
  }

  of(controller: string): ControllerMetrics {
    const labels = { controller };
    for (const result of ['success', 'requeue_after', 'requeue', 'error']) this.#results.inc({ controller, result }, 0);
    for (const counter of [this.#errors, this.#terminalErrors, this.#panics]) counter.inc(labels, 0);
    return {
      reconciled: (result) => this.#results.inc({ controller, result }),
      failed: () => this.#errors.inc(labels),
      stalled: () => this.#terminalErrors.inc(labels),
      panicked: () => this.#panics.inc(labels),
      took: (seconds) => this.#time.observe(labels, seconds),
      workers: (count) => this.#workers.set(labels, count),
      active: (count) => this.#active.set(labels, count),
    };
  }
}
