import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../scenarios/index.ts';
import { faultOf } from './points.ts';
import { record } from './record.ts';
import { parseReplayLine, replayLine } from './replay-line.ts';
import { run } from './run.ts';

describe('a simulated run', () => {
  it.each(SCENARIOS.map(({ name }) => name))(
    'of %s is the same twice for the same seed, byte for byte',
    async (name) => {
      for (const fault of ['none:0', 'crash-before-answer:20', 'watch-compacted:9']) {
        const { scenario, faults, seed } = parseReplayLine(`${name}:${fault}:7`);
        const [first, second] = [await run({ scenario, faults, seed }), await run({ scenario, faults, seed })];
        expect(first.trace.join('\n')).toBe(second.trace.join('\n'));
        expect(first.trace.length).toBeGreaterThan(50);
      }
    },
  );

  it('is another one for another seed: the seed owns the interleavings', async () => {
    const [scenario] = SCENARIOS;
    if (scenario === undefined) throw new Error('there is no scenario');
    const digests = [1, 2, 3].map(async (seed) => (await record(scenario, seed)).digest);
    expect(new Set(await Promise.all(digests)).size).toBe(3);
  });

  it('is named by one line, from which it can be run again', () => {
    const line = 'create-all:slow:3+watch-reset:7:1';
    expect(replayLine(parseReplayLine(line))).toBe(line);
    expect(parseReplayLine(line).faults[1]).toEqual({ name: 'watch-reset', fault: faultOf('watch-reset'), index: 7 });
  });

  it.each(['create-all', 'create-all:slow:x:1', 'nowhere:slow:1:1', 'create-all:unheard-of:1:1'])(
    'refuses %s with words',
    (line) => {
      expect(() => parseReplayLine(line)).toThrow(/not <|there is no/);
    },
  );
});
