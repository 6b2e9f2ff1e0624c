import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { OperatorProcess } from './process.ts';
import { waitFor } from './wait-for.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `ecs-operator …` to its end; one that does not end within the limit is killed, and has no code. */
export function runToEnd(
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly limitMs?: number } = {},
): Promise<CommandEnd> {
  const { env = {}, cwd, limitMs = 60_000 } = options;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, ...args],
      {
        env: { PATH: process.env.PATH, ...env },
        ...(cwd !== undefined && { cwd }),
        timeout: limitMs,
        killSignal: 'SIGKILL',
      },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

/** A line of the operator's log. */
export interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** What an operator has logged so far. @throws SyntaxError at a line that is not JSON. */
export function logLines(operator: OperatorProcess): readonly LogLine[] {
  const lines = operator.output().split('\n');
  // The first says its process id; the last may not be complete yet.
  return lines.slice(1, -1).map((line) => JSON.parse(line) as LogLine);
}

/** Waits for the line of the log with that message. */
export function logged(operator: OperatorProcess, message: string | RegExp): Promise<LogLine> {
  const fits = (line: LogLine) => (typeof message === 'string' ? line.message === message : message.test(line.message));
  return waitFor(() => logLines(operator).find(fits), { describe: `the operator logs ${message}` });
}

/** Where an operator with `--health-addr=127.0.0.1:0` and the like serves. */
export async function servesAt(
  operator: OperatorProcess,
): Promise<{ readonly health: string; readonly metrics: string }> {
  const { health, metrics } = await logged(operator, 'starting');
  return { health: String(health), metrics: String(metrics) };
}

export async function fetchText(url: string): Promise<{ readonly status: number; readonly body: string }> {
  const answer = await fetch(url);
  return { status: answer.status, body: await answer.text() };
}
