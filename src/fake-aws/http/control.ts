import type { FakeAws } from '../fake-aws.ts';
import type { CallFilter } from '../faults/calls.ts';
import { FaultRuleError, parseFaultRule } from '../faults/fault-rule.ts';
import type { Gate } from '../faults/gate.ts';
import type { Throttle } from '../throttle/throttle.ts';
import { BadRequest, type ControlHandler } from './control-route.ts';
import { ecsControlRoutes } from './ecs-control.ts';
import { HELP } from './help.ts';

export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
}

export interface ControlAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** The fake's own controls over HTTP, under `/_fake/`. */
export class Control {
  readonly #routes: ReadonlyMap<string, ControlHandler>;

  constructor(parts: { readonly gate: Gate; readonly fake: FakeAws; readonly throttle: Throttle }) {
    const { gate, fake, throttle } = parts;
    this.#routes = new Map<string, ControlHandler>([
      ['GET faults', () => ({ faults: gate.faults.list() })],
      [
        'POST faults',
        ({ json }) => ({
          ids: listOf(json())
            .map(parseFaultRule)
            .map((rule) => gate.faults.add(rule)),
        }),
      ],
      ['DELETE faults', ({ query }) => removeFaults(gate, query.get('id'))],
      ['GET calls', ({ query }) => ({ calls: gate.calls.list(callFilter(query)) })],
      ['GET calls/counts', () => gate.calls.counts()],
      ['DELETE calls', () => gate.calls.clear()],
      ['GET throttle', () => ({ enabled: throttle.enabled })],
      ['POST throttle', ({ json }) => setThrottle(throttle, json())],
      ['GET state', () => fake.snapshot()],
      ...ecsControlRoutes(fake),
    ]);
  }

  handle({ method, path, query, body }: ControlRequest): ControlAnswer {
    const name = path.slice('/_fake'.length).replace(/^\/|\/$/g, '');
    if (name === '') return { status: 200, type: 'text/plain; charset=utf-8', text: HELP };
    const handler = this.#routes.get(`${method} ${name}`);
    if (!handler) {
      const message = `There is no ${method} /_fake/${name}; GET /_fake/ tells what there is.`;
      return answer(404, { message });
    }
    try {
      const json = () => parseBody(body);
      return answer(200, handler({ query: new URLSearchParams(query), json }) ?? {});
    } catch (error) {
      if (error instanceof BadRequest || error instanceof FaultRuleError)
        return answer(400, { message: error.message });
      throw error;
    }
  }
}

function answer(status: number, value: unknown): ControlAnswer {
  return { status, type: 'application/json', text: `${JSON.stringify(value, null, 2)}\n` };
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new BadRequest(`the body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function removeFaults(gate: Gate, id: string | null): void {
  if (id === null) gate.faults.clear();
  else if (!gate.faults.remove(wholeNumber('id', id))) throw new BadRequest(`there is no fault ${id}`);
}

function callFilter(query: URLSearchParams): CallFilter {
  const filter: Record<string, string | number> = {};
  for (const [name, value] of query) {
    if (['service', 'operation', 'code', 'accountId', 'region', 'name'].includes(name)) filter[name] = value;
    else if (name === 'since' || name === 'limit') filter[name] = wholeNumber(name, value);
    else throw new BadRequest(`calls cannot be filtered by ${name}`);
  }
  return filter;
}

function setThrottle(throttle: Throttle, value: unknown): object {
  if (typeof value !== 'object' || value === null) throw new BadRequest('the body must be {"enabled": true or false}');
  const enabled = 'enabled' in value ? value.enabled : undefined;
  if (typeof enabled !== 'boolean') throw new BadRequest('enabled must be true or false');
  throttle.enabled = enabled;
  throttle.reset();
  return { enabled };
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new BadRequest(`${name} must be a whole number, not ${text}`);
  return Number(text);
}
