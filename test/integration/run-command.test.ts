import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchText, logged, logLines, runToEnd, servesAt } from '../harness/command.ts';
import { startOperatorProcess } from '../harness/process.ts';
import { conditionOf, fargateService, fargateTask, World, waitFor } from '../harness/world.ts';

const ON_ANY_PORT = ['--metrics-addr=127.0.0.1:0', '--health-addr=127.0.0.1:0'];

/** Every flag that people rely on, by command. */
const FLAGS = {
  run: [
    ...[
      '--kubeconfig',
      '--namespace',
      '--selector',
      '--account-selector',
      '--region',
      '--endpoint-url',
      '--installation-id',
    ],
    ...['--default-account-namespaces', '--read-only', '--max-deletes-per-minute', '--workers', '--resync'],
    ...['--metrics-addr', '--health-addr', '--leader-elect', '--leader-elect-namespace', '--log-level', '--log-format'],
    ...['--condition-metrics-limit', '--aws-rate-scale', '--help'],
  ],
  'fake-aws': ['--port', '--host', '--speed', '--no-throttle', '--seed', '--log-level', '--help'],
  crds: ['--out', '--help'],
  dev: ['--apply', '--once', '--speed', '--limit', '--log-level', '--help'],
} as const;

describe('the command line', () => {
  test('says its version, and with --help what there is', async () => {
    const [version, help] = await Promise.all([runToEnd(['--version']), runToEnd(['--help'])]);
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const command of Object.keys(FLAGS)) expect(help.stdout).toMatch(new RegExp(`^ +${command} `, 'm'));
  });

  test.each(Object.entries(FLAGS))('tells of every flag of %s with --help', async (command, flags) => {
    const { code, stdout } = await runToEnd([command, '--help']);
    expect(code).toBe(0);
    const told = [...stdout.matchAll(/^ +(?:-h, )?(--[a-z-]+)/gm)].map(([, flag]) => flag);
    expect(told.sort()).toEqual([...flags].sort());
  });

  test('ends with 2 and one clear line on a mistake', async () => {
    const mistakes: readonly (readonly [args: readonly string[], line: RegExp])[] = [
      [['rnu'], /^error: unknown command 'rnu' \(Did you mean run\?\) \(see ecs-operator --help\)\n$/],
      [
        ['run', '--resync=soon'],
        /^error: option '--resync <duration>' argument 'soon' is invalid\. A duration is needed/,
      ],
      [['run', '--read-onyl'], /^error: unknown option '--read-onyl' \(Did you mean --read-only\?\)/],
      [['run', 'now'], /^error: too many arguments for 'run'/],
      [['dev', '--speed=0'], /^error: option '--speed <factor>' argument '0' is invalid/],
      [['crds', '--out'], /^error: option '--out <directory>' argument missing/],
    ];
    const ends = await Promise.all(mistakes.map(([args]) => runToEnd(args)));
    for (const [index, { code, stdout, stderr }] of ends.entries()) {
      expect(stderr).toMatch(mistakes[index]?.[1] ?? /^$/);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    }
  });

  test('ends quietly when nobody reads on, as head does', async () => {
    const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
    const child = spawn(process.execPath, [main, 'crds'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('names the environment variable that is wrong', async () => {
    const { code, stderr } = await runToEnd(['run'], { env: { ECS_OPERATOR_WORKERS: 'many' } });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^error: environment variable ECS_OPERATOR_WORKERS: value 'many' is invalid\..*\n$/,
      ),
    });
  });
});

describe('a start that cannot succeed ends with 1 and one clear line', () => {
  let folder: string;
  let taken: Server;
  let port: number;
  let world: World;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ecs-operator-run-'));
    await writeFile(join(folder, 'no-yaml'), 'clusters: [');
    await writeFile(join(folder, 'no-context'), 'apiVersion: v1\nkind: Config\n');
    await writeFile(join(folder, 'secret'), 'apiVersion: v1\n');
    await chmod(join(folder, 'secret'), 0o000);
    taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
    world = await World.start({ operator: false });
  });
  afterAll(async () => {
    taken?.close();
    await world?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  test.each([
    ['is not there', 'nowhere', /kubeconfig \S+nowhere: there is no such file/],
    ['is a folder', '', /kubeconfig \S+: it is a directory/],
    ['is not YAML', 'no-yaml', /kubeconfig \S+no-yaml: it is not valid YAML, line 1: /],
    ['names no cluster', 'no-context', /kubeconfig \S+no-context: it has no current-context/],
  ])('when the kubeconfig %s', async (_what, file, line) => {
    await expectEnd(['--kubeconfig', join(folder, file), ...ON_ANY_PORT], line);
  });

  // Root may read everything.
  test.skipIf(process.getuid?.() === 0)('when the kubeconfig must not be read', async () => {
    await expectEnd(['--kubeconfig', join(folder, 'secret'), ...ON_ANY_PORT], /no permission to read it/);
  });

  test('when there is no kubeconfig at all', async () => {
    const { code, stderr } = await runToEnd(['run', ...ON_ANY_PORT], { env: { HOME: folder } });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^ecs-operator: no Kubernetes cluster is configured: .*pass --kubeconfig FILE\n$/),
    });
  });

  test.each(['metrics', 'health'])('when the port of --%s-addr is taken', async (server) => {
    const kubeconfig = `--kubeconfig=${world.cluster.kubeconfigPath}`;
    const line = new RegExp(`cannot listen on 127.0.0.1:${port}: another process listens there; set --${server}-addr`);
    await expectEnd([kubeconfig, ...ON_ANY_PORT, `--${server}-addr=127.0.0.1:${port}`], line);
  });

  async function expectEnd(args: readonly string[], line: RegExp): Promise<void> {
    const { code, stdout, stderr } = await runToEnd(['run', ...args]);
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^ecs-operator: .*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  }
});

describe('an operator that runs', () => {
  test('serves health and measures, logs JSON without a secret, and ends with 0 at SIGTERM', async () => {
    await using world = await World.start({ operator: false });
    await using operator = await startOperatorProcess(world, {
      args: [...ON_ANY_PORT, '--log-level=debug', '--leader-elect', `--leader-elect-namespace=${world.namespace}`],
    });
    const { health, metrics } = await servesAt(operator);
    expect(await fetchText(`${health}/healthz`)).toEqual({ status: 200, body: 'ok\n' });

    const environment = [{ name: 'PASSWORD', value: 'correct-horse-battery' }];
    const containerDefinitions = [{ name: 'app', image: 'app:1', environment, portMappings: [{ containerPort: 80 }] }];
    await world.apply('EcsCluster', 'main', {});
    await world.apply('EcsTaskDefinition', 'web', fargateTask('app:1', { containerDefinitions }));
    await world.apply('EcsService', 'web', fargateService('web'));
    // One that AWS refuses, with the secret in it.
    await world.apply('EcsTaskDefinition', 'bad', {
      containerDefinitions: [{ name: 'app', image: 'app:1', memory: 8, memoryReservation: 9, environment }],
    });
    await world.condition('EcsTaskDefinition', 'bad', 'Stalled', { status: 'True', reason: 'Refused' });
    await world.ready('EcsService', 'web');
    expect(await fetchText(`${health}/readyz`)).toEqual({ status: 200, body: 'ok\n' });
    expectMeasures((await fetchText(`${metrics}/metrics`)).body, world);

    operator.signal('SIGTERM');
    expect(await operator.exited).toBe(0);
    // Each line is JSON, with what finds it again.
    const lines = logLines(operator);
    for (const line of lines) {
      expect(line).toMatchObject({ level: expect.any(String), time: expect.any(String), message: expect.any(String) });
    }
    expect(lines.map(({ message }) => message)).toEqual(expect.arrayContaining(['starting', 'working', 'stopped']));
    expect(operator.output()).not.toContain('correct-horse-battery');
    expect(operator.output()).not.toMatch(/AKIATEST|"Bearer |AWS4-HMAC/);
    await expect(fetch(`${health}/healthz`)).rejects.toThrow();
    // The lease is given back, so that the next one need not wait for it to run out.
    const lease = await world.cluster.client.request({
      method: 'GET',
      path: `/apis/coordination.k8s.io/v1/namespaces/${world.namespace}/leases/ecs-operator`,
    });
    expect(lease.body).toMatchObject({ spec: { holderIdentity: '' } });
  });

  test('finishes at SIGTERM what is in flight', async () => {
    await using world = await World.start({ operator: false });
    await using operator = await startOperatorProcess(world);
    await logged(operator, 'working');
    world.fake.faults.add({ kind: 'delay', operation: 'CreateCluster', ms: 2_000 });
    await world.apply('EcsCluster', 'main', {});
    const call = await waitFor(() => world.calls('CreateCluster')[0], { describe: 'it is being made' });
    expect(call).not.toHaveProperty('code');

    operator.signal('SIGTERM');
    expect(await operator.exited).toBe(0);
    expect(world.calls('CreateCluster')).toMatchObject([{ code: 'OK' }]);
    expect((await world.get('EcsCluster', 'main'))?.status).toMatchObject({ arn: expect.stringContaining('cluster/') });
    expect(logLines(operator).at(-1)).toMatchObject({ message: 'stopped' });
  });

  test('takes its flags from the environment: read-only, one namespace, one selector', async () => {
    await using world = await World.start({ operator: false });
    await using other = await World.start({ operator: false });
    await using operator = await startOperatorProcess(world, {
      env: { ECS_OPERATOR_READ_ONLY: 'true', ECS_OPERATOR_SELECTOR: 'team=shop', ECS_OPERATOR_LOG_FORMAT: 'json' },
    });
    await logged(operator, 'working');
    const labels = { labels: { team: 'shop' } };
    await other.apply('EcsCluster', 'elsewhere', {}, labels);
    await world.apply('EcsCluster', 'not-ours', {}, { labels: { team: 'ads' } });
    await world.apply('EcsCluster', 'ours', {}, labels);

    const held = await world.condition('EcsCluster', 'ours', 'Ready', { status: 'False', reason: 'ReadOnly' });
    expect(conditionOf(held, 'Ready')?.message).toMatch(/would.*CreateCluster/);
    expect(world.writes()).toEqual([]);
    for (const [where, name] of [
      [world, 'not-ours'],
      [other, 'elsewhere'],
    ] as const) {
      expect((await where.get('EcsCluster', name))?.status).toBeUndefined();
    }
  });
});

test('finds AWS by its own variables where no flag says, the one of a service before the one of all', async () => {
  await using world = await World.start({ operator: false });
  process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
  process.env.AWS_ENDPOINT_URL_ECS = world.fake.url;
  try {
    await world.startOperator({ endpointUrl: undefined });
    await world.apply('EcsCluster', 'main', {});
    await world.ready('EcsCluster', 'main');
    await world.apply('CloudMapNamespace', 'local', { type: 'HTTP' });
    const failed = await world.condition('CloudMapNamespace', 'local', 'Ready', { reason: 'AwsUnavailable' });
    expect(conditionOf(failed, 'Ready')?.message).toContain('ECONNREFUSED 127.0.0.1:1');
  } finally {
    delete process.env.AWS_ENDPOINT_URL;
    delete process.env.AWS_ENDPOINT_URL_ECS;
  }
});

/** The names that dashboards and alerts rely on, each with its labels. */
function expectMeasures(text: string, world: World): void {
  const labels = 'controller="ecsservice"';
  const queue = `name="ecsservice",${labels}`;
  const object = `kind="EcsService",namespace="${world.namespace}",name="web"`;
  for (const series of [
    ...['success', 'requeue', 'requeue_after', 'error'].map(
      (result) => `controller_runtime_reconcile_total{${labels},result="${result}"}`,
    ),
    `controller_runtime_reconcile_errors_total{${labels}}`,
    `controller_runtime_terminal_reconcile_errors_total{${labels}}`,
    `controller_runtime_reconcile_panics_total{${labels}} 0`,
    `controller_runtime_reconcile_time_seconds_count{${labels}}`,
    `controller_runtime_max_concurrent_reconciles{${labels}} 50`,
    `controller_runtime_active_workers{${labels}}`,
    `workqueue_depth{${queue}}`,
    `workqueue_adds_total{${queue}}`,
    `workqueue_queue_duration_seconds_count{${queue}}`,
    `workqueue_work_duration_seconds_count{${queue}}`,
    `workqueue_unfinished_work_seconds{${queue}}`,
    `workqueue_longest_running_processor_seconds{${queue}}`,
    `workqueue_retries_total{${queue}}`,
    `rest_client_requests_total{code="200",method="GET",host="${new URL(world.cluster.access.url).host}"}`,
    'leader_election_master_status{name="ecs-operator"} 1',
    'ecs_operator_aws_requests_total{service="ecs",operation="CreateService",code="OK"} 1',
    'ecs_operator_aws_request_duration_seconds_count{service="ecs",operation="CreateService"} 1',
    'ecs_operator_aws_limiter_wait_seconds_count{category=',
    `ecs_operator_resource_condition{${object},type="Ready"} 1`,
    'ecs_operator_build_info{version=',
    'process_resident_memory_bytes ',
  ]) {
    expect(
      text.split('\n').filter((line) => line.startsWith(series)),
      series,
    ).not.toEqual([]);
  }
}
