import { describe, expect, it } from 'vitest';
import { Controller, type ControllerOptions } from './controller.ts';
import type { Log } from './log.ts';
import type { Outcome } from './outcome.ts';
import { WorkQueue } from './queue.ts';
import { seededRandom } from './random.ts';
import { VirtualClock } from './virtual-clock.ts';

function scene(
  reconcile: (key: string, signal: AbortSignal) => Promise<Outcome>,
  options: Partial<ControllerOptions<string>> = {},
) {
  const clock = new VirtualClock();
  const random = seededRandom(1);
  const queue = new WorkQueue<string>({ clock, random });
  const logged: { level: string; message: string; stack: boolean }[] = [];
  const say =
    (level: string) =>
    (message: string, fields: object = {}) =>
      logged.push({ level, message, stack: 'stack' in fields });
  const log: Log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  const counted: Record<string, number> = {};
  const count = (name: string) => {
    counted[name] = (counted[name] ?? 0) + 1;
  };
  const metrics = {
    reconciled: (result: string) => count(result),
    failed: () => count('errors'),
    stalled: () => count('terminal'),
    panicked: () => count('panics'),
    took: () => {},
    workers: () => {},
    active: () => {},
  };
  const runs: string[] = [];
  const controller = new Controller<string>({
    name: 'test',
    queue,
    clock,
    random,
    log,
    metrics,
    keys: () => [],
    resyncMs: 0,
    reconcile: (key, signal) => {
      runs.push(key);
      return reconcile(key, signal);
    },
    ...options,
  });
  return { clock, queue, controller, runs, logged, counted };
}

const settled: Outcome = { type: 'settled' };

describe('a controller', () => {
  const cases: readonly [string, Outcome, number, number][] = [
    ['settled: left alone until the resync', settled, 1, 3_600_000],
    ['settled with a time: looked at again then', { type: 'settled', requeueAfterMs: 60_000 }, 2, 60_500],
    ['progressing: polled', { type: 'progressing', requeueAfterMs: 5000 }, 3, 10_600],
    ['waiting: woken by others', { type: 'waiting' }, 1, 3_600_000],
    ['waiting with a net', { type: 'waiting', requeueAfterMs: 60_000 }, 2, 60_500],
    ['stalled: tried again slowly', { type: 'stalled', retryAfterMs: 600_000 }, 2, 600_500],
  ];
  it.each(cases)('%s', async (_, outcome, runs, ms) => {
    const s = scene(async () => outcome);
    s.queue.add('a');
    s.controller.start();
    await s.clock.advanceAsync(ms);
    expect(s.runs).toHaveLength(runs);
  });

  it('tries what failed again within the time that the failure gives', async () => {
    const s = scene(async () => ({ type: 'failed', error: new Error('no answer'), retryWithinMs: 1_000 }));
    s.queue.add('a');
    s.controller.start();
    await s.clock.advanceAsync(60_000);
    expect(s.runs.length).toBeGreaterThanOrEqual(60);
  });

  it('tries what failed again with growing pauses, until it works', async () => {
    let failures = 6;
    const s = scene(async () => (failures-- > 0 ? { type: 'failed', error: new Error('throttled') } : settled));
    s.queue.add('a');
    s.controller.start();
    await s.clock.advanceAsync(60_000);
    expect(s.runs).toHaveLength(7);
    expect(s.queue.failures('a')).toBe(0);
    expect(s.counted).toEqual({ error: 6, errors: 6, success: 1 });
  });

  it('outlives a fault in one object: the others go on, it is logged with its stack once and tried again', async () => {
    const s = scene(async (key) => {
      if (key === 'broken') throw new TypeError('undefined is not a function');
      return settled;
    });
    s.queue.add('broken');
    s.queue.add('fine');
    s.controller.start();
    await s.clock.advanceAsync(10_000);
    expect(s.runs.filter((key) => key === 'broken').length).toBeGreaterThan(3);
    expect(s.runs).toContain('fine');
    const errors = s.logged.filter((line) => line.level === 'error');
    expect(errors.map((line) => line.stack)).toEqual(errors.map((_, at) => at === 0));
    expect(s.counted.panics).toBe(errors.length);
  });

  it('also when what was thrown is no Error, or thrown before the first await', async () => {
    const s = scene(() => {
      throw 'a string';
    });
    s.queue.add('a');
    s.controller.start();
    await s.clock.advanceAsync(10_000);
    expect(s.runs.length).toBeGreaterThan(3);
  });

  it('works on as many objects at once as it has workers, and never on one twice', async () => {
    const open = new Map<string, () => void>();
    let most = 0;
    const s = scene(
      (key) => {
        expect(open.has(key)).toBe(false);
        return new Promise((resolve) => {
          open.set(key, () => {
            open.delete(key);
            resolve(settled);
          });
          most = Math.max(most, open.size);
        });
      },
      { workers: 3 },
    );
    for (const key of ['a', 'b', 'c', 'd', 'e']) s.queue.add(key);
    s.controller.start();
    await s.clock.advanceAsync(0);
    s.queue.add('a');
    while (open.size > 0) {
      for (const finish of [...open.values()]) finish();
      await s.clock.advanceAsync(0);
    }
    expect(most).toBe(3);
    expect(s.runs.toSorted()).toEqual(['a', 'a', 'b', 'c', 'd', 'e']);
  });

  it('looks at everything once per resync, all together, but not at what has its own time', async () => {
    const s = scene(async (key) => (key === 'stalled' ? { type: 'stalled', retryAfterMs: 7_200_000 } : settled), {
      keys: () => ['a', 'b', 'stalled'],
      resyncMs: 300_000,
    });
    s.queue.add('stalled');
    s.controller.start();
    await s.clock.advanceAsync(269_999);
    expect(s.runs).toEqual(['stalled']);
    await s.clock.advanceAsync(60_002);
    expect(s.runs).toEqual(['stalled', 'a', 'b']);
    await s.clock.advanceAsync(3_000_000);
    expect(s.runs.filter((key) => key === 'a').length).toBeGreaterThanOrEqual(9);
    expect(s.runs.filter((key) => key === 'stalled')).toHaveLength(1);
  });

  it('stops by finishing what is in flight, and takes nothing new', async () => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const s = scene(() => promise);
    s.queue.add('a');
    s.controller.start();
    await s.clock.advanceAsync(0);
    const stopped = s.controller.stop(20_000);
    s.queue.add('b');
    await s.clock.advanceAsync(5000);
    resolve(settled);
    expect(await stopped).toBe(0);
    expect(s.runs).toEqual(['a']);
    expect(s.clock.pending).toBe(0);
  });

  it('aborts what does not finish in time', async () => {
    let aborted = false;
    const s = scene(
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
    );
    s.queue.add('a');
    s.controller.start();
    const stopped = s.controller.stop(20_000);
    await s.clock.advanceAsync(20_000);
    expect(await stopped).toBe(1);
    expect(aborted).toBe(true);
    expect(s.counted.panics).toBeUndefined();
  });

  it('refuses a number of workers that makes no sense', () => {
    expect(() => scene(async () => settled, { workers: 0 })).toThrow(/workers/);
  });
});
