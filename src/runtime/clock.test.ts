import { expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';

const START = 1_700_000_000_000;

function machine() {
  const time = { wall: START, monotonic: 5_000 };
  const clock = systemClock({ wall: () => Math.floor(time.wall), monotonic: () => time.monotonic });
  const pass = (ms: number) => {
    time.wall += ms;
    time.monotonic += ms;
  };
  return { time, clock, pass };
}

test('it begins with the time of day', () => {
  expect(machine().clock.now()).toBe(START);
});

test('it runs as time passes, however often it is asked', () => {
  const { clock, pass } = machine();
  for (let n = 0; n < 10_000; n++) {
    pass(0.3);
    clock.now();
  }
  expect(clock.now() - START).toBeGreaterThanOrEqual(2_999);
  expect(clock.now() - START).toBeLessThanOrEqual(3_000);
});

test('a wall clock that is set back, and forward again a little, changes nothing', () => {
  const { time, clock, pass } = machine();
  time.wall -= 3_600_000;
  pass(10);
  expect(clock.now()).toBe(START + 10);
  time.wall += 900;
  pass(10);
  expect(clock.now()).toBe(START + 20);
});

test('the time that a machine slept has passed, once', () => {
  const { time, clock, pass } = machine();
  pass(100);
  clock.now();
  time.wall += 60_000;
  expect(clock.now()).toBe(START + 60_100);
  pass(5);
  expect(clock.now()).toBe(START + 60_105);
});

test('a wall clock that is set forward by mistake and back again does not stop it', () => {
  const { time, clock, pass } = machine();
  time.wall += 3_600_000;
  expect(clock.now()).toBe(START + 3_600_000);
  time.wall -= 3_600_000;
  pass(1_000);
  expect(clock.now()).toBe(START + 3_601_000);
});

test('a timer fires, and one that was cancelled does not', async () => {
  const clock = systemClock();
  const fired: string[] = [];
  clock.after(1, () => fired.push('cancelled')).cancel();
  await new Promise<void>((resolve) => clock.after(2, resolve));
  expect(fired).toEqual([]);
});

test('a timer for a time that has passed fires soon, and Node has nothing to say about it', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  await new Promise<void>((resolve) => systemClock().after(-5, resolve));
  // Node says it on the next tick.
  await new Promise(setImmediate);
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

test('a timer for longer than Node can count waits until then, and can be cancelled on the way', () => {
  vi.useFakeTimers();
  try {
    const days = 24 * 3_600_000;
    const clock = systemClock();
    const fired: string[] = [];
    clock.after(60 * days, () => fired.push('kept'));
    const cancelled = clock.after(60 * days, () => fired.push('cancelled'));
    vi.advanceTimersByTime(59 * days);
    cancelled.cancel();
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(days);
    expect(fired).toEqual(['kept']);
  } finally {
    vi.useRealTimers();
  }
});
