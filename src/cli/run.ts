import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { runCommand as commandOf } from '../config.ts';

/** `run`: the controller. */
export function runCommand(version: string): Command {
  return commandOf(async (config) => {
    preferLittleMemory();
    // Loaded when it is needed: the SDK takes half a second, which --help and a mistake should not cost.
    const { runOperator } = await import('./run-operator.ts');
    await runOperator(config, version);
  });
}

/**
 * V8 sizes its heap for speed on a machine that is its own, three times what the controller needs, and its last
 * optimizing compiler takes 20 MB to make fast what mostly waits for answers. V8 reads these flags whenever it collects
 * or compiles, so they may be set while it runs; set here, they serve every way of starting the program.
 */
function preferLittleMemory(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--no-turbofan');
}
