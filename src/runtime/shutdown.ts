import { type Clock, sleep } from './clock.ts';
import type { Log } from './log.ts';

/** One step of a graceful stop. */
export interface ShutdownStep {
  /** For the log, e.g. `finish what is in flight`. */
  readonly name: string;
  /** `remainingMs`: what is left of the whole limit when the step starts. */
  readonly run: (remainingMs: number) => Promise<unknown>;
}

/**
 * Runs the steps one after another within one limit. A step that fails does not keep the next ones from running (the
 * lease is released even so); when time is up the rest is left out.
 * @returns the names of the steps that failed or did not finish; empty when all went well.
 */
export async function shutDown(options: {
  readonly steps: readonly ShutdownStep[];
  readonly clock: Clock;
  readonly log: Log;
  /** For all steps together; milliseconds. */
  readonly limitMs: number;
}): Promise<readonly string[]> {
  const { steps, clock, log, limitMs } = options;
  const end = clock.now() + limitMs;
  const unfinished: string[] = [];
  for (const step of steps) {
    const remainingMs = end - clock.now();
    const finished = remainingMs > 0 && (await runStep(step, { remainingMs, clock, log }));
    if (!finished) unfinished.push(step.name);
  }
  return unfinished;
}

async function runStep(
  step: ShutdownStep,
  { remainingMs, clock, log }: { readonly remainingMs: number; readonly clock: Clock; readonly log: Log },
): Promise<boolean> {
  const waiting = new AbortController();
  const late = sleep(clock, remainingMs, waiting.signal).then(
    () => 'late' as const,
    () => 'ended' as const,
  );
  try {
    const end = await Promise.race([step.run(remainingMs).then(() => 'ended' as const), late]);
    if (end === 'late') log.warn('stopping: a step did not finish in time', { step: step.name });
    return end === 'ended';
  } catch (error) {
    log.warn('stopping: a step failed', { step: step.name, error: error instanceof Error ? error.message : error });
    return false;
  } finally {
    waiting.abort();
  }
}
