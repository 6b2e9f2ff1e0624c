import { createServer, type Server } from 'node:http';
import type { Clock } from '../runtime/clock.ts';
import { type Random, seededRandom } from '../runtime/random.ts';
import { FakeAws } from './fake-aws.ts';
import type { CallLog, CallRecord } from './faults/calls.ts';
import type { Faults } from './faults/faults.ts';
import { Gate } from './faults/gate.ts';
import { Control } from './http/control.ts';
import { awsListener } from './http/listener.ts';
import { Identities } from './sts/identities.ts';
import { type RoleTrust, Sts } from './sts/sts.ts';
import { Throttle } from './throttle/throttle.ts';

export interface FakeAwsServerOptions {
  readonly clock: Clock;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where to listen; 127.0.0.1 when left out. */
  readonly host?: string;
  /** How many times faster than AWS everything moves; 1 when left out. Request rates stay AWS's. */
  readonly speed?: number;
  /** Whether AWS's request rates are held; true when left out. */
  readonly throttle?: boolean;
  /** The same seed gives the same ids; 1 when left out. Not used where `random` is given. */
  readonly seed?: number;
  readonly random?: Random;
  /** The account of access keys that nothing else is known of; 123456789012 when left out. */
  readonly accountId?: string;
  /** Accounts of particular access keys. */
  readonly accessKeys?: Readonly<Record<string, string>>;
  /** Roles, by ARN, that do not let everybody in. */
  readonly roles?: Readonly<Record<string, RoleTrust>>;
  /** Hears of every call that has ended. */
  readonly onCall?: (call: CallRecord) => void;
  /** Hears of faults of the fake itself, which are answered with 500. By default nobody does. */
  readonly onError?: (error: unknown) => void;
}

/** A fake AWS that listens. */
export interface FakeAwsServer {
  /** Its endpoint, e.g. `http://127.0.0.1:4566`. */
  readonly url: string;
  readonly fake: FakeAws;
  readonly gate: Gate;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly throttle: Throttle;
  readonly sts: Sts;
  /** Cuts all connections and timers. Resolves when nothing is left of it. */
  stop(): Promise<void>;
}

/**
 * Starts the fake over HTTP.
 * @throws Error when the port is taken or the address is not this machine's; RangeError when `speed` is not positive.
 */
export async function startFakeAws(options: FakeAwsServerOptions): Promise<FakeAwsServer> {
  const { clock } = options;
  const random = options.random ?? seededRandom(options.seed ?? 1);
  const accountId = options.accountId ?? '123456789012';
  const fake = new FakeAws({ clock, random, accountId, speed: options.speed ?? 1 });
  const identities = new Identities({ clock, random, accountId, accessKeys: options.accessKeys ?? {} });
  const sts = new Sts(identities, options.roles);
  const throttle = new Throttle({ clock, enabled: options.throttle ?? true });
  const gate = new Gate({ clock, random, fake, sts, identities, throttle, onCall: options.onCall });
  const control = new Control({ gate, fake, throttle });
  const server = createServer(awsListener({ gate, control, random, onError: options.onError ?? (() => {}) }));
  // Longer than any client keeps an idle connection: it must be the client that closes it, or calls get cut.
  server.keepAliveTimeout = 600_000;
  const host = options.host ?? '127.0.0.1';
  const port = await listen(server, host, options.port ?? 0);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    fake,
    gate,
    faults: gate.faults,
    calls: gate.calls,
    throttle,
    sts,
    stop: () => stop(server, fake),
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function stop(server: Server, fake: FakeAws): Promise<void> {
  fake.stop();
  return new Promise((resolve) => {
    // Called again, there is nothing to close any more: that is as good.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
