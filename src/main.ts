#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { program, runProgram } from './cli/program.ts';
import { VERSION } from './version.ts';

/** Each command is loaded only when it is asked for: the controller would carry the others' code for its whole life. */
const COMMANDS = {
  run: async () => {
    preferLittleMemory();
    return (await import('./cli/run.ts')).runCommand(VERSION);
  },
  dev: async () => (await import('./cli/dev/command.ts')).devCommand(),
  'fake-aws': async () => (await import('./cli/fake-aws.ts')).fakeAwsCommand(),
  crds: async () => (await import('./cli/crds.ts')).crdsCommand(),
};

const argv = process.argv.slice(2);
const [name = ''] = argv;
const wanted = Object.entries(COMMANDS).filter(([command]) => command === name || !(name in COMMANDS));
const commands = await Promise.all(wanted.map(([, load]) => load()));
process.exitCode = await runProgram(program(VERSION, commands), argv);

/**
 * V8 sizes its heap for speed on a machine that is its own: three times what the controller needs. It reads this flag
 * at every collection, so it may be set while it runs; setting it here serves every way of starting the program.
 */
function preferLittleMemory(): void {
  setFlagsFromString('--optimize-for-size');
}
