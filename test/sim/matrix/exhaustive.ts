import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../faults/catalogue.ts';
import type { Scenario } from '../scenarios/scenario.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SEED = 1;
/** Worlds are large and live shortly; and where errors were made, a replay tells. */
const NODE_OPTIONS = ['--max-semi-space-size=64', '--stack-trace-limit=0'];
/** So many lines about failed runs are enough to show what is wrong. */
const SHOWN = 20;

/** Which share of the points one file takes: files run in parallel. */
interface Share {
  readonly scenarios: readonly Scenario[];
  /** From 1 to `of`. */
  readonly part: number;
  readonly of: number;
}

/**
 * Each of the scenarios with every fault at each of its points. In a process of its own: what a test runner makes of the
 * sources to follow them doubles the cost of a run.
 */
export function exhaustive(share: Share): void {
  let told: ReadonlyMap<string, readonly string[]> = new Map();
  let ending = '';
  beforeAll(async () => {
    ({ told, ending } = await runMatrix(share));
  }, 900_000);
  describe.each(share.scenarios.map((scenario) => ({ scenario, name: scenario.name, about: scenario.about })))(
    '$name: $about',
    ({ scenario }) => {
      it.each(scenario.faults ?? Object.keys(CATALOGUE))('whatever call or event %s strikes', (fault) => {
        const failures = told.get(`${scenario.name} ${fault}`);
        if (failures === undefined) throw new Error(`it was not run: ${ending}`);
        expect(failures.slice(0, SHOWN), 'each of these is to be given to npm run sim -- --replay').toEqual([]);
      });
    },
  );
}

/** @returns the lines about failed runs of each scenario and fault that was run, and how the process ended. */
async function runMatrix({
  scenarios,
  part,
  of,
}: Share): Promise<{ readonly told: ReadonlyMap<string, readonly string[]>; readonly ending: string }> {
  const named = scenarios.flatMap(({ name }) => ['--scenario', name]);
  const args = [
    ...NODE_OPTIONS,
    'test/sim/main.ts',
    '--matrix',
    ...named,
    '--seed',
    String(SEED),
    '--part',
    `${part}/${of}`,
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  const told = new Map<string, string[]>();
  let scenario = '';
  let failures: string[] = [];
  for (const line of output.split('\n')) {
    const begun = /^(\S+): \d+ calls/.exec(line);
    const tried = /^ {2}(\S+): \d+ runs, /.exec(line);
    if (begun !== null) scenario = begun[1] ?? '';
    else if (tried !== null) {
      failures = [];
      told.set(`${scenario} ${tried[1]}`, failures);
    } else if (line.trim() !== '') failures.push(line.trim());
  }
  return { told, ending: `exit code ${code}\n${errors}` };
}
