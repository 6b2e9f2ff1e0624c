import { AsyncLocalStorage } from 'node:async_hooks';
import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** Throws when this process may not act any more. */
export type Check = () => void;

/** Agents that ask once more when a new connection stands, and how to say which check that is. */
export interface CheckedAgents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** Runs `send`; connections that are made for it are given up when `check` throws. */
  checked<T>(check: Check, send: () => Promise<T>): Promise<T>;
}

/**
 * Agents for a process that may lose its right to act while a connection is being made: what it wants to send waits in
 * memory meanwhile, for several round trips, and for as long as the process is paused. A kept connection is written to
 * at once.
 */
export function checkedAgents(options: AgentOptions): CheckedAgents {
  const checks = new AsyncLocalStorage<Check>();
  const guard = <S extends ReturnType<HttpAgent['createConnection']>>(socket: S): S => {
    const check = checks.getStore();
    if (check === undefined) return socket;
    const ask = () => {
      try {
        check();
      } catch (reason) {
        socket?.destroy(reason instanceof Error ? reason : new Error(String(reason)));
      }
    };
    // Before the listeners that write what waits. 'secureConnect' comes with TLS only.
    socket?.prependOnceListener('connect', ask);
    socket?.prependOnceListener('secureConnect', ask);
    return socket;
  };

  class CheckedHttpAgent extends HttpAgent {
    override createConnection(...args: Parameters<HttpAgent['createConnection']>) {
      return guard(super.createConnection(...args));
    }
  }
  class CheckedHttpsAgent extends HttpsAgent {
    override createConnection(...args: Parameters<HttpsAgent['createConnection']>) {
      return guard(super.createConnection(...args));
    }
  }
  return {
    httpAgent: new CheckedHttpAgent(options),
    httpsAgent: new CheckedHttpsAgent(options),
    checked: (check, send) => checks.run(check, send),
  };
}
