import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { type CallPriority, Limiter } from './limiter.ts';

const never = new AbortController().signal;

/** A limiter with an empty bucket of one call a second, and the order in which callers pass it. */
function busyLimiter() {
  const clock = new VirtualClock();
  const limiter = new Limiter(clock, { burst: 1, refill: 1 });
  const passed: string[] = [];
  const enter = (name: string, priority: CallPriority = 'user', signal: AbortSignal = never) => {
    const ticket = limiter.enter({ priority, signal });
    ticket.granted.then(
      () => passed.push(name),
      () => passed.push(`${name} aborted`),
    );
    return ticket;
  };
  enter('first');
  return { clock, limiter, passed, enter };
}

describe('Limiter', () => {
  it('lets calls pass at once while there are tokens, and says that they did not wait', async () => {
    const limiter = new Limiter(new VirtualClock(), { burst: 3, refill: 1 });
    const tickets = [1, 2, 3].map(() => limiter.enter({ priority: 'resync', signal: never }));
    expect(await Promise.all(tickets.map(({ granted }) => granted))).toEqual([0, 0, 0]);
  });

  it('makes the others wait in order of arrival, and says how long they waited', async () => {
    const { clock, passed, enter } = busyLimiter();
    const second = enter('second');
    const third = enter('third');
    await clock.advanceAsync(999);
    expect(passed).toEqual(['first']);
    await clock.advanceAsync(1001);
    expect(passed).toEqual(['first', 'second', 'third']);
    expect(await second.granted).toBe(1000);
    expect(await third.granted).toBe(2000);
  });

  it('lets what a person changed go before resyncs, and tidying up go last', async () => {
    const { clock, passed, enter } = busyLimiter();
    enter('tidying up', 'cleanup');
    enter('resync', 'resync');
    enter('rollout', 'progress');
    enter('change', 'user');
    await clock.advanceAsync(4000);
    expect(passed).toEqual(['first', 'change', 'rollout', 'resync', 'tidying up']);
  });

  it('lets even the least important pass in the end, while changes keep coming', async () => {
    const { clock, passed, enter } = busyLimiter();
    enter('resync', 'resync');
    for (let i = 0; i < 30; i++) enter(`change ${i}`);
    await clock.advanceAsync(20_000);
    expect(passed).toContain('resync');
    expect(passed.indexOf('resync')).toBeGreaterThan(3);
  });

  it('lets a waiting call move up when someone more important joins it, but not down', async () => {
    const { clock, passed, enter } = busyLimiter();
    const low = enter('low', 'cleanup');
    const high = enter('high', 'user');
    enter('middle', 'resync');
    low.raise('user');
    high.raise('cleanup');
    await clock.advanceAsync(3000);
    expect(passed).toEqual(['first', 'low', 'high', 'middle']);
  });

  it('lets go of a call that is aborted, at once and without a token', async () => {
    const { clock, passed, enter } = busyLimiter();
    const aborter = new AbortController();
    const ticket = enter('aborted one', 'user', aborter.signal);
    enter('next');
    aborter.abort(new Error('no longer wanted'));
    await expect(ticket.granted).rejects.toThrow('no longer wanted');
    await clock.advanceAsync(1000);
    expect(passed).toEqual(['first', 'aborted one aborted', 'next']);
    expect(clock.pending, 'no timer is left').toBe(0);
  });

  it('refuses a call that was aborted before it came', async () => {
    const { enter } = busyLimiter();
    await expect(enter('late', 'user', AbortSignal.abort(new Error('gone'))).granted).rejects.toThrow('gone');
  });

  it('leaves no timer behind when all who waited are gone', async () => {
    const { clock, enter } = busyLimiter();
    const aborter = new AbortController();
    enter('one', 'user', aborter.signal);
    enter('two', 'user', aborter.signal);
    expect(clock.pending).toBe(1);
    aborter.abort();
    expect(clock.pending).toBe(0);
  });

  it('lets those who wait out more slowly after a throttled call', async () => {
    const { clock, limiter, passed, enter } = busyLimiter();
    enter('second');
    await clock.advanceAsync(900);
    limiter.throttled(clock.now());
    await clock.advanceAsync(1000);
    expect(passed).toEqual(['first']);
    await clock.advanceAsync(1000);
    expect(passed).toEqual(['first', 'second']);
  });
});
