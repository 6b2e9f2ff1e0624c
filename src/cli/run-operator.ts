import { hostname } from 'node:os';
import { sdkSend } from '../aws/sdk-send.ts';
import type { Config } from '../config.ts';
import { kubeTransport } from '../kube/http-transport.ts';
import { Operator } from '../operator.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandom } from '../runtime/random.ts';
import { createLog } from '../telemetry/log.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { serveHealth, serveMetrics } from '../telemetry/server.ts';
import { CommandError } from './command-error.ts';

/**
 * Runs the controller until SIGTERM or SIGINT.
 * @throws CommandError when it cannot go on: the lease was lost; KubeConfigError, ListenError when it cannot start.
 */
export async function runOperator(config: Config, version: string): Promise<void> {
  const clock = systemClock();
  const random = systemRandom();
  const log = createLog({ level: config.logLevel, format: config.logFormat });
  // What Node itself warns of belongs into the log, not as plain lines between its lines.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message, stack }) => log.warn('Node warns', { warning: name, error: message, stack }));
  const metrics = new Metrics({ conditionLimit: config.conditionMetricsLimit, version });
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
  }
  // Whatever fails below, nothing of this may keep the process from ending.
  await using open = new AsyncDisposableStack();
  const connection = await kubeTransport({
    kubeconfig: config.kubeconfig,
    env: process.env,
    clock,
    userAgent: `ecs-operator/${version}`,
  });
  open.defer(() => connection.close());
  const aws = sdkSend({ clock, proxyEnv: process.env });
  open.defer(() => aws.close());
  const leaseNamespace = config.leaderElectNamespace ?? connection.namespace ?? 'default';
  const operator = new Operator({
    settings: {
      ...config,
      leaderElection: config.leaderElect ? { namespace: leaseNamespace, identity: hostname() } : undefined,
      rateScale: config.awsRateScale === 0 ? Number.POSITIVE_INFINITY : config.awsRateScale,
    },
    transport: connection.transport,
    kubeHost: connection.host,
    send: aws.send,
    clock,
    random,
    log,
    telemetry: metrics,
  });
  const metricsServer = await serveMetrics(config.metricsAddress, metrics);
  open.defer(() => metricsServer?.close());
  const healthServer = await serveHealth(config.healthAddress, () => operator.problems());
  open.defer(() => healthServer?.close());
  log.info('starting', {
    version,
    server: connection.server,
    region: config.region,
    readOnly: config.readOnly,
    metrics: metricsServer?.url,
    health: healthServer?.url,
  });
  try {
    await operator.run(stop.signal);
  } catch (error) {
    // A lost lease: a fresh process starts with a clean slate.
    throw new CommandError(error instanceof Error ? error.message : String(error));
  }
}
