import type { CallPoint } from '../faults/injector.ts';

/** One call of the operator, as judges and the trace see it. */
export interface Call extends CallPoint {
  readonly index: number;
  /** Of its sending; milliseconds since the epoch. */
  readonly at: number;
  /** Which life of the operator made it. */
  readonly process: string;
  /** What and on which object, for people: `ecs.CreateService api`, `PATCH ecsservices/shop/api/status`. */
  readonly line: string;
  /** AWS's operation with its service, or the method. */
  readonly operation: string;
  /** AWS's input; undefined for Kubernetes. */
  readonly input: object | undefined;
}

/** How a call ended at the other side. */
export interface CallEnd {
  readonly call: Call;
  /** The HTTP status or AWS's code, `OK` for AWS's success; undefined when it never arrived. */
  readonly code: string | undefined;
  /** AWS's output. */
  readonly output: object | undefined;
  /** What went wrong on request, in words. */
  readonly fault: string | undefined;
}
