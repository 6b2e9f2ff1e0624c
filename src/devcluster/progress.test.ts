import { expect, it } from 'vitest';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { streamProgress } from './progress.ts';

function recorded(isTTY: boolean) {
  const clock = new VirtualClock();
  const written: string[] = [];
  const progress = streamProgress({ isTTY, write: (text: string) => written.push(text) }, clock);
  return { clock, written, progress };
}

it('in a log, a long step says every 15 seconds that it is alive, and at the end how long it took', () => {
  const { clock, written, progress } = recorded(false);
  const step = progress.start('building');
  step.note('12 packages compiled');
  clock.advance(31_000);
  step.end('done');
  clock.advance(60_000);
  expect(written).toEqual([
    'building … 0 s\n',
    'building … 12 packages compiled, 15 s\n',
    'building … 12 packages compiled, 30 s\n',
    'building: done (31 s)\n',
  ]);
});

it('on a terminal, one line is rewritten every second', () => {
  const { clock, written, progress } = recorded(true);
  const step = progress.start('building');
  clock.advance(2_000);
  step.end('done');
  expect(written.join('')).toBe(
    ['building … 0 s', 'building … 1 s', 'building … 2 s'].map((line) => `\r${line}\x1b[K`).join('') +
      '\rbuilding: done (2 s)\x1b[K\n',
  );
});
