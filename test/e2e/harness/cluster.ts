import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, ROOT, run } from './command.ts';

/** Ours alone, so that a cluster of yours stays as it is. */
const NAME = 'ecs-operator-e2e';
/** Scripts that make a kind cluster where no container registry can be reached; beside the project, or not there. */
const SCRIPTS = join(ROOT, '..', 'shared', 'kind');
const MINUTE = 60_000;

/** A kind cluster that is ours. */
export interface Cluster {
  /** What kubectl, helm, kind and docker need to find it, and the base of the image where the public one is out of reach. */
  readonly env: NodeJS.ProcessEnv;
  /** Takes it away, with everything that was started for it. @throws Error when a container of it is left */
  stop(): Promise<void>;
}

/** Why there can be no cluster on this machine, in one line; undefined where there can be one. */
export async function whyNoCluster(): Promise<string | undefined> {
  if (!(await starts('docker', ['--version']))) return 'there is no docker client';
  if (haveScripts()) return whyNoScripts();
  if (!(await dockerAnswers())) return 'the docker daemon does not answer';
  for (const [program, args] of [
    ['kind', ['version']],
    ['kubectl', ['version', '--client']],
    ['helm', ['version']],
  ] as const) {
    if (!(await starts(program, args))) return `${program} is not in PATH`;
  }
  return undefined;
}

async function whyNoScripts(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return `${SCRIPTS} needs root`;
  if (!(await starts('go', ['version']))) return `${SCRIPTS} needs Go`;
  if (!(await dockerAnswers()) && !mayMount())
    return 'no docker daemon answers, and none can be started without CAP_SYS_ADMIN';
  return undefined;
}

/** Whether this process has CAP_SYS_ADMIN, number 21: a docker daemon cannot start without it. */
function mayMount(): boolean {
  const [, effective = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return ((BigInt(`0x${effective}`) >> 21n) & 1n) === 1n;
}

/**
 * Makes a new cluster; what an interrupted run left of one is taken away before.
 * With `keep` an existing one is taken as it is, and stays: for those who work on the tests.
 */
export async function startCluster(options: { readonly keep: boolean }): Promise<Cluster> {
  const why = await whyNoCluster();
  if (why !== undefined) throw new Error(`no kind cluster can be made here: ${why}`);
  return haveScripts() ? byScripts(options) : byKind(options);
}

function haveScripts(): boolean {
  return ['up', 'down', 'base-image'].every((name) => existsSync(join(SCRIPTS, name)));
}

async function byScripts({ keep }: { readonly keep: boolean }): Promise<Cluster> {
  const dockerWasThere = await dockerAnswers();
  const script = (name: string, ...args: readonly string[]) =>
    run(join(SCRIPTS, name), args, { limitMs: 40 * MINUTE, show: true });
  const stop = async () => {
    if (keep) return;
    await script('down', NAME);
    await expectNoContainer();
    // Another cluster may have come meanwhile.
    const others = await run('docker', ['ps', '--quiet']);
    if (!dockerWasThere && others === '') await script('down', NAME, '--all');
  };
  try {
    if (dockerWasThere && !keep) await script('down', NAME);
    const env = { ...process.env, ...exportsIn(await script('up', NAME)), BASE_IMAGE: 'local/node-base:24' };
    await script('base-image');
    return { env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The lines `export NAME=value` of what `up` printed. */
function exportsIn(text: string): Readonly<Record<string, string>> {
  const lines = [...text.matchAll(/^export (\w+)=(.*)$/gm)];
  return Object.fromEntries(
    lines.map(([, name = '', value = '']) => [name, value.replaceAll('$PATH', process.env.PATH ?? '')]),
  );
}

async function byKind({ keep }: { readonly keep: boolean }): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'ecs-operator-e2e-'));
  const env = { ...process.env, KUBECONFIG: join(folder, 'kubeconfig'), KIND_CLUSTER_NAME: NAME };
  const kind = (...args: readonly string[]) => run('kind', args, { env, limitMs: 10 * MINUTE, show: true });
  const stop = async () => {
    if (!keep) {
      await kind('delete', 'cluster');
      await expectNoContainer();
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const there = (await run('kind', ['get', 'clusters'])).split('\n').includes(NAME);
    if (there && !keep) await kind('delete', 'cluster');
    if (there && keep) await kind('export', 'kubeconfig');
    else await kind('create', 'cluster', '--wait', '3m');
    return { env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function expectNoContainer(): Promise<void> {
  const left = await run('docker', ['ps', '--all', '--filter', `name=^${NAME}-`, '--format', '{{.Names}}']);
  if (left !== '') throw new Error(`containers are left: ${left.trim().replaceAll('\n', ', ')}`);
}

async function dockerAnswers(): Promise<boolean> {
  return starts('docker', ['version', '--format', '{{.Server.Version}}']);
}

async function starts(program: string, args: readonly string[]): Promise<boolean> {
  try {
    return (await ended(program, args, { limitMs: MINUTE })).code === 0;
  } catch {
    return false;
  }
}
