import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BREAKAGES, type Breakage } from './breakage.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

describe('the simulation notices an operator that is broken on purpose:', () => {
  it.each(BREAKAGES)('$about; by "$caughtBy" in $scenario', async (breakage) => {
    const told = await tell(breakage);
    expect(told.filter((line) => line.startsWith(`${breakage.caughtBy}: `))).not.toEqual([]);
  });
});

/** Tells the story to the broken operator, in a process of its own. @returns what was noticed, a line each. */
async function tell({ name, scenario, fault, caughtBy }: Breakage): Promise<readonly string[]> {
  const story = fault === undefined ? [scenario] : [scenario, fault];
  const args = ['--import', './test/sim/guards/break-sources.ts', 'test/sim/guards/try-story.ts', ...story];
  const env = { ...process.env, SIM_BREAKAGE: name, SIM_UNTIL: caughtBy };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env, maxBuffer: 64 * 2 ** 20 });
  return stdout.split('\n');
}
