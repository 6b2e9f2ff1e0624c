import { ECSClient } from '@aws-sdk/client-ecs';
import { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { STSClient } from '@aws-sdk/client-sts';
import type { Clock } from '../runtime/clock.ts';
import { checkedAgents } from './checked-agents.ts';
import { commandOf } from './commands/index.ts';
import { Credentials, type HandlerOptions, type Provider } from './credentials.ts';
import type { AwsRequest, AwsSend, AwsService, AwsTarget } from './send.ts';
import { targetKey } from './target-key.ts';

export interface SdkSendOptions {
  /** For time-outs, and for when credentials have to be fetched anew. */
  readonly clock: Clock;
  /** How long a call may take in all, its answer's last byte included, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** How long a connection may take, in milliseconds. Default 5,000. */
  readonly connectTimeoutMs?: number;
  /** Connections per endpoint. Default 50. */
  readonly maxConnections?: number;
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are looked up, by Node itself (24.5 or later). Left out: no proxy. */
  readonly proxyEnv?: NodeJS.ProcessEnv;
}

/** The seam over the network: the SDK's clients, one per target and service, and `close` to drop their connections. */
export interface SdkSend {
  readonly send: AwsSend;
  close(): void;
}

/** What the three SDK clients have in common. */
interface Client {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<object>;
}

/** A step of the SDK's own making, whatever it carries. */
type Step = (args: never) => Promise<unknown>;

/** What the commands of all clients have in common. */
interface AnyCommand {
  readonly middlewareStack: { add(middleware: (next: Step) => Step, options: typeof LAST_STEP): void };
}

/**
 * Makes the seam over the SDK. The SDK's own retries are off: the limiter and the queue decide (rule 10 of the design).
 * Without an endpoint in the target, `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` hold, then AWS's own.
 */
export function sdkSend(options: SdkSendOptions): SdkSend {
  const { proxyEnv } = options;
  const agent = { keepAlive: true, maxSockets: options.maxConnections ?? 50, ...(proxyEnv && { proxyEnv }) };
  const { httpAgent, httpsAgent, checked } = checkedAgents(agent);
  const requestHandler: HandlerOptions = {
    connectionTimeout: options.connectTimeoutMs ?? 5_000,
    // Given, not made by each client, so that all of them share their connections.
    httpAgent,
    httpsAgent,
  };
  const credentials = new Credentials({ clock: options.clock, requestHandler });
  const clients = new Map<string, Client>();

  const clientOf = (target: AwsTarget, service: AwsService): Client => {
    const key = `${service} ${targetKey(target)}`;
    let client = clients.get(key);
    if (client === undefined) {
      client = makeClient(service, {
        region: target.region,
        ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
        credentials: credentials.of(target),
        maxAttempts: 1,
        requestHandler,
        customUserAgent: 'ecs-operator',
        // Some Cloud Map operations put `data-` in front of the host, which no custom endpoint answers to.
        disableHostPrefix: true,
      });
      clients.set(key, client);
    }
    return client;
  };

  // The clients keep credentials too, so they go with them.
  const forget = (target: AwsTarget): void => {
    credentials.forget(target);
    for (const service of SERVICES) clients.delete(`${service} ${targetKey(target)}`);
  };

  const { clock, timeoutMs = 30_000 } = options;
  return {
    send: async ({ target, service, operation, input, signal, check }: AwsRequest) => {
      const Command = commandOf(service, operation);
      const late = new AbortController();
      // The handler's own time-out ends with the answer's head: a body that never ends would hold the caller for ever.
      const { promise: timedOut, reject } = Promise.withResolvers<never>();
      const timer = clock.after(timeoutMs, () => {
        const error = new Error(`nothing came within ${timeoutMs / 1000} s`);
        reject(Object.assign(error, { name: 'TimeoutError', code: 'ETIMEDOUT' }));
        late.abort();
      });
      try {
        // The constructor only keeps the input; a wrong one is AWS's to refuse.
        const command = new Command(input as never);
        // Safe: every command of the SDK has a stack of its own.
        if (check !== undefined) (command as AnyCommand).middlewareStack.add(before(check), LAST_STEP);
        const abortSignal = AbortSignal.any([signal, late.signal]);
        const sent = () => clientOf(target, service).send(command, { abortSignal });
        return await Promise.race([check === undefined ? sent() : checked(check, sent), timedOut]);
      } catch (error) {
        if (error instanceof Error && EXPIRED.has(error.name)) forget(target);
        throw error;
      } finally {
        timer.cancel();
      }
    },
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

const SERVICES: readonly AwsService[] = ['ecs', 'servicediscovery', 'sts'];
/** AWS's words for credentials that have ended, or were taken back, before their time. */
const EXPIRED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
]);

/** After credentials, signature and all else that takes time: next comes the HTTP handler. */
const LAST_STEP = { step: 'deserialize', priority: 'low', name: 'check' } as const;

function before(check: () => void) {
  return (next: Step): Step =>
    async (args) => {
      check();
      return next(args);
    };
}

/** What of the clients' configuration they have in common. */
interface ClientConfig {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials: Provider;
  readonly maxAttempts: number;
  readonly requestHandler: HandlerOptions;
  readonly customUserAgent: string;
  readonly disableHostPrefix: boolean;
}

function makeClient(service: AwsService, config: ClientConfig): Client {
  // The three clients' `send` are the same function, typed by their own commands; COMMANDS keeps those apart.
  switch (service) {
    case 'ecs':
      return new ECSClient(config) as Client;
    case 'servicediscovery':
      return new ServiceDiscoveryClient(config) as Client;
    case 'sts':
      return new STSClient(config) as Client;
  }
}
