import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { KIND_SCHEMAS } from '../../src/crd/kinds.ts';
import { PERMISSIONS, type Permission } from '../../src/crd/permissions.ts';
import { adminClient } from '../../src/devcluster/admin-client.ts';
import { type GuardedDirectory, makeGuardedDirectory } from '../../src/devcluster/guard.ts';
import { member, text } from '../../src/devcluster/json.ts';
import { kubeconfigFor } from '../../src/devcluster/kubeconfig.ts';
import { type OwnControlPlane, ownControlPlane, uniqueName, uniqueNamespace } from '../harness/control-plane.ts';
import { applyWhole, readyWhole, WHOLE } from '../harness/whole.ts';
import { World, waitFor } from '../harness/world.ts';
import { missingHelm, NAMESPACE, RELEASE, type Rendered, render, unlessMissing } from './helm.ts';

/** A request as the API server's audit log tells it. */
interface Asked {
  readonly verb: string;
  readonly group: string;
  /** With its subresource. */
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly code: number;
}

const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  // Watches are told when they begin.
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata', users: [`system:serviceaccount:${NAMESPACE}:${RELEASE}`] }, { level: 'None' }],
};

let cluster: OwnControlPlane;
let auditLog: string;
let folder: GuardedDirectory;

beforeAll(async () => {
  folder = await makeGuardedDirectory();
  const policy = join(folder.path, 'policy.json');
  auditLog = join(folder.path, 'audit.log');
  await writeFile(policy, JSON.stringify(AUDIT_POLICY));
  cluster = await ownControlPlane({
    apiServerArgs: [`--audit-policy-file=${policy}`, `--audit-log-path=${auditLog}`, '--audit-log-mode=blocking'],
  });
  const body = { metadata: { name: NAMESPACE } };
  await cluster.client.request({ method: 'POST', path: '/api/v1/namespaces', body });
});
afterAll(async () => {
  await cluster?.stop();
  await folder?.remove();
});

/** What the operator asked since the given place in the log. */
async function asked(from: number): Promise<readonly Asked[]> {
  const lines = (await readFile(auditLog, 'utf8')).slice(from).trim().split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
    .flatMap((event) => {
      const object = member(event, 'objectRef');
      const verb = text(member(event, 'verb'));
      const resource = text(member(object, 'resource'));
      // Without an object it is /version and the like, which everybody may ask.
      if (verb === undefined || resource === undefined) return [];
      const subresource = text(member(object, 'subresource'));
      return {
        verb,
        group: text(member(object, 'apiGroup')) ?? '',
        resource: subresource === undefined ? resource : `${resource}/${subresource}`,
        namespace: text(member(object, 'namespace')),
        name: text(member(object, 'name')),
        code: Number(member(event, 'responseStatus', 'code')),
      };
    });
}

/** Whether a rule of the list is what allows a request. */
function allows(rule: Permission, watched: readonly string[], request: Asked): boolean {
  const names = rule.resourceNames === 'watched namespaces' ? watched : rule.resourceNames;
  const inScope = {
    objects: watched.length === 0 || watched.includes(request.namespace ?? ''),
    default: request.namespace === 'default',
    lease: request.namespace === NAMESPACE,
    cluster: true,
  }[rule.scope];
  return (
    inScope &&
    rule.apiGroup === request.group &&
    rule.resources.includes(request.resource) &&
    rule.verbs.includes(request.verb) &&
    (names === undefined || names.includes(request.name ?? ''))
  );
}

/** What of the list applies with these values. */
function applicable(values: { readonly namespaces: readonly string[] }): readonly Permission[] {
  const listed = values.namespaces.length > 0;
  return PERMISSIONS.filter(({ when }) =>
    when === undefined || when === 'no installation id' ? true : (when === 'listed namespaces') === listed,
  );
}

/** The chart's roles in a cluster, and a kubeconfig with nothing but the service account that they name. */
interface Installed extends AsyncDisposable {
  readonly kubeconfig: string;
  readonly token: string;
}

/** Makes the roles and bindings of the chart; they go again, so that each shape stands by itself. */
async function install(objects: readonly Rendered[]): Promise<Installed> {
  const roles = objects.filter(({ kind }) => /^((Cluster)?Role(Binding)?|ServiceAccount)$/.test(kind));
  for (const object of roles) {
    const { status, body } = await cluster.client.request({ method: 'POST', path: collectionOf(object), body: object });
    expect(status, JSON.stringify(body)).toBe(201);
  }
  const path = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${RELEASE}/token`;
  const { body } = await cluster.client.request({ method: 'POST', path, body: { spec: { expirationSeconds: 3600 } } });
  const token = text(member(body, 'status', 'token')) ?? '';
  const kubeconfig = join(folder.path, uniqueName('kubeconfig'));
  await writeFile(kubeconfig, kubeconfigFor({ ...cluster.access, token }));
  return {
    kubeconfig,
    token,
    [Symbol.asyncDispose]: async () => {
      const lease = `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases/ecs-operator`;
      const paths = roles.map((object) => `${collectionOf(object)}/${object.metadata.name}`);
      for (const path of [...paths, lease]) await cluster.client.request({ method: 'DELETE', path });
    },
  };
}

function collectionOf({ apiVersion, kind, metadata }: Rendered): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${root}${scope}/${kind.toLowerCase()}s`;
}

interface Flows {
  /** Where the audit log was. */
  readonly since: number;
  readonly namespaces: readonly string[];
  readonly kubeconfig: string;
}

/** Everything that the operator does in Kubernetes, in one life of it. */
async function mainFlows(world: World, options: Flows): Promise<void> {
  const { since, namespaces, kubeconfig } = options;
  const leaderElection = { namespace: NAMESPACE, identity: 'test' };
  const operator = await world.startOperator({ leaderElection, namespaces }, kubeconfig);
  const account = `account-of-${world.namespace}`;
  const grants = { region: 'eu-central-1', allowedNamespaces: { names: [world.namespace] }, passRoleArns: ['*'] };
  // The same Event twice is one Event with a counter.
  for (const _ of [1, 2]) {
    await world.apply('AwsAccount', account, { ...grants, accountId: '000000000000' });
    await world.condition('AwsAccount', account, 'Stalled', { status: 'True' });
    await world.apply('AwsAccount', account, grants);
    await world.ready('AwsAccount', account);
  }
  // By the namespace, which is read when its objects are new.
  await world.patchNamespace({ annotations: { 'ecs-operator.dev/account': account } });
  await applyWhole(world);
  await readyWhole(world);
  for (const desiredCount of [2, 1, 2, 1]) {
    await world.patch('EcsService', 'inline', { spec: { desiredCount } });
    await world.ready('EcsService', 'inline');
  }
  // What changed since it was seen is read again before its status is written.
  await outdate(world, 'AwsAccount', account, since);
  await outdate(world, 'EcsCluster', 'main', since);
  const all = [...WHOLE, ['AwsAccount', account] as const];
  await Promise.all(all.map(([kind, name]) => world.delete(kind, name)));
  await Promise.all(all.map(([kind, name]) => world.gone(kind, name)));
  await operator.stop();
}

/** Changes an object while its status is about to be written, until the operator had to read it again. */
async function outdate(world: World, kind: 'AwsAccount' | 'EcsCluster', name: string, since: number): Promise<void> {
  const plural = `${kind.toLowerCase()}s`;
  let round = 0;
  await waitFor(
    async () => {
      round += 1;
      await world.patch(kind, name, { spec: { policy: { driftByField: { [`round${round}`]: 'Ignore' } } } });
      for (let change = 0; change < 10; change++) {
        await world.patch(kind, name, { metadata: { annotations: { round: `${round}-${change}` } } });
      }
      return (await asked(since)).some(({ verb, resource }) => verb === 'get' && resource === plural);
    },
    { describe: `the operator reads ${kind} ${name} again` },
  );
}

describe.skipIf(missingHelm !== undefined)(`a service account with the chart's roles${unlessMissing}`, () => {
  it.each([
    ['for all namespaces', () => []],
    ['for some namespaces', (namespace: string) => [namespace]],
  ] as const)('runs the operator %s, needs every rule, and misses none', async (_shape, watchedOf) => {
    await using world = await World.start({ cluster, operator: false });
    const namespaces = watchedOf(world.namespace);
    const objects = await render({ namespaces, accounts: [] });
    const since = (await readFile(auditLog, 'utf8').catch(() => '')).length;
    await using installed = await install(objects);
    await mainFlows(world, { since, namespaces, kubeconfig: installed.kubeconfig });

    const requests = await asked(since);
    const rules = applicable({ namespaces });
    const stranger = requests.filter((request) => !rules.some((rule) => allows(rule, namespaces, request)));
    expect(stranger, 'asked, but in no rule').toEqual([]);
    expect(requests.filter(({ code }) => code === 403)).toEqual([]);

    const used = (rule: Permission, part: Partial<Asked>) =>
      requests.some(
        (request) =>
          allows(rule, namespaces, request) &&
          Object.entries(part).every(([key, value]) => request[key as keyof Asked] === value),
      );
    const unused = rules.flatMap((rule) => [
      ...rule.verbs.filter((verb) => !used(rule, { verb })).map((verb) => `${rule.scope}: ${verb} ${rule.resources}`),
      ...rule.resources.filter((resource) => !used(rule, { resource })).map((resource) => `${rule.scope}: ${resource}`),
    ]);
    expect(unused, 'in a rule, but never asked').toEqual([]);
  });

  it('cannot do what the operator never does', async () => {
    const namespaces = [await uniqueNamespace(cluster)];
    const [namespace] = namespaces;
    const objects = await render({ namespaces });
    await using installed = await install(objects);
    const client = adminClient({ ...cluster.access, token: installed.token });
    const ours = '/apis/ecs-operator.dev/v1alpha1';
    const answers = await Promise.all(
      (
        [
          ['GET', `/api/v1/namespaces/${namespace}/secrets`],
          ['GET', `/api/v1/namespaces/${namespace}/configmaps`],
          ['GET', `/api/v1/namespaces/${namespace}/pods`],
          ['GET', '/api/v1/namespaces'],
          ['GET', '/api/v1/namespaces/default'],
          ['GET', `${ours}/ecsservices`],
          ['GET', `${ours}/namespaces/default/ecsservices`],
          ['POST', `${ours}/namespaces/${namespace}/ecsservices`],
          ['PUT', `${ours}/namespaces/${namespace}/ecsservices/web`],
          ['DELETE', `${ours}/namespaces/${namespace}/ecsservices/web`],
          ['POST', `${ours}/awsaccounts`],
          ['GET', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'],
          ['DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ecsservices.ecs-operator.dev'],
          ['POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'],
          ['GET', `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases/another`],
          ['GET', `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/ecs-operator`],
          ['GET', `${ours}/namespaces/${namespace}/ecsservices`],
        ] as const
      ).map(async ([method, path]) => {
        const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
        return [method, path, (await client.request({ method, path, ...body })).status] as const;
      }),
    );
    client.close();
    const last = answers.length - 1;
    expect(answers.filter(([, , status], index) => status !== (index === last ? 200 : 403))).toEqual([]);
  });
});

describe.skipIf(missingHelm !== undefined)(`the roles for people${unlessMissing}`, () => {
  it('let view read and edit write every kind of a namespace, and nobody an AwsAccount', async () => {
    const roles = (await render({})).filter(
      ({ kind, metadata }) => kind === 'ClusterRole' && metadata.name !== 'ops:ecs-operator',
    );
    const labels = roles.map(({ metadata }) =>
      Object.keys(metadata.labels ?? {}).filter((label) => label.includes('aggregate-to')),
    );
    const to = (role: string) => `rbac.authorization.k8s.io/aggregate-to-${role}`;
    expect(labels).toEqual([
      [to('edit'), to('admin')],
      [to('view'), to('edit'), to('admin')],
    ]);
    const kinds = KIND_SCHEMAS.filter(({ scope }) => scope === 'Namespaced').map(({ plural }) => plural);
    for (const { rules } of roles) expect(rules[0].resources).toEqual(expect.arrayContaining(kinds));
    expect(JSON.stringify(roles)).not.toMatch(/awsaccounts|"\*"/);
  });
});

describe('docs/configuration.md', () => {
  it('shows the roles that the operator needs', async () => {
    const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    const [, yaml = ''] = /```yaml\n(apiVersion: rbac[\s\S]*?)```/.exec(page) ?? [];
    const triples = (rules: readonly Rule[]) =>
      new Set(
        rules.flatMap(({ apiGroups, resources, verbs }) =>
          resources.flatMap((resource) => verbs.map((verb) => `${apiGroups} ${resource} ${verb}`)),
        ),
      );
    // Safe: it is compared as a whole.
    const shown = parseAllDocuments(yaml).flatMap((document) => (document.toJS() as { readonly rules: Rule[] }).rules);
    expect(triples(shown)).toEqual(triples(PERMISSIONS.map((rule) => ({ ...rule, apiGroups: [rule.apiGroup] }))));
  });
});

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}
