import { request } from 'node:http';
import { join } from 'node:path';
import { type Clock, sleep } from '../runtime/clock.ts';
import { DevclusterError, reasonOf } from './errors.ts';
import { goEnvironment } from './go-environment.ts';
import { type GuardedProcess, startGuarded } from './guard.ts';
import { lastLines } from './server-log.ts';

/** A running etcd with one member. */
export interface Etcd {
  /** For kube-apiserver's --etcd-servers. */
  readonly endpoint: string;
  readonly process: GuardedProcess;
  readonly logFile: string;
  /**
   * Forgets all history up to now, so that a watch or a paged list that asks for an older version gets 410 Gone.
   * @throws DevclusterError when etcd refuses.
   */
  compact(): Promise<void>;
}

/** Where etcd is and where it may write. */
export interface EtcdOptions {
  readonly command: string;
  readonly directory: string;
  readonly clock: Clock;
  readonly readyLimitMs: number;
}

/**
 * Starts etcd and waits until it answers. It listens on Unix sockets inside the folder: no port to lose a race for,
 * and nobody else on the machine can talk to it.
 * @throws DevclusterError with the end of its log when it does not come up in time.
 */
export async function startEtcd(options: EtcdOptions): Promise<Etcd> {
  const { directory, clock } = options;
  const socket = join(directory, 'etcd.sock');
  const logFile = join(directory, 'etcd.log');
  // Advertised addresses are for other members and have to be host:port; there are none, so nobody ever dials them.
  const nowhere = 'http://127.0.0.1:1';
  const server = startGuarded({
    command: options.command,
    args: [
      '--name=devcluster',
      `--data-dir=${join(directory, 'etcd')}`,
      `--listen-client-urls=unix://${socket}`,
      `--advertise-client-urls=${nowhere}`,
      `--listen-peer-urls=unix://${join(directory, 'peer.sock')}`,
      `--initial-advertise-peer-urls=${nowhere}`,
      `--initial-cluster=devcluster=${nowhere}`,
      // The data goes with this process: durability would only cost time.
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    cwd: directory,
    env: goEnvironment(process.env),
    output: { logFile },
  });
  const etcd: Etcd = {
    endpoint: `unix://${socket}`,
    process: server,
    logFile,
    compact: () => compact(socket),
  };
  await untilHealthy(etcd, socket, options.readyLimitMs, clock);
  return etcd;
}

async function untilHealthy(etcd: Etcd, socket: string, limitMs: number, clock: Clock): Promise<void> {
  const deadline = clock.now() + limitMs;
  for (;;) {
    const answer = await ask(socket, 'GET', '/health').catch(() => undefined);
    if (answer?.status === 200) return;
    const problem = !etcd.process.running()
      ? `ended with code ${await etcd.process.exited}`
      : clock.now() > deadline
        ? `did not answer within ${limitMs / 1000} s`
        : undefined;
    if (problem !== undefined) {
      await etcd.process.kill();
      throw new DevclusterError(`etcd ${problem}; the end of its log:\n${await lastLines(etcd.logFile)}`);
    }
    await sleep(clock, 25);
  }
}

async function compact(socket: string): Promise<void> {
  // Any read tells the current revision; the key need not exist.
  const read = await ask(socket, 'POST', '/v3/kv/range', { key: Buffer.from('none').toString('base64') });
  const revision = /"revision":\s*"(\d+)"/.exec(read.body)?.[1];
  if (revision === undefined) throw new DevclusterError(`etcd did not tell its revision: ${read.body}`);
  const answer = await ask(socket, 'POST', '/v3/kv/compaction', { revision, physical: true });
  // Compacting twice at one revision is refused, and is no failure: the history is gone.
  if (answer.status !== 200 && !answer.body.includes('has been compacted')) {
    throw new DevclusterError(`etcd refused to compact: HTTP ${answer.status} ${answer.body}`);
  }
}

/** One call of etcd's HTTP JSON gateway. */
function ask(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, method, path, timeout: 10_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on('error', reject);
    });
    call.on('timeout', () => call.destroy(new Error('no answer within 10 s')));
    call.on('error', (error) => reject(new DevclusterError(`etcd did not answer: ${reasonOf(error)}`)));
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
