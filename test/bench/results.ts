import type { Counts } from './fake-calls.ts';
import type { Memory } from './process-usage.ts';
import type { CpuSeconds } from './stack.ts';

/** What was measured. Times are seconds, unless the name says otherwise. */
export interface Results {
  readonly services: number;
  readonly speed: number;
  readonly node: string;
  readonly cores: number;
  /** With empty caches. */
  readonly idle: Memory;
  readonly creation: Creation;
  readonly imageChanges: ImageChanges;
  /** What a fresh process did when it found everything as it has to be. */
  readonly restart: Look;
  readonly resync: Look;
}

export interface Creation {
  /** How long the bench took to apply everything. */
  readonly applySeconds: number;
  /** From the first apply until the last object was Ready. */
  readonly readySeconds: number;
  readonly awsCalls: Counts;
  /** Calls that each pair took, polling of the rollout aside. */
  readonly awsCallsPerPair: number;
  /** Calls of DescribeServices that only asked again. */
  readonly pollingCalls: number;
  readonly kubeRequests: Counts;
  /** Status and finalizers. */
  readonly kubeWritesPerObject: number;
  readonly cpuSeconds: CpuSeconds;
  readonly memory: Memory;
}

export interface ImageChanges {
  readonly oneByOne: Latency;
  readonly burst: Latency;
  /** From the burst's first change until everything was Ready again. */
  readonly burstReadySeconds: number;
  readonly memory: Memory;
}

/** A look at everything, without any change. */
export interface Look {
  /** From the first to the last read of services. */
  readonly seconds: number;
  readonly awsCalls: Counts;
  readonly serviceReads: number;
  /** Calls that change AWS. */
  readonly awsWrites: number;
  readonly kubeRequests: Counts;
  readonly kubeWrites: number;
  readonly operatorCpuSeconds: number;
  readonly memory: Memory;
}

/** From the moment at which a changed image was sent to the API server until UpdateService reached AWS; milliseconds. */
export interface Latency {
  readonly changes: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** @param samples milliseconds, in any order; at least one */
export function latency(samples: readonly number[]): Latency {
  const sorted = samples.toSorted((a, b) => a - b);
  // Nearest rank: a value that was really measured.
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { changes: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
