import { basename } from 'node:path';
import { startGuarded } from '../../src/devcluster/guard.ts';
import { type Clock, sleep } from '../../src/runtime/clock.ts';

/** A process of its own that was started here, and that ends with this one at the latest. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** All that it has said so far. */
  output(): string;
  /** Asks it to end (SIGTERM) and waits; after the limit it is killed. @throws Error when it had to be killed. */
  stop(): Promise<void>;
  /** Kills it, when it still runs. */
  kill(): Promise<void>;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly clock: Clock;
  /** Whether what it said so far means that it is there; by default, that it runs. */
  readonly ready?: (output: string) => boolean;
}

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 30_000;
/** The shell says its own process id, which the program then takes over. */
const SAY_PID = 'echo "pid $$"; exec "$0" "$@"';

/** Starts a program and waits until it is there. @throws Error with what it said, when that does not happen. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { command, args, env, cwd, clock, ready = () => true } = options;
  const name = `${basename(args[0] ?? command)} ${args[1] ?? ''}`.trim();
  let output = '';
  const program = startGuarded({
    command: '/bin/sh',
    args: ['-c', SAY_PID, command, ...args],
    cwd,
    env,
    output: {
      onText: (text) => {
        output += text;
      },
    },
  });
  const pidOf = () => Number(/^pid (\d+)\n/.exec(output)?.[1] ?? Number.NaN);
  const deadline = clock.now() + START_LIMIT_MS;
  while (Number.isNaN(pidOf()) || !ready(output)) {
    const late = clock.now() > deadline;
    if (late || !program.running()) {
      await program.kill();
      throw new Error(
        `${name} ${late ? 'did not come up' : `ended with ${await program.exited}`}; it said:\n${output}`,
      );
    }
    await sleep(clock, 10);
  }
  const pid = pidOf();
  return {
    name,
    pid,
    output: () => output,
    kill: () => program.kill(),
    async stop() {
      if (program.running()) process.kill(pid, 'SIGTERM');
      const given = new AbortController();
      const late = sleep(clock, STOP_LIMIT_MS, given.signal).then(
        () => 'late' as const,
        () => 'ended' as const,
      );
      const end = await Promise.race([program.exited.then(() => 'ended' as const), late]);
      given.abort();
      await program.kill();
      if (end === 'late')
        throw new Error(`${name} did not end within ${STOP_LIMIT_MS / 1000} s of SIGTERM:\n${output}`);
    },
  };
}
