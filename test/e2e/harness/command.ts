import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** By default the project's folder. */
  readonly cwd?: string;
  /** What it reads from standard input. */
  readonly input?: string;
  /** After so many milliseconds it is killed, and counts as failed; by default 4 minutes. */
  readonly limitMs?: number;
  /** Whether its output is shown at once, too: for what takes minutes. */
  readonly show?: boolean;
}

/** Runs a program to its end. @throws Error only when it cannot be started */
export function ended(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { env = process.env, cwd = ROOT, input, limitMs = 240_000, show = false } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, timeout: limitMs, killSignal: 'SIGKILL' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (show) process.stdout.write(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (show) process.stderr.write(text);
    });
    child.on('error', (error) => reject(new Error(`cannot start ${program}: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (signal !== null) stderr += `\nended by ${signal}, after at most ${limitMs} ms`;
      resolve({ code: code ?? 1, stdout, stderr });
    });
    // A program that ends without reading all of its input is told of by its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

/** Runs a program that has to succeed. @returns what it printed. @throws Error with all that it said */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await ended(program, args, options);
  if (code !== 0) throw new Error(`${[program, ...args].join(' ')} ended with ${code}\n${stderr}\n${stdout}`.trim());
  return stdout;
}
