import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ended } from './harness/command.ts';
import { apply, kubectl, tryKubectl } from './harness/kubectl.ts';
import { service } from './harness/objects.ts';
import { NAMESPACE } from './harness/release.ts';

const { env } = inject('e2e');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-operator-rbac-'));
  const accounts = ['editor', 'viewer', 'nobody'];
  await apply([
    ...accounts.map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'team' } })),
    binding('editor', 'edit'),
    binding('viewer', 'view'),
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As an administrator gives people rights in a namespace, by the roles that every cluster has. */
function binding(account: string, role: string): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: account, namespace: 'team' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: 'team' }],
  };
}

/** Runs kubectl with nothing but the token of a service account of the team. */
async function as(account: string, args: readonly string[], input?: object) {
  const config: unknown = JSON.parse(await kubectl('config', 'view', '--minify', '--raw', '--output=json'));
  const token = (await kubectl('create', 'token', account, '--namespace=team')).trim();
  const file = join(folder, account);
  // Safe: kubectl's own format; only the user's part is replaced.
  const users = (config as { readonly users: readonly { readonly name: string }[] }).users;
  const withToken = { ...(config as object), users: users.map(({ name }) => ({ name, user: { token } })) };
  await writeFile(file, JSON.stringify(withToken), { mode: 0o600 });
  const text = input === undefined ? {} : { input: JSON.stringify(input) };
  return ended('kubectl', ['--namespace=team', `--kubeconfig=${file}`, ...args], { env, ...text });
}

const WEB = service({ name: 'extra', namespace: 'team', cluster: 'apps', runs: { image: 'example.com/extra:1' } });
const ACCOUNT = {
  apiVersion: 'ecs-operator.dev/v1alpha1',
  kind: 'AwsAccount',
  metadata: { name: 'mine' },
  spec: { region: 'eu-central-1', allowedNamespaces: { all: true } },
};

describe('with the role edit of Kubernetes in a namespace, one', () => {
  test('may make, change, scale, read and delete the objects there', async () => {
    const steps = [
      await as('editor', ['apply', '-f', '-'], WEB),
      await as('editor', ['scale', 'ecssvc/extra', '--replicas=1']),
      await as('editor', ['wait', 'ecssvc/extra', '--for=condition=Ready', '--timeout=2m']),
      await as('editor', ['get', 'ecssvc,ecstd,ecscl,cmns,cmsvc']),
      await as('editor', ['delete', 'ecssvc/extra']),
    ];
    expect(steps.map(({ code, stderr }) => ({ code, stderr: stderr.replace(/^No resources.*\n/, '') }))).toEqual(
      steps.map(() => ({ code: 0, stderr: '' })),
    );
  });

  test.each([
    ['make an AwsAccount, which would give itself rights in AWS', ['apply', '-f', '-'], ACCOUNT],
    ['change an AwsAccount', ['annotate', 'awsacct/default', 'a=b'], undefined],
    [
      'write a status',
      ['patch', 'ecssvc/web', '--subresource=status', '--type=merge', '--patch={"status":{}}'],
      undefined,
    ],
    ['read another namespace', ['get', 'ecssvc', '--namespace=many'], undefined],
    ['change the definitions of the kinds', ['delete', 'crd/ecsservices.ecs-operator.dev'], undefined],
  ] as const)('may not %s', async (_what, args, input) => {
    const { code, stderr } = await as('editor', args, input);
    expect(stderr).toMatch(/forbidden/i);
    expect(code).toBe(1);
  });
});

describe('with the role view', () => {
  test('one may read', async () => {
    expect((await as('viewer', ['get', 'ecssvc/web'])).stdout).toMatch(/^web +True/m);
  });

  test('and not write', async () => {
    expect((await as('viewer', ['apply', '-f', '-'], WEB)).stderr).toMatch(/forbidden/i);
    expect((await as('viewer', ['scale', 'ecssvc/web', '--replicas=9'])).stderr).toMatch(/forbidden/i);
  });
});

test('without a role one sees nothing', async () => {
  expect((await as('nobody', ['get', 'ecssvc'])).stderr).toMatch(/forbidden/i);
});

describe('the operator itself', () => {
  const operator = `--as=system:serviceaccount:${NAMESPACE}:ecs-operator`;

  test.each([
    ['get', 'secrets'],
    ['list', 'configmaps'],
    ['list', 'pods'],
    ['create', 'pods'],
    ['update', 'ecsservices.ecs-operator.dev'],
    ['delete', 'ecsservices.ecs-operator.dev'],
    ['create', 'ecsservices.ecs-operator.dev'],
    ['update', 'customresourcedefinitions.apiextensions.k8s.io'],
    ['create', 'clusterrolebindings.rbac.authorization.k8s.io'],
    ['impersonate', 'users'],
  ])('may not %s %s', async (verb, resource) => {
    const { stdout } = await tryKubectl('auth', 'can-i', verb, resource, '--all-namespaces', operator);
    expect(stdout.trim()).toBe('no');
  });

  test('may do what it does, so that the above says something', async () => {
    const { stdout } = await tryKubectl('auth', 'can-i', 'watch', 'ecsservices.ecs-operator.dev', '-A', operator);
    expect(stdout.trim()).toBe('yes');
  });
});
