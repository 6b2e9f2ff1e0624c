import { CATALOGUE } from '../faults/catalogue.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { type Failure, runEach } from './matrix.ts';
import { record } from './record.ts';
import { scenarioOf } from './replay-line.ts';

export interface MatrixOptions {
  /** All when left out. */
  readonly scenarios?: readonly string[] | undefined;
  /** All when left out. */
  readonly faults?: readonly string[] | undefined;
  readonly seed: number;
  readonly part: number;
  readonly of: number;
}

/** Runs every fault at every point, and prints how many runs there were and which failed. @returns whether none did. */
export async function printMatrix({ scenarios, faults, seed, part, of }: MatrixOptions): Promise<boolean> {
  let clean = true;
  for (const scenario of scenarios?.map(scenarioOf) ?? SCENARIOS) {
    const recording = await record(scenario, seed);
    console.log(`${scenario.name}: ${recording.calls.length} calls, ${recording.events} watch events`);
    for (const fault of faults ?? scenario.faults ?? Object.keys(CATALOGUE)) {
      const began = performance.now();
      const failures: Failure[] = [];
      let runs = 0;
      for await (const { failure } of runEach(recording, fault, { part, of })) {
        runs++;
        if (failure !== undefined) failures.push(failure);
      }
      const each = (performance.now() - began) / Math.max(runs, 1);
      console.log(`  ${fault}: ${runs} runs, ${each.toFixed(1)} ms each, ${failures.length} failed`);
      for (const { replay, violations } of failures) console.log(`    ${replay}\n      ${violations.join('\n      ')}`);
      clean &&= failures.length === 0;
    }
  }
  return clean;
}
