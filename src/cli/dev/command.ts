import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { sdkSend } from '../../aws/sdk-send.ts';
import { LOG_LEVELS, type LogLevel } from '../../config.ts';
import { type AdminClient, adminClient } from '../../devcluster/admin-client.ts';
import { ensureAssets } from '../../devcluster/assets.ts';
import { startControlPlane } from '../../devcluster/control-plane.ts';
import { elements, member } from '../../devcluster/json.ts';
import { startNamespaceLifecycle } from '../../devcluster/namespace-lifecycle.ts';
import { startFakeAws } from '../../fake-aws/server.ts';
import { duration } from '../../flag-values.ts';
import { kubeTransport } from '../../kube/http-transport.ts';
import { Operator } from '../../operator.ts';
import { type Clock, sleep, systemClock } from '../../runtime/clock.ts';
import { systemRandom } from '../../runtime/random.ts';
import { createLog } from '../../telemetry/log.ts';
import { Metrics } from '../../telemetry/metrics.ts';
import { VERSION } from '../../version.ts';
import { CommandError } from '../command-error.ts';
import { Applier } from './apply.ts';
import { holdings } from './holdings.ts';
import { type Manifest, readManifests } from './manifests.ts';
import { type ObjectState, overview } from './overview.ts';
import { progressOn } from './progress.ts';

interface DevOptions {
  readonly apply: readonly string[];
  readonly once: boolean;
  readonly speed: number;
  readonly limit: number;
  readonly logLevel: LogLevel;
}

/** The account that the fake plays, and the region; the same as in AWS's own examples. */
const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
const LOOK_MS = 250;

/** `dev`: a control plane, the fake AWS, the CRDs and the operator in one process, for trying things out. */
export function devCommand(): Command {
  const command = new Command('dev')
    .description('Run a Kubernetes control plane, a fake AWS and the operator together, on this machine')
    .addOption(new Option('--apply <file...>', 'manifests to apply: files, or folders of them').default([], 'none'))
    .addOption(
      new Option('--once', 'end when everything that was applied is Ready (0), or is not in time (1)').default(false),
    )
    .addOption(
      new Option('--speed <factor>', 'how many times faster than AWS the fake rolls out')
        .argParser(positive)
        .default(20),
    )
    .addOption(
      new Option('--limit <duration>', 'how long everything may take to be Ready')
        .argParser(duration)
        .default(300_000, '5m'),
    )
    .addOption(
      new Option('--log-level <level>', "how much of the operator's log is shown").choices(LOG_LEVELS).default('error'),
    );
  return command.action(async () => {
    process.exitCode = await dev(command.opts<DevOptions>());
  });
}

async function dev(options: DevOptions): Promise<number> {
  // Read first: a mistake in them should not cost a start.
  const manifests = await readManifests(options.apply);
  const clock = systemClock();
  const stop = stopSignal();
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  // The fake takes any credentials; a person's own must not even be looked at.
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL']) delete process.env[name];
  process.env.AWS_ACCESS_KEY_ID = 'AKIADEVDEVDEVDEVDEVD';
  process.env.AWS_SECRET_ACCESS_KEY = 'dev';

  await using resources = new AsyncDisposableStack();
  const assets = await ensureAssets();
  const controlPlane = await startControlPlane({
    assets,
    onUnexpectedEnd: (error) => stop.abort(new CommandError(`the control plane has ended: ${error.message}`)),
  });
  resources.defer(() => controlPlane.stop());
  const lifecycle = startNamespaceLifecycle({ access: controlPlane.access });
  resources.defer(() => lifecycle.stop());
  const fake = await startFakeAws({ clock, speed: options.speed, accountId: ACCOUNT });
  resources.defer(() => fake.stop());
  const client = adminClient(controlPlane.access);
  resources.defer(() => client.close());
  await installCrds(client, clock, stop.signal);
  say(`control plane at ${controlPlane.url}, fake AWS at ${fake.url}`);

  const connection = await kubeTransport({
    kubeconfig: controlPlane.kubeconfigPath,
    env: {},
    clock,
    userAgent: 'ecs-operator-dev',
  });
  resources.defer(() => connection.close());
  const aws = sdkSend({ clock });
  resources.defer(() => aws.close());
  const operator = new Operator({
    settings: {
      namespaces: [],
      selector: undefined,
      region: REGION,
      endpointUrl: fake.url,
      installationId: undefined,
      defaultAccountNamespaces: ['*'],
      readOnly: false,
      maxDeletesPerMinute: 60,
      workers: 50,
      resyncMs: 60_000,
      leaderElection: undefined,
    },
    transport: connection.transport,
    kubeHost: connection.host,
    send: aws.send,
    clock,
    random: systemRandom(),
    log: createLog({ level: options.logLevel, format: 'pretty' }),
    telemetry: new Metrics({ conditionLimit: 0, version: VERSION }),
  });
  const stopOperator = new AbortController();
  const running = operator.run(stopOperator.signal);
  resources.defer(async () => {
    stopOperator.abort(new Error('dev ends'));
    await running;
  });
  running.catch((error) => stop.abort(error));

  const code = await bringUp({ manifests, client, clock, stop: stop.signal, options, say });
  if (options.once) return code;
  for (const line of holdings({ fake: fake.fake, accountId: ACCOUNT, region: REGION })) say(line);
  say(whatToTry(controlPlane.kubeconfigPath, fake.url));
  await aborted(stop.signal);
  if (stop.signal.reason instanceof CommandError) throw stop.signal.reason;
  return code;
}

interface BringUpInput {
  readonly manifests: readonly Manifest[];
  readonly client: AdminClient;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly options: DevOptions;
  say(line: string): void;
}

/** Applies the manifests and shows how they come up. @returns 0 when everything is Ready in time, else 1. */
async function bringUp({ manifests, client, clock, stop, options, say }: BringUpInput): Promise<number> {
  const applier = new Applier(client);
  for (const manifest of manifests) await applier.apply(manifest);
  if (manifests.length === 0) return 0;
  say(`applied ${manifests.length} objects`);
  const progress = progressOn(process.stdout);
  const began = clock.now();
  let states: readonly ObjectState[] = [];
  while (!stop.aborted && clock.now() - began < options.limit) {
    states = await overview(client);
    progress.show(states, Math.round((clock.now() - began) / 1000));
    if (states.every((state) => state.ready)) {
      progress.done();
      say(`all ${states.length} objects are Ready after ${((clock.now() - began) / 1000).toFixed(1)} s`);
      return 0;
    }
    await sleep(clock, LOOK_MS, stop).catch(() => {});
  }
  progress.done();
  for (const { kind, namespace, name, reason, message } of states.filter((state) => !state.ready)) {
    say(`not Ready: ${kind} ${namespace}/${name}: ${reason}: ${message}`);
  }
  return 1;
}

/** Applies the CRDs of the package and waits until the API server serves them. */
async function installCrds(client: AdminClient, clock: Clock, signal: AbortSignal): Promise<void> {
  // The same from src/cli/dev and from the bundle in dist.
  const directory = await packageDirectory('crds');
  const files = (await readdir(directory)).filter((file) => file.endsWith('.yaml')).sort();
  const manifests = await readManifests(files.map((file) => join(directory, file)));
  const applier = new Applier(client);
  for (const manifest of manifests) await applier.apply(manifest);
  for (const { name } of manifests) {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
    for (;;) {
      const { body } = await client.request({ method: 'GET', path });
      const established = elements(member(body, 'status', 'conditions')).some(
        (one) => member(one, 'type') === 'Established' && member(one, 'status') === 'True',
      );
      if (established) break;
      await sleep(clock, 50, signal);
    }
  }
}

/** A folder of the package this file belongs to. @throws CommandError when there is none. */
async function packageDirectory(name: string): Promise<string> {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = await readFile(join(directory, 'package.json'), 'utf8').catch(() => undefined);
    if (manifest !== undefined) return join(directory, name);
    const parent = dirname(directory);
    if (parent === directory) throw new CommandError(`the package's folder ${name} is not there`);
    directory = parent;
  }
}

function whatToTry(kubeconfig: string, fakeUrl: string): string {
  return `
Try, in another terminal:

  export KUBECONFIG=${kubeconfig}
  kubectl get ecs -A                          what there is, and whether it is Ready
  kubectl -n shop describe ecssvc backend     conditions, and what happened
  kubectl -n shop patch ecstd backend --type=json -p='[{"op":"replace","path":"/spec/containerDefinitions/0/image","value":"public.ecr.aws/docker/library/httpd:2.4.62"}]'
  kubectl -n shop wait ecstd/backend --for=condition=Ready --timeout=2m
                                              another image: a new revision, and the service rolls
  kubectl -n shop scale ecssvc backend --replicas=4
  kubectl -n shop delete ecssvc worker        drains in AWS first, then goes

  export AWS_ENDPOINT_URL=${fakeUrl} AWS_REGION=${REGION} AWS_DEFAULT_REGION=${REGION}
  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any
  aws ecs describe-services --cluster shop --services backend
  curl ${fakeUrl}/_fake/                      what the fake can do to you: faults, killed tasks, its log of calls

Ctrl-C ends everything.`;
}

/** Aborted by Ctrl-C or SIGTERM. */
function stopSignal(): AbortController {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error(signal)));
  return stop;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // Nothing else keeps the process alive while a person tries things out.
    const alive = setInterval(() => {}, 60_000);
    const end = () => {
      clearInterval(alive);
      resolve();
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('A number above 0 is needed, e.g. 20.');
  return value;
}
