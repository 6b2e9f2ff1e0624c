import { expect, test } from 'vitest';
import { VirtualClock } from '../../runtime/virtual-clock.ts';
import { Timers } from './timers.ts';

test('speed divides every wait', () => {
  const clock = new VirtualClock(0);
  const timers = new Timers({ clock, speed: 50 });
  const fired: number[] = [];
  timers.after(10_000, () => fired.push(clock.now()));
  clock.advance(199);
  expect(fired).toEqual([]);
  clock.advance(1);
  expect(fired).toEqual([200]);
  expect(timers.pending).toBe(0);
});

test('after stop nothing fires, neither what was set nor what is set later', () => {
  const clock = new VirtualClock(0);
  const timers = new Timers({ clock });
  const fail = () => expect.fail('fired');
  timers.after(1, fail);
  timers.stop();
  timers.after(1, fail);
  clock.advance(10);
  expect(timers.pending).toBe(0);
  expect(clock.pending).toBe(0);
});

test('a cancelled timer no longer counts as pending', () => {
  const timers = new Timers({ clock: new VirtualClock(0) });
  const timer = timers.after(1, () => expect.fail('fired'));
  expect(timers.pending).toBe(1);
  timer.cancel();
  expect(timers.pending).toBe(0);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a speed of %s is refused', (speed) => {
  expect(() => new Timers({ clock: new VirtualClock(), speed })).toThrow(RangeError);
});
