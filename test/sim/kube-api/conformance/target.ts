import type { KubeTransport } from '../../../../src/kube/transport.ts';

/** An API server that the suite is run against: the one in memory, or a real kube-apiserver. */
export interface ConformanceTarget {
  readonly transport: KubeTransport;
  /** A name that nothing else uses. */
  uniqueName(prefix: string): string;
  /** Looks again and again, letting time pass, until something is seen. Fails when that takes too long. */
  until<T>(describe: string, look: () => Promise<T | undefined>): Promise<T>;
}

/** A target whose history the suite may throw away, and whose CRDs it may change. */
export interface DisposableTarget extends ConformanceTarget {
  /** Forgets the history; when it returns, watches from before cannot be resumed. */
  compact(): Promise<void>;
}
