import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Priority, WorkQueue } from './queue.ts';
import { seededRandom } from './random.ts';
import { VirtualClock } from './virtual-clock.ts';

function queueOf(options: { baseDelayMs?: number; maxDelayMs?: number } = {}) {
  const clock = new VirtualClock();
  const counted = { adds: 0, retries: 0, queued: [] as number[], worked: [] as number[], depth: 0 };
  const metrics = {
    depth: (keys: number) => {
      counted.depth = keys;
    },
    added: () => {
      counted.adds++;
    },
    queued: (seconds: number) => counted.queued.push(seconds),
    worked: (seconds: number) => counted.worked.push(seconds),
    retried: () => {
      counted.retries++;
    },
    inProgress: () => {},
  };
  const queue = new WorkQueue<string>({ clock, random: seededRandom(1), metrics, ...options });
  /** What can be taken now, each done at once. */
  const drain = async () => {
    const keys: string[] = [];
    while (queue.length > 0) {
      const key = await queue.take();
      if (key === undefined) break;
      keys.push(key);
      queue.done(key);
    }
    return keys;
  };
  return { clock, queue, counted, drain };
}

describe('a work queue', () => {
  it('hands a key out once, however often it was added', async () => {
    const { queue, drain } = queueOf();
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
    expect(await drain()).toEqual(['a', 'b']);
  });

  it('never hands out a key twice at once, and keeps what was added meanwhile', async () => {
    const { queue, drain } = queueOf();
    queue.add('a');
    expect(await queue.take()).toBe('a');
    queue.add('a');
    queue.add('a');
    expect(queue.length).toBe(0);
    queue.done('a');
    expect(await drain()).toEqual(['a']);
  });

  it('wakes who waits, in the order in which they came', async () => {
    const { queue } = queueOf();
    const takers = [queue.take(), queue.take()];
    queue.add('a');
    queue.add('b');
    expect(await Promise.all(takers)).toEqual(['a', 'b']);
  });

  it('puts what a person changed before all else, and a resync behind', async () => {
    const { queue, drain } = queueOf();
    const order: Priority[] = ['resync', 'retry', 'dependency', 'change'];
    for (const priority of order) queue.add(priority, priority);
    expect(await drain()).toEqual(['change', 'dependency', 'retry', 'resync']);
  });

  it('brings a waiting key forward when it becomes more urgent, never back', async () => {
    const { queue, drain } = queueOf();
    queue.add('a', 'resync');
    queue.add('b', 'change');
    queue.add('a', 'change');
    queue.add('b', 'resync');
    expect(await drain()).toEqual(['b', 'a']);
  });

  it('lets a resync through now and then while changes keep coming', async () => {
    const { queue } = queueOf();
    queue.add('patient', 'resync');
    let turns = 0;
    for (let key: string | undefined; key !== 'patient'; turns++) {
      queue.add(`change ${turns}`);
      queue.add(`change ${turns} too`);
      key = await queue.take();
      if (key) queue.done(key);
      if (turns > 100) break;
    }
    expect(turns).toBeLessThan(12);
  });

  it('waits as long as it was asked to', async () => {
    const { queue, clock, drain } = queueOf();
    queue.addAfter('a', 300);
    clock.advance(299);
    expect(await drain()).toEqual([]);
    clock.advance(1);
    expect(await drain()).toEqual(['a']);
  });

  it('lets polls that fall due nearly together fall due together, so that their reads share a batch', async () => {
    const { queue, clock, drain } = queueOf();
    for (let i = 0; i < 10; i++) {
      queue.addAfter(`s${i}`, 5000);
      clock.advance(10);
    }
    clock.advance(4899);
    expect(await drain()).toEqual([]);
    clock.advance(251);
    expect(await drain()).toHaveLength(10);
  });

  it('takes the earlier of two times, and does not work twice', async () => {
    const { queue, clock, drain } = queueOf();
    queue.addAfter('a', 900);
    queue.addAfter('a', 500);
    queue.addAfter('a', 700);
    clock.advance(500);
    expect(await drain()).toEqual(['a']);
    clock.advance(10_000);
    expect(await drain()).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('does not make a change wait for the delay after a failure', async () => {
    const { queue, drain } = queueOf();
    queue.addAfterFailure('a');
    queue.add('a');
    expect(await drain()).toEqual(['a']);
    expect(queue.idle).toBe(true);
  });

  it('doubles the delay with each failure up to the limit, with jitter, and begins anew once it succeeded', () => {
    const { queue } = queueOf({ baseDelayMs: 100, maxDelayMs: 1000 });
    const delays = Array.from({ length: 8 }, () => queue.addAfterFailure('a'));
    for (const [at, delay] of delays.entries()) {
      const whole = Math.min(1000, 100 * 2 ** at);
      expect(delay).toBeGreaterThanOrEqual(whole / 2);
      expect(delay).toBeLessThanOrEqual(whole);
    }
    expect(new Set(delays.slice(4)).size).toBeGreaterThan(1);
    queue.forget('a');
    expect(queue.addAfterFailure('a')).toBeLessThanOrEqual(100);
  });

  it('lets no delay grow longer than what failed asks for', () => {
    const { queue } = queueOf({ baseDelayMs: 100, maxDelayMs: 100_000 });
    for (let i = 0; i < 10; i++) queue.addAfterFailure('a');
    expect(queue.addAfterFailure('a', 30_000)).toBeLessThanOrEqual(30_000);
    expect(queue.addAfterFailure('a')).toBeGreaterThanOrEqual(50_000);
  });

  it('keeps the failures of one key from slowing another', () => {
    const { queue } = queueOf({ baseDelayMs: 100 });
    for (let i = 0; i < 10; i++) queue.addAfterFailure('a');
    expect(queue.addAfterFailure('b')).toBeLessThanOrEqual(100);
  });

  it('leaves out of a resync what waits for its own time anyway', async () => {
    const { queue, clock, drain } = queueOf();
    queue.addAfter('polling', 900);
    queue.addIfIdle('polling');
    queue.addIfIdle('quiet');
    expect(await drain()).toEqual(['quiet']);
    clock.advance(900);
    expect(await drain()).toEqual(['polling']);
  });

  it('once closed, hands out nothing and wakes who waits', async () => {
    const { queue, clock } = queueOf();
    const waiting = queue.take();
    queue.addAfter('a', 100);
    queue.close();
    queue.add('b');
    expect(await waiting).toBeUndefined();
    expect(await queue.take()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it('measures how long keys waited and were worked on', async () => {
    const { queue, clock, counted } = queueOf();
    queue.add('a');
    clock.advance(2000);
    await queue.take();
    clock.advance(3000);
    queue.done('a');
    queue.addAfterFailure('a');
    expect(counted).toMatchObject({ adds: 1, retries: 1, queued: [2], worked: [3], depth: 0 });
  });

  it('loses nothing and never overlaps, whatever happens in whatever order', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    const priority = fc.constantFrom<Priority>('change', 'dependency', 'retry', 'resync');
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), key, priority }),
      fc.record({ do: fc.constant('later' as const), key, ms: fc.nat(3000), priority }),
      fc.record({ do: fc.constant('fail' as const), key }),
      fc.record({ do: fc.constant('take' as const) }),
      fc.record({ do: fc.constant('done' as const), key }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.nat(5000) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const { queue, clock } = queueOf();
        const working = new Set<string>();
        const owed = new Set<string>();
        const take = async () => {
          const taken = await queue.take();
          if (taken === undefined) throw new Error('closed?');
          expect(working.has(taken)).toBe(false);
          working.add(taken);
          owed.delete(taken);
        };
        for (const each of steps) {
          if ('key' in each && each.do !== 'done') owed.add(each.key);
          if (each.do === 'add') queue.add(each.key, each.priority);
          else if (each.do === 'later') queue.addAfter(each.key, each.ms, each.priority);
          else if (each.do === 'fail') queue.addAfterFailure(each.key);
          else if (each.do === 'take' && queue.length > 0) await take();
          else if (each.do === 'done' && working.delete(each.key)) queue.done(each.key);
          else if (each.do === 'pass') clock.advance(each.ms);
        }
        for (let round = 0; round < 3; round++) {
          for (const each of working) queue.done(each);
          working.clear();
          clock.advance(3_600_000);
          while (queue.length > 0) await take();
        }
        for (const each of working) queue.done(each);
        expect([...owed]).toEqual([]);
        expect(queue.idle).toBe(true);
      }),
    );
  });
});
