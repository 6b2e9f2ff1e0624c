import { Command, CommanderError } from 'commander';
import { CommandError } from './command-error.ts';

/** Builds the whole command line; its commands do the work. */
export function program(version: string, commands: readonly Command[]): Command {
  const root = new Command('ecs-operator')
    .description('Runs Amazon ECS and AWS Cloud Map from Kubernetes custom resources')
    .version(version);
  for (const command of commands) root.addCommand(command);
  for (const command of [root, ...root.commands]) {
    // Commander exits with 1 on bad arguments; by convention of the shell it is 2.
    command.exitOverride().configureOutput({
      getOutHelpWidth: () => Math.max(process.stdout.columns ?? 0, HELP_WIDTH),
      outputError: (text, write) => write(errorLine(text, command)),
    });
  }
  return root;
}

/** Narrower, and the flags of `run` leave no room for what they mean. */
const HELP_WIDTH = 120;

/** One line, and where there is more to read; a suggestion of commander's ("Did you mean …?") is a line of its own. */
function errorLine(text: string, command: Command): string {
  const name = command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;
  // A value that is quoted may hold anything, also what moves a terminal's cursor.
  return `${text.trim().replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')} (see ${name} --help)\n`;
}

/** Runs a command line. @returns the exit code: 0, 2 for bad arguments, 1 for everything else. */
export async function runProgram(root: Command, argv: readonly string[]): Promise<number> {
  process.stdout.on('error', endQuietlyWithoutReader);
  try {
    await root.parseAsync(argv, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    // Commander has said it already, and help and version are no failures.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (isOneLiner(error)) {
      process.stderr.write(`ecs-operator: ${error.message}\n`);
      return error instanceof CommandError ? error.exitCode : 1;
    }
    throw error;
  }
}

/** `ecs-operator crds | head`: who has read enough need not see a stack. */
function endQuietlyWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

/** Errors that are meant for people: their message says all there is to say. */
function isOneLiner(error: unknown): error is Error {
  return error instanceof CommandError || (error instanceof Error && ONE_LINERS.has(error.name));
}

const ONE_LINERS = new Set(['KubeConfigError', 'DevclusterError', 'ListenError']);
