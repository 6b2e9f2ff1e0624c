import { inject } from 'vitest';
import { elements, member, text } from '../../../src/devcluster/json.ts';
import { type Ended, ended, type RunOptions, run } from './command.ts';

const { env, api } = inject('e2e');

/** Runs kubectl, which has to succeed. @returns what it printed */
export function kubectl(...args: readonly string[]): Promise<string> {
  return run('kubectl', args, { env });
}

/** Runs kubectl, which may be refused. */
export function tryKubectl(...args: readonly string[]): Promise<Ended> {
  return ended('kubectl', args, { env });
}

/** Runs helm, which has to succeed. @returns what it printed */
export function helm(...args: readonly string[]): Promise<string> {
  return run('helm', args, { env });
}

/** Runs any program in the environment of the cluster; it has to succeed. */
export function inCluster(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return run(program, args, { ...options, env });
}

/** `kubectl apply -f -` of objects: all in one go, and the API server does the merging. */
export function apply(objects: readonly object[], ...flags: readonly string[]): Promise<string> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  return run('kubectl', ['apply', '--server-side', '-f', '-', ...flags], { env, input: JSON.stringify(list) });
}

/** The objects that `kubectl get … -o json` gives: the items of a list, or the one that was named. */
export async function get(...args: readonly string[]): Promise<readonly unknown[]> {
  const answer: unknown = JSON.parse(await kubectl('get', ...args, '--output=json'));
  return text(member(answer, 'kind')) === 'List' ? elements(member(answer, 'items')) : [answer];
}

/** Waits, as people do, until all that `what` names are Ready. */
export function waitReady(...what: readonly string[]): Promise<string> {
  return kubectl('wait', ...what, '--for=condition=Ready', '--timeout=3m');
}

/** Asks the HTTP server of a Service or a pod through the API server. @throws Error at a status that is not 2xx */
export async function fetchInside(options: {
  readonly namespace: string;
  /** E.g. `services/fake-aws:4566`, `pods/ecs-operator-5d6f:8081`. */
  readonly server: string;
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: object;
}): Promise<string> {
  const { namespace, server, path, method = 'GET', body } = options;
  const url = `${api}/api/v1/namespaces/${namespace}/${server}/proxy${path}`;
  const answer = await fetch(url, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${said}`);
  return said;
}
