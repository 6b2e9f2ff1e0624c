import { spawn } from 'node:child_process';
import type { Clock } from '../runtime/clock.ts';
import { KubeConfigError } from './errors.ts';

/** `users[].user.exec` of a kubeconfig. */
export interface ExecConfig {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string | undefined;
  readonly provideClusterInfo: boolean;
}

/** What a plugin gave us. */
export interface ExecCredentials {
  readonly token?: string;
  /** PEM. */
  readonly cert?: string;
  readonly key?: string;
  /** Milliseconds since the epoch; without it they hold until the server refuses them. */
  readonly expires?: number;
}

export interface ExecOptions {
  readonly exec: ExecConfig;
  /** `spec.cluster` of the request, for plugins that ask for it. */
  readonly cluster: object;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

const LIMIT_MS = 60_000;

/**
 * Runs a credential plugin once, e.g. `aws eks get-token` (KEP-541, client.authentication.k8s.io).
 * @throws KubeConfigError when it cannot be run, fails, takes longer than a minute, or prints something else.
 */
export async function runExecPlugin(options: ExecOptions): Promise<ExecCredentials> {
  const { exec } = options;
  const output = await run(options);
  let status: Readonly<Record<string, unknown>> | undefined;
  try {
    const credential: unknown = JSON.parse(output);
    status = isFields(credential) && isFields(credential.status) ? credential.status : undefined;
  } catch (error) {
    throw new KubeConfigError(`credential plugin ${exec.command}: its output is not JSON`, error);
  }
  const [token, cert, key] = [status?.token, status?.clientCertificateData, status?.clientKeyData];
  const expires = Date.parse(String(status?.expirationTimestamp));
  if (typeof token !== 'string' && typeof cert !== 'string') {
    throw new KubeConfigError(`credential plugin ${exec.command}: it gave neither a token nor a certificate`);
  }
  return {
    ...(typeof token === 'string' && { token }),
    ...(typeof cert === 'string' && { cert }),
    ...(typeof key === 'string' && { key }),
    ...(Number.isFinite(expires) && { expires }),
  };
}

function run({ exec, cluster, env, clock }: ExecOptions): Promise<string> {
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(exec.provideClusterInfo && { cluster }) },
  };
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (what: string, cause?: unknown) =>
    reject(new KubeConfigError(`credential plugin ${exec.command}: ${what}`, cause));
  // Node would quote the value, which may be secret.
  if ([exec.command, ...exec.args, ...Object.entries(exec.env).flat()].some((part) => part.includes('\0'))) {
    fail('its command, arguments or environment hold a NUL');
    return promise;
  }
  const child = spawn(exec.command, exec.args, {
    env: { ...env, ...exec.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = clock.after(LIMIT_MS, () => {
    child.kill('SIGKILL');
    fail(`no answer within ${LIMIT_MS / 1000} s`);
  });
  let [output, complaint] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaint = (complaint + chunk).slice(-2000);
  });
  child.on('error', (error) => {
    timer.cancel();
    const hint = exec.installHint ? `; ${exec.installHint.trim()}` : '';
    fail('code' in error && error.code === 'ENOENT' ? `it is not installed${hint}` : error.message, error);
  });
  child.on('close', (code, signal) => {
    timer.cancel();
    if (code === 0) resolve(output);
    else fail(`it failed (${signal ?? `exit code ${code}`}): ${complaint.trim().replaceAll('\n', ' ')}`);
  });
  return promise;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
