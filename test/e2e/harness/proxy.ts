import { startGuarded } from '../../../src/devcluster/guard.ts';
import { waitFor } from '../../harness/wait-for.ts';
import { ROOT } from './command.ts';

/** The cluster's API on this machine, without credentials. */
export interface Proxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts `kubectl proxy`. It ends with this process at the latest. */
export async function startProxy(env: NodeJS.ProcessEnv): Promise<Proxy> {
  let said = '';
  const program = startGuarded({
    command: 'kubectl',
    args: ['proxy', '--port=0'],
    cwd: ROOT,
    env,
    output: {
      onText: (text) => {
        said += text;
      },
    },
  });
  const address = await waitFor(
    () => {
      if (!program.running()) throw new Error(said);
      return /Starting to serve on (\S+)/.exec(said)?.[1];
    },
    { describe: 'kubectl proxy serves' },
  );
  return { url: `http://${address}`, stop: () => program.kill() };
}
