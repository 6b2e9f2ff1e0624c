import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, sleep } from '../runtime/clock.ts';
import { adminClient, type ClusterAccess } from './admin-client.ts';
import { DevclusterError, reasonOf } from './errors.ts';
import { goEnvironment } from './go-environment.ts';
import { type GuardedProcess, startGuarded } from './guard.ts';
import { freePort } from './port.ts';
import { lastLines } from './server-log.ts';

const PORT_ATTEMPTS = 5;

/** Where kube-apiserver is, where it may write, and where it keeps its data. */
export interface ApiServerOptions {
  readonly command: string;
  readonly directory: string;
  readonly etcdEndpoint: string;
  readonly clock: Clock;
  readonly readyLimitMs: number;
  /** More command line flags, e.g. `--feature-gates=…`; a later flag wins over an earlier one. */
  readonly extraArgs: readonly string[];
}

/** A kube-apiserver which can be stopped and started again: port, certificates, tokens and data stay. */
export interface ApiServer {
  readonly access: ClusterAccess;
  readonly process: GuardedProcess;
  readonly logFile: string;
}

/** Files that stay the same over restarts. */
interface Credentials {
  readonly token: string;
  readonly tokenFile: string;
  readonly certificateDirectory: string;
  readonly signingKeyFile: string;
}

/** Makes the administrator's token and the key that signs service account tokens. */
export async function makeCredentials(directory: string): Promise<Credentials> {
  const credentials: Credentials = {
    token: randomBytes(24).toString('hex'),
    tokenFile: join(directory, 'tokens.csv'),
    certificateDirectory: join(directory, 'certs'),
    signingKeyFile: join(directory, 'service-accounts.key'),
  };
  // An EC key is made in a millisecond; an RSA key takes up to a second on a slow core.
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const mode = 0o600;
  await writeFile(credentials.signingKeyFile, privateKey, { mode });
  await writeFile(credentials.tokenFile, `${credentials.token},admin,admin,"system:masters"\n`, { mode });
  return credentials;
}

/**
 * Starts kube-apiserver on a free port and waits until it is ready; a port lost to someone else meanwhile is replaced.
 * @throws DevclusterError with the end of its log when it does not become ready in time.
 */
export async function startOnFreePort(options: ApiServerOptions, credentials: Credentials): Promise<ApiServer> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const outcome = await startOnPort(options, credentials, port);
    if (outcome.kind === 'ready') return outcome.server;
    if (attempt === PORT_ATTEMPTS) throw portTaken(port);
  }
}

/**
 * Starts kube-apiserver again where it was.
 * @throws DevclusterError when the port was taken meanwhile, or with the end of the log when it does not become ready.
 */
export async function restart(
  options: ApiServerOptions,
  credentials: Credentials,
  access: ClusterAccess,
): Promise<ApiServer> {
  const port = Number(new URL(access.url).port);
  const outcome = await startOnPort(options, credentials, port);
  if (outcome.kind === 'port-taken') throw portTaken(port);
  return outcome.server;
}

function portTaken(port: number): DevclusterError {
  return new DevclusterError(`kube-apiserver cannot listen on 127.0.0.1:${port}: another program took the port`);
}

type Outcome = { readonly kind: 'ready'; readonly server: ApiServer } | { readonly kind: 'port-taken' };

async function startOnPort(options: ApiServerOptions, credentials: Credentials, port: number): Promise<Outcome> {
  const { directory, clock, readyLimitMs } = options;
  const logFile = join(directory, 'kube-apiserver.log');
  const logStart = (await readFile(logFile, 'utf8').catch(() => '')).length;
  const server = startGuarded({
    command: options.command,
    args: serverArgs(options, credentials, port),
    cwd: directory,
    env: goEnvironment(process.env),
    output: { logFile },
  });
  const deadline = clock.now() + readyLimitMs;
  let seen = 'no answer yet';
  for (;;) {
    const access = await accessTo(credentials, port);
    if (access !== undefined) {
      seen = await readiness(access);
      // Only our server knows the token and has a certificate of our authority, so this is not somebody else's.
      if (seen === 'ok') return { kind: 'ready', server: { access, process: server, logFile } };
    }
    if (!server.running()) {
      const log = (await readFile(logFile, 'utf8')).slice(logStart);
      if (log.includes('address already in use')) return { kind: 'port-taken' };
      const code = await server.exited;
      throw new DevclusterError(
        `kube-apiserver ended with code ${code}; the end of its log:\n${await lastLines(logFile)}`,
      );
    }
    if (clock.now() > deadline) {
      await server.kill();
      throw new DevclusterError(
        `kube-apiserver was not ready within ${readyLimitMs / 1000} s (${seen}); the end of its log:\n${await lastLines(logFile)}`,
      );
    }
    await sleep(clock, 50);
  }
}

/** Undefined until the server has written the certificate that it signed itself. */
async function accessTo(credentials: Credentials, port: number): Promise<ClusterAccess | undefined> {
  const file = join(credentials.certificateDirectory, 'apiserver.crt');
  if (!existsSync(file)) return undefined;
  // The file holds the server's certificate, then that of the authority which signed it.
  const certificates = (await readFile(file, 'utf8')).match(
    /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g,
  );
  const ca = certificates?.at(-1);
  if (ca === undefined) return undefined;
  return { url: `https://127.0.0.1:${port}`, token: credentials.token, ca };
}

async function readiness(access: ClusterAccess): Promise<string> {
  const client = adminClient(access);
  try {
    const answer = await client.request({ method: 'GET', path: '/readyz' });
    return answer.status === 200 ? 'ok' : `/readyz answers ${answer.status}: ${String(answer.body)}`;
  } catch (error) {
    return reasonOf(error);
  } finally {
    client.close();
  }
}

function serverArgs(options: ApiServerOptions, credentials: Credentials, port: number): string[] {
  return [
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${credentials.certificateDirectory}`,
    `--etcd-servers=${options.etcdEndpoint}`,
    `--token-auth-file=${credentials.tokenFile}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${credentials.signingKeyFile}`,
    `--service-account-signing-key-file=${credentials.signingKeyFile}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    // No controller manager makes the default service accounts, without which this plugin refuses every pod.
    '--disable-admission-plugins=ServiceAccount',
    // A loopback address is refused as an endpoint of the kubernetes service.
    '--endpoint-reconciler-type=none',
    '--enable-priority-and-fairness=false',
    '--profiling=false',
    ...options.extraArgs,
  ];
}
