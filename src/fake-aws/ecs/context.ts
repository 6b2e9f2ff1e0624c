import type { CloudMapPort } from '../core/cloud-map-port.ts';
import type { FakeScope } from '../core/scope.ts';
import type { Durations } from './durations.ts';
import type { ServiceRecord, TaskRecord } from './records.ts';
import type { EcsState } from './state.ts';
import type { TaskRules } from './task-rules.ts';

/** What happened to a task, for whoever keeps the counts of its service. */
export type TaskChange =
  | 'running'
  | 'healthy'
  /** It was told to stop, by whomever. */
  | 'stopping'
  /** It no longer takes up room: its containers are gone. */
  | 'gone';

/** What every part of the ECS side works with. */
export interface EcsContext {
  readonly scope: FakeScope;
  readonly state: EcsState;
  readonly cloudMap: CloudMapPort;
  readonly rules: TaskRules;
  readonly durations: Durations;
  /** Tells the scheduler, which the tasks themselves do not know. */
  readonly taskChanged: (task: TaskRecord, change: TaskChange) => void;
  /** The scheduler's look at a service. */
  readonly lookAt: (service: ServiceRecord) => void;
  /** The capacity of a cluster grew: what could not be placed is tried again. */
  readonly capacityChanged: (clusterName: string) => void;
}
