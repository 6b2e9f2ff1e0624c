import { availableParallelism } from 'node:os';
import { elements, member } from '../../src/devcluster/json.ts';
import { type Clock, sleep } from '../../src/runtime/clock.ts';
import { applyAll } from './apply.ts';
import { since, total } from './fake-calls.ts';
import { changeImages } from './image-changes.ts';
import { CLUSTER, manifests, PATHS } from './manifests.ts';
import { memoryOf } from './process-usage.ts';
import type { Creation, Results } from './results.ts';
import type { CpuSeconds, OperatorProcess, Stack } from './stack.ts';
import { lookAgain } from './steady-state.ts';
import { WatchedObjects } from './watched-objects.ts';

export interface ScenarioOptions {
  readonly stack: Stack;
  readonly clock: Clock;
  /** How many services, each with a task definition of its own. */
  readonly services: number;
  /** How many times faster than AWS the fake rolls out. */
  readonly speed: number;
  readonly say: (line: string) => void;
}

/** Runs all of it. @throws Error when something does not come about, or is not as it has to be. */
export async function runScenario(options: ScenarioOptions): Promise<Results> {
  const { stack, clock, services, speed, say } = options;
  const following = new AbortController();
  const everything = new WatchedObjects({
    client: stack.client,
    paths: [PATHS.EcsService, PATHS.EcsTaskDefinition],
    clock,
    signal: following.signal,
  });
  try {
    await everything.follow();
    const operator = await stack.startOperator({ resync: '0' });
    await sleep(clock, IDLE_MS);
    const idle = memoryOf(operator.pid);
    say(`applying ${services} task definitions and ${services} services`);
    const creation = await create(options, everything, operator);
    say(`all Ready after ${creation.readySeconds.toFixed(1)} s; changing images`);
    const imageChanges = await changeImages({ stack, clock, services, everything, operator });
    await freshenCluster(options);
    await operator.stop();
    say('restarting the operator, then waiting for a resync');
    const { restart, resync } = await lookAgain({ stack, clock, services });
    const cores = availableParallelism();
    return { services, speed, node: process.version, cores, idle, creation, imageChanges, restart, resync };
  } finally {
    following.abort(new Error('the bench is over'));
  }
}

/** After that, a process that has nothing to do has done it. */
const IDLE_MS = 2_000;
/** How long everything may take to settle before the bench gives up. */
const LIMIT_MS = 300_000;
/** No call came for so long: nobody polls any more. */
const QUIET_MS = 2_000;

async function create(
  { stack, clock, services }: ScenarioOptions,
  everything: WatchedObjects,
  operator: OperatorProcess,
): Promise<Creation> {
  const cpu = stack.cpuSeconds(operator);
  const requests = await operator.kubeRequests();
  const began = clock.now();
  await applyAll(stack.client, manifests(services));
  const applySeconds = (clock.now() - began) / 1000;
  await everything.untilReady(2 * services, LIMIT_MS);
  const readySeconds = (everything.lastReadyAt - began) / 1000;
  await stack.calls.untilQuiet(QUIET_MS, LIMIT_MS);
  const cpuSeconds = difference(cpu, stack.cpuSeconds(operator));
  const awsCalls = await stack.calls.counts();
  const kubeRequests = since(requests, await operator.kubeRequests());
  for (const operation of ['RegisterTaskDefinition', 'CreateService']) {
    const made = total(awsCalls, new RegExp(` ${operation}`));
    if (made !== services) throw new Error(`${operation} was called ${made} times for ${services} objects`);
  }
  const pollingCalls = await countPolling(stack);
  return {
    applySeconds,
    readySeconds,
    awsCalls,
    awsCallsPerPair: (total(awsCalls) - pollingCalls) / services,
    pollingCalls,
    kubeRequests,
    kubeWritesPerObject: total(kubeRequests, /^PATCH/) / (2 * services),
    cpuSeconds,
    memory: memoryOf(operator.pid),
  };
}

/** A cluster's status counts its services and tasks: looked at once more, there is nothing left to be written later. */
async function freshenCluster({ stack }: ScenarioOptions): Promise<void> {
  const { status } = await stack.client.request({
    method: 'PATCH',
    path: `${PATHS.EcsCluster}/${CLUSTER}`,
    contentType: 'application/merge-patch+json',
    body: { metadata: { annotations: { 'example.com/look': 'again' } } },
  });
  if (status !== 200) throw new Error(`the cluster was not annotated: HTTP ${status}`);
  await stack.calls.untilQuiet(QUIET_MS, LIMIT_MS);
}

/** Calls of DescribeServices that asked only for services which had been asked for before: for how far they are. */
async function countPolling({ calls }: Stack): Promise<number> {
  const seen = new Set<string>();
  let polling = 0;
  for (const { input } of await calls.list('DescribeServices', 0)) {
    const names = elements(member(input, 'services')).map(String);
    if (names.every((name) => seen.has(name))) polling++;
    for (const name of names) seen.add(name);
  }
  return polling;
}

function difference(before: CpuSeconds, after: CpuSeconds): CpuSeconds {
  return {
    operator: after.operator - before.operator,
    apiServer: after.apiServer - before.apiServer,
    etcd: after.etcd - before.etcd,
    fakeAws: after.fakeAws - before.fakeAws,
    bench: after.bench - before.bench,
  };
}
