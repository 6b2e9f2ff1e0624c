import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startFakeAws } from '../../src/fake-aws/server.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { fetchText, logged, logLines, servesAt } from '../harness/command.ts';
import { ownControlPlane, type PolicyRule, restrictedKubeconfig } from '../harness/control-plane.ts';
import { installCrds } from '../harness/crds.ts';
import { type OperatorProcess, startOperatorProcess } from '../harness/process.ts';
import { conditionOf, World, waitFor } from '../harness/world.ts';

const SERVE = ['--health-addr=127.0.0.1:0'];
const KINDS = [
  'awsaccounts',
  'cloudmapnamespaces',
  'cloudmapservices',
  'ecsclusters',
  'ecsservices',
  'ecstaskdefinitions',
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-operator-bad-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Waits for a readiness of that status, and returns its lines. */
async function readiness(operator: OperatorProcess, status: 200 | 503, until: (body: string) => boolean = () => true) {
  const { health } = await servesAt(operator);
  const answer = await waitFor(() => fetchText(`${health}/readyz`), {
    describe: `/readyz answers ${status}`,
    until: (seen) => seen.status === status && until(seen.body),
  });
  expect(await fetchText(`${health}/healthz`), 'a restart would not help').toEqual({ status: 200, body: 'ok\n' });
  return answer.body.trim().split('\n');
}

test('without CRDs /readyz names each that is missing; once they are there the operator works', async () => {
  await using cluster = await ownControlPlane({ crds: false });
  await using world = await World.start({ cluster, operator: false });
  await using operator = await startOperatorProcess(world, { args: SERVE });

  const all = (body: string) => KINDS.every((kind) => body.includes(`${kind}.ecs-operator.dev`));
  const lines = await readiness(operator, 503, all);
  expect(lines).toHaveLength(KINDS.length + 1);
  for (const line of lines.slice(0, -1)) expect(line).toMatch(/is its CustomResourceDefinition installed\?$/);

  await installCrds(cluster.client);
  expect(await readiness(operator, 200)).toEqual(['ok']);
  await world.apply('EcsCluster', 'main', {});
  await world.ready('EcsCluster', 'main');
});

test('an API server that is away is waited for, at the start and later; log and /readyz say what is wrong', async () => {
  await using cluster = await ownControlPlane();
  await using world = await World.start({ cluster, operator: false });
  await cluster.stopApiServer();
  await using operator = await startOperatorProcess(world, { args: SERVE });
  const lines = await readiness(operator, 503, (body) => body.includes('connection refused'));
  expect(lines.join('\n')).toContain(new URL(cluster.url).host);
  const warning = await logged(operator, 'cannot list or watch');
  expect(warning).toMatchObject({ level: 'warn', error: expect.stringContaining('connection refused') });

  await cluster.startApiServer();
  await readiness(operator, 200);
  await world.apply('EcsCluster', 'main', {});
  await world.ready('EcsCluster', 'main');

  await cluster.stopApiServer();
  await readiness(operator, 503, (body) => body.includes('connection refused'));
  // And with nobody to answer it still ends as it should.
  operator.signal('SIGTERM');
  expect(await operator.exited).toBe(0);
  await cluster.startApiServer();
  // What lasts is told once for each kind, not at each attempt.
  const warnings = logLines(operator).filter(({ level }) => level === 'warn');
  expect(warnings.length).toBeLessThan(40);
});

test('credentials of Kubernetes that are not accepted are told by /readyz', async () => {
  await using world = await World.start({ operator: false });
  const kubeconfig = join(folder, 'no-such-token');
  const { access, kubeconfig: good } = world.cluster;
  await writeFile(kubeconfig, good.replace(access.token, 'no-such-token'));
  await using operator = await startOperatorProcess(world, { args: [...SERVE, `--kubeconfig=${kubeconfig}`] });
  const lines = await readiness(operator, 503, (body) => body.includes('installation id'));
  expect(lines.join('\n')).toMatch(/installation id: .*Unauthorized/);
  expect(operator.output()).not.toContain('no-such-token"');
});

const OURS: PolicyRule = {
  apiGroups: ['ecs-operator.dev'],
  resources: ['*'],
  verbs: ['get', 'list', 'watch', 'patch', 'update'],
};
const OTHERS: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
];

test('RBAC that lets a kind not be listed is told by /readyz, and works when it is mended', async () => {
  await using world = await World.start({ operator: false });
  const without = {
    ...OURS,
    resources: KINDS.filter((kind) => kind !== 'ecsservices').flatMap((kind) => [kind, `${kind}/status`]),
  };
  const { kubeconfig, grant } = await restricted(world, [without, ...OTHERS]);
  await using operator = await startOperatorProcess(world, { args: [...SERVE, `--kubeconfig=${kubeconfig}`] });
  const alone = (body: string) => body.includes('forbidden') && body.trim().split('\n').length === 2;
  const [line, ...more] = await readiness(operator, 503, alone);
  expect(line).toMatch(/ecsservices.* cannot list resource "ecsservices" in API group "ecs-operator.dev"/);
  expect(more).toEqual(['not ready']);

  await grant([OURS, ...OTHERS]);
  await readiness(operator, 200);
});

test('RBAC that lets no status be written is told by the log, and works when it is mended', async () => {
  await using world = await World.start({ operator: false });
  const reading = { ...OURS, verbs: ['get', 'list', 'watch'] };
  const { kubeconfig, grant } = await restricted(world, [reading, ...OTHERS]);
  await using operator = await startOperatorProcess(world, { args: [...SERVE, `--kubeconfig=${kubeconfig}`] });
  await readiness(operator, 200);
  await world.apply('EcsCluster', 'main', {});
  const isWarning = (level: string, error: unknown) => level === 'warn' && String(error).includes('forbidden');
  const line = await waitFor(() => logLines(operator).find(({ level, error }) => isWarning(level, error)), {
    describe: 'the log says what is forbidden',
  });
  expect(line.key).toBe(`${world.namespace}/main`);
  expect(line.error).toMatch(/cannot patch resource "ecsclusters/);
  expect(world.writes(), 'nothing is made in AWS that could not be found again').toEqual([]);

  await grant([OURS, ...OTHERS]);
  await world.ready('EcsCluster', 'main');
});

test('an AWS endpoint that does not answer is told by the object, and nothing is lost when it does', async () => {
  await using world = await World.start({ operator: false });
  const { url } = world.fake;
  await world.fake.stop();
  await world.startOperator();
  await world.apply('EcsCluster', 'main', {});
  const failed = await world.condition('EcsCluster', 'main', 'Ready', { status: 'Unknown', reason: 'AwsUnavailable' });
  expect(conditionOf(failed, 'Ready')?.message).toMatch(/^\w+: no answer from http:\S+: connect ECONNREFUSED/);
  expect(conditionOf(failed, 'Reconciling')?.status).toBe('True');
  expect(conditionOf(failed, 'Stalled')).toBeUndefined();

  const again = await startFakeAws({ clock: systemClock(), port: Number(new URL(url).port), speed: 200 });
  try {
    await world.ready('EcsCluster', 'main');
  } finally {
    await again.stop();
  }
});

test('an endpoint that is no AWS is told as such', async () => {
  await using world = await World.start({ operator: false });
  const { health } = await aServer();
  await world.startOperator({ endpointUrl: health.url });
  await world.apply('EcsCluster', 'main', {});
  const failed = await world.condition('EcsCluster', 'main', 'Ready', { status: 'Unknown', reason: 'AwsUnavailable' });
  expect(conditionOf(failed, 'Ready')?.message).toMatch(/is not one of AWS's \(HTTP 404\): is the endpoint right\?/);
  await health.close();
});

test('without AWS credentials the object says what to give, and it is tried again', async () => {
  await using world = await World.start({ operator: false });
  await using operator = await startOperatorProcess(world, {
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true', HOME: folder },
  });
  await world.apply('EcsCluster', 'main', {});
  const failed = await world.condition('EcsCluster', 'main', 'Ready', { status: 'False' });
  expect(conditionOf(failed, 'Ready')?.message).toMatch(
    /no credentials: .*; give the operator a role or AWS_ACCESS_KEY_ID/,
  );
  expect(operator.running()).toBe(true);
});

test('without a region the object says where to give one', async () => {
  await using world = await World.start({ operator: false });
  await world.startOperator({ region: undefined });
  await world.apply('EcsCluster', 'main', {});
  const refused = await world.condition('EcsCluster', 'main', 'Ready', { status: 'False', reason: 'NoRegion' });
  expect(conditionOf(refused, 'Ready')?.message).toMatch(/create an AwsAccount called default, or .* --region/);
});

/** A service account that may do what the rules say; they can be changed later. */
async function restricted(world: World, rules: readonly PolicyRule[]) {
  const { client } = world.cluster;
  const text = await restrictedKubeconfig(world.cluster, rules);
  const kubeconfig = join(folder, `restricted-${world.namespace}`);
  await writeFile(kubeconfig, text);
  // The token says whose it is; the role has the same name.
  const { token } = parse(text).users[0].user;
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  const path = `/apis/rbac.authorization.k8s.io/v1/clusterroles/${sub.split(':').at(-1)}`;
  const grant = (more: readonly PolicyRule[]) =>
    client.request({ method: 'PATCH', path, contentType: 'application/merge-patch+json', body: { rules: more } });
  return { kubeconfig, grant };
}

async function aServer() {
  const { serveHealth } = await import('../../src/telemetry/server.ts');
  const health = await serveHealth({ host: '127.0.0.1', port: 0 }, () => []);
  if (health === undefined) throw new Error('a server with an address listens');
  return { health };
}
