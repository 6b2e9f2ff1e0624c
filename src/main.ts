#!/usr/bin/env node
import { applyAccountsCommand } from './cli/apply-accounts.ts';
import { crdsCommand } from './cli/crds.ts';
import { devCommand } from './cli/dev/command.ts';
import { fakeAwsCommand } from './cli/fake-aws.ts';
import { probeCommand } from './cli/probe.ts';
import { program, runProgram } from './cli/program.ts';
import { runCommand } from './cli/run.ts';
import { VERSION } from './version.ts';

// Each loads what it does when it is asked to: the controller would carry the others' code for its whole life.
const commands = [
  runCommand(VERSION),
  devCommand(),
  fakeAwsCommand(),
  crdsCommand(),
  applyAccountsCommand(VERSION),
  probeCommand(),
];
process.exitCode = await runProgram(program(VERSION, commands), process.argv.slice(2));
