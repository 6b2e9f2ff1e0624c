import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { KubeResponse } from '../../../src/kube/transport.ts';
import { type Damage, damaged, damages } from './damage.ts';
import { effort, TEST_MS } from './effort.ts';
import { type Meddle, WatchedWorld } from './watched-world.ts';

/** What happens in the cluster, and how long it lasts until the next thing does. */
interface Step {
  readonly name: string;
  readonly to: 'made or changed' | 'deleted';
  readonly value: string;
  readonly compacted: boolean;
  readonly thenMs: number;
}

const step = fc.record<Step>({
  name: fc.constantFrom('one', 'two', 'three'),
  to: fc.constantFrom('made or changed', 'made or changed', 'deleted'),
  value: fc.constantFrom('a', 'b', 'Grüße 🚢'),
  compacted: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
  thenMs: fc.constantFrom(0, 0, 10, 1_000, 200_000),
});
const steps = fc.array(step, { minLength: 3, maxLength: 15 });

/** An hour is time enough: a silent watch is given up after 150 s, and nobody waits for longer than a minute. */
const AFTERWARDS_MS = 3_600_000;
/** A watch lives for 5 to 10 minutes; each spoilt answer costs one request more, and at most one list. */
const requestsAtMost = (virtualMs: number, spoilt: number): number => 10 + spoilt * 4 + virtualMs / 150_000;

async function live(meddle: Meddle, spoilt: number, all: readonly Step[]): Promise<void> {
  const world = new WatchedWorld(meddle);
  const began = world.clock.now();
  world.start();
  for (const { name, to, value, compacted, thenMs } of all) {
    await world.change(name, to, value);
    if (compacted) world.compact();
    await world.pass(thenMs);
  }
  await world.pass(AFTERWARDS_MS);
  expect(world.believed).toEqual(world.truth);
  expect(world.phantoms).toEqual([]);
  expect(world.problem).toBeUndefined();
  expect(world.requests).toBeLessThan(requestsAtMost(world.clock.now() - began, spoilt));
  // And it still follows.
  await world.change('four', 'made or changed', 'z');
  await world.pass(0);
  expect(world.believed).toEqual(world.truth);
  await world.stop();
  expect(world.clock.pending).toBe(0);
}

const isWatch = (path: string): boolean => path.includes('watch=true');

it(
  'follows the cluster whatever comes over its watches, loses nothing and invents nothing',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(damages, { maxLength: 6 }), steps, async (spoilt, all) => {
        const left: Damage[] = [...spoilt];
        const meddle: Meddle = async (request, answer) => {
          const response = await answer();
          const damage = isWatch(request.path) && response.status === 200 ? left.shift() : undefined;
          return damage === undefined ? response : damaged(response, request, damage);
        };
        await live(meddle, spoilt.length, all);
      }),
      effort(200),
    );
  },
  TEST_MS,
);

const METADATA = { resourceVersion: '5' };
const NAMED = { name: 'one', namespace: 'shop', uid: 'u', resourceVersion: '3' };

/** What a list, or the beginning of a watch, is answered with that is neither. */
const answers: fc.Arbitrary<Omit<KubeResponse, 'body'> & { readonly content: Uint8Array }> = fc.record({
  status: fc.constantFrom(200, 200, 200, 204, 301, 400, 401, 403, 404, 410, 418, 429, 500, 503, 504),
  headers: fc.constantFrom<KubeResponse['headers']>(
    {},
    { 'retry-after': '1' },
    { 'retry-after': 'tomorrow' },
    { 'retry-after': '1e99' },
  ),
  content: fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
    fc
      .constantFrom<unknown>(
        { items: [], metadata: {} },
        { items: {}, metadata: METADATA },
        { items: null, metadata: METADATA },
        { items: [null], metadata: METADATA },
        { items: ['x'], metadata: METADATA },
        { items: [{}], metadata: METADATA },
        { items: [{ metadata: {} }], metadata: METADATA },
        { items: [{ metadata: { ...NAMED, name: undefined } }], metadata: METADATA },
        { items: [{ metadata: { ...NAMED, uid: 5 } }], metadata: METADATA },
        { items: [{ metadata: { ...NAMED, annotations: 5 } }], metadata: METADATA },
        { items: [], metadata: { resourceVersion: 5 } },
        { items: [], metadata: { resourceVersion: '5', continue: 5 } },
        { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' },
        { kind: 'Status', code: 200, reason: 'Expired', details: { retryAfterSeconds: 'soon' } },
      )
      .map((value) => Buffer.from(JSON.stringify(value))),
  ),
});

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

it(
  'lists again until it gets a list, and never takes anything else for one',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(answers, fc.boolean()), { maxLength: 5 }), steps, async (wrong, all) => {
        const left = [...wrong];
        const meddle: Meddle = (request, answer) => {
          const next = left[0];
          if (next === undefined || next[1] === isWatch(request.path)) return answer();
          left.shift();
          const { content, ...head } = next[0];
          return Promise.resolve({ ...head, body: once(content) });
        };
        await live(meddle, wrong.length, all);
      }),
      effort(150),
    );
  },
  TEST_MS,
);
