import { fileURLToPath } from 'node:url';
import { startGuarded } from '../../src/devcluster/guard.ts';
import { waitFor } from './wait-for.ts';
import type { World } from './world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The shell says its own process id, which the operator then takes over. */
const SAY_PID = 'echo "pid $$"; exec "$0" "$@"';

export interface OperatorProcessOptions {
  /** More flags of `run`. */
  readonly args?: readonly string[];
  /** More environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/** An operator as people run it: `ecs-operator run`, a process of its own. It ends with the test run at the latest. */
export interface OperatorProcess extends AsyncDisposable {
  readonly pid: number;
  /** Its exit code, 128 + n when signal n ended it. */
  readonly exited: Promise<number>;
  running(): boolean;
  /** All that it has said so far. */
  output(): string;
  /** Sends a signal; does nothing when it has ended. */
  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void;
}

/** Starts an operator for a world's namespace and fake, and waits until there is a process. */
export async function startOperatorProcess(
  world: World,
  options: OperatorProcessOptions = {},
): Promise<OperatorProcess> {
  let output = '';
  const program = startGuarded({
    command: '/bin/sh',
    args: [
      '-c',
      SAY_PID,
      process.execPath,
      `${root}src/main.ts`,
      'run',
      `--kubeconfig=${world.cluster.kubeconfigPath}`,
      `--namespace=${world.namespace}`,
      '--region=eu-central-1',
      `--endpoint-url=${world.fake.url}`,
      '--metrics-addr=0',
      '--health-addr=0',
      ...(options.args ?? []),
    ],
    cwd: root,
    env: {
      PATH: process.env.PATH,
      AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...options.env,
    },
    output: {
      onText: (text) => {
        output += text;
      },
    },
  });
  const pid = await waitFor(() => Number(/^pid (\d+)\n/.exec(output)?.[1]), {
    describe: 'the operator process is there',
    until: (seen) => !Number.isNaN(seen) || !program.running(),
  });
  if (Number.isNaN(pid)) throw new Error(`the operator ended with ${await program.exited}; it said:\n${output}`);
  return {
    pid,
    exited: program.exited,
    running: () => program.running(),
    output: () => output,
    signal: (signal) => {
      if (!program.running()) return;
      try {
        process.kill(pid, signal);
      } catch (error) {
        // It has just ended, and its guard is about to say so.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    },
    [Symbol.asyncDispose]: () => program.kill(),
  };
}
