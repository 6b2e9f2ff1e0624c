import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sleep } from './clock.ts';
import { VirtualClock } from './virtual-clock.ts';

test('timers fire in the order of their due time, equal ones in the order in which they were set', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 60 }), (delays) => {
      const clock = new VirtualClock(0);
      const fired: { delay: number; index: number; at: number }[] = [];
      delays.forEach((delay, index) => {
        clock.after(delay, () => fired.push({ delay, index, at: clock.now() }));
      });
      clock.runAll();
      const expected = delays
        .map((delay, index) => ({ delay, index, at: delay }))
        .sort((a, b) => a.delay - b.delay || a.index - b.index);
      expect(fired).toEqual(expected);
    }),
  );
});

test('a cancelled timer never fires, however many there are', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.boolean()), { maxLength: 40 }), (timers) => {
      const clock = new VirtualClock(0);
      const fired: number[] = [];
      const handles = timers.map(([delay], index) => clock.after(delay, () => fired.push(index)));
      timers.forEach(([, cancel], index) => {
        if (cancel) handles[index]?.cancel();
      });
      const kept = timers.flatMap(([, cancel], index) => (cancel ? [] : [index]));
      expect(clock.pending).toBe(kept.length);
      clock.runAll();
      expect(fired.toSorted((a, b) => a - b)).toEqual(kept);
      expect(clock.pending).toBe(0);
    }),
  );
});

test('thousands of cancelled timers are thrown out and the others keep their order', () => {
  const clock = new VirtualClock(0);
  const fired: number[] = [];
  for (let i = 0; i < 5000; i++) {
    const timer = clock.after(5000 - i, () => fired.push(i));
    if (i % 10 !== 0) timer.cancel();
  }
  expect(clock.pending).toBe(500);
  clock.runAll();
  expect(fired).toEqual(Array.from({ length: 500 }, (_, i) => (499 - i) * 10));
});

test('advancing fires what falls due, also what is set on the way, and not what lies behind', () => {
  const clock = new VirtualClock(1000);
  const seen: string[] = [];
  clock.after(10, () => {
    seen.push(`a${clock.now()}`);
    clock.after(5, () => seen.push(`b${clock.now()}`));
    clock.after(50, () => seen.push('late'));
  });
  clock.advance(20);
  expect(seen).toEqual(['a1010', 'b1015']);
  expect(clock.now()).toBe(1020);
  expect(clock.nextDue).toBe(1060);
});

test('a timer that sets itself for ever is reported instead of hanging the test', () => {
  const clock = new VirtualClock();
  const again = () => {
    clock.after(1, again);
  };
  again();
  expect(() => clock.runAll(100)).toThrow('still pending after 100');
});

test('code that sleeps between promises is carried through by advanceAsync', async () => {
  const clock = new VirtualClock(0);
  const seen: number[] = [];
  const work = (async () => {
    for (let i = 0; i < 3; i++) {
      await sleep(clock, 100);
      seen.push(clock.now());
    }
  })();
  await clock.advanceAsync(250);
  expect(seen).toEqual([100, 200]);
  await clock.advanceAsync(50);
  await work;
  expect(seen).toEqual([100, 200, 300]);
});
