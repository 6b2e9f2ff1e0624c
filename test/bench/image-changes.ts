import { type Clock, sleep } from '../../src/runtime/clock.ts';
import { serviceOf } from './fake-calls.ts';
import { imageOf, PATHS, pairName } from './manifests.ts';
import { memoryOf } from './process-usage.ts';
import { type ImageChanges, latency } from './results.ts';
import type { OperatorProcess, Stack } from './stack.ts';
import type { WatchedObjects } from './watched-objects.ts';

export interface ChangeOptions {
  readonly stack: Stack;
  readonly clock: Clock;
  readonly services: number;
  readonly everything: WatchedObjects;
  readonly operator: OperatorProcess;
}

const ONE_BY_ONE = 50;
const BURST = 100;
/** How long the bench waits before it gives up. */
const LIMIT_MS = 120_000;

/** Changes images of task definitions, one after another and then many at once. @throws Error when one does not arrive. */
export async function changeImages(options: ChangeOptions): Promise<ImageChanges> {
  const { clock, services, everything, operator } = options;
  const single: number[] = [];
  for (const index of spread(ONE_BY_ONE, services)) single.push(...(await change(options, [index], 1)));
  await everything.untilReady(2 * services, LIMIT_MS);
  const began = clock.now();
  const burst = await change(options, spread(BURST, services), 2);
  await everything.untilReady(2 * services, LIMIT_MS);
  return {
    oneByOne: latency(single),
    burst: latency(burst),
    burstReadySeconds: (everything.lastReadyAt - began) / 1000,
    memory: memoryOf(operator.pid),
  };
}

/** Some of all indexes, evenly. */
function spread(count: number, of: number): readonly number[] {
  const few = Math.min(count, of);
  return Array.from({ length: few }, (_, i) => Math.floor((i * of) / few));
}

/** Changes images, all at once. @returns how long each took to reach UpdateService, in milliseconds. */
async function change(options: ChangeOptions, indexes: readonly number[], version: number): Promise<readonly number[]> {
  const { stack, clock } = options;
  const newest = await stack.calls.newestId();
  const sent = new Map<string, number>();
  const changes = indexes.map((index) => {
    sent.set(pairName(index), clock.now());
    return changeImage(options, index, version);
  });
  await Promise.all(changes);
  const deadline = clock.now() + LIMIT_MS;
  for (;;) {
    const updates = await stack.calls.list('UpdateService', newest);
    const arrived = new Map(updates.map((call) => [serviceOf(call), call.time]));
    const strange = [...arrived.keys()].find((name) => !sent.has(name));
    if (strange !== undefined) throw new Error(`${strange} was updated, though its image was not changed`);
    if (updates.length > arrived.size) throw new Error('a service was updated twice for one change');
    const missing = [...sent.keys()].filter((name) => !arrived.has(name));
    if (missing.length === 0) return [...sent].map(([name, at]) => (arrived.get(name) ?? Number.NaN) - at);
    if (clock.now() > deadline) {
      throw new Error(`no UpdateService within ${LIMIT_MS / 1000} s for ${missing.slice(0, 5).join(', ')}`);
    }
    await sleep(clock, 20);
  }
}

async function changeImage({ stack }: ChangeOptions, index: number, version: number): Promise<void> {
  const name = pairName(index);
  const { status, body } = await stack.client.request({
    method: 'PATCH',
    path: `${PATHS.EcsTaskDefinition}/${name}`,
    contentType: 'application/json-patch+json',
    body: [{ op: 'replace', path: '/spec/containerDefinitions/0/image', value: imageOf(index, version) }],
  });
  if (status !== 200) throw new Error(`the image of ${name} was not changed: HTTP ${status} ${JSON.stringify(body)}`);
}
