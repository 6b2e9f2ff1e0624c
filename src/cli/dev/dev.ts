import { sdkSend } from '../../aws/sdk-send.ts';
import { adminClient } from '../../devcluster/admin-client.ts';
import { ensureAssets } from '../../devcluster/assets.ts';
import { startControlPlane } from '../../devcluster/control-plane.ts';
import { startNamespaceLifecycle } from '../../devcluster/namespace-lifecycle.ts';
import { startFakeAws } from '../../fake-aws/server.ts';
import { kubeTransport } from '../../kube/http-transport.ts';
import { Operator } from '../../operator.ts';
import { systemClock } from '../../runtime/clock.ts';
import { systemRandom } from '../../runtime/random.ts';
import { createLog } from '../../telemetry/log.ts';
import { Metrics } from '../../telemetry/metrics.ts';
import { VERSION } from '../../version.ts';
import { CommandError } from '../command-error.ts';
import { bringUp } from './bring-up.ts';
import type { DevOptions } from './command.ts';
import { holdings } from './holdings.ts';
import { installCrds } from './install-crds.ts';
import { readManifests } from './manifests.ts';
import { progressOn } from './progress.ts';
import { whatToTry } from './what-to-try.ts';

/** The account that the fake plays, and the region; the same as in AWS's own examples. */
const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';

/**
 * Runs everything in this process, for trying things out.
 * @returns the exit code: 0 when everything that was applied got Ready, else 1.
 * @throws CommandError, DevclusterError in one line what cannot be done.
 */
export async function dev(options: DevOptions): Promise<number> {
  // Read first: a mistake in them should not cost a start.
  const manifests = await readManifests(options.apply);
  const clock = systemClock();
  const stop = new AbortController();
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  // The fake takes any credentials; a person's own, and where they lead, must not even be looked at.
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env.AWS_ACCESS_KEY_ID = 'AKIADEVDEVDEVDEVDEVD';
  process.env.AWS_SECRET_ACCESS_KEY = 'dev';

  await using resources = new AsyncDisposableStack();
  const assets = await ensureAssets();
  say('starting a Kubernetes control plane, a fake AWS and the operator …');
  const controlPlane = await startControlPlane({
    assets,
    onUnexpectedEnd: (error) => stop.abort(new CommandError(`the control plane has ended: ${error.message}`)),
  });
  resources.defer(() => controlPlane.stop());
  // Only from here on: until now Ctrl-C may end everything at once, and what was started goes with this process.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Stopped(signal)));
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
  running.catch((error) => stop.abort(error));
  resources.defer(async () => {
    stopOperator.abort(new Error('dev ends'));
    // Its failure was told by `stop`.
    await running.catch(() => {});
  });

  const progress = progressOn(process.stdout);
  const waiting = await bringUp({
    manifests,
    client,
    clock,
    stop: stop.signal,
    limitMs: options.limit,
    progress,
    say,
  });
  if (!options.once && !stop.signal.aborted) {
    const held = holdings({ fake: fake.fake, accountId: ACCOUNT, region: REGION });
    if (held.length > 0) say(`\nthe fake AWS holds:\n${held.map((line) => `  ${line}`).join('\n')}`);
    say(whatToTry({ kubeconfig: controlPlane.kubeconfigPath, fakeUrl: fake.url, region: REGION, manifests }));
    await aborted(stop.signal);
  }
  // Ctrl-C while a person tries things out is how it is meant to end; earlier it cuts the work short.
  const { reason } = stop.signal;
  if (stop.signal.aborted && !(reason instanceof Stopped)) throw reason;
  return waiting.length === 0 ? 0 : 1;
}

/** Ctrl-C, or SIGTERM. */
class Stopped extends Error {}

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
