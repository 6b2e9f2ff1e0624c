import { type Clock, sleep } from '../../src/runtime/clock.ts';
import { type Counts, READS, since, total } from './fake-calls.ts';
import { cpuSecondsOf, memoryOf } from './process-usage.ts';
import type { Look } from './results.ts';
import type { OperatorProcess, Stack } from './stack.ts';

export interface LookOptions {
  readonly stack: Stack;
  readonly clock: Clock;
  readonly services: number;
}

/** How long it may take to look at everything. */
const LIMIT_MS = 300_000;
/** No call came for so long: the look is over. */
const QUIET_MS = 3_000;

/**
 * Restarts the operator when all is as it has to be, and waits for one resync.
 * @throws Error when it changes anything: there is nothing to change.
 */
export async function lookAgain(options: LookOptions): Promise<{ readonly restart: Look; readonly resync: Look }> {
  const { stack, clock, services } = options;
  // Long enough for the reads after the start to be over before the first sweep, which comes up to 10 % early.
  const resyncMs = Math.max(40_000, services * 40);
  const nothing: Mark = { calls: await stack.calls.counts(), newest: await stack.calls.newestId(), kube: {}, cpu: 0 };
  const began = clock.now();
  const operator = await stack.startOperator({ resync: `${resyncMs}ms` });
  await stack.calls.untilQuiet(QUIET_MS, LIMIT_MS);
  if (clock.now() - began > resyncMs * 0.9) throw new Error('looking at everything after a restart took too long');
  const restart = await lookSince(nothing, options, operator);
  const settled = await mark(options, operator);
  // Each kind sweeps by a clock of its own; by now all have, once.
  await sleep(clock, began + resyncMs * 1.1 + STARTED_LATE_MS - clock.now());
  await stack.calls.untilQuiet(QUIET_MS, LIMIT_MS);
  const resync = await lookSince(settled, options, operator);
  await operator.stop();
  for (const [when, look] of Object.entries({ restart, resync })) {
    if (look.serviceReads === 0) throw new Error(`no service was read in the ${when}`);
    if (look.awsWrites + look.kubeWrites === 0) continue;
    const calls = JSON.stringify({ aws: look.awsCalls, kubernetes: look.kubeRequests });
    throw new Error(`${when}: something was written, though nothing had changed: ${calls}`);
  }
  return { restart, resync };
}

/** The controllers start a little after the process. */
const STARTED_LATE_MS = 3_000;

interface Mark {
  readonly calls: Counts;
  readonly newest: number;
  readonly kube: Counts;
  readonly cpu: number;
}

async function mark({ stack }: LookOptions, operator: OperatorProcess): Promise<Mark> {
  return {
    calls: await stack.calls.counts(),
    newest: await stack.calls.newestId(),
    kube: await operator.kubeRequests(),
    cpu: cpuSecondsOf(operator.pid),
  };
}

async function lookSince(before: Mark, options: LookOptions, operator: OperatorProcess): Promise<Look> {
  const after = await mark(options, operator);
  const awsCalls = since(before.calls, after.calls);
  const kubeRequests = since(before.kube, after.kube);
  const reads = await options.stack.calls.list('DescribeServices', before.newest);
  return {
    seconds: ((reads.at(-1)?.time ?? 0) - (reads[0]?.time ?? 0)) / 1000,
    awsCalls,
    serviceReads: total(awsCalls, / DescribeServices/),
    awsWrites: total(awsCalls) - total(awsCalls, READS),
    kubeRequests,
    kubeWrites: total(kubeRequests, /^(PATCH|POST|PUT|DELETE)/),
    operatorCpuSeconds: after.cpu - before.cpu,
    memory: memoryOf(operator.pid),
  };
}
