import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { DevclusterError } from './errors.ts';

const LOWEST = 20_000;

/**
 * A free TCP port on 127.0.0.1. It lies below the range that the system hands out by itself (to outgoing connections
 * and to listeners on port 0), so that it is still free when the server on it is stopped and started again later.
 * @throws DevclusterError when none of many tried is free.
 */
export async function freePort(): Promise<number> {
  const end = await ephemeralRangeStart();
  for (let tries = 0; tries < 50; tries++) {
    const port = end > LOWEST ? randomInt(LOWEST, end) : 0;
    const free = await listenOnce(port);
    if (free !== undefined) return free;
  }
  throw new DevclusterError(`no free TCP port found on 127.0.0.1 between ${LOWEST} and ${end}`);
}

async function ephemeralRangeStart(): Promise<number> {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '');
  const start = Number.parseInt(range, 10);
  // 32768 is Linux' default; macOS starts higher.
  return Number.isNaN(start) ? 32_768 : start;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
