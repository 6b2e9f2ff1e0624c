import { describe, expect, test } from 'vitest';
import { member } from '../../src/devcluster/json.ts';
import { servicesOf } from './harness/aws.ts';
import { fetchInside, get, helm, inCluster, kubectl, waitReady } from './harness/kubectl.ts';
import { readmeCommands } from './harness/readme.ts';

/** The fake that the chart runs. */
async function servicesInChartsAws() {
  const state = await fetchInside({
    namespace: 'ecs-operator',
    server: 'services/ecs-operator-fake-aws:4566',
    path: '/_fake/state',
  });
  return servicesOf(JSON.parse(state));
}

describe('the README in an empty cluster', () => {
  const commands = readmeCommands();

  test('has three commands to type, and the cluster knows none of our kinds before', async () => {
    expect(commands.map(([program]) => program)).toEqual(['npm', 'helm', 'kubectl']);
    expect(await kubectl('api-resources', '--api-group=ecs-operator.dev', '--no-headers')).toBe('');
  });

  test.each(commands.map(([program = '', ...args]) => [[program, ...args].join(' '), program, args] as const))(
    '$ %s',
    async (_command, program, args) => {
      await inCluster(program, args);
    },
  );

  test('all examples become Ready, and `kubectl wait ecs --all -A` says so', async () => {
    const said = await waitReady('ecs', '--all', '--all-namespaces');
    expect(said.match(/condition met$/gm)).toHaveLength(14);
  });
});

describe('a person with kubectl', () => {
  test('sees with `kubectl get ecs -A` what there is and that it is well', async () => {
    const shown = await kubectl('get', 'ecs', '--all-namespaces');
    expect(shown).toMatch(/^shop +ecsservice\.ecs-operator\.dev\/frontend +True +3 +3 +0 +COMPLETED +Ready +\d+s$/m);
    expect(shown).toMatch(/^awsaccount\.ecs-operator\.dev\/default +True +\d{12} +eu-central-1 +Ready/m);
    expect(shown.match(/ True /g)).toHaveLength(14);
  });

  test('reads with `kubectl explain` what a field means, down to where AWS explains it', async () => {
    const fields = 'ecssvc.spec.deploymentConfiguration.deploymentCircuitBreaker.rollback';
    expect(await kubectl('explain', fields)).toMatch(/FIELD: rollback <boolean>[\s\S]+DESCRIPTION:\n +\S/);
    const kinds = ['awsacct', 'ecscl', 'ecstd', 'ecssvc', 'cmns', 'cmsvc'];
    const explained = await Promise.all(kinds.map((kind) => kubectl('explain', kind, '--recursive')));
    for (const page of explained) {
      expect(page).toMatch(/GROUP: +ecs-operator\.dev\n[\s\S]+VERSION: +v1alpha1\n[\s\S]+DESCRIPTION:\n +\S/);
    }
  });

  test('sees with `kubectl describe` the conditions and what was done, as Events', async () => {
    const page = await kubectl('describe', 'ecssvc/backend', '--namespace=shop');
    expect(page).toMatch(/Conditions:[\s\S]+Type: +Ready\n/);
    expect(page).toMatch(/Events:[\s\S]+Normal +CreateService /);
  });

  test('changes the count with `kubectl scale`, and AWS follows', async () => {
    await kubectl('scale', 'ecssvc/backend', '--replicas=5', '--namespace=shop');
    const ran = '--for=jsonpath={.status.runningCount}=5';
    await kubectl('wait', 'ecssvc/backend', '--namespace=shop', ran, '--timeout=2m');
    expect((await servicesInChartsAws()).find(({ name }) => name === 'backend')).toMatchObject({
      desiredCount: 5,
      runningCount: 5,
    });
    await waitReady('ecssvc/backend', '--namespace=shop');
  });

  test('changes an image with `kubectl patch`, and waits until the rollout is done', async () => {
    const image = 'public.ecr.aws/docker/library/httpd:2.4.62';
    const patch = [{ op: 'replace', path: '/spec/containerDefinitions/0/image', value: image }];
    await kubectl('patch', 'ecstd/backend', '--namespace=shop', '--type=json', `--patch=${JSON.stringify(patch)}`);
    // It is said on both: the task definition is RolledOut when the service that refers to it runs it.
    await kubectl('wait', 'ecstd/backend', '--namespace=shop', '--for=condition=RolledOut', '--timeout=2m');
    const service = (await servicesInChartsAws()).find(({ name }) => name === 'backend');
    expect(service?.taskDefinition).toMatch(/backend:2$/);
    expect(service?.deployments).toBe(2);
  });

  test('reads logs that are JSON, without errors and without what is secret', async () => {
    const logs = await kubectl('logs', 'deployment/ecs-operator', '--namespace=ecs-operator', '--all-pods');
    const lines = logs.trim().split('\n');
    // Each line begins with its pod's name.
    const entries = lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))) as unknown);
    expect(entries.length).toBeGreaterThan(3);
    expect(entries.filter((entry) => member(entry, 'level') === 'error')).toEqual([]);
    // A value of an example's environment.
    expect(logs).not.toContain('GREETING');
  });

  test('deletes everything, and nothing is left in AWS', async () => {
    await kubectl('delete', '-f', 'examples/', '--timeout=3m');
    expect((await servicesInChartsAws()).filter(({ status }) => status !== 'INACTIVE')).toEqual([]);
    expect(await get('ecs', '--all-namespaces')).toEqual([]);
  });

  test('takes the operator away with `helm uninstall`; its kinds stay until they are deleted by hand', async () => {
    await helm('uninstall', 'ecs-operator', '--namespace=ecs-operator', '--wait');
    const ours = ['crd', '--selector=app.kubernetes.io/part-of=ecs-operator'];
    expect(await get(...ours)).toHaveLength(6);
    await kubectl('delete', ...ours);
    await kubectl('delete', 'namespace', 'ecs-operator');
  });
});
