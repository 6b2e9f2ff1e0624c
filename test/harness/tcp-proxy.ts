import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A door between two programs that a test can shut. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** How many connections are open. */
  open(): number;
  /** Cuts all connections, as a broken network does; new ones are taken. */
  cut(): void;
  /** Cuts all connections, and every new one at once, until `restore`. */
  sever(): void;
  restore(): void;
}

/** Starts a proxy on a free port of 127.0.0.1 that leads to another port there. */
export async function startTcpProxy(toPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let severed = false;
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((near) => {
    if (severed) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ host: '127.0.0.1', port: toPort });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  // Safe: a server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    open: () => sockets.size / 2,
    cut,
    sever() {
      severed = true;
      cut();
    },
    restore() {
      severed = false;
    },
    async [Symbol.asyncDispose]() {
      severed = true;
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
