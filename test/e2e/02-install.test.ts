import { beforeAll, describe, expect, test } from 'vitest';
import { elements, member, text } from '../../src/devcluster/json.ts';
import { waitFor } from '../harness/wait-for.ts';
import { startAws } from './harness/aws.ts';
import { apply, helm, inCluster, kubectl, tryKubectl, waitReady } from './harness/kubectl.ts';
import { cluster, namespace, service, taskDefinition } from './harness/objects.ts';
import { olderChart } from './harness/older-chart.ts';
import {
  deploy,
  imageName,
  leader,
  makeNamespace,
  NAMESPACE,
  operatorPods,
  RELEASE,
  render,
} from './harness/release.ts';

describe('a namespace that enforces the Pod Security Standard "restricted"', () => {
  beforeAll(async () => {
    await inCluster('npm', ['run', 'image', '--', '--load']);
    await makeNamespace();
    await startAws(imageName());
  });

  test('takes the chart without a warning (here one of an older version, to be upgraded)', async () => {
    await using chart = await olderChart();
    const said = await deploy('install', chart.folder);
    expect(said).not.toMatch(/warn|PodSecurity/i);
  });

  test('runs two replicas, of which one leads', async () => {
    const names = (await operatorPods()).map(({ name }) => name);
    expect(names).toHaveLength(2);
    expect(names).toContain(await waitFor(leader, { describe: 'somebody holds the Lease' }));
  });

  test('runs them as an ordinary user, on a root file system that cannot be written, without a shell in between', async () => {
    const [{ name } = { name: '' }] = await operatorPods();
    const inPod = (code: string) => tryKubectl('exec', name, `--namespace=${NAMESPACE}`, '--', 'node', '--print', code);
    expect((await inPod('process.getuid()')).stdout).toBe('65532\n');
    expect((await inPod('fs.readFileSync("/proc/1/cmdline", "utf8").split("\\0")[0]')).stdout).toBe('node\n');
    const capabilities = await inPod('/^CapEff:\\s*(.*)$/m.exec(fs.readFileSync("/proc/1/status", "utf8"))[1]');
    expect(capabilities.stdout).toBe(`${'0'.repeat(16)}\n`);
    for (const file of ['/app/ecs-operator.js', '/new', '/tmp/new']) {
      expect((await inPod(`fs.appendFileSync("${file}", "")`)).stderr).toMatch(/EROFS|EACCES/);
    }
  });

  test('refuses a pod that is not restricted, so that the above says something', async () => {
    const [{ pod } = { pod: undefined }] = await operatorPods();
    const image = text(member(elements(member(pod, 'spec', 'containers'))[0], 'image')) ?? '';
    const { code, stderr } = await tryKubectl('run', 'loose', `--image=${image}`, `--namespace=${NAMESPACE}`);
    expect(stderr).toContain('violates PodSecurity "restricted');
    expect(code).toBe(1);
  });

  test('has the AwsAccount of the values', async () => {
    await waitReady('awsacct/default');
  });

  test('passes `helm test`', async () => {
    expect(await helm('test', RELEASE, `--namespace=${NAMESPACE}`, '--timeout=2m')).toMatch(/Phase: +Succeeded/);
  });

  test('serves a team: its cluster, task definition and service become Ready', async () => {
    await apply([
      namespace('team'),
      cluster('apps', 'team'),
      taskDefinition({ name: 'web', namespace: 'team', image: 'example.com/web:1' }),
      service({ name: 'web', namespace: 'team', cluster: 'apps', runs: { taskDefinition: 'web' } }),
    ]);
    await waitReady('ecs', '--all', '--namespace=team');
    expect(await kubectl('get', 'ecssvc/web', '--namespace=team')).toMatch(/^web +True +2 +2 +0 +COMPLETED +Ready/m);
  });
});

describe('the API server takes what the chart makes', () => {
  test.each([
    ['of its defaults', {}],
    [
      'for a list of namespaces',
      { namespaces: ['team', 'aws'], accounts: [{ name: 'other', spec: { region: 'eu-central-1' } }] },
    ],
    ['with a fake AWS and network policies', { fakeAws: { enabled: true }, networkPolicy: { enabled: true } }],
    [
      'with a dashboard, a proxy and a private CA',
      {
        metrics: { dashboard: { enabled: true } },
        proxy: { httpsProxy: 'http://proxy.example.com:3128' },
        privateCa: { configMap: 'ca' },
      },
    ],
  ])('%s', async (_what, values) => {
    const rendered = await render(values);
    const said = await inCluster(
      'kubectl',
      ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-'],
      { input: rendered },
    );
    expect(said.match(/\(server dry run\)$/gm)).toHaveLength(rendered.match(/^kind: /gm)?.length ?? 0);
  });
});
