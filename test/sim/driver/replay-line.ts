import { sequenceNamed } from '../changes/sequence.ts';
import type { PlannedFault } from '../faults/fault.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { faultOf } from './points.ts';

/** A run as it is named on the command line. */
export interface ReplayLine {
  readonly scenario: Scenario;
  readonly faults: readonly PlannedFault[];
  readonly seed: number;
}

/** `<scenario>:<fault>:<index>:<seed>`; several faults are joined by `+`: `create-all:slow:3+watch-reset:7:1`. */
export function replayLine({ scenario, faults, seed }: ReplayLine): string {
  const planned = faults.map(({ name, index }) => `${name}:${index}`).join('+');
  return `${scenario.name}:${planned === '' ? 'none:0' : planned}:${seed}`;
}

/** Reads such a line. @throws Error that says what is wrong with it. */
export function parseReplayLine(text: string): ReplayLine {
  const match = /^([^:]+):(.+):(\d+)$/.exec(text);
  const [, scenarioName = '', planned = '', seed = ''] = match ?? [];
  if (match === null) throw new Error(`not <scenario>:<fault>:<index>:<seed>: ${text}`);
  const faults = planned.split('+').flatMap((one) => {
    const [name = '', index = ''] = one.split(':');
    if (name === 'none') return [];
    if (!/^\d+$/.test(index)) throw new Error(`not <fault>:<index>: ${one}`);
    return [{ name, fault: faultOf(name), index: Number(index) }];
  });
  return { scenario: scenarioOf(scenarioName), faults, seed: Number(seed) };
}

/** @throws Error for a scenario that nobody wrote. */
export function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name) ?? sequenceNamed(name);
  if (found === undefined) {
    throw new Error(`there is no scenario ${name}; there are ${SCENARIOS.map((one) => one.name).join(', ')}`);
  }
  return found;
}
