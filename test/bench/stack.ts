import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type AdminClient, adminClient } from '../../src/devcluster/admin-client.ts';
import { ensureAssets } from '../../src/devcluster/assets.ts';
import { startControlPlane } from '../../src/devcluster/control-plane.ts';
import { freePort } from '../../src/devcluster/port.ts';
import { type Clock, sleep } from '../../src/runtime/clock.ts';
import { installCrds } from '../harness/crds.ts';
import { type Child, startChild } from './child.ts';
import { FakeCalls } from './fake-calls.ts';
import { NAMESPACE } from './manifests.ts';
import { cpuSecondsOf, findProcess } from './process-usage.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUNDLE = `${ROOT}dist/ecs-operator.js`;

export interface StackOptions {
  readonly clock: Clock;
  /** How many times faster than AWS the fake rolls out. */
  readonly speed: number;
  /** Where the operator's CPU profiles go; none are made when left out. */
  readonly profileTo?: string;
}

/** The operator as a process of its own. */
export interface OperatorProcess extends Pick<Child, 'pid' | 'stop'> {
  /** Requests to the Kubernetes API so far, by method and status, e.g. `{"PATCH 200": 3}`; watches included. */
  kubeRequests(): Promise<Readonly<Record<string, number>>>;
}

/** Everything that the bench runs against: control plane and fake AWS, each as processes of their own. */
export interface Stack extends AsyncDisposable {
  readonly client: AdminClient;
  readonly calls: FakeCalls;
  /** Starts the bundled operator. @param options.resync how often it looks at everything, as `--resync` takes it */
  startOperator(options: { readonly resync: string }): Promise<OperatorProcess>;
  /** CPU seconds that each process has used so far. */
  cpuSeconds(operator: OperatorProcess): CpuSeconds;
}

export interface CpuSeconds {
  readonly operator: number;
  readonly apiServer: number;
  readonly etcd: number;
  readonly fakeAws: number;
  readonly bench: number;
}

/** Makes the bundle that the bench runs. @throws Error when that fails. */
export async function build(): Promise<void> {
  const child = spawn(process.execPath, [`${ROOT}scripts/build.ts`], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the build ended with ${code}`);
}

/** Starts control plane and fake, with all CRDs and the namespace. */
export async function startStack({ clock, speed, profileTo }: StackOptions): Promise<Stack> {
  await using starting = new AsyncDisposableStack();
  const controlPlane = starting.use(await startControlPlane({ assets: await ensureAssets() }));
  const client = adminClient(controlPlane.access);
  starting.defer(() => client.close());
  await installCrds(client);
  await createNamespace(client);

  const env = cleanEnvironment();
  const fake = await startChild({
    command: process.execPath,
    args: [BUNDLE, 'fake-aws', '--port', '0', '--no-throttle', '--speed', String(speed)],
    env,
    cwd: controlPlane.directory,
    clock,
    ready: (output) => FAKE_URL.test(output),
  });
  starting.defer(() => fake.kill());
  const url = FAKE_URL.exec(fake.output())?.[1] ?? '';
  const apiServer = findProcess('kube-apiserver', controlPlane.directory);
  const etcd = findProcess('etcd', controlPlane.directory);
  const resources = starting.move();

  return {
    client,
    calls: new FakeCalls(url, clock),
    async startOperator({ resync }) {
      const metrics = `127.0.0.1:${await freePort()}`;
      const health = `127.0.0.1:${await freePort()}`;
      const flags: Readonly<Record<string, string>> = {
        kubeconfig: controlPlane.kubeconfigPath,
        region: 'eu-central-1',
        'endpoint-url': url,
        'aws-rate-scale': '0',
        resync,
        'metrics-addr': metrics,
        'health-addr': health,
      };
      const profiling = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`];
      const options = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
      const args = [...profiling, BUNDLE, 'run', ...options];
      const child = await startChild({ command: process.execPath, args, env, cwd: controlPlane.directory, clock });
      resources.defer(() => child.kill());
      await untilReady(`http://${health}/readyz`, child, clock);
      return { pid: child.pid, stop: child.stop, kubeRequests: async () => kubeRequests(`http://${metrics}/metrics`) };
    },
    cpuSeconds: ({ pid }) => ({
      operator: cpuSecondsOf(pid),
      apiServer: cpuSecondsOf(apiServer),
      etcd: cpuSecondsOf(etcd),
      fakeAws: cpuSecondsOf(fake.pid),
      bench: cpuSecondsOf(process.pid),
    }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

const FAKE_URL = /fake AWS at (http:\S+)/;

/** Nothing of the person's own settings for AWS, Kubernetes or the operator may come in. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_ACCESS_KEY_ID: 'AKIABENCHBENCHBENCHB',
    AWS_SECRET_ACCESS_KEY: 'bench',
  };
}

async function createNamespace(client: AdminClient): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  const { status } = await client.request({ method: 'POST', path: '/api/v1/namespaces', body });
  if (status !== 201) throw new Error(`the namespace could not be made: HTTP ${status}`);
}

async function untilReady(url: string, child: Child, clock: Clock): Promise<void> {
  const deadline = clock.now() + 30_000;
  let seen = 'no answer';
  while (clock.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return;
    if (answer !== undefined) seen = await answer.text();
    await sleep(clock, 20);
  }
  throw new Error(`the operator is not ready: ${seen}; it said:\n${child.output()}`);
}

async function kubeRequests(url: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(url)).text();
  const requests: Record<string, number> = {};
  for (const [, labels = '', count] of text.matchAll(/^rest_client_requests_total\{([^}]*)\} (\d+)/gm)) {
    const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    requests[`${label('method')} ${label('code')}`] = Number(count);
  }
  return requests;
}
