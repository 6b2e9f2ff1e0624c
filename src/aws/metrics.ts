import type { Category, OperationFacts } from './operations.ts';

/** What the gateway tells of itself; telemetry/ implements it. */
export interface AwsMetrics {
  /** After each attempt. `code` is `OK`, or AWS's error code, or Node's where there was no answer. */
  requestDone(request: {
    readonly service: OperationFacts['service'];
    readonly operation: string;
    readonly code: string;
    readonly seconds: number;
  }): void;
  /** How long a call waited for the limiter before it could be sent. */
  limiterWaited(wait: { readonly category: Category; readonly seconds: number }): void;
}
