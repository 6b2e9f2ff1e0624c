import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '../runtime/clock.ts';
import type { ClusterAccess } from './admin-client.ts';
import { type ApiServerOptions, makeCredentials, restart, startOnFreePort } from './api-server.ts';
import type { Assets } from './assets.ts';
import { DevclusterError } from './errors.ts';
import { type Etcd, startEtcd } from './etcd.ts';
import { type GuardedDirectory, type GuardedProcess, makeGuardedDirectory } from './guard.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import { lastLines } from './server-log.ts';

/** What to start, and how long to wait for it. */
export interface ControlPlaneOptions {
  /** The programs, from `ensureAssets()`. */
  readonly assets: Assets;
  readonly clock?: Clock;
  /** How long each of the two may take to become ready, in milliseconds; default 120,000. */
  readonly readyLimitMs?: number;
  /** More flags for kube-apiserver. */
  readonly apiServerArgs?: readonly string[];
  /** Called once when a server ends although nobody stopped it; the message has the end of its log. */
  readonly onUnexpectedEnd?: (error: DevclusterError) => void;
}

/**
 * A real etcd and kube-apiserver on loopback, for development and tests. There is no controller manager: nothing makes
 * default service accounts, and namespaces end only with `startNamespaceLifecycle`.
 */
export interface ControlPlane extends AsyncDisposable {
  readonly url: string;
  /** The administrator's credentials (group system:masters). */
  readonly access: ClusterAccess;
  /** The same as a kubeconfig, YAML. */
  readonly kubeconfig: string;
  /** A file with the kubeconfig; it goes with the control plane. */
  readonly kubeconfigPath: string;
  /** The folder with data, certificates, `etcd.log` and `kube-apiserver.log`. */
  readonly directory: string;
  /** Kills the API server, as a crash would; etcd and the data stay. Harmless when it is stopped. */
  stopApiServer(): Promise<void>;
  /** Starts it again with the same port, certificates and data, and waits until it is ready. Harmless when it runs. */
  startApiServer(): Promise<void>;
  /**
   * Forgets the history up to now. A list that continues from before gets 410 Gone at once; a running API server
   * serves watches from its own memory, so a watch from before gets 410 after `stopApiServer()` and `startApiServer()`.
   */
  compactEtcd(): Promise<void>;
  /** Ends both servers and removes the folder. Harmless when called again. */
  stop(): Promise<void>;
}

/**
 * Starts a control plane of its own: several at once do not meet. Everything it starts or writes goes with this
 * process, however that ends.
 * @throws DevclusterError with the end of the server's log when one does not become ready.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { assets, clock = systemClock(), readyLimitMs = 120_000 } = options;
  const folder = await makeGuardedDirectory();
  const directory = folder.path;
  let etcd: Etcd | undefined;
  try {
    etcd = await startEtcd({ command: assets.etcd, directory, clock, readyLimitMs });
    const serverOptions: ApiServerOptions = {
      command: assets.kubeApiserver,
      directory,
      etcdEndpoint: etcd.endpoint,
      clock,
      readyLimitMs,
      extraArgs: options.apiServerArgs ?? [],
    };
    return await running({ ...options, folder, etcd, serverOptions });
  } catch (error) {
    await etcd?.process.kill();
    await folder.remove();
    throw error;
  }
}

interface Parts extends ControlPlaneOptions {
  readonly folder: GuardedDirectory;
  readonly etcd: Etcd;
  readonly serverOptions: ApiServerOptions;
}

async function running(parts: Parts): Promise<ControlPlane> {
  const { folder, etcd, serverOptions } = parts;
  const credentials = await makeCredentials(folder.path);
  let server = await startOnFreePort(serverOptions, credentials);
  const { access } = server;
  const kubeconfig = kubeconfigFor(access);
  const kubeconfigPath = join(folder.path, 'kubeconfig');
  await writeFile(kubeconfigPath, kubeconfig, { mode: 0o600 });

  let stopped = false;
  const endedOnPurpose = new WeakSet<GuardedProcess>();
  const end = async (process: GuardedProcess) => {
    endedOnPurpose.add(process);
    await process.kill();
  };
  const reportEnd = async (name: string, { process, logFile }: { process: GuardedProcess; logFile: string }) => {
    const code = await process.exited;
    if (endedOnPurpose.has(process)) return;
    const message = `${name} ended by itself with code ${code}; the end of its log:\n${await lastLines(logFile)}`;
    parts.onUnexpectedEnd?.(new DevclusterError(message));
  };
  void reportEnd('etcd', etcd);
  void reportEnd('kube-apiserver', server);

  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await Promise.all([end(server.process), end(etcd.process)]);
    await folder.remove();
  };
  return {
    url: access.url,
    access,
    kubeconfig,
    kubeconfigPath,
    directory: folder.path,
    stopApiServer: () => end(server.process),
    async startApiServer() {
      if (stopped) throw new DevclusterError('the control plane was stopped: start another one');
      if (server.process.running()) return;
      server = await restart(serverOptions, credentials, access);
      void reportEnd('kube-apiserver', server);
    },
    compactEtcd: () => etcd.compact(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
