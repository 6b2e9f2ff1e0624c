import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { DevclusterError, reasonOf } from './errors.ts';

/**
 * Runs "$@" and kills it as soon as stdin closes. The pipe's other end is held by this process alone, so the kernel
 * closes it however this process ends, kill -9 included. The guard is started before the program and is never between
 * the two, so there is no moment in which the program runs unwatched.
 */
const PROCESS_GUARD = `
exec 3<&0 </dev/null
"$@" 3<&- &
program=$!
( while read -r _ <&3; do :; done; kill -KILL "$program" ) &
watcher=$!
exec 3<&-
wait "$program"
status=$?
kill -KILL "$watcher" 2>/dev/null
exit "$status"
`;

/** Makes a folder, says its name, and removes it when stdin closes; what still writes there is about to be killed. */
const DIRECTORY_GUARD = `
trap '' HUP INT TERM PIPE
directory=$(mktemp -d "$1/ecs-operator-dev.XXXXXX") || exit 1
printf '%s\\n' "$directory"
while read -r _; do :; done
tries=0
until rm -rf "$directory" && [ ! -e "$directory" ] || [ "$tries" -ge 50 ]; do
  tries=$((tries + 1))
  sleep 0.1
done
[ ! -e "$directory" ]
`;

/** A program that ends with this process at the latest. By itself it does not keep this process running. */
export interface GuardedProcess {
  /** Resolves when the program has ended: its exit code, 128 + n when signal n ended it. */
  readonly exited: Promise<number>;
  /** False as soon as the program's end was seen. */
  running(): boolean;
  /** Kills the program at once, as a crash would; resolves when it is gone. Harmless when it has ended already. */
  kill(): Promise<void>;
}

/** What to run under a guard. */
export interface GuardedProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where the program's output goes: appended to a file, or handed over as it comes. */
  readonly output: { readonly logFile: string } | { readonly onText: (text: string) => void };
}

/** Starts a program that does not outlive this process, whatever ends it. */
export function startGuarded(options: GuardedProcessOptions): GuardedProcess {
  const { output } = options;
  const log = 'logFile' in output ? openSync(output.logFile, 'a') : 'pipe';
  const child = spawn('/bin/sh', ['-c', PROCESS_GUARD, 'guard', options.command, ...options.args], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['pipe', log, log],
    // Its own session: Ctrl-C on the terminal reaches this process only, which then ends the guard.
    detached: true,
  });
  if (typeof log === 'number') closeSync(log);
  if ('onText' in output) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => output.onText(text));
    }
  }
  return guarded(child);
}

function guarded(child: ChildProcess): GuardedProcess {
  let running = true;
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => {
      running = false;
      reject(new DevclusterError(`cannot start /bin/sh: ${error.message}`));
    });
    child.once('close', (code) => {
      running = false;
      resolve(code ?? 1);
    });
  });
  // Whoever waits sees the failure; nobody waiting is no reason to end the whole program.
  exited.catch(() => {});
  // The guard may have gone already: then there is nobody to tell.
  child.stdin?.on('error', () => {});
  letProgramEnd(child);
  return {
    exited,
    running: () => running,
    async kill() {
      child.ref();
      child.stdin?.destroy();
      await exited;
    },
  };
}

/** A guard must not keep this process alive: when there is nothing else left to do, everything shall end. */
function letProgramEnd(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout]) {
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
  }
}

/** A temporary folder that goes with this process at the latest. */
export interface GuardedDirectory {
  readonly path: string;
  /** Removes the folder with all that is in it. */
  remove(): Promise<void>;
}

/**
 * Makes a temporary folder that does not outlive this process, whatever ends it.
 * @throws DevclusterError when it cannot be made.
 */
export async function makeGuardedDirectory(): Promise<GuardedDirectory> {
  // A Unix socket's path must stay under 104 characters, so a deep TMPDIR is of no use.
  const parent = tmpdir().length > 60 ? '/tmp' : tmpdir();
  const child = spawn('/bin/sh', ['-c', DIRECTORY_GUARD, 'guard', parent], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const guard = guarded(child);
  let answer = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  child.ref();
  try {
    while (!answer.endsWith('\n')) {
      const code = await Promise.race([once(child.stdout, 'data'), guard.exited]);
      if (typeof code === 'number') throw new Error(`mktemp ended with code ${code}`);
    }
  } catch (error) {
    throw new DevclusterError(`cannot make a temporary folder in ${parent}: ${reasonOf(error)}`);
  }
  letProgramEnd(child);
  const path = answer.trimEnd();
  return {
    path,
    async remove() {
      await guard.kill();
      const code = await guard.exited;
      if (code !== 0) throw new DevclusterError(`cannot remove ${path}: remove it by hand`);
    },
  };
}
