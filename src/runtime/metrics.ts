/** Measures of one work queue, under client-go's names (`workqueue_*{name}`); implemented by telemetry. */
export interface QueueMetrics {
  /** `workqueue_depth`: keys that are ready and not taken. */
  depth(keys: number): void;
  /** `workqueue_adds_total` */
  added(): void;
  /** `workqueue_queue_duration_seconds`: how long a key was ready before a worker took it. */
  queued(seconds: number): void;
  /** `workqueue_work_duration_seconds` */
  worked(seconds: number): void;
  /** `workqueue_retries_total`: additions after a failure. */
  retried(): void;
  /**
   * `workqueue_unfinished_work_seconds`, `workqueue_longest_running_processor_seconds`: called once, with a function
   * that is to be asked at each scrape.
   */
  inProgress(read: () => { readonly unfinishedSeconds: number; readonly longestSeconds: number }): void;
}

/** How one reconcile ended, as `controller_runtime_reconcile_total{controller,result}` counts it. */
type ReconcileResult = 'success' | 'requeue_after' | 'requeue' | 'error';

/** Measures of one controller, under controller-runtime's names; implemented by telemetry. */
export interface ControllerMetrics {
  /** `controller_runtime_reconcile_total` */
  reconciled(result: ReconcileResult): void;
  /** `controller_runtime_reconcile_errors_total` */
  failed(): void;
  /** `controller_runtime_terminal_reconcile_errors_total` */
  stalled(): void;
  /** `controller_runtime_reconcile_panics_total` */
  panicked(): void;
  /** `controller_runtime_reconcile_time_seconds` */
  took(seconds: number): void;
  /** `controller_runtime_max_concurrent_reconciles` */
  workers(count: number): void;
  /** `controller_runtime_active_workers` */
  active(count: number): void;
}

/** `leader_election_master_status{name}`; implemented by telemetry. */
export interface LeaderMetrics {
  leading(name: string, isLeader: boolean): void;
}
