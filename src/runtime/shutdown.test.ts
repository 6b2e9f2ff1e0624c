import { describe, expect, it } from 'vitest';
import { sleep } from './clock.ts';
import type { Log } from './log.ts';
import { shutDown } from './shutdown.ts';
import { VirtualClock } from './virtual-clock.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

describe('a graceful stop', () => {
  it('takes its steps one after another, each with the time that is left', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const step = (name: string, ms: number) => ({
      name,
      run: async (remaining: number) => {
        seen.push(`${name} ${remaining}`);
        await sleep(clock, ms);
      },
    });
    const done = shutDown({ steps: [step('one', 5000), step('two', 1000)], clock, log: quiet, limitMs: 20_000 });
    await clock.advanceAsync(10_000);
    expect(await done).toEqual([]);
    expect(seen).toEqual(['one 20000', 'two 15000']);
    expect(clock.pending).toBe(0);
  });

  it('goes on after a step that fails, and says which', async () => {
    const clock = new VirtualClock();
    const broken = { name: 'broken', run: () => Promise.reject(new Error('no')) };
    let released = false;
    const release = {
      name: 'release the lease',
      run: async () => {
        released = true;
      },
    };
    expect(await shutDown({ steps: [broken, release], clock, log: quiet, limitMs: 1000 })).toEqual(['broken']);
    expect(released).toBe(true);
  });

  it('ends when time is up, whatever hangs', async () => {
    const clock = new VirtualClock();
    const hangs = { name: 'hangs', run: () => new Promise(() => {}) };
    const never = { name: 'never begun', run: () => Promise.reject(new Error('it was begun')) };
    const done = shutDown({ steps: [hangs, never], clock, log: quiet, limitMs: 20_000 });
    await clock.advanceAsync(20_000);
    expect(await done).toEqual(['hangs', 'never begun']);
  });
});
