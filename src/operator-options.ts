import type { AwsMetrics } from './aws/metrics.ts';
import type { AwsSend } from './aws/send.ts';
import type { KubeMetrics } from './kube/metrics.ts';
import type { KubeObject } from './kube/object.ts';
import type { KubeTransport } from './kube/transport.ts';
import type { Patience } from './reconcile/patience.ts';
import type { CommonStatus } from './reconcile/types.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';
import type { ControllerMetrics, LeaderMetrics, QueueMetrics } from './runtime/metrics.ts';
import type { Random } from './runtime/random.ts';

/** What a person sets; `config.ts` reads it from flags and environment. */
export interface OperatorSettings {
  /** None: all. */
  readonly namespaces: readonly string[];
  /** Only objects with these labels; AwsAccounts have a selector of their own. */
  readonly selector: string | undefined;
  /** Only AwsAccounts with these labels; left out: all. */
  readonly accountSelector?: string | undefined;
  readonly region: string | undefined;
  readonly endpointUrl: string | undefined;
  /** Undefined: the UID of the namespace kube-system. */
  readonly installationId: string | undefined;
  /** Patterns of the namespaces that may use the operator's own identity. */
  readonly defaultAccountNamespaces: readonly string[];
  readonly readOnly: boolean;
  readonly maxDeletesPerMinute: number;
  /** Per kind. */
  readonly workers: number;
  readonly resyncMs: number;
  readonly leaderElection: { readonly namespace: string; readonly identity: string } | undefined;
  /** How many times AWS's documented rates the accounts are granted. */
  readonly rateScale?: number;
  /** How long AWS's reads are mistrusted; default what AWS's eventual consistency asks for. */
  readonly patience?: Patience;
}

/** Where the operator's measures go. */
export interface OperatorTelemetry {
  readonly aws: AwsMetrics;
  readonly kube: KubeMetrics;
  readonly leader: LeaderMetrics;
  queue(name: string): QueueMetrics;
  controller(name: string): ControllerMetrics;
  /** `conditions` is undefined once the object is gone. */
  conditions(kind: string, metadata: KubeObject['metadata'], conditions: CommonStatus['conditions']): void;
}

/** The seams and all that comes from outside: with others of these the simulator runs the same operator. */
export interface OperatorOptions {
  readonly settings: OperatorSettings;
  readonly transport: KubeTransport;
  /** The API server's name, for metrics. */
  readonly kubeHost: string;
  readonly send: AwsSend;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly telemetry: OperatorTelemetry;
}
