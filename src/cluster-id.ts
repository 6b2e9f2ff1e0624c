import { Backoff } from './runtime/backoff.ts';
import { type Clock, sleep } from './runtime/clock.ts';
import type { Random } from './runtime/random.ts';

export interface ClusterIdInput {
  /** Reads the namespace kube-system, which every cluster has, and which lives as long as the cluster does. */
  read(): Promise<{ readonly metadata: { readonly uid: string } }>;
  /** Hears of each failure in one line, for log and readiness. */
  onProblem(problem: string): void;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/**
 * The UID of the namespace kube-system, which stands for the cluster: asked until it is answered.
 * @throws the signal's reason when that is aborted before.
 */
export async function clusterId({ read, onProblem, clock, random, signal }: ClusterIdInput): Promise<string> {
  const backoff = new Backoff({ random, baseMs: 200, maxMs: 15_000 });
  for (;;) {
    try {
      return (await read()).metadata.uid;
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      onProblem(`installation id: cannot read namespace kube-system (or set --installation-id): ${why}`);
      await sleep(clock, backoff.next(), signal);
    }
  }
}
