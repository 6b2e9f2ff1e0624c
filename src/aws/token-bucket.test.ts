import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { TokenBucket } from './token-bucket.ts';

/** How many calls go out at this instant. */
function drain(bucket: TokenBucket): number {
  let taken = 0;
  while (taken < 1000 && bucket.take()) taken++;
  return taken;
}

/** How many calls go out within `seconds`, looking every 10 ms. */
function over(seconds: number, clock: VirtualClock, bucket: TokenBucket): number {
  let taken = 0;
  for (let i = 0; i < seconds * 100; i++) {
    clock.advance(10);
    taken += drain(bucket);
  }
  return taken;
}

describe('TokenBucket', () => {
  it('lets a burst through at once, then goes on at its rate, and fills up while nobody calls', () => {
    const clock = new VirtualClock();
    const bucket = new TokenBucket(clock, { burst: 20, refill: 2 });
    expect(drain(bucket)).toBe(20);
    expect(over(10, clock, bucket)).toBe(20);
    clock.advance(3_600_000);
    expect(drain(bucket), 'an idle hour fills it, no more').toBe(20);
  });

  it('says when the next call may go, so that nobody has to look again and again', () => {
    const clock = new VirtualClock();
    const bucket = new TokenBucket(clock, { burst: 1, refill: 0.5 });
    bucket.take();
    clock.advance(500);
    expect(bucket.nextTokenMs()).toBe(1500);
    clock.advance(1499);
    expect(bucket.take()).toBe(false);
    clock.advance(1);
    expect(bucket.take()).toBe(true);
  });

  it('starts again empty and at half its speed when AWS throttles, and recovers within a minute', () => {
    const clock = new VirtualClock();
    const bucket = new TokenBucket(clock, { burst: 50, refill: 10 });
    bucket.throttled(clock.now());
    expect(bucket.take()).toBe(false);
    const first = over(5, clock, bucket);
    expect(first).toBeGreaterThanOrEqual(25);
    expect(first).toBeLessThanOrEqual(28);
    over(60, clock, bucket);
    expect(over(10, clock, bucket)).toBe(100);
  });

  it('slows down once for calls that were throttled together, and again for a later one', () => {
    const clock = new VirtualClock();
    const bucket = new TokenBucket(clock, { burst: 50, refill: 10 });
    const sentAt = clock.now();
    clock.advance(20);
    for (let i = 0; i < 20; i++) bucket.throttled(sentAt);
    clock.advance(100);
    expect(bucket.nextTokenMs(), 'half speed, not a millionth').toBeLessThan(200);
    bucket.throttled(clock.now());
    clock.advance(1);
    expect(bucket.nextTokenMs()).toBeGreaterThan(300);
  });

  it('never stops altogether, however often AWS throttles', () => {
    const clock = new VirtualClock();
    const bucket = new TokenBucket(clock, { burst: 50, refill: 10 });
    for (let i = 0; i < 100; i++) {
      clock.advance(1);
      bucket.throttled(clock.now());
    }
    expect(over(10, clock, bucket)).toBeGreaterThanOrEqual(10);
  });
});
